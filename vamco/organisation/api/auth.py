"""How callers of the API sign in."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from vamco.core import clock
from vamco.core.actions import Actor
from vamco.core.errors import Invalid

from ..access import actor_for
from ..actions import token_hash
from ..models import ApiToken

LONGEST_KEY = 200


class BearerToken(HttpBearer):
    """Signs a caller in by a token from `vamco token USER`; the actor is in `request.auth`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The token's person as actor, or nothing."""
        found = (
            ApiToken.objects.select_related("user")
            .filter(
                hash=token_hash(token),
                revoked_at__isnull=True,
                expires_at__gt=clock.now(),
                user__is_active=True,
            )
            .first()
        )
        if found is None:
            return None
        return actor_for(found.user, via="api", request_key=_request_key(request))


def _request_key(request: HttpRequest) -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(
            _("Khóa chống gửi trùng dài nhất %(most)d ký tự, không có ký tự điều khiển.")
            % {"most": LONGEST_KEY},
            field="Idempotency-Key",
        )
    return key or None
