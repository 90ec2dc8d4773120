"""Pages for everybody, without sign-in: where a dossier is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .. import queries


def tracking(request: HttpRequest, code: str) -> HttpResponse:
    """Where a dossier is, for anyone who has its code."""
    dossier = queries.track(code)
    return render(request, "dossiers/tracking.html", {"tracking": queries.tracking(dossier)})
