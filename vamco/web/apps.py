"""The app of templates, tags and static files."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Layout and static files: no models."""

    name = "vamco.web"
    label = "web"
    verbose_name = "Giao diện"
