from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """The one-stop shop: from intake to the returned result (bộ phận một cửa)."""

    name = "vamco.dossiers"
    label = "dossiers"
