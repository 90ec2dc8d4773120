"""Bearer tokens of the API (mã truy cập)."""

import hashlib
import secrets as random
from datetime import timedelta

from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actions import Actor, action
from vamco.core.errors import Invalid, Refused

from ..models import ApiToken, User
from .people import must_rank_over


def token_hash(token: str) -> bytes:
    """What is kept of a bearer token."""
    return hashlib.sha256(token.encode()).digest()


def issue_token(actor: Actor, user: User, *, name: str, days: int = 365) -> tuple[ApiToken, str]:
    """A new bearer token of a person; the second value is shown once and kept nowhere."""
    if not name.strip() or len(name) > 80:
        raise Invalid(_("Hãy ghi mã dùng vào việc gì, không quá 80 ký tự."), field="name")
    if not 1 <= days <= 3650:
        raise Invalid(_("Hãy ghi số ngày từ 1 đến 3650."), field="days")
    token = "vc_" + random.token_urlsafe(32)
    return _issue_token(actor, user, name=name.strip(), hash=token_hash(token), days=days), token


@action("organisation.people", creates=True, name="organisation.issue_token", at=lambda user: ())
def _issue_token(actor: Actor, user: User, /, *, name: str, hash: bytes, days: int) -> ApiToken:
    """Keep a token's hash: what `issue_token` calls once it has made the token."""
    must_rank_over(actor, user)
    if not user.is_active:
        raise Refused(_("Tài khoản này đã ngừng, không cấp được mã truy cập."))
    at = clock.now()
    return ApiToken.objects.create(
        user=user, name=name, hash=hash, created_at=at, expires_at=at + timedelta(days=days)
    )


@action("organisation.people", at=lambda token: ())
def revoke_token(actor: Actor, token: ApiToken, /) -> ApiToken:
    """Make a bearer token worthless from now on."""
    must_rank_over(actor, token.user)
    token.revoked_at = token.revoked_at or clock.now()
    token.save(update_fields=["revoked_at"])
    return token
