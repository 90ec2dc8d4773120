"""Printed papers about money: the receipt (biên lai thu phí, lệ phí) and the cashier's daily closing.

Plain data in, the bytes of a PDF/A out. Amounts are whole đồng.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vamco.core import pdf
from vamco.core.papers import Office, Person, day, local, place_date, plain, short_moment, weekday
from vamco.core.words import dong, dong_in_words, figures


@dataclass(frozen=True)
class FeeLine:
    """One line of a receipt: `amount` is what was asked, not always quantity x price (steps, ceilings).

    A price of None is not printed.
    """

    what: str
    amount: int
    quantity: int = 1
    price: int | None = None


@dataclass(frozen=True)
class CashReceipt:
    """Biên lai thu phí, lệ phí. `series`, `book` and `number` name it; `stamp` is printed across ("ĐÃ HỦY").

    `replaces` names the receipt that this one stands in for ("0000122").
    """

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
    method: str = "Tiền mặt"
    copy: str = ""
    tax_code: str = ""
    replaces: str = ""
    stamp: str = ""
    note: str = ""


def cash_receipt(form: CashReceipt) -> bytes:
    """The receipt, with the sum of its lines in figures and in words."""
    if not form.lines:
        raise ValueError("a receipt needs a line")
    total = sum(line.amount for line in form.lines)
    data: dict[str, object] = {
        "office": plain(form.office),
        "payer": plain(form.payer),
        "place_date": place_date(form.office.place, form.at),
        "series": form.series,
        "book": form.book,
        "number": form.number,
        "copy": form.copy,
        "tax_code": form.tax_code,
        "replaces": f"THAY CHO biên lai số {form.replaces}" if form.replaces else "",
        "stamp": form.stamp,
        "codes": list(form.codes),
        "reason": form.reason,
        "method": form.method,
        "lines": [_line(line) for line in form.lines],
        "total": dong(total),
        "words": f"{dong_in_words(total)}.",
        "note": form.note,
        "collector": form.collector,
    }
    return pdf.render(
        "payments/typst/receipt.typ",
        data,
        title=f"Biên lai thu phí, lệ phí số {form.number}",
        when=form.at,
        author=form.office.name,
        keywords=[form.number, *form.codes],
    )


def _line(line: FeeLine) -> dict[str, object]:
    return {
        "what": line.what,
        "quantity": figures(line.quantity),
        "price": "" if line.price is None else figures(line.price),
        "amount": figures(line.amount),
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


@dataclass(frozen=True)
class DayClosing:
    """Bảng kê thu trong ngày: the receipts of one cashier and one day, and the cash that was counted.

    `given_back`: receipts of earlier days whose money went back on this day. `used`: the numbers of each book.
    """

    office: Office
    cashier: str
    day: date
    taken: Sequence[Taken]
    at: datetime
    cash_method: str = "Tiền mặt"
    counted: int | None = None
    accountant: str = ""
    head: str = ""
    note: str = ""
    given_back: Sequence[Taken] = ()
    used: str = ""


def day_closing(form: DayClosing) -> bytes:
    """The daily closing, as many pages as it takes."""
    total = sum(each.amount for each in form.taken if not each.cancelled)
    total -= sum(each.amount for each in form.given_back)
    numbers = [each.number for each in form.taken]
    data: dict[str, object] = {
        "office": plain(form.office),
        "cashier": form.cashier,
        "mark": f"Bảng kê thu ngày {day(form.day)}",
        "day": f"Ngày {day(form.day)} ({weekday(form.day)})",
        "range": form.used or (f"từ số {min(numbers)} đến số {max(numbers)}" if numbers else "không có"),
        "rows": [_taken(n, each) for n, each in enumerate(form.taken, 1)]
        + [_given_back(n, each) for n, each in enumerate(form.given_back, len(numbers) + 1)],
        "total": figures(total),
        "sums": _sums(form),
        "words": f"{dong_in_words(total)}." if total >= 0 else f"Âm {dong_in_words(-total).lower()}.",
        "note": form.note,
        "place_date": place_date(form.office.place, form.at),
        "accountant": form.accountant,
        "head": form.head,
    }
    return pdf.render(
        "payments/typst/closing.typ",
        data,
        title=f"Bảng kê thu phí, lệ phí ngày {day(form.day)}",
        when=form.at,
        author=form.office.name,
    )


def _taken(n: int, each: Taken) -> list[str]:
    note = ", ".join(part for part in ("đã hủy" if each.cancelled else "", each.note) if part)
    amount = "0" if each.cancelled else figures(each.amount)
    at = f"{local(each.at):%H:%M}"
    return [str(n), each.number, at, each.payer, each.code, each.method, amount, note]


def _given_back(n: int, each: Taken) -> list[str]:
    row = _taken(n, each)
    note = ", ".join(part for part in (f"trả lại tiền biên lai ngày {day(each.at)}", each.note) if part)
    return [*row[:2], "", *row[3:6], f"−{figures(each.amount)}", note]


def _difference(amount: int) -> str:
    if amount == 0:
        return "không"
    return f"{'thừa' if amount > 0 else 'thiếu'} {dong(abs(amount))}"


def _sums(form: DayClosing) -> list[list[str]]:
    by_method: dict[str, int] = {}
    for each in form.taken:
        by_method.setdefault(each.method, 0)
        by_method[each.method] += 0 if each.cancelled else each.amount
    back = sum(each.amount for each in form.given_back)
    cancelled = sum(each.cancelled for each in form.taken)
    sums = [
        ["Số biên lai đã dùng", figures(len(form.taken))],
        ["Trong đó đã hủy", figures(cancelled)],
        *([f"Thu bằng {method.lower()}", dong(amount)] for method, amount in by_method.items()),
        *([["Trả lại tiền của biên lai ngày trước", dong(back)]] if back else []),
    ]
    if form.counted is not None:
        difference = form.counted - by_method.get(form.cash_method, 0) + back
        sums += [["Tiền mặt kiểm đếm", dong(form.counted)], ["Chênh lệch", _difference(difference)]]
    return [*sums, ["Lập lúc", short_moment(form.at)]]
