"""Registers in print: the register of dossiers (form 06) and the book of an at-once procedure, A4 lying."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vamco.core import pdf
from vamco.core.papers import Office, day, local, plain, short_moment
from vamco.core.words import figures, in_words


@dataclass(frozen=True)
class RegisterRow:
    """One dossier in the register (sổ theo dõi hồ sơ, form 06 of Thông tư 01/2018/TT-VPCP)."""

    serial: int
    code: str
    procedure: str
    name: str
    received_at: datetime
    due: datetime | None = None
    sets: int = 1
    address: str = ""
    phone: str = ""
    receiving_unit: str = ""
    transferred_to: str = ""
    result_at: datetime | None = None
    returned_at: datetime | None = None
    returned_how: str = ""
    note: str = ""


@dataclass(frozen=True)
class Register:
    """A register from `first` to `last` (days). `closed_on` prints the closing line with two signatures."""

    office: Office
    book: str
    first: date
    last: date
    rows: Sequence[RegisterRow]
    at: datetime
    closed_on: date | None = None
    keeper: str = ""
    head: str = ""


def register(form: Register) -> bytes:
    """Form 06, as many pages as it takes."""
    data: dict[str, object] = {
        "office": plain(form.office),
        "title": "SỔ THEO DÕI HỒ SƠ",
        "mark": f"Sổ số {form.book}",
        "period": f"Quyển số {form.book}, từ ngày {day(form.first)} đến ngày {day(form.last)}",
        "rows": [_register_row(row) for row in form.rows],
        "sum": f"Cộng: {figures(len(form.rows))} hồ sơ.",
        "closed": _closed(form.closed_on, len(form.rows), "hồ sơ"),
        "keeper": form.keeper,
        "head": form.head,
    }
    return _render("register", data, f"Sổ theo dõi hồ sơ {form.book}", form.at, form.office)


def _register_row(row: RegisterRow) -> list[str]:
    return [
        figures(row.serial),
        row.code,
        row.procedure,
        str(row.sets),
        row.name,
        ", ".join(part for part in (row.address, row.phone) if part),
        row.receiving_unit,
        short_moment(row.received_at),
        short_moment(row.due),
        row.transferred_to,
        short_moment(row.result_at),
        short_moment(row.returned_at),
        row.returned_how,
        "",
        row.note,
    ]


@dataclass(frozen=True)
class BookRow:
    """One act in a book (sổ chứng thực): number in the year, whom for, what, copies, pages, fee in đồng."""

    number: int
    on: date | datetime
    name: str
    what: str
    copies: int = 0
    pages: int = 0
    signer: str = ""
    fee: int = 0
    note: str = ""


@dataclass(frozen=True)
class Book:
    """The book of one year. `name` as on its cover ("Sổ chứng thực bản sao từ bản chính")."""

    office: Office
    name: str
    book: str
    year: int
    rows: Sequence[BookRow]
    at: datetime
    closed_on: date | None = None
    keeper: str = ""
    head: str = ""


def book(form: Book) -> bytes:
    """The book in print: totals, and a closing line once it is closed."""
    data: dict[str, object] = {
        "office": plain(form.office),
        "title": form.name.upper(),
        "mark": f"Quyển số {form.book}",
        "period": f"Quyển số {form.book}, năm {form.year}",
        "rows": [_book_row(row) for row in form.rows],
        "sum": f"Cộng {figures(len(form.rows))} việc",
        "copies": figures(sum(row.copies for row in form.rows)),
        "pages": figures(sum(row.pages for row in form.rows)),
        "fees": figures(sum(row.fee for row in form.rows)),
        "closed": _closed(form.closed_on, len(form.rows), "số"),
        "open": f"Sổ chưa khóa. In lúc {short_moment(form.at)}.",
        "keeper": form.keeper,
        "head": form.head,
    }
    return _render("book", data, f"{form.name} {form.book}, năm {form.year}", form.at, form.office)


def _book_row(row: BookRow) -> list[str]:
    on = local(row.on) if isinstance(row.on, datetime) else row.on
    numbers = [figures(number) if number else "" for number in (row.copies, row.pages)]
    fee = figures(row.fee)
    return [f"{row.number:02}", day(on), row.name, row.what, *numbers, row.signer, fee, row.note]


def _closed(on: date | None, lines: int, unit: str) -> str:
    if on is None:
        return ""
    return f"Khóa sổ ngày {day(on)}: sổ có {figures(lines)} ({in_words(lines)}) {unit}."


def _render(template: str, data: dict[str, object], title: str, at: datetime, office: Office) -> bytes:
    return pdf.render(f"dossiers/typst/{template}.typ", data, title=title, when=at, author=office.name)
