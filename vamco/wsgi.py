"""The WSGI application: all of Django. `vamco.asgi` serves it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vamco.settings")
application = get_wsgi_application()
