"""The API's view of money: what is owed, receipts, books, the closing of a day. Amounts are whole đồng."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core.actions import Actor
from vamco.core.api import Day, Id, Page, Problem, binary, page_of, pdf
from vamco.core.errors import NotFound
from vamco.organisation.models import Unit

from . import actions, papers, queries
from .models import Charge, DayClose, Receipt, ReceiptBook

router = Router(tags=["payments"])
DossierCode = Annotated[str, Field(min_length=1, max_length=60, examples=["000.00.12.H39-161209-0007"])]
Dong = Annotated[int, Field(ge=0, le=actions.MOST_MONEY, description="đồng", examples=[16000])]
Code = Annotated[str, Field(max_length=40, description="code of the unit", examples=["27694"])]


class ChargeOut(Schema):
    """An amount that a dossier owes or has paid."""

    id: int = Field(examples=[17])
    dossier: str = Field(examples=["000.00.12.H39-161209-0007"])
    key: str = Field(examples=["ban_sao"])
    name: str = Field(examples=["Phí chứng thực bản sao từ bản chính"])
    kind: str = Field(description="fee (phí) or charge (lệ phí)", examples=["fee"])
    quantity: int = Field(examples=[8])
    amount: int = Field(description="đồng, for the whole quantity", examples=[16000])
    exempt: str = Field(description="the group that pays nothing", examples=[""])
    due: str = Field(description="now or on_return", examples=["now"])
    state: str = Field(description="due, paid or waived", examples=["due"])
    receipt: int | None = Field(description="id of the receipt that paid it", examples=[None])


class ChargeList(Schema):
    """What one dossier owes and has paid."""

    items: list[ChargeOut]
    balance: int = Field(description="đồng still to pay", examples=[16000])


class ReceiptLineOut(Schema):
    """A line of a receipt."""

    dossier: str = Field(examples=["000.00.12.H39-161209-0007"])
    name: str = Field(examples=["Phí chứng thực bản sao từ bản chính"])
    kind: str = Field(examples=["fee"])
    quantity: int = Field(examples=[8])
    amount: int = Field(examples=[16000])


class ReceiptOut(Schema):
    """A receipt. It may lose its force, it never goes away."""

    id: int = Field(examples=[5])
    unit: str = Field(examples=["27694"])
    book: str = Field(description="symbol and series", examples=["BL-16T"])
    number: int = Field(examples=[12])
    payer_name: str = Field(examples=["Nguyễn Thị Mỹ Hạnh"])
    payer_address: str = Field(examples=[""])
    total: int = Field(description="đồng", examples=[16000])
    method: str = Field(examples=["cash"])
    day: date = Field(examples=["2016-12-09"])
    at: datetime = Field(examples=["2016-12-09T10:42:00+07:00"])
    cashier: str = Field(examples=["Lê Thị Thu Cúc"])
    state: str = Field(description="valid, cancelled, replaced or reversed", examples=["valid"])
    reason: str = Field(description="why it lost its force", examples=[""])
    ended_at: datetime | None = Field(examples=[None])
    replaced_by: int | None = Field(examples=[None])


class ReceiptDetail(ReceiptOut):
    """A receipt with its lines."""

    lines: list[ReceiptLineOut]


class ReceiptList(Schema):
    """A page of receipts."""

    items: list[ReceiptOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class ReceiptFilter(Page):
    """Filters of the list of receipts."""

    unit: Code
    day: Day | None = Field(None, description="only of this day")
    book: Id | None = Field(None, description="only of this book")
    state: str = Field("", max_length=10, description="valid, cancelled, replaced or reversed")


class CollectIn(Schema):
    """Cash taken for charges of one or several dossiers."""

    unit: Code
    charges: list[Id] = Field(max_length=200, examples=[[17]])
    total: Dong = Field(description="the sum that was asked of the payer; must be that of the charges")
    payer_name: str = Field("", max_length=250, description="when it is not the person of the dossier")
    payer_address: str = Field("", max_length=500)
    book: Id | None = Field(
        None, description="the receipt book, when the unit has several in use", examples=[None]
    )


class CancelIn(Schema):
    """Why a receipt is cancelled."""

    reason: str = Field(max_length=300, examples=["Thu nhầm hồ sơ"])
    still_due: bool = Field(True, description="whether what it paid is due again")


class ReplaceIn(Schema):
    """What is put right on the new receipt."""

    reason: str = Field(max_length=300, examples=["Sai tên người nộp"])
    payer_name: str = Field("", max_length=250)
    payer_address: str = Field("", max_length=500)


class ReceiptBookOut(Schema):
    """A receipt book."""

    id: int = Field(examples=[1])
    unit: str = Field(examples=["27694"])
    symbol: str = Field(examples=["BL-16T"])
    series: str = Field(examples=["02"])
    first: int = Field(examples=[1])
    last: int = Field(examples=[50])
    next: int = Field(description="number of the next receipt", examples=[12])
    state: str = Field(description="open, full or closed", examples=["open"])


class ReceiptBookList(Schema):
    """A unit's receipt books."""

    items: list[ReceiptBookOut]


