"""Everything about money that is read. Functions with an actor show what that actor may see; those without
are for the rooms above, which have decided it already."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Case, Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.utils.translation import gettext as _

from vamco.core import clock, search, visibility
from vamco.core.actors import EVERYWHERE, Actor, Scope
from vamco.core.errors import NotFound
from vamco.organisation.models import Unit
from vamco.organisation.validity import open_on

from .actions import cash_of_day, first_open_day
from .models import (
    Charge,
    ChargeState,
    DayClose,
    FeeKind,
    OfUnit,
    Receipt,
    ReceiptBook,
    ReceiptLine,
    ReceiptState,
)

_R = TypeVar("_R", Receipt, ReceiptBook)

VIEW = ("payments.collect", "payments.cancel", "payments.close_day", "payments.open_book", "audit.read")
"""Whoever holds one of these at a unit may read the unit's money."""

R = TypeVar("R", bound=OfUnit)

COUNTED = (ReceiptState.VALID, ReceiptState.REVERSED)
"""Receipts whose money was taken on their day: a reversed one gave it back on a later day."""


# For the rooms above ---------------------------------------------------------------------------------------


def charges_for(subjects: Sequence[str]) -> dict[str, list[Charge]]:
    """The standing charges of dossiers by code, each with its receipt and book; one query."""
    found: dict[str, list[Charge]] = defaultdict(list)
    rows = Charge.objects.filter(subject__in=list(subjects)).exclude(state=ChargeState.CANCELLED)
    for charge in rows.select_related("receipt__book").order_by("subject", "pk"):
        found[charge.subject].append(charge)
    return {subject: found.get(subject, []) for subject in subjects}


def balance(subject: str) -> int:
    """What the dossier still owes, in đồng; 0 when everything is paid, waived or was free."""
    return balances([subject])[subject]


def balances(subjects: Sequence[str]) -> dict[str, int]:
    """What each dossier still owes, in đồng; one query."""
    rows = Charge.objects.filter(subject__in=list(subjects), state=ChargeState.DUE)
    owed = dict(rows.order_by().values_list("subject").annotate(Sum("amount")))
    return {subject: int(owed.get(subject, 0)) for subject in subjects}


# For cashiers ----------------------------------------------------------------------------------------------


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
    scopes = [actor.units(permission) for permission in permissions]
    took_money = Exists(ReceiptBook.objects.filter(unit=OuterRef("pk")))
    rows = Unit.objects.filter(open_on(clock.today()) | Q(took_money)).order_by("code")
    if EVERYWHERE in scopes:
        return rows
    return rows.filter(pk__in=_together(scopes))


@dataclass(frozen=True)
class Owed:
    """What one dossier owes at a unit."""

    subject: str
    payer_name: str
    names: tuple[str, ...]
    total: int
    now: bool


def due(actor: Actor, unit: Unit, *, q: str = "", after: str = "", limit: int = 50) -> tuple[list[Owed], str]:
    """Dossiers with something to pay at the unit, by code, and the cursor of the next page ("" at the end).

    `q`: part of a code, or words of the payer's name with or without accents. Without `q` only what is due
    now; a search finds also what is due on return. Who takes the money here must know whose it is; others are shown
    nothing of dossiers that they may not see. Two queries.
    """
    _check(actor, unit)
    rows = Charge.objects.filter(unit=unit, state=ChargeState.DUE)
    if not actor.may_at("payments.collect", [unit.pk]):
        rows = rows.filter(~visibility.closed(actor, "subject"))
    rows = rows.filter(_found(q)) if q.strip() else rows.filter(due="now")
    if after:
        rows = rows.filter(subject__gt=after)
    subjects = list(rows.order_by("subject").values_list("subject", flat=True).distinct()[: limit + 1])
    lines: dict[str, list[Charge]] = defaultdict(list)
    for line in Charge.objects.filter(
        unit=unit, state=ChargeState.DUE, subject__in=subjects[:limit]
    ).order_by("pk"):
        lines[line.subject].append(line)
    owed = [
        Owed(
            subject=subject,
            payer_name=lines[subject][0].payer_name,
            names=tuple(line.name for line in lines[subject]),
            total=sum(line.amount for line in lines[subject]),
            now=any(line.due == "now" for line in lines[subject]),
        )
        for subject in subjects[:limit]
        if lines[subject]
    ]
    return owed, subjects[limit - 1] if len(subjects) > limit else ""


