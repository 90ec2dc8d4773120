"""The API's view of money: what is owed, receipts, books, the closing of a day. Amounts are whole đồng."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from vamco.core.actors import Actor
from vamco.core.api import Day, Id, binary, page_of_few, pdf
from vamco.core.api_lists import add_list
from vamco.core.errors import NotFound
from vamco.organisation.models import Unit

from .. import actions, lists, papers, queries
from ..models import Charge, DayClose, Receipt, ReceiptBook
from .schemas import (
    CancelIn,
    CashDayOut,
    ChargeFilter,
    ChargeList,
    CloseIn,
    Code,
    CollectIn,
    DueFilter,
    OwedList,
    ReceiptBookIn,
    ReceiptBookOut,
    ReceiptDetail,
    ReplaceIn,
)

router = Router(tags=["payments"])


@router.get("/charges", response=ChargeList, summary="What a dossier owes")
def charges(request: HttpRequest, filters: Query[ChargeFilter]) -> dict[str, Any]:
    """The standing charges of a dossier at the caller's units; nothing for a dossier of others. Of one that the caller may
    not see only what is still due where they take money."""
    lines = queries.charges_shown(_actor(request), filters.dossier)
    items = [_charge(line) for line in lines if filters.state in ("", line.state)]
    page = page_of_few(items, filters, key="id", words=("key", "name"))
    return page | {"balance": sum(line.amount for line in lines if line.state == "due")}


@router.get("/units/{code}/dues", response=OwedList, summary="What is to be paid at a unit")
def dues(request: HttpRequest, code: Code, filters: Query[DueFilter]) -> dict[str, Any]:
    """Dossiers with something to pay now, in the order of their codes; with `q` also what is paid on return."""
    actor = _actor(request)
    asked = {"q": filters.q, "after": filters.cursor[:60], "limit": filters.limit}
    owed, after = queries.due(actor, _unit(actor, code), **asked)
    items = [
        {
            "dossier": one.subject,
            "payer_name": one.payer_name,
            "names": list(one.names),
            "total": one.total,
            "now": one.now,
        }
        for one in owed
    ]
    return {"items": items, "next": after or None}


add_list(
    router, "/receipts", lists.RECEIPTS, tags=["payments"], summary="Receipts", export=lists.export_receipts
)
add_list(router, "/receipt_books", lists.BOOKS, tags=["payments"], summary="Receipt books")


@router.post("/receipts", response={201: ReceiptDetail}, summary="Take cash and write a receipt")
def collect(request: HttpRequest, body: CollectIn) -> dict[str, Any]:
    """One receipt for the charges, under the next number of the unit's book; with Idempotency-Key once."""
    inputs = body.dict(exclude={"unit"})
    made = actions.collect(_actor(request), _unit(_actor(request), body.unit), **inputs)
    return _detail(_found(request, made.pk))


@router.get("/receipts/{receipt_id}", response=ReceiptDetail, summary="One receipt")
def receipt(request: HttpRequest, receipt_id: Id) -> dict[str, Any]:
    """A receipt with its lines."""
    return _detail(_found(request, receipt_id))


@router.get(
    "/receipts/{receipt_id}/paper", summary="A receipt in print", openapi_extra=binary("application/pdf")
)
def receipt_paper(request: HttpRequest, receipt_id: Id) -> HttpResponse:
    """The receipt as it is printed."""
    return pdf(papers.receipt_pdf(_found(request, receipt_id)), f"bien-lai-{receipt_id}.pdf")


@router.post("/receipts/{receipt_id}/actions/cancel", response=ReceiptDetail, summary="Cancel a receipt")
def cancel(request: HttpRequest, receipt_id: Id, body: CancelIn) -> dict[str, Any]:
    """The money goes back; after its day the receipt is reversed by an entry of today."""
    ended = actions.cancel(_actor(request), _found(request, receipt_id), **body.dict())
    return _detail(_found(request, ended.pk))


