"""Locking out after wrong passwords and wrong codes: an account, and the network address that they came from."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vamco.core import clock, limits
from vamco.core.errors import TooMany

from .models import SignInFailure

LOCK_AFTER = 5
"""So many failures of an account within `LOCK_FOR` lock it until the newest is that old."""

LOCK_FOR = timedelta(minutes=15)
LOCK_ADDRESS_AFTER = 50
"""So many failures from one network address lock it in the same way; an office may share one."""


def take_try(username: str, address: str) -> limits.Taken:
    """Refuse while the account or the network address is locked out, and say until when; else count a try of the
    account, so that wrong ones that come at once cannot overtake the lock. A right one is given back.

    Raises `ValidationError`.
    """
    if until := locked_until(username):
        raise ValidationError(_locked(until))
    here = _recent(address=address)
    if here.count() >= LOCK_ADDRESS_AFTER:
        raise ValidationError(
            _(
                "Từ mạng này đã nhập sai quá nhiều lần, nên tạm dừng đăng nhập đến %(until)s. "
                "Nếu cần vào ngay, hãy dùng mạng khác và báo người quản trị."
            )
            % {"until": f"{clock.local(_end(here)):%H:%M}"}
        )
    try:
        return limits.take(_tries(username), says=_locked)
    except TooMany as refusal:
        raise ValidationError(refusal.message) from None


def locked_until(username: str) -> datetime | None:
    """Until when the account is locked; None when it is not."""
    mine = _recent(username=username)
    return _end(mine) if mine.count() >= LOCK_AFTER else None


def keep_failure(username: str, address: str) -> None:
    """Keep a refused attempt."""
    SignInFailure.objects.create(username=username, address=address, at=clock.now())


def clear(username: str) -> None:
    """End the lock of an account, and what counts towards one."""
    SignInFailure.objects.filter(username=username).delete()
    limits.forget(_tries(username))


def _tries(username: str) -> limits.Limit:
    return limits.Limit("account.try", username, LOCK_AFTER, LOCK_FOR)


def _recent(**whose: str) -> QuerySet[SignInFailure]:
    return SignInFailure.objects.filter(at__gt=clock.now() - LOCK_FOR, **whose)


def _end(failures: QuerySet[SignInFailure]) -> datetime:
    return failures.latest("at").at + LOCK_FOR


def _locked(until: datetime) -> str:
    return _(
        "Đã nhập sai %(count)d lần. Tài khoản tạm khóa đến %(until)s; sau giờ đó hãy thử lại, "
        "hoặc đề nghị người quản trị của đơn vị đặt lại mật khẩu."
    ) % {"count": LOCK_AFTER, "until": f"{clock.local(until):%H:%M}"}
