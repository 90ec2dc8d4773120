"""A commune with a receipt book, a cashier, and dossiers that owe money."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.organisation.models import Unit, User
from vamco.payments.models import Charge, ReceiptBook

NOW = datetime(2016, 12, 9, 3, 42, tzinfo=UTC)
"""Friday 09/12/2016, 10:42 in Viet Nam."""

MAY = ("payments.collect", "payments.cancel", "payments.close_day", "payments.open_book")


def make_unit(code: str = "80123", name: str = "Phường 5") -> Unit:
    unit = Unit.objects.create(
        code=code, name=name, level="commune", agency_code=f"000.00.{code}.H39", valid_from=date(2016, 1, 1)
    )
    unit.path = [unit.pk]
    unit.save()
    return unit


def make_actor(unit: Unit, *permissions: str, username: str = "thu.quy", key: str | None = None) -> Actor:
    user, _made = User.objects.get_or_create(username=username, full_name="Lê Thị Thu Cúc")
    scope = {permission: frozenset([unit.pk]) for permission in permissions or MAY}
    return Actor(user_id=user.pk, label=user.full_name, scope=scope, request_key=key)


def make_book(unit: Unit, first: int = 1, last: int = 500, symbol: str = "BL-16T") -> ReceiptBook:
    return ReceiptBook.objects.create(
        unit=unit, symbol=symbol, series="", first=first, last=last, next=first, opened_at=clock.now()
    )


_codes = count(1)


def make_charges(
    unit: Unit, *amounts: int, subject: str = "", name: str = "Nguyễn Thị Bé Tư", **more
) -> list[Charge]:
    """A dossier that owes the amounts: the first line a charge (lệ phí), the others fees (phí)."""
    from django.db import transaction

    from vamco.payments.charges import raise_charges

    lines = [
        (f"line{n}", "Lệ phí chứng thực" if n == 0 else "Phí thẩm định", "fee" if n else "charge", 1, amount)
        for n, amount in enumerate(amounts)
    ]
    with transaction.atomic():
        return raise_charges(
            subject=subject or f"000.00.12.H39-161209-{next(_codes):04}",
            unit=unit,
            payer=None,
            payer_name=name,
            lines=lines,
            due=more.get("due", "now"),
        )


@pytest.fixture
def unit(db) -> Unit:
    return make_unit()


@pytest.fixture
def actor(unit: Unit) -> Actor:
    return make_actor(unit)


@pytest.fixture
def book(unit: Unit) -> ReceiptBook:
    return make_book(unit)


@pytest.fixture
def at() -> Callable:
    """`at(days)`: the clock told some days after Friday 09/12/2016, 10:42."""
    return lambda days=0, hours=0: clock.told(NOW + timedelta(days=days, hours=hours))


@pytest.fixture(autouse=True)
def _friday():
    with clock.told(NOW):
        yield
