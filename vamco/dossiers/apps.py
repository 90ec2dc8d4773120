from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """The one-stop shop: from intake to the returned result (bộ phận một cửa)."""

    name = "vamco.dossiers"
    label = "dossiers"

    def ready(self) -> None:
        from vamco.organisation.actions import before_closing

        from .closing import nothing_left

        before_closing.append(nothing_left)
