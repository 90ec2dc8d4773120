"""What every page's layout needs of the person who looks at it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from vamco.core import actors, rooms
from vamco.core.actors import Actor

from .where import home_unit


@dataclass(frozen=True)
class NavItem:
    """One entry of the staff navigation."""

    label: str
    url: str
    current: bool


def staff(request: HttpRequest) -> dict[str, object]:
    """`staff_nav`, `staff_home` and `staff_unit` for people who are signed in; nothing for citizens."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    actor = actors.of_request(request)
    nav = navigation(actor, request.path)
    found = {"staff_nav": nav, "staff_unit": home_unit(actor.known_id), "actor": actor}
    home = beginning(actor)
    return found | ({"staff_home": home} if home else {})


def navigation(actor: Actor, path: str = "") -> list[NavItem]:
    """The pages that the actor may open, the one at `path` marked."""
    nav = []
    for item in rooms.navigation(actor):
        url = reverse(item.page)
        current = path.startswith((url, item.also) if item.also else url)
        nav.append(NavItem(str(item.label), url, current))
    return nav


def beginning(actor: Actor) -> str:
    """The page where the actor's day begins: the first that they may open; "" if there is none."""
    return next((reverse(item.page) for item in rooms.navigation(actor) if item.begins), "")