def due_lines(actor: Actor, unit: Unit, subjects: Sequence[str]) -> list[Charge]:
    """Everything that these dossiers owe at the unit, in the order of the dossiers."""
    _check(actor, unit)
    rows = Charge.objects.filter(unit=unit, state=ChargeState.DUE, subject__in=list(subjects)[:100])
    order = {subject: at for at, subject in enumerate(subjects)}
    return sorted(rows, key=lambda line: (order[line.subject], line.pk))


def charges_shown(actor: Actor, subject: str) -> list[Charge]:
    """The standing charges of a dossier at the units whose money the actor may read; of a dossier that they may not see
    only what is still due where they take money."""
    lines = [line for line in charges_for([subject])[subject] if may_see_at(actor, line.unit_id)]
    if not visibility.closed_among(actor, [subject]):
        return lines
    due_here = (line for line in lines if line.state == ChargeState.DUE)
    return [line for line in due_here if actor.may_at("payments.collect", [line.unit_id])]


def receipts(actor: Actor, unit: Unit | None = None) -> QuerySet[Receipt]:
    """The receipts of a unit, or of all whose money the actor may read, each with its book and unit.

    Numbers have no gaps, so a receipt of a dossier that the actor may not see is there, `closed`; each row goes through
    `shown`.
    """
    rows = _receipts(actor).select_related("unit", "book", "replaced_by__book")
    return _at(actor, unit, rows)


def written(rows: QuerySet[Receipt], q: str) -> QuerySet[Receipt]:
    """Those with a number, a dossier's code, or words of the payer's name, with or without accents. A closed one is found
    by nothing but its number."""
    return rows.filter(_written(q))


def of_dossier(rows: QuerySet[Receipt], dossier: str) -> QuerySet[Receipt]:
    """Those that stand for a dossier; none of one that the reader may not see."""
    return rows.filter(_stands_for(dossier), Q(("closed", False)))


def receipt(actor: Actor, pk: int) -> Receipt:
    """One receipt with its book and unit; `NotFound` also for those who may not see it."""
    rows = _receipts(actor).select_related("unit", "book", "replaced_by__book", "replaces__book", "ended_by")
    found = rows.filter(pk=pk).first()
    if found is None or not may_see(actor, found.unit):
        raise NotFound(_("Không tìm thấy biên lai này. Hãy quay lại danh sách biên lai."))
    if not found.closed:
        record_opening(actor, found)
    return shown(found)


def record_opening(actor: Actor, receipt: Receipt) -> None:
    """The actor reads a receipt, or what hangs on it: on record for each sensitive dossier that it stands for."""
    for code in set(receipt.lines.values_list("charge__subject", flat=True)):
        visibility.record_opening(actor, code)


def open_receipts(actor: Actor) -> QuerySet[Receipt]:
    """The receipts that the actor may read whole, with what hangs on them: none that is masked."""
    return _at_units(actor, _receipts(actor)).filter(closed=False)  # type: ignore[misc]


def all_books(actor: Actor) -> QuerySet[ReceiptBook]:
    """The receipt books of every unit whose money the actor may read."""
    return _at_units(actor, ReceiptBook.objects.all())


def _at_units(actor: Actor, rows: QuerySet[_R]) -> QuerySet[_R]:
    scopes = [actor.units(permission) for permission in VIEW]
    if EVERYWHERE in scopes:
        return rows
    return rows.filter(unit_id__in=frozenset[int]().union(*scopes))  # type: ignore[arg-type]


def _receipts(actor: Actor) -> QuerySet[Receipt]:
    """Receipts, each with `closed`: it stands for a dossier that the actor may not see, and somebody else wrote it."""
    lines = ReceiptLine.objects.filter(receipt=OuterRef("pk")).order_by().values("receipt")
    about = lines.annotate(shut=BoolOr(visibility.closed(actor, "charge__subject"))).values("shut")
    own = Q(cashier_id=actor.user_id or 0)
    shut = Case(When(own, then=False), default=Subquery(about))
    return Receipt.objects.annotate(**{"closed": shut})


def shown(receipt: Receipt) -> Receipt:
    """A receipt as its reader may see it: of a closed one number, day, amount and state; not to be saved."""
    if receipt.closed:
        receipt.payer_name = str(visibility.HIDDEN)
        receipt.payer_address = ""
        receipt.reason = str(visibility.HIDDEN) if receipt.reason else ""
    return receipt


def lines_of(receipt: Receipt) -> list[ReceiptLine]:
    """The lines of a receipt as its reader may see them: of a closed one the amounts."""
    lines = list(receipt.lines.all())
    if receipt.closed:
        for line in lines:
            line.subject, line.name = "", str(visibility.HIDDEN)
    return lines


