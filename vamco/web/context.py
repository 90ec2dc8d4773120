"""What every page's frame needs: names of the operator, ways in, the search box, the theme.

A page that is not built (its name has no address) is not shown. The staff's ways in are bound to permissions:
vamco.organisation.context gives them.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from vamco.core import rooms
from vamco.core.rooms import Way

SITE = {
    "title": _("Dịch vụ công"),
    "province": "",
    "office": "",
    "hours": "",
    "phone": "",
    "phone_digits": "",
    "phone_note": "",
    "logo": "",
    "home": "/",
}
"""What the operator may set in `settings.VAMCO_SITE`; anything left empty is not shown."""


def address(name: str) -> str:
    """The address of a named page, or nothing where it is not built."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def ways(listed: Sequence[Way], path: str) -> list[dict[str, Any]]:
    """The ways in that exist; the one nearest above `path` is current."""
    shown: list[dict[str, Any]] = [
        {"url": address(way.page), "label": way.label, "current": False} for way in listed
    ]
    shown = [item for item in shown if item["url"]]
    near = max(
        (item for item in shown if path.startswith(item["url"])), key=lambda i: len(i["url"]), default=None
    )
    if near:
        near["current"] = True
    return shown


def layout(request: HttpRequest) -> dict[str, Any]:
    """The context processor of the frame. Reads no database, so that it also works on error pages."""
    theme = request.COOKIES.get("theme", "")
    operator = {**SITE, **getattr(settings, "VAMCO_SITE", {})}
    return {
        "operator": operator,
        "staff_home": address("inbox") or "/",
        "citizen_nav": SimpleLazyObject(lambda: ways(rooms.of_all("ways"), request.path)),
        "search_url": address("find"),
        "theme": theme if theme in ("dark", "light") else "",
    }
