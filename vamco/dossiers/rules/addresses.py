"""Addresses that leave the system on paper and in messages."""

from django.conf import settings
from django.urls import reverse


def tracking_url(code: str) -> str:
    """Where the public looks a dossier up."""
    return settings.BASE_URL + reverse("tracking", args=[code])


def page_url(code: str) -> str:
    """The dossier's page, for colleagues."""
    return settings.BASE_URL + reverse("dossier", args=[code])
