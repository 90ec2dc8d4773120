"""What stands on the printed papers about money: the receipt and the closing of a day, as data and as PDF.

Times are aware; amounts whole đồng. Printed papers are Vietnamese whatever the reader's language.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation

from vamco.core.actors import Actor
from vamco.core.papers import Office, Person
from vamco.organisation.models import Unit

from . import queries, slips
from .models import DayClose, Receipt, ReceiptState
from .queries.day import COUNTED


@dataclass(frozen=True)
class ReceiptLineData:
    """One line: the dossier's code, what is paid for, how many, how much. `kind`: «phí» or «lệ phí»."""

    subject: str
    name: str
    kind: str
    quantity: int
    amount: int


@dataclass(frozen=True)
class ReceiptData:
    """A receipt (biên lai thu phí, lệ phí). `state` is empty while it stands, else printed across it."""

    unit: Unit
    symbol: str
    series: str
    number: str
    payer: str
    address: str
    lines: tuple[ReceiptLineData, ...]
    total: int
    method: str
    day: date
    at: datetime
    cashier: str
    state: str
    reason: str
    replaced_by: str
    replaces: str


@dataclass(frozen=True)
class ClosingRow:
    """One receipt in the day's list; `state` as it was when the day was closed."""

    symbol: str
    number: str
    payer: str
    subjects: tuple[str, ...]
    total: int
    state: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class ClosingData:
    """The closing of a day (bảng kê biên lai, biên bản kiểm quỹ): every receipt, cancelled ones too."""

    unit: Unit
    day: date
    at: datetime
    cashier: str
    rows: tuple[ClosingRow, ...]
    used: tuple[tuple[str, str, str, int], ...]
    given_back: tuple[ClosingRow, ...]
    count: int
    taken: int
    fees: int
    charges: int
    back: int
    expected: int
    counted: int
    difference: int
    note: str


def receipt_data(receipt: Receipt) -> ReceiptData:
    """What is printed on a receipt that `queries.receipt` found."""
    before = Receipt.objects.filter(replaced_by=receipt).select_related("book").first()
    return ReceiptData(
        unit=receipt.unit,
        symbol=receipt.book.symbol,
        series=receipt.book.series,
        number=receipt.number_text,
        payer=receipt.payer_name,
        address=receipt.payer_address,
        lines=tuple(
            ReceiptLineData(line.subject, line.name, str(line.get_kind_display()), line.quantity, line.amount)
            for line in queries.lines_of(receipt)
        ),
        total=receipt.total,
        method=str(receipt.get_method_display()),
        day=receipt.day,
        at=receipt.at,
        cashier=receipt.cashier_name,
        state="" if receipt.state == ReceiptState.VALID else str(receipt.get_state_display()),
        reason=receipt.reason,
        replaced_by=str(receipt.replaced_by) if receipt.replaced_by else "",
        replaces=str(before) if before else "",
    )


def closing_data(actor: Actor, closing: DayClose) -> ClosingData:
    """What is printed when a day is closed, as the actor may see it. Later reversals of its receipts do not change it."""
    summary = queries.day_summary(actor, closing.unit, closing.day)
    return ClosingData(
        unit=closing.unit,
        day=closing.day,
        at=closing.at,
        cashier=closing.cashier_name,
        rows=tuple(_row(day) for day in queries.receipts_of_day(actor, closing)),
        used=tuple((str(use.book), f"{use.first:07}", f"{use.last:07}", use.count) for use in summary.used),
        given_back=tuple(_row(receipt, ended=True) for receipt in summary.back),
        count=summary.count,
        taken=summary.taken,
        fees=summary.fees,
        charges=summary.charges,
        back=summary.given_back,
        expected=closing.expected,
        counted=closing.counted,
        difference=closing.difference,
        note=closing.note,
    )


def _row(receipt: Receipt, *, ended: bool = False) -> ClosingRow:
    stood = receipt.state in COUNTED and not ended
    return ClosingRow(
        symbol=str(receipt.book),
        number=receipt.number_text,
        payer=receipt.payer_name,
        subjects=tuple(dict.fromkeys(line.subject for line in queries.lines_of(receipt) if line.subject)),
        total=receipt.total,
        state="" if stood else str(receipt.get_state_display()),
        reason="" if stood else receipt.reason,
        at=receipt.at,
    )


# Printed ---------------------------------------------------------------------------------------------------


def receipt_pdf(receipt: Receipt) -> bytes:
    """The receipt on paper; one without force carries its state across the sheet."""
    with translation.override("vi"):
        data = receipt_data(receipt)
        form = slips.CashReceipt(
            office=_office(data.unit),
            payer=Person(name=data.payer, address=data.address),
            lines=[slips.FeeLine(line.name, line.amount, line.quantity) for line in data.lines],
            collector=data.cashier,
            at=data.at,
            series=data.symbol,
            book=data.series,
            number=data.number,
            codes=list(dict.fromkeys(line.subject for line in data.lines if line.subject)),
            method=data.method.capitalize(),
            replaces=data.replaces,
            stamp=data.state.upper(),
        )
        return slips.cash_receipt(form)


def closing_pdf(actor: Actor, closing: DayClose) -> bytes:
    """The closing of a day on paper."""
    with translation.override("vi"):
        data = closing_data(actor, closing)
        form = slips.DayClosing(
            office=_office(data.unit),
            cashier=data.cashier,
            day=data.day,
            taken=[_taken(row) for row in data.rows],
            at=data.at,
            counted=data.counted,
            note=data.note,
            given_back=[_taken(row) for row in data.given_back],
            used="; ".join(f"{book}: {first} đến {last}" for book, first, last, _count in data.used),
        )
        return slips.day_closing(form)


def _taken(row: ClosingRow) -> slips.Taken:
    return slips.Taken(
        number=row.number,
        at=row.at,
        payer=row.payer,
        code=", ".join(row.subjects),
        method="Tiền mặt",
        amount=row.total,
        cancelled=bool(row.state),
        note=row.reason,
    )


def _office(unit: Unit) -> Office:
    return Office(
        name="Bộ phận Tiếp nhận và Trả kết quả",
        place=unit.place or unit.name,
        parent=unit.agency.upper(),
        address=unit.address,
        phone=unit.phone,
    )
