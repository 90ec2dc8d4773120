"""How callers of the API sign in."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from vamco.core import clock, rows
from vamco.core.actions import Actor
from vamco.core.errors import Invalid

from ..access import actor_for, limited_to
from ..actions import token_hash
from ..models import ApiToken

LONGEST_KEY = 200


class BearerToken(HttpBearer):
    """Signs a caller in by a bearer token; the actor is in `request.auth`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The token's person as actor, within the token's limits, or nothing; the token is in `request.token`."""
        found = rows.find(
            ApiToken,
            'hash = %s AND revoked_at IS NULL AND expires_at > %s AND "user".is_active',
            [token_hash(token), clock.now()],
            related=("user",),
        )
        if not found:
            return None
        request.token = found[0]  # type: ignore[attr-defined]
        return limited_to(found[0], actor_for(found[0].user, via="api", request_key=_request_key(request)))


def _request_key(request: HttpRequest) -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(
            _("Khóa chống gửi trùng dài nhất %(most)d ký tự, không có ký tự điều khiển.")
            % {"most": LONGEST_KEY},
            field="Idempotency-Key",
        )
    return key or None
