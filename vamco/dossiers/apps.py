from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """The one-stop shop: from intake to the returned result (bộ phận một cửa)."""

    name = "vamco.dossiers"
    label = "dossiers"
    verbose_name = "Hồ sơ một cửa"

    def ready(self) -> None:
        from vamco.core.visibility import register

        from . import visibility

        register(visibility)
