from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """The one-stop shop: from intake to the returned result (bộ phận một cửa)."""

    name = "vamco.dossiers"
    label = "dossiers"
    verbose_name = "Hồ sơ một cửa"

    def ready(self) -> None:
        from vamco.core.visibility import register
        from vamco.organisation.actions import before_closing

        from . import visibility
        from .closing import nothing_left

        register(visibility)
        before_closing.append(nothing_left)
