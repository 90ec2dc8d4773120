"""The page of a unit, for everybody who is signed in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vamco.core import clock
from vamco.web.access import Request, staff
from vamco.web.sections import render_sections

from .. import unit_page


@require_safe
@staff()
def show(request: Request, code: str) -> HttpResponse:
    """What a unit is, who works there, what the rooms show of it, how it does."""
    found = unit_page.unit(code)
    page = {
        "unit": found,
        "above": unit_page.above(found),
        "below": unit_page.below(found),
        "people": unit_page.people(found),
        "closed": found.valid_to is not None and found.valid_to < clock.today(),
        "sections": render_sections(request, "unit", found),
        "figures": unit_page.figures(request.actor, found),
        "may_edit": request.actor.may_at("organisation.edit", [found.pk]),
    }
    return render(request, "organisation/unit_page.html", page)
