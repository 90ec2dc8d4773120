"""Whose money an actor may read."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.errors import NotFound
from vamco.organisation.models import Unit
from vamco.organisation.validity import open_on

from ..models import OfUnit, ReceiptBook

VIEW = ("payments.collect", "payments.cancel", "payments.close_day", "payments.open_book", "audit.read")
"""Whoever holds one of these at a unit may read the unit's money."""


R = TypeVar("R", bound=OfUnit)


def may_see(actor: Actor, unit: Unit) -> bool:
    """Whether the actor may read the unit's money."""
    return may_see_at(actor, unit.pk)


def may_see_at(actor: Actor, unit_id: int) -> bool:
    """The same by the unit's primary key."""
    return any(actor.may_at(permission, [unit_id]) for permission in VIEW)


def units(actor: Actor, permissions: Sequence[str] = VIEW) -> QuerySet[Unit]:
    """The units in which the actor holds one of the permissions, in the order of their codes.

    Of closed units those that took money: what is still owed there is paid, and the last day is closed, afterwards.
    """
    took_money = Exists(ReceiptBook.objects.filter(unit=OuterRef("pk")))
    here = actor.within(*permissions, unit="pk")
    return Unit.objects.filter(here, open_on(clock.today()) | Q(took_money)).order_by("code")


def rows_at(actor: Actor, unit: Unit | None, rows: QuerySet[R]) -> QuerySet[R]:
    """Those of the rows that belong to the unit, or to all whose money the actor may read."""
    if unit is not None:
        check(actor, unit)
        return rows.filter(("unit", unit))
    return rows.filter(actor.within(*VIEW))


def check(actor: Actor, unit: Unit) -> None:
    """Raises `NotFound` for who may not read the unit's money."""
    if not may_see(actor, unit):
        raise NotFound(_("Không tìm thấy sổ thu của đơn vị này. Hãy chọn đơn vị của ông/bà."))
