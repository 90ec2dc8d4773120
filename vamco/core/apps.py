from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Actions, ledger, clock, working time, numbering, secrets, text folding, files, jobs, PDF."""

    name = "vamco.core"
    label = "core"
