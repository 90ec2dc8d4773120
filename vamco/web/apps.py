"""The app of templates, tags and static files."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """Layout and static files: no models."""

    name = "vamco.web"
    label = "web"
    verbose_name = _("Giao diện")
