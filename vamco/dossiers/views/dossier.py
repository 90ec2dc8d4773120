"""A dossier's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vamco.organisation.access import staff

from .. import actions, offers, queries


@staff("dossiers.view")
def show(request: HttpRequest, code: str) -> HttpResponse:
    """What it is, where it is, who has it, and what may be done."""
    actor = request.actor  # type: ignore[attr-defined]
    dossier = queries.get(actor, code)
    actions.opened(actor, dossier)
    return render(
        request, "dossiers/dossier.html", {"dossier": dossier, "offers": offers.offers(actor, dossier)}
    )
