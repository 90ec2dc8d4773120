from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """Results: templates, drafts, numbers, the signed paper, corrections, the public check."""

    name = "vamco.results"
    label = "results"