@router.post("/receipts/{receipt_id}/actions/replace", response=ReceiptDetail, summary="Replace a receipt")
def replace(request: HttpRequest, receipt_id: Id, body: ReplaceIn) -> dict[str, Any]:
    """The new receipt, under the next number; the old one has lost its force."""
    old = actions.replace(_actor(request), _found(request, receipt_id), **body.dict())
    return _detail(_found(request, old.replaced_by_id or old.pk))


@router.post("/receipt_books", response={201: ReceiptBookOut}, summary="Put a receipt book into use")
def open_book(request: HttpRequest, body: ReceiptBookIn) -> dict[str, Any]:
    """Its numbers may not meet those of another book of the unit with the same symbol."""
    inputs = body.dict(exclude={"unit"})
    return _book(actions.open_book(_actor(request), _unit(_actor(request), body.unit), **inputs))


@router.post(
    "/receipt_books/{book_id}/actions/close", response=ReceiptBookOut, summary="Take a book out of use"
)
def close_book(request: HttpRequest, book_id: Id) -> dict[str, Any]:
    """Its unused numbers are given to nobody."""
    book = ReceiptBook.objects.select_related("unit").filter(pk=book_id).first()
    if book is None or not queries.may_see(_actor(request), book.unit):
        raise NotFound(_("Không tìm thấy quyển biên lai này. Hãy quay lại danh sách quyển."))
    return _book(actions.close_book(_actor(request), book))


@router.get("/units/{code}/cash/{day}", response=CashDayOut, summary="A unit's till on a day")
def cash(request: HttpRequest, code: Code, day: Day) -> dict[str, Any]:
    """What was taken and given back, the numbers used, and the closing."""
    return _day(queries.day_summary(_actor(request), _unit(_actor(request), code), day))


@router.get(
    "/units/{code}/cash/{day}/paper",
    summary="The closing of a day in print",
    openapi_extra=binary("application/pdf"),
)
def cash_paper(request: HttpRequest, code: Code, day: Day) -> HttpResponse:
    """Of a day that is closed."""
    closing = DayClose.objects.filter(unit=_unit(_actor(request), code), day=day).first()
    if closing is None:
        raise NotFound(_("Ngày này chưa khóa sổ nên chưa có bảng kê."))
    return pdf(
        papers.closing_pdf(_actor(request), queries.closing(_actor(request), closing.pk)),
        f"bang-ke-{day}.pdf",
    )


@router.post("/units/{code}/cash/{day}/actions/close", response=CashDayOut, summary="Close a day")
def close_day(request: HttpRequest, code: Code, day: Day, body: CloseIn) -> dict[str, Any]:
    """Days are closed in their order, each once; after that nothing is booked on the day."""
    unit = _unit(_actor(request), code)
    actions.close_day(_actor(request), unit, day=day, **body.dict())
    return _day(queries.day_summary(_actor(request), unit, day))


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined, no-any-return]


def _unit(actor: Actor, code: str) -> Unit:
    unit = Unit.objects.filter(code=code.replace("\0", "")).first()
    if unit is None or not queries.may_see(actor, unit):
        raise NotFound(_("Không tìm thấy sổ thu của đơn vị này. Hãy chọn đơn vị của ông/bà."))
    return unit


def _found(request: HttpRequest, receipt_id: Id) -> Receipt:
    return queries.receipt(_actor(request), receipt_id)


def _charge(line: Charge) -> dict[str, Any]:
    names = ("key", "name", "kind", "quantity", "amount", "exempt", "due", "state")
    return {"id": line.pk, "dossier": line.subject, "receipt": line.receipt_id} | {
        name: getattr(line, name) for name in names
    }


def _receipt(one: Receipt) -> dict[str, Any]:
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
        "id": one.pk,
        "unit": one.unit.code,
        "book": str(one.book),
        "cashier": one.cashier_name,
        "replaced_by": one.replaced_by_id,
    } | {name: getattr(one, name) for name in names}


def _detail(one: Receipt) -> dict[str, Any]:
    lines = [
        {
            "dossier": line.subject,
            "name": line.name,
            "kind": line.kind,
            "quantity": line.quantity,
            "amount": line.amount,
        }
        for line in queries.lines_of(one)
    ]
    return _receipt(one) | {"lines": lines}


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
        "ended": [one.pk for one in summary.ended],
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
