"""Printed papers about money: the receipt (biên lai thu phí, lệ phí) and the cashier's closing of a day.

They are made from rows that never change, so nothing is kept beside these. Times are aware; amounts are whole đồng.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vamco.core.actors import Actor
from vamco.core.papers import Office, Person, day, local, place_date, plain, short_moment, weekday
from vamco.core.printing import Printed
from vamco.core.stored import in_vietnamese
from vamco.core.words import dong, dong_in_words, figures
from vamco.organisation.models import Unit

from . import queries
from .models import DayClose, Receipt, ReceiptState
from .queries.day import COUNTED

CASH = "Tiền mặt"


@dataclass(frozen=True)
class FeeLine:
    """One line of a receipt: `amount` is what was charged, not always quantity x price (steps, ceilings).

    A price of None is not printed.
    """

    what: str
    amount: int
    quantity: int = 1
    price: int | None = None

    def cells(self) -> dict[str, object]:
        """The line as the layout prints it."""
        return {
            "what": self.what,
            "quantity": figures(self.quantity),
            "price": "" if self.price is None else figures(self.price),
            "amount": figures(self.amount),
        }


@dataclass(frozen=True)
class CashReceipt(Printed):
    """Biên lai thu phí, lệ phí. `series`, `book` and `number` name it; `stamp` is printed across ("ĐÃ HỦY").

    `replaces` names the receipt that this one stands in for ("0000122").
    """

    template = "payments/typst/receipt.typ"
    name = "Biên lai thu phí, lệ phí số"
    file = "bien-lai"

    office: Office
    payer: Person
    lines: Sequence[FeeLine]
    collector: str
    at: datetime
    series: str
    book: str
    number: str
    codes: Sequence[str] = ()
    reason: str = ""
    method: str = CASH
    copy: str = ""
    tax_code: str = ""
    replaces: str = ""
    stamp: str = ""
    note: str = ""

    def keywords(self) -> Sequence[str]:
        """Its number, and the codes of the dossiers that it is for."""
        return [self.number, *self.codes]

    def total(self) -> int:
        """The sum of its lines."""
        return sum(line.amount for line in self.lines)

    def values(self) -> dict[str, object]:
        """The lines with their sum in figures and in words."""
        if not self.lines:
            raise ValueError("a receipt needs a line")
        return {
            "office": plain(self.office),
            "payer": plain(self.payer),
            "place_date": place_date(self.office.place, self.at),
            "series": self.series,
            "book": self.book,
            "number": self.number,
            "copy": self.copy,
            "tax_code": self.tax_code,
            "replaces": f"THAY CHO biên lai số {self.replaces}" if self.replaces else "",
            "stamp": self.stamp,
            "codes": list(self.codes),
            "reason": self.reason,
            "method": self.method,
            "lines": [line.cells() for line in self.lines],
            "total": dong(self.total()),
            "words": f"{dong_in_words(self.total())}.",
            "note": self.note,
            "collector": self.collector,
        }


@dataclass(frozen=True)
class Taken:
    """One receipt of the day. A cancelled one is listed and counts nothing."""

    number: str
    at: datetime
    payer: str
    code: str
    method: str
    amount: int
    cancelled: bool = False
    note: str = ""

    def counted(self) -> int:
        """The money that it brought in."""
        return 0 if self.cancelled else self.amount

    def cells(self, n: int) -> list[str]:
        """Its row, as a receipt of this day."""
        note = ", ".join(part for part in ("đã hủy" if self.cancelled else "", self.note) if part)
        at = f"{local(self.at):%H:%M}"
        return [str(n), self.number, at, self.payer, self.code, self.method, figures(self.counted()), note]

    def cells_given_back(self, n: int) -> list[str]:
        """Its row, as a receipt of an earlier day whose money went back."""
        row = self.cells(n)
        note = ", ".join(filter(None, (f"trả lại tiền biên lai ngày {day(self.at)}", self.note)))
        return [*row[:2], "", *row[3:6], f"−{figures(self.amount)}", note]


@dataclass(frozen=True)
class DayClosing(Printed):
    """Bảng kê thu trong ngày: the receipts of one cashier and one day, and the cash that was counted.

    `given_back`: receipts of earlier days whose money went back on this day. `used`: the numbers of each book.
    """

    template = "payments/typst/closing.typ"
    name = "Bảng kê thu phí, lệ phí"
    file = "bang-ke"

    office: Office
    cashier: str
    day: date
    taken: Sequence[Taken]
    at: datetime
    cash_method: str = CASH
    counted: int | None = None
    accountant: str = ""
    head: str = ""
    note: str = ""
    given_back: Sequence[Taken] = ()
    used: str = ""

    def title(self) -> str:
        """With the day."""
        return f"{self.name} ngày {day(self.day)}"

    def file_name(self) -> str:
        """With the day."""
        return f"{self.file}-{self.day}.pdf"

    def back(self) -> int:
        """The money that went back."""
        return sum(row.amount for row in self.given_back)

    def total(self) -> int:
        """What the day brought in."""
        return sum(row.counted() for row in self.taken) - self.back()

    def values(self) -> dict[str, object]:
        """Every receipt, what went back, and the sums; as many pages as it takes."""
        total, numbers = self.total(), [row.number for row in self.taken]
        return {
            "office": plain(self.office),
            "cashier": self.cashier,
            "mark": f"Bảng kê thu ngày {day(self.day)}",
            "day": f"Ngày {day(self.day)} ({weekday(self.day)})",
            "range": self.used or (f"từ số {min(numbers)} đến số {max(numbers)}" if numbers else "không có"),
            "rows": [row.cells(n) for n, row in enumerate(self.taken, 1)]
            + [row.cells_given_back(n) for n, row in enumerate(self.given_back, len(numbers) + 1)],
            "total": figures(total),
            "sums": self._sums(),
            "words": f"{dong_in_words(total)}." if total >= 0 else f"Âm {dong_in_words(-total).lower()}.",
            "note": self.note,
            "place_date": place_date(self.office.place, self.at),
            "accountant": self.accountant,
            "head": self.head,
        }

    def _sums(self) -> list[list[str]]:
        by_method: dict[str, int] = {}
        for row in self.taken:
            by_method[row.method] = by_method.get(row.method, 0) + row.counted()
        sums = [
            ["Số biên lai đã dùng", figures(len(self.taken))],
            ["Trong đó đã hủy", figures(sum(row.cancelled for row in self.taken))],
            *([f"Thu bằng {method.lower()}", dong(amount)] for method, amount in by_method.items()),
            *([["Trả lại tiền của biên lai ngày trước", dong(self.back())]] if self.back() else []),
        ]
        if self.counted is not None:
            difference = self.counted - by_method.get(self.cash_method, 0) + self.back()
            sums += [["Tiền mặt kiểm đếm", dong(self.counted)], ["Chênh lệch", _difference(difference)]]
        return [*sums, ["Lập lúc", short_moment(self.at)]]


def _difference(amount: int) -> str:
    return f"{'thừa' if amount > 0 else 'thiếu'} {dong(abs(amount))}" if amount else "không"


@in_vietnamese
def receipt(found: Receipt) -> CashReceipt:
    """The paper of a receipt that `queries.receipt` found; one without force carries its state across the sheet."""
    before = Receipt.objects.filter(replaced_by=found).select_related("book").first()
    lines = queries.lines_of(found)
    return CashReceipt(
        office=_office(found.unit),
        payer=Person(name=found.payer_name, address=found.payer_address),
        lines=[FeeLine(line.name, line.amount, line.quantity) for line in lines],
        collector=found.cashier_name,
        at=found.at,
        series=found.book.symbol,
        book=found.book.series,
        number=found.number_text,
        codes=list(dict.fromkeys(line.subject for line in lines if line.subject)),
        method=str(found.get_method_display()).capitalize(),
        replaces=str(before) if before else "",
        stamp="" if found.state == ReceiptState.VALID else str(found.get_state_display()).upper(),
    )


@in_vietnamese
def closing(actor: Actor, found: DayClose) -> DayClosing:
    """The closing of a day, as the actor may see it. Later reversals of its receipts do not change it."""
    summary = queries.day_summary(actor, found.unit, found.day)
    return DayClosing(
        office=_office(found.unit),
        cashier=found.cashier_name,
        day=found.day,
        taken=[_taken(row) for row in queries.receipts_of_day(actor, found)],
        at=found.at,
        counted=found.counted,
        note=found.note,
        given_back=[_taken(row, ended=True) for row in summary.back],
        used="; ".join(f"{use.book}: {use.first:07} đến {use.last:07}" for use in summary.used),
    )


def _taken(found: Receipt, *, ended: bool = False) -> Taken:
    """A line of the closing; with `ended` as the receipt stands since, else as it stood when the day was closed."""
    stood = found.state in COUNTED and not ended
    subjects = dict.fromkeys(line.subject for line in queries.lines_of(found) if line.subject)
    return Taken(
        number=found.number_text,
        at=found.at,
        payer=found.payer_name,
        code=", ".join(subjects),
        method=CASH,
        amount=found.total,
        cancelled=not stood,
        note="" if stood else found.reason,
    )


def _office(unit: Unit) -> Office:
    return Office(
        name="Bộ phận Tiếp nhận và Trả kết quả",
        place=unit.place or unit.name,
        parent=unit.agency.upper(),
        address=unit.address,
        phone=unit.phone,
    )
