from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DossiersConfig(AppConfig):
    """The one-stop shop: from intake to the returned result (bộ phận một cửa)."""

    name = "vamco.dossiers"
    label = "dossiers"
    verbose_name = _("Hồ sơ một cửa")

    def ready(self) -> None:
        from vamco.core.visibility import register

        from . import visibility

        register(visibility)
