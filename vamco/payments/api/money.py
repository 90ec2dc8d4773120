"""The API's view of money: what is owed, receipts, books, the closing of a day. Amounts are whole đồng."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from vamco.core.actors import Actor
from vamco.core.api import PDF, Day, Id, caller, page_of_few
from vamco.core.api_actions import add_action, body_of
from vamco.core.api_lists import add_list
from vamco.core.errors import NotFound
from vamco.core.printing import answer
from vamco.organisation.api.units import UNIT
from vamco.organisation.models import Unit

from .. import actions, lists, papers, queries
from ..models import Charge, DayClose, Receipt, ReceiptBook
from .schemas import (
    CashDayOut,
    ChargeFilter,
    ChargeList,
    Code,
    DueFilter,
    OwedList,
    ReceiptBookOut,
    ReceiptDetail,
)

router = Router(tags=["payments"])


@router.get("/charges", response=ChargeList, summary="What a dossier owes")
def charges(request: HttpRequest, filters: Query[ChargeFilter]) -> dict[str, Any]:
    """The standing charges of a dossier at the caller's units; nothing for a dossier of others. Of one that the caller may
    not see only what is still due where they take money."""
    lines = queries.charges_shown(caller(request), filters.dossier)
    items = [_charge(line) for line in lines if filters.state in ("", line.state)]
    page = page_of_few(items, filters, key="id", words=("key", "name"))
    return page | {"balance": sum(line.amount for line in lines if line.state == "due")}


@router.get("/units/{code}/dues", response=OwedList, summary="What is to be paid at a unit")
def dues(request: HttpRequest, code: Code, filters: Query[DueFilter]) -> dict[str, Any]:
    """Dossiers with something to pay now, in the order of their codes; with `q` also what is paid on return."""
    actor = caller(request)
    owed, after = queries.due(
        actor, _unit(actor, code), q=filters.q, after=filters.cursor[:60], limit=filters.limit
    )
    items = [
        {
            "dossier": line.subject,
            "payer_name": line.payer_name,
            "names": list(line.names),
            "total": line.total,
            "now": line.now,
        }
        for line in owed
    ]
    return {"items": items, "next": after or None}


add_list(
    router, "/receipts", lists.RECEIPTS, tags=["payments"], summary="Receipts", export=lists.export_receipts
)
add_list(router, "/receipt_books", lists.BOOKS, tags=["payments"], summary="Receipt books")


@router.get("/receipts/{receipt_id}", response=ReceiptDetail, summary="One receipt")
def receipt(request: HttpRequest, receipt_id: Id) -> dict[str, Any]:
    """A receipt with its lines."""
    return _detail(queries.receipt(caller(request), receipt_id))


@router.get("/receipts/{receipt_id}/paper", summary="A receipt in print", openapi_extra=PDF)
def receipt_paper(request: HttpRequest, receipt_id: Id) -> HttpResponse:
    """The receipt as it is printed."""
    return answer(request, papers.receipt(queries.receipt(caller(request), receipt_id)))


@router.get("/units/{code}/cash/{day}", response=CashDayOut, summary="A unit's till on a day")
def cash(request: HttpRequest, code: Code, day: Day) -> dict[str, Any]:
    """What was taken and given back, the numbers used, and the closing."""
    return _day(queries.day_summary(caller(request), _unit(caller(request), code), day))


@router.get(
    "/units/{code}/cash/{day}/paper",
    summary="The closing of a day in print",
    openapi_extra=PDF,
)
def cash_paper(request: HttpRequest, code: Code, day: Day) -> HttpResponse:
    """Of a day that is closed."""
    closing = DayClose.objects.filter(unit=_unit(caller(request), code), day=day).first()
    if closing is None:
        raise NotFound(_("Ngày này chưa khóa sổ nên chưa có bảng kê."))
    return answer(request, papers.closing(caller(request), queries.closing(caller(request), closing.pk)))


def _unit(actor: Actor, code: str) -> Unit:
    unit = Unit.objects.filter(code=code.replace("\0", "")).first()
    if unit is None or not queries.may_see(actor, unit):
        raise NotFound(_("Không tìm thấy sổ thu của đơn vị này. Hãy chọn đơn vị của ông/bà."))
    return unit


def _receipt_of(actor: Actor, receipt_id: int) -> Receipt:
    return queries.receipt(actor, receipt_id)


def _book_of(actor: Actor, book_id: int) -> ReceiptBook:
    book = ReceiptBook.objects.select_related("unit").filter(pk=book_id).first()
    if book is None or not queries.may_see(actor, book.unit):
        raise NotFound(_("Không tìm thấy quyển biên lai này. Hãy quay lại danh sách quyển."))
    return book


def _charge(line: Charge) -> dict[str, Any]:
    names = ("key", "name", "kind", "quantity", "amount", "exempt", "due", "state")
    return {"id": line.pk, "dossier": line.subject, "receipt": line.receipt_id} | {
        name: getattr(line, name) for name in names
    }


def _receipt(receipt: Receipt) -> dict[str, Any]:
    names = (
        "number",
        "payer_name",
        "payer_address",
        "total",
        "method",
        "day",
        "at",
        "state",
        "reason",
        "ended_at",
    )
    return {
        "id": receipt.pk,
        "unit": receipt.unit.code,
        "book": str(receipt.book),
        "cashier": receipt.cashier_name,
        "replaced_by": receipt.replaced_by_id,
    } | {name: getattr(receipt, name) for name in names}


def _detail(receipt: Receipt) -> dict[str, Any]:
    lines = [
        {
            "dossier": line.subject,
            "name": line.name,
            "kind": line.kind,
            "quantity": line.quantity,
            "amount": line.amount,
        }
        for line in queries.lines_of(receipt)
    ]
    return _receipt(receipt) | {"lines": lines}


def _book(book: ReceiptBook) -> dict[str, Any]:
    names = ("symbol", "series", "first", "last", "next", "state")
    return {"id": book.pk, "unit": book.unit.code} | {name: getattr(book, name) for name in names}


def _day(summary: queries.DaySummary) -> dict[str, Any]:
    names = ("day", "count", "taken", "fees", "charges", "given_back", "expected", "earlier_open")
    closed = summary.closed
    return {
        "unit": summary.unit.code,
        "used": [
            {"book": str(use.book), "first": use.first, "last": use.last, "count": use.count}
            for use in summary.used
        ],
        "ended": [receipt.pk for receipt in summary.ended],
        "closed": closed
        and {
            "at": closed.at,
            "cashier": closed.cashier_name,
            "expected": closed.expected,
            "counted": closed.counted,
            "difference": closed.difference,
            "note": closed.note,
        },
    } | {name: getattr(summary, name) for name in names}


# What is done ----------------------------------------------------------------------------------------------


def _after(actor: Actor, receipt: Receipt) -> dict[str, Any]:
    """The receipt as it stands now; of one that was replaced the new one."""
    return _detail(queries.receipt(actor, receipt.replaced_by_id or receipt.pk))


def _till(actor: Actor, code: str, day: date) -> Unit:
    return _unit(actor, code)


add_action(
    router,
    "/receipts",
    actions.collect,
    find=lambda actor, unit: _unit(actor, unit),
    body=body_of(actions.collect, unit=UNIT),
    render=_after,
    response=ReceiptDetail,
    status=201,
)
for ends in (actions.cancel, actions.replace):
    add_action(
        router,
        f"/receipts/{{receipt_id}}/actions/{ends.key}",
        ends,
        find=_receipt_of,
        render=_after,
        response=ReceiptDetail,
    )
add_action(
    router,
    "/receipt_books",
    actions.open_book,
    find=lambda actor, unit: _unit(actor, unit),
    body=body_of(actions.open_book, unit=UNIT),
    render=lambda actor, book: _book(book),
    response=ReceiptBookOut,
    status=201,
)
add_action(
    router,
    "/receipt_books/{book_id}/actions/close",
    actions.close_book,
    find=_book_of,
    render=lambda actor, book: _book(book),
    response=ReceiptBookOut,
)
add_action(
    router,
    "/units/{code}/cash/{day}/actions/close",
    actions.close_day,
    find=_till,
    without=("day",),
    known=lambda code, day: {"day": day},
    render=lambda actor, closed: _day(queries.day_summary(actor, closed.unit, closed.day)),
    response=CashDayOut,
)
