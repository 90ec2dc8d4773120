"""What the frame of every staff page needs of the bell."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from vamco.core import actors

from . import bell


def unread(request: HttpRequest) -> dict[str, object]:
    """`bell_count` for people who are signed in: "3", "99+", or nothing. Asked only where the frame shows it."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    return {"bell_count": SimpleLazyObject(lambda: _count(request))}


def _count(request: HttpRequest) -> str:
    count = bell.unread_count(actors.of_request(request))
    return f"{bell.COUNTED}+" if count > bell.COUNTED else str(count or "")
