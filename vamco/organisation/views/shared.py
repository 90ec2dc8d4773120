"""What these pages share."""

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.web.access import P, Page, Request, View, staff
from vamco.web.tabs import Tab


def confirmed(view: View[P]) -> View[P]:
    """A page for people who have just entered their password again, or the code of their second step; others are sent
    away to do so."""
    return cast(View[P], reauthentication_required(view))


def confirmed_to_send(view: View[P]) -> View[P]:
    """The same for a page that everybody may look at: only sending its form asks for the password."""
    return cast(View[P], reauthentication_required(view, enabled=lambda request: request.method == "POST"))


@confirmed
def must_confirm(request: Request) -> HttpResponse:
    """Send people away to confirm who they are, unless they just have."""
    return HttpResponse()


def for_accounts(view: View[P]) -> Page[P]:
    """A page that opens an account or gives somebody rights: for administrators who have just entered their
    password again, or the code of their second step. A session left open is not enough to get at signing.
    """
    return staff("organisation.people")(confirmed(view))


def tabs(request: Request, current: str) -> dict[str, Any]:
    """The tabs of the room, those that the actor may open."""
    actor = request.actor
    pages = [
        ("organisation_admin", _("Đơn vị"), "organisation.edit"),
        ("organisation_people", _("Người"), "organisation.people"),
    ]
    return {
        "tabs": [
            Tab(label, reverse(name), name == current)
            for name, label, permission in pages
            if actor.may_anywhere(permission)
        ]
    }
