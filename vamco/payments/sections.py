"""What the till shows on pages that others share: a person's morning, a unit's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from vamco.configuration import values
from vamco.core import clock
from vamco.core.actors import Actor
from vamco.organisation.models import Unit

from . import queries
from .models import BookState, DayClose, ReceiptBook, Transfer

MOST = 10
"""Lines of a morning; whoever sees so many looks at the lists."""


@dataclass(frozen=True)
class OpenDay:
    """A day whose till was not closed."""

    unit: Unit
    day: date


def morning(actor: Actor, _subject: None) -> dict[str, Any] | None:
    """Days that the actor has to close, and receipt books that run out; three queries."""
    days, books = _open_days(actor), _running_out(actor)
    return {"days": days, "books": books} if days or books else None


def _open_days(actor: Actor) -> list[OpenDay]:
    """Days before today with money and without a closing, at the units whose till the actor closes; oldest first."""
    closed = DayClose.objects.filter(unit=OuterRef("unit"), day=OuterRef("day"))
    here = actor.within("payments.close_day")
    booked = Transfer.objects.filter(here, ~Exists(closed), day__lt=clock.today())
    found = list(booked.order_by("day", "unit").values_list("unit", "day").distinct()[:MOST])
    units = Unit.objects.in_bulk({unit for unit, _day in found})
    return [OpenDay(units[unit], day) for unit, day in found]


def _running_out(actor: Actor) -> list[ReceiptBook]:
    """Books in use with few receipts left, at the units where the actor takes money or opens books."""
    here = actor.within("payments.collect", "payments.open_book")
    rows = (
        ReceiptBook.objects.filter(here, state=BookState.OPEN).select_related("unit").order_by("unit", "pk")
    )
    return [book for book in rows if book.left <= values.value("payments.low_book", book.unit)][:MOST]


def of_unit(actor: Actor, unit: Unit) -> dict[str, Any] | None:
    """The unit's books in use and its last closing, for who may read its money; two queries."""
    if not queries.may_see(actor, unit):
        return None
    books: Sequence[ReceiptBook] = list(queries.books(actor, unit).filter(state=BookState.OPEN))
    closing = DayClose.objects.filter(unit=unit).order_by("-day").first()
    if not books and closing is None:
        return None
    return {"unit": unit, "books": books, "closing": closing, "low": values.value("payments.low_book", unit)}
