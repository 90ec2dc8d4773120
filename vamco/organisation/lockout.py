"""Locking out after wrong passwords and wrong codes: an account, and the network address that they came from."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vamco.core import clock, limits
from vamco.core.errors import TooMany

from .models import SignInFailure

LOCK_AFTER = 5
"""Failed sign-ins of an account within `LOCK_FOR` that lock it; it opens when the newest is that old."""

LOCK_FOR = timedelta(minutes=15)
LOCK_ADDRESS_AFTER = 50
"""Failed sign-ins from one network address within `LOCK_FOR` that lock it until that time is over. An office may share one
address."""


def take_try(username: str, address: str) -> limits.Taken:
    """Refuse while the account or the network address is locked, and say until when; else count an attempt of both.

    It is counted before the password is compared, so that parallel attempts cannot overtake the lock; the caller gives a
    successful one back.

    Raises `ValidationError`.
    """
    if until := locked_until(username):
        raise ValidationError(_locked(until))
    network = limits.Limit("account.from", limits.network(address), LOCK_ADDRESS_AFTER, LOCK_FOR)

    def says(until: datetime) -> str:
        return _network_locked(until) if limits.used_up(network) else _locked(until)

    try:
        return limits.take(_tries(username), network, says=says)
    except TooMany as refusal:
        raise ValidationError(refusal.message) from None


def locked_until(username: str) -> datetime | None:
    """Until when the account is locked; None when it is not."""
    recent = SignInFailure.objects.filter(username=username, at__gt=clock.now() - LOCK_FOR)
    return recent.latest("at").at + LOCK_FOR if recent.count() >= LOCK_AFTER else None


def keep_failure(username: str, address: str) -> None:
    """Keep a refused attempt, with its full address for the auditor."""
    SignInFailure.objects.create(username=username, address=address, at=clock.now())


def clear(username: str) -> None:
    """End the lock of an account, and what counts towards one."""
    SignInFailure.objects.filter(username=username).delete()
    limits.forget(_tries(username))


def _tries(username: str) -> limits.Limit:
    return limits.Limit("account.try", username, LOCK_AFTER, LOCK_FOR)


def _locked(until: datetime) -> str:
    return _(
        "Đã nhập sai %(count)d lần. Tài khoản tạm khóa đến %(until)s; sau giờ đó hãy thử lại, "
        "hoặc đề nghị người quản trị của đơn vị đặt lại mật khẩu."
    ) % {"count": LOCK_AFTER, "until": f"{clock.local(until):%H:%M}"}


def _network_locked(until: datetime) -> str:
    return _(
        "Từ mạng này đã nhập sai quá nhiều lần, nên tạm dừng đăng nhập đến %(until)s. "
        "Nếu cần vào ngay, hãy dùng mạng khác và báo người quản trị."
    ) % {"until": f"{clock.local(until):%H:%M}"}
