from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """People and businesses, one record each."""

    name = "vamco.parties"
    label = "parties"
