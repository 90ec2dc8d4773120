"""Receipts and their books, as far as the reader may see them."""

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext as _

from vamco.core import search, visibility
from vamco.core.actors import Actor
from vamco.core.errors import NotFound
from vamco.core.inputs import plain_number
from vamco.organisation.models import Unit

from ..models import Receipt, ReceiptBook, ReceiptLine
from .scope import VIEW, may_see, rows_at


def receipts(actor: Actor, unit: Unit | None = None) -> QuerySet[Receipt]:
    """The receipts of a unit, or of all whose money the actor may read, each with its book and unit.

    Numbers have no gaps, so a receipt of a dossier that the actor may not see is there, `closed`; each row goes through
    `shown`.
    """
    rows = with_closed(actor).select_related("unit", "book", "replaced_by__book")
    return rows_at(actor, unit, rows)


def written(rows: QuerySet[Receipt], q: str) -> QuerySet[Receipt]:
    """Those with a number, a dossier's code, or words of the payer's name, with or without accents. A closed one is found
    by nothing but its number."""
    return rows.filter(_written(q))


def of_dossier(rows: QuerySet[Receipt], dossier: str) -> QuerySet[Receipt]:
    """Those that stand for a dossier; none of one that the reader may not see."""
    return rows.filter(_stands_for(dossier), Q(("closed", False)))


def receipt(actor: Actor, pk: int) -> Receipt:
    """One receipt with its book and unit; `NotFound` also for those who may not see it."""
    rows = with_closed(actor).select_related(
        "unit", "book", "replaced_by__book", "replaces__book", "ended_by"
    )
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
    return with_closed(actor).filter(actor.within(*VIEW), Q(("closed", False)))


def all_books(actor: Actor) -> QuerySet[ReceiptBook]:
    """The receipt books of every unit whose money the actor may read."""
    return ReceiptBook.objects.filter(actor.within(*VIEW))


def with_closed(actor: Actor) -> QuerySet[Receipt]:
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
    return rows_at(actor, unit, rows)


def _written(q: str) -> Q:
    typed = q.strip()
    book, _space, last = f" {typed}".rpartition(" ")  # as it is printed: symbol, series, number
    figures = plain_number(last) if len(last) < 10 else None
    number = Q(pk__in=[]) if figures is None else Q(number=figures)
    if book.strip():
        number &= Q(book__symbol__iexact=book.split()[0][:20])
    printed = Q(pk__in=ReceiptLine.objects.filter(subject=typed[:60]).values("receipt"))
    named = printed | _stands_for(typed[:60].upper()) | search.begins(q, "payer_folded")
    return number | named & Q(("closed", False))


def _stands_for(dossier: str) -> Q:
    """The receipts of a dossier. Found by the charge: the line keeps the code that was printed."""
    return Q(pk__in=ReceiptLine.objects.filter(charge__subject=dossier).values("receipt"))
