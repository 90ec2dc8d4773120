from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """The catalogue: cases, papers, fees, fields, processes."""

    name = "vamco.procedures"
    label = "procedures"
