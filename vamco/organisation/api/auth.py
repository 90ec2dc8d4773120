"""How callers of the API sign in."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from vamco.core import clock
from vamco.core.actions import Actor
from vamco.core.errors import Invalid

from ..access import actor_for
from ..actions import token_hash
from ..models import User

LONGEST_KEY = 200


class BearerToken(HttpBearer):
    """Signs a caller in by a token from `vamco token USER`; the actor is in `request.auth`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The token's person as actor, or nothing."""
        # Plain SQL: every call of the API asks this first.
        found = User.objects.raw(
            "SELECT u.* FROM organisation_apitoken t JOIN organisation_user u ON u.id = t.user_id"
            " WHERE t.hash = %s AND t.revoked_at IS NULL AND t.expires_at > %s AND u.is_active",
            [token_hash(token), clock.now()],
        )
        user = next(iter(found), None)
        return None if user is None else actor_for(user, via="api", request_key=_request_key(request))


def _request_key(request: HttpRequest) -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(
            _("Khóa chống gửi trùng dài nhất %(most)d ký tự, không có ký tự điều khiển.")
            % {"most": LONGEST_KEY},
            field="Idempotency-Key",
        )
    return key or None
