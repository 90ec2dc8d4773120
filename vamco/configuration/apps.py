"""The app of settings that an administrator changes."""

from django.apps import AppConfig


class ConfigurationConfig(AppConfig):
    """Values that rooms declare and administrators change on record (cấu hình)."""

    name = "vamco.configuration"
    label = "configuration"
    verbose_name = "Cấu hình"