def receipts_of_day(actor: Actor, closing: DayClose) -> list[Receipt]:
    """The receipts of a closed day as the actor may see them, in the order of their numbers."""
    rows = _receipts(actor).filter(unit=closing.unit, day=closing.day).order_by("book", "number")
    return [shown(one) for one in rows.select_related("book").prefetch_related("lines")]


def closing(actor: Actor, pk: int) -> DayClose:
    """One closing with its unit; `NotFound` also for those who may not see it."""
    found = DayClose.objects.select_related("unit").filter(pk=pk).first()
    if found is None or not may_see(actor, found.unit):
        raise NotFound(_("Không tìm thấy lần khóa sổ này. Hãy chọn lại ngày."))
    return found


def receipts_of(subject: str) -> list[Receipt]:
    """All receipts that a dossier stands on, cancelled ones too, in the order of writing."""
    return list(
        Receipt.objects.filter(_stands_for(subject))
        .select_related("book", "replaced_by__book")
        .order_by("pk")
    )


def books(actor: Actor, unit: Unit | None = None) -> QuerySet[ReceiptBook]:
    """The receipt books of a unit, or of all whose money the actor may read, those in use first."""
    rows = ReceiptBook.objects.select_related("unit").order_by("-state", "opened_at", "pk")
    return _at(actor, unit, rows)


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
    _check(actor, unit)
    rows = _receipts(actor).filter(unit=unit, day=day)
    counted = rows.filter(state__in=COUNTED).aggregate(count=Count("pk"), taken=Sum("total"))
    fees = ReceiptLine.objects.filter(
        receipt__unit=unit, receipt__day=day, receipt__state__in=COUNTED, kind=FeeKind.FEE
    ).aggregate(sum=Sum("amount"))["sum"]
    back = _receipts(actor).filter(
        unit=unit,
        state=ReceiptState.REVERSED,
        transfers__day=day,
        transfers__reverses__isnull=False,
    )
    given_back = tuple(
        shown(one) for one in back.select_related("book").prefetch_related("lines").order_by("pk")
    )
    taken = int(counted["taken"] or 0)
    return DaySummary(
        unit=unit,
        day=day,
        closed=DayClose.objects.filter(unit=unit, day=day).first(),
        earlier_open=first_open_day(unit, before=day),
        count=counted["count"],
        taken=taken,
        fees=int(fees or 0),
        charges=taken - int(fees or 0),
        given_back=sum(one.total for one in given_back),
        expected=cash_of_day(unit, day),
        used=_used(rows),
        ended=tuple(
            shown(one)
            for one in rows.filter(state__in=(ReceiptState.CANCELLED, ReceiptState.REPLACED))
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
    found = ReceiptBook.objects.in_bulk([one["book"] for one in used])
    return tuple(BookUse(found[one["book"]], one["first"], one["last"], one["count"]) for one in used)


def _at(actor: Actor, unit: Unit | None, rows: QuerySet[R]) -> QuerySet[R]:
    """Those of the rows that belong to the unit, or to all whose money the actor may read."""
    if unit is not None:
        _check(actor, unit)
        return rows.filter(("unit", unit))
    scopes = [actor.units(permission) for permission in VIEW]
    return rows if EVERYWHERE in scopes else rows.filter(("unit__in", _together(scopes)))


def _together(scopes: Sequence[Scope]) -> frozenset[int]:
    return frozenset[int]().union(*scopes)  # type: ignore[arg-type]


def _check(actor: Actor, unit: Unit) -> None:
    if not may_see(actor, unit):
        raise NotFound(_("Không tìm thấy sổ thu của đơn vị này. Hãy chọn đơn vị của ông/bà."))


def _found(q: str) -> Q:
    q = q.replace("\0", "")
    return Q(subject__icontains=q.strip()[:60]) | search.begins(q, "payer_folded")


def _written(q: str) -> Q:
    typed = q.strip()
    book, _space, last = f" {typed}".rpartition(" ")  # as it is printed: symbol, series, number
    number = Q(number=int(last)) if last.isascii() and last.isdigit() and len(last) < 10 else Q(pk__in=[])
    if book.strip():
        number &= Q(book__symbol__iexact=book.split()[0][:20])
    printed = Q(pk__in=ReceiptLine.objects.filter(subject=typed[:60]).values("receipt"))
    named = printed | _stands_for(typed[:60].upper()) | search.begins(q, "payer_folded")
    return number | named & Q(("closed", False))


def _stands_for(dossier: str) -> Q:
    """The receipts of a dossier. Found by the charge: the line keeps the code that was printed."""
    return Q(pk__in=ReceiptLine.objects.filter(charge__subject=dossier).values("receipt"))
