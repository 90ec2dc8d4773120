"""Bearer tokens of the API (mã truy cập): issued for others, and made and revoked by their holders."""

import hashlib
import secrets as random
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from vamco.core import clock, rooms
from vamco.core.actions import ANYWHERE, action, lock
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotAllowed, Refused

from ..models import ApiToken, Unit, User
from .people import must_manage


def token_hash(token: str) -> bytes:
    """What is kept of a bearer token."""
    return hashlib.sha256(token.encode()).digest()


def issue_token(actor: Actor, user: User, **inputs: Any) -> tuple[ApiToken, str]:
    """A new bearer token for another person, as `_new` makes it; the second value is shown once and not stored.

    It does not sign: only what its holder made does.
    """
    token, wanted = _new(**inputs)
    return _issue_token(actor, user, **wanted), token


def own_token(actor: Actor, user: User, **inputs: Any) -> tuple[ApiToken, str]:
    """A new bearer token that a person makes for themselves; called by the page that asked for the password."""
    token, wanted = _new(**inputs)
    return _own_token(actor, user, **wanted), token


def _new(
    *, name: str, days: int = 365, permissions: Iterable[str] = (), units: Iterable[str] = ()
) -> tuple[str, dict[str, Any]]:
    """A token and what is kept of it. Raises `Invalid`.

    `permissions` and `units` (codes) limit what it may do; without them it may do what its person may.
    """
    if not name.strip() or len(name) > 80:
        raise Invalid(_("Hãy ghi mục đích sử dụng, không quá 80 ký tự."), field="name")
    if not 1 <= days <= 3650:
        raise Invalid(_("Số ngày từ 1 đến 3650."), field="days")
    chosen, codes = sorted(set(permissions)), sorted(set(units))
    unknown = [key for key in chosen if key not in rooms.permissions()]
    if unknown:
        raise Invalid(
            _("Không có quyền «%(name)s». Hãy chọn trong các quyền của hệ thống.")
            % {"name": unknown[0][:60]},
            field="permissions",
        )
    found = dict(
        Unit.objects.filter(code__in=[code.replace("\0", "?") for code in codes]).values_list("code", "pk")
    )
    missing = [code for code in codes if code not in found]
    if missing:
        raise Invalid(
            _("Không có đơn vị mang mã «%(code)s». Hãy xem lại mã đơn vị.") % {"code": missing[0][:40]},
            field="units",
        )
    token = "vc_" + random.token_urlsafe(32)
    kept = {"name": name.strip(), "hash": token_hash(token), "days": days}
    return token, {**kept, "permissions": chosen, "units": sorted(found.values())}


@action(
    "organisation.people",
    label=_("Cấp mã truy cập"),
    at=ANYWHERE,
    locks=False,
    watched=True,
    name="organisation.issue_token",
)
def _issue_token(actor: Actor, user: User, /, **kept: Any) -> ApiToken:
    """Keep a token's hash: what `issue_token` calls once it has made the token."""
    must_manage(actor, user)
    return _keep(actor, user, **kept)


@action(
    "organisation.people",
    label=_("Tự tạo mã truy cập"),
    at=ANYWHERE,
    locks=False,
    watched=True,
    name="organisation.own_token",
)
def _own_token(actor: Actor, user: User, /, **kept: Any) -> ApiToken:
    """The same for `own_token`."""
    if actor.user_id != user.pk:
        raise NotAllowed(_("Mỗi người chỉ tự tạo mã truy cập của chính mình."))
    return _keep(actor, user, **kept)


def _keep(
    actor: Actor, user: User, *, name: str, hash: bytes, days: int, permissions: list[str], units: list[int]
) -> ApiToken:
    # Locked, so that an account that is being closed gets no token that outlives that.
    if not lock(user).is_active:
        raise Refused(_("Tài khoản này đã ngừng, không cấp được mã truy cập."))
    at = clock.now()
    return ApiToken.objects.create(
        user=user,
        name=name,
        hash=hash,
        made_by_id=actor.user_id,
        permissions=permissions,
        units=units,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )


@action(
    "organisation.people",
    label=_("Thu hồi mã truy cập"),
    done=_("Đã thu hồi mã truy cập."),
    at=ANYWHERE,
)
def revoke_token(actor: Actor, token: ApiToken, /) -> ApiToken:
    """Revoke another person's bearer token."""
    must_manage(actor, token.user)
    return _revoke(token)


@action(
    "organisation.people",
    label=_("Tự thu hồi mã truy cập"),
    done=_("Đã thu hồi mã truy cập."),
    at=ANYWHERE,
)
def revoke_own_token(actor: Actor, token: ApiToken, /) -> ApiToken:
    """Revoke one's own bearer token, whoever made it."""
    if actor.user_id != token.user_id:
        raise NotAllowed(_("Mỗi người chỉ tự thu hồi mã truy cập của chính mình."))
    return _revoke(token)


def _revoke(token: ApiToken) -> ApiToken:
    token.revoked_at = token.revoked_at or clock.now()
    token.save(update_fields=["revoked_at"])
    return token
