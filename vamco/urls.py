"""All addresses of the installation."""

from django.conf import settings
from django.urls import include, path
from django.utils.module_loading import module_has_submodule
from django.views.i18n import set_language

from .api import api
from .core import health
from .core.rooms import of_all
from .web.registers import register_urls

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("tai-khoan/", include("vamco.organisation.account_urls")),
    path("ngon-ngu/", set_language, name="set_language"),
]
for app in settings.INSTALLED_APPS:
    if app.startswith("vamco."):
        module = __import__(app, fromlist=["urls"])
        if module_has_submodule(module, "urls"):
            urlpatterns.append(path("", include(f"{app}.urls")))
for register in of_all("registers"):
    urlpatterns += register_urls(register)

handler400 = "vamco.web.views.bad_request"
handler403 = "vamco.web.views.permission_denied"
handler404 = "vamco.web.views.not_found"
handler500 = "vamco.web.views.server_error"
