"""A unit's till on a day."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, QuerySet, Sum
from django.utils.translation import gettext as _

from vamco.core.actors import Actor
from vamco.core.errors import NotFound
from vamco.organisation.models import Unit

from .. import till
from ..models import DayClose, FeeKind, Receipt, ReceiptBook, ReceiptLine, ReceiptState
from .receipts import shown, with_closed
from .scope import check, may_see

COUNTED = (ReceiptState.VALID, ReceiptState.REVERSED)
"""Receipts whose money was taken on their day: a reversed one gave it back on a later day."""


@dataclass(frozen=True)
class BookUse:
    """What was used of a book on a day."""

    book: ReceiptBook
    first: int
    last: int
    count: int


@dataclass(frozen=True)
class DaySummary:
    """A unit's till on a day. `taken` less `given_back` is `expected`; `ended` lost their force that day."""

    unit: Unit
    day: date
    closed: DayClose | None
    earlier_open: date | None
    count: int
    taken: int
    fees: int
    charges: int
    given_back: int
    expected: int
    used: tuple[BookUse, ...]
    ended: tuple[Receipt, ...]
    back: tuple[Receipt, ...]


def day_summary(actor: Actor, unit: Unit, day: date) -> DaySummary:
    """What was taken and given back on a day, the numbers used of each book, the receipts that ended."""
    check(actor, unit)
    rows = with_closed(actor).filter(unit=unit, day=day)
    counted = rows.filter(state__in=COUNTED).aggregate(count=Count("pk"), taken=Sum("total"))
    fees = ReceiptLine.objects.filter(
        receipt__unit=unit, receipt__day=day, receipt__state__in=COUNTED, kind=FeeKind.FEE
    ).aggregate(sum=Sum("amount"))["sum"]
    back = with_closed(actor).filter(
        unit=unit,
        state=ReceiptState.REVERSED,
        transfers__day=day,
        transfers__reverses__isnull=False,
    )
    given_back = tuple(
        shown(book) for book in back.select_related("book").prefetch_related("lines").order_by("pk")
    )
    taken = int(counted["taken"] or 0)
    return DaySummary(
        unit=unit,
        day=day,
        closed=DayClose.objects.filter(unit=unit, day=day).first(),
        earlier_open=till.first_open_day(unit, before=day),
        count=counted["count"],
        taken=taken,
        fees=int(fees or 0),
        charges=taken - int(fees or 0),
        given_back=sum(receipt.total for receipt in given_back),
        expected=till.cash_of_day(unit, day),
        used=_used(rows),
        ended=tuple(
            shown(book)
            for book in rows.filter(state__in=(ReceiptState.CANCELLED, ReceiptState.REPLACED))
            .select_related("book", "replaced_by__book")
            .order_by("book", "number")
        ),
        back=given_back,
    )


def _used(rows: QuerySet[Receipt]) -> tuple[BookUse, ...]:
    used = list(
        rows.values("book")
        .annotate(first=Min("number"), last=Max("number"), count=Count("pk"))
        .order_by("book")
    )
    found = ReceiptBook.objects.in_bulk([used_row["book"] for used_row in used])
    return tuple(
        BookUse(found[used_row["book"]], used_row["first"], used_row["last"], used_row["count"])
        for used_row in used
    )


def receipts_of_day(actor: Actor, closing: DayClose) -> list[Receipt]:
    """The receipts of a closed day as the actor may see them, in the order of their numbers."""
    rows = with_closed(actor).filter(unit=closing.unit, day=closing.day).order_by("book", "number")
    return [shown(book) for book in rows.select_related("book").prefetch_related("lines")]


def closing(actor: Actor, pk: int) -> DayClose:
    """One closing with its unit; `NotFound` also for those who may not see it."""
    found = DayClose.objects.select_related("unit").filter(pk=pk).first()
    if found is None or not may_see(actor, found.unit):
        raise NotFound(_("Không tìm thấy lần khóa sổ này. Hãy chọn lại ngày."))
    return found
