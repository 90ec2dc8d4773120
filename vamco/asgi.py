"""The ASGI application that granian serves: the WSGI one behind its front."""

import os
from typing import Any

from .wsgi import application as wsgi  # first: it sets Django up  # isort: skip

from django.db import close_old_connections

from .core.front import Front
from .organisation.api import is_known


def _known(environ: dict[str, Any]) -> bool:
    try:
        return is_known(environ)
    finally:
        close_old_connections()  # into the pool, as after every request


application = Front(wsgi, known=_known, threads=int(os.environ.get("VAMCO_WEB_THREADS") or 8))
