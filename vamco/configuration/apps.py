"""The app of settings that an administrator changes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigurationConfig(AppConfig):
    """Values that rooms declare and administrators change on record (cấu hình)."""

    name = "vamco.configuration"
    label = "configuration"
    verbose_name = _("Cấu hình")
