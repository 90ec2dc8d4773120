"""How callers of the API sign in."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from vamco.core import clock, rows
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
        found = rows.find(
            User,
            "is_active AND id = (SELECT user_id FROM organisation_apitoken"
            " WHERE hash = %s AND revoked_at IS NULL AND expires_at > %s)",
            [token_hash(token), clock.now()],
        )
        return actor_for(found[0], via="api", request_key=_request_key(request)) if found else None


def _request_key(request: HttpRequest) -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(
            _("Khóa chống gửi trùng dài nhất %(most)d ký tự, không có ký tự điều khiển.")
            % {"most": LONGEST_KEY},
            field="Idempotency-Key",
        )
    return key or None