class ReceiptBookIn(Schema):
    """A receipt book put into use."""

    unit: Code
    symbol: str = Field(max_length=20, examples=["BL-16T"])
    series: str = Field("", max_length=20, examples=["02"])
    first: Id = Field(examples=[1])
    last: Id = Field(examples=[50])


class BookUseOut(Schema):
    """The numbers of a book used on a day."""

    book: str = Field(examples=["BL-16T"])
    first: int = Field(examples=[1])
    last: int = Field(examples=[12])
    count: int = Field(examples=[12])


class CashClosingOut(Schema):
    """The closing of a day."""

    at: datetime
    cashier: str = Field(examples=["Lê Thị Thu Cúc"])
    expected: int = Field(examples=[92000])
    counted: int = Field(examples=[92000])
    difference: int = Field(examples=[0])
    note: str = Field(examples=[""])


class CashDayOut(Schema):
    """A unit's till on a day: `taken` less `given_back` is `expected`."""

    unit: str = Field(examples=["27694"])
    day: date = Field(examples=["2016-12-09"])
    count: int = Field(description="receipts that were not cancelled or replaced on the day", examples=[11])
    taken: int = Field(examples=[92000])
    fees: int = Field(examples=[60000])
    charges: int = Field(examples=[32000])
    given_back: int = Field(examples=[0])
    expected: int = Field(examples=[92000])
    used: list[BookUseOut]
    ended: list[int] = Field(description="receipts cancelled or replaced on the day", examples=[[3]])
    earlier_open: date | None = Field(description="an earlier day to close first", examples=[None])
    closed: CashClosingOut | None


class CloseIn(Schema):
    """What was counted in the till; a difference needs a note."""

    counted: int = Field(ge=-actions.MOST_MONEY, le=actions.MOST_MONEY, examples=[92000])
    note: str = Field("", max_length=300)
    expected: int | None = Field(None, description="what the caller was told; refused when it has changed")


@router.get("/charges", response=ChargeList, summary="What a dossier owes")
def charges(request: HttpRequest, dossier: DossierCode) -> dict[str, Any]:
    """The standing charges of a dossier at the caller's units; nothing for a dossier of others."""
    actor = _actor(request)
    found = queries.charges_for([dossier.replace("\0", "")])
    lines = [line for rows in found.values() for line in rows if queries.may_see_at(actor, line.unit_id)]
    return {
        "items": [_charge(line) for line in lines],
        "balance": sum(line.amount for line in lines if line.state == "due"),
    }


@router.get("/receipts", response={200: ReceiptList, 404: Problem}, summary="Receipts of a unit")
def receipts(request: HttpRequest, filters: Query[ReceiptFilter]) -> dict[str, Any]:
    """The unit's receipts in the order of writing, cancelled ones too."""
    unit = _unit(_actor(request), filters.unit)
    rows = queries.receipts(_actor(request), unit, day=filters.day, book=filters.book, state=filters.state)
    return page_of(rows.select_related("unit", "book"), filters, render=_receipt)


@router.post("/receipts", response={201: ReceiptDetail}, summary="Take cash and write a receipt")
def collect(request: HttpRequest, body: CollectIn) -> dict[str, Any]:
    """One receipt for the charges, under the next number of the unit's book; with Idempotency-Key once."""
    inputs = body.dict(exclude={"unit"})
    return _detail(actions.collect(_actor(request), _unit(_actor(request), body.unit), **inputs))


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
    return _detail(actions.cancel(_actor(request), _found(request, receipt_id), **body.dict()))


@router.post("/receipts/{receipt_id}/actions/replace", response=ReceiptDetail, summary="Replace a receipt")
def replace(request: HttpRequest, receipt_id: Id, body: ReplaceIn) -> dict[str, Any]:
    """The new receipt, under the next number; the old one has lost its force."""
    old = actions.replace(_actor(request), _found(request, receipt_id), **body.dict())
    return _detail(_found(request, old.replaced_by_id or old.pk))


@router.get(
    "/receipt_books", response={200: ReceiptBookList, 404: Problem}, summary="Receipt books of a unit"
)
def books(request: HttpRequest, unit: Code) -> dict[str, Any]:
    """The unit's books, those in use first."""
    rows = queries.books(_actor(request), _unit(_actor(request), unit)).select_related("unit")
    return {"items": [_book(book) for book in rows]}


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
    return pdf(papers.closing_pdf(queries.closing(_actor(request), closing.pk)), f"bang-ke-{day}.pdf")


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
        for line in one.lines.all()
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
