"""How callers of the API sign in."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from vamco.core import clock, rows
from vamco.core.actors import Actor
from vamco.core.errors import Invalid

from ..access import actor_for, limited_to
from ..actions import token_hash
from ..models import ApiToken

LONGEST_KEY = 200


class _Bearing(HttpRequest):
    """A request of the API after its token was found good."""

    token: ApiToken


def token_of(request: HttpRequest) -> ApiToken:
    """The token that a request of the API came with."""
    return cast(_Bearing, request).token


class BearerToken(HttpBearer):
    """Signs a caller in by a bearer token; the actor is in `request.auth`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The token's person as actor, within the token's limits, or nothing; `token_of` tells the token."""
        found = _token(token)
        if found is None:
            return None
        cast(_Bearing, request).token = found
        return limited_to(found, actor_for(found.user, via="api", request_key=_request_key(request)))


def _token(token: str) -> ApiToken | None:
    """A valid token with its person."""
    found = rows.find(
        ApiToken,
        'hash = %s AND revoked_at IS NULL AND expires_at > %s AND "user".is_active',
        [token_hash(token), clock.now()],
        related=("user",),
    )
    return found[0] if found else None


def is_known(environ: dict[str, Any]) -> bool:
    """Whether a request, of which only the headers are there, comes from a person's session or bears a valid token."""
    request = WSGIRequest({**environ})  # it changes what it is given
    request.session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return get_user(request).is_authenticated or (scheme.lower() == "bearer" and _token(token) is not None)


def _request_key(request: HttpRequest) -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(
            _("Khóa chống gửi trùng dài nhất %(most)d ký tự, không có ký tự điều khiển.")
            % {"most": LONGEST_KEY},
            field="Idempotency-Key",
        )
    return key or None
