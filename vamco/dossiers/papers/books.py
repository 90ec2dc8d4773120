"""Registers in print, A4 lying: the register of dossiers (form 06) and a book of decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.papers import Office, day, local, plain, short_moment
from vamco.core.printing import Printed
from vamco.core.stored import in_vietnamese
from vamco.core.words import figures, in_words
from vamco.organisation.models import Unit

from .. import queries
from ..models import HELD, Dossier, RegisterBook, RegisterEntry, Stage
from ..rules import moves
from . import registers
from .slips import office

MOST_ROWS = 3000
"""Dossiers in one print of the register: what is longer is printed by shorter periods."""


@dataclass(frozen=True)
class RegisterRow:
    """One dossier in the register."""

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

    def cells(self) -> list[str]:
        """The row as it is printed; the signature is left empty."""
        return [
            figures(self.serial),
            self.code,
            self.procedure,
            str(self.sets),
            self.name,
            ", ".join(filter(None, (self.address, self.phone))),
            self.receiving_unit,
            short_moment(self.received_at),
            short_moment(self.due),
            self.transferred_to,
            short_moment(self.result_at),
            short_moment(self.returned_at),
            self.returned_how,
            "",
            self.note,
        ]


@dataclass(frozen=True)
class Register(Printed):
    """Sổ theo dõi hồ sơ from `first` to `last` (days), as many pages as it takes.

    `closed_on` prints the closing line with two signatures. `unit` is the code of the unit, for the file's name.
    """

    template = "dossiers/typst/register.typ"
    form = "Mẫu số 06, Thông tư 01/2018/TT-VPCP"
    name = "Sổ theo dõi hồ sơ"
    file = "so-theo-doi"

    office: Office
    book: str
    first: date
    last: date
    rows: Sequence[RegisterRow]
    at: datetime
    closed_on: date | None = None
    keeper: str = ""
    head: str = ""
    unit: str = ""

    def title(self) -> str:
        """With the book's number."""
        return f"{self.name} {self.book}"

    def file_name(self) -> str:
        """With the unit and the period."""
        return f"{self.file}-{self.unit}-{self.first}-{self.last}.pdf"

    def values(self) -> dict[str, object]:
        """A row for each dossier, and their sum."""
        return {
            "office": plain(self.office),
            "title": self.name.upper(),
            "mark": f"Sổ số {self.book}",
            "period": f"Quyển số {self.book}, từ ngày {day(self.first)} đến ngày {day(self.last)}",
            "rows": [row.cells() for row in self.rows],
            "sum": f"Cộng: {figures(len(self.rows))} hồ sơ.",
            "closed": _closed(self.closed_on, len(self.rows), "hồ sơ"),
            "keeper": self.keeper,
            "head": self.head,
        }


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

    def cells(self) -> list[str]:
        """The row as it is printed."""
        on = local(self.on) if isinstance(self.on, datetime) else self.on
        counts = [figures(count) if count else "" for count in (self.copies, self.pages)]
        fee = figures(self.fee)
        return [f"{self.number:02}", day(on), self.name, self.what, *counts, self.signer, fee, self.note]


@dataclass(frozen=True)
class Book(Printed):
    """The book of one year. `cover` as on it ("Sổ chứng thực bản sao từ bản chính"), `key` for the file's name."""

    template = "dossiers/typst/book.typ"

    office: Office
    cover: str
    book: str
    year: int
    rows: Sequence[BookRow]
    at: datetime
    closed_on: date | None = None
    keeper: str = ""
    head: str = ""
    key: str = ""

    def title(self) -> str:
        """The cover, the book's number and the year."""
        return f"{self.cover} {self.book}, năm {self.year}"

    def file_name(self) -> str:
        """Which book, and the year."""
        return f"{self.key}-{self.year}.pdf"

    def values(self) -> dict[str, object]:
        """The acts with their totals, and a closing line once it is closed."""
        return {
            "office": plain(self.office),
            "title": self.cover.upper(),
            "mark": f"Quyển số {self.book}",
            "period": f"Quyển số {self.book}, năm {self.year}",
            "rows": [row.cells() for row in self.rows],
            "sum": f"Cộng {figures(len(self.rows))} việc",
            "copies": figures(sum(row.copies for row in self.rows)),
            "pages": figures(sum(row.pages for row in self.rows)),
            "fees": figures(sum(row.fee for row in self.rows)),
            "closed": _closed(self.closed_on, len(self.rows), "số"),
            "open": f"Sổ chưa khóa. In lúc {short_moment(self.at)}.",
            "keeper": self.keeper,
            "head": self.head,
        }


def _closed(on: date | None, lines: int, unit: str) -> str:
    if on is None:
        return ""
    return f"Khóa sổ ngày {day(on)}: sổ có {figures(lines)} ({in_words(lines)}) {unit}."


def received(actor: Actor, unit: Unit, first: date, last: date) -> list[Dossier]:
    """The dossiers that the unit received on the days `first` to `last` and the actor may know of, in their order; one
    more than `MOST_ROWS` when there are too many."""
    start = datetime.combine(first, time.min, clock.HERE)
    end = datetime.combine(last + timedelta(days=1), time.min, clock.HERE)
    rows = queries.visible(actor).filter(unit=unit, received_at__gte=start, received_at__lt=end)
    parts = rows.select_related("unit").prefetch_related("parties", "units__unit")
    return list(parts.order_by("received_at", "pk")[: MOST_ROWS + 1])


@in_vietnamese
def register_of(unit: Unit, first: date, last: date, dossiers: Sequence[Dossier], keeper: str) -> Register:
    """The register of dossiers that a unit `received`."""
    return Register(
        office=office(unit),
        book=f"01/{first.year}",
        first=first,
        last=last,
        rows=[_register_row(serial, dossier) for serial, dossier in enumerate(dossiers, 1)],
        at=clock.now(),
        keeper=keeper,
        unit=unit.code,
    )


def _register_row(serial: int, dossier: Dossier) -> RegisterRow:
    applicant = next((party for party in dossier.parties.all() if party.role == "applicant"), None)
    handled = [
        part.unit
        for part in dossier.units.all()
        if part.part == "handled" and part.unit_id != dossier.unit_id
    ]
    returned = dossier.stage == Stage.RETURNED
    return RegisterRow(
        serial=serial,
        code=dossier.code,
        procedure=moves.definition_of(dossier).name,
        name=dossier.applicant_name,
        received_at=dossier.received_at,
        due=dossier.due_at,
        address=applicant.address if applicant else "",
        phone=applicant.phone if applicant else "",
        receiving_unit=office(dossier.unit).name,
        transferred_to="; ".join(unit.agency for unit in handled),
        result_at=dossier.ready_at,
        returned_at=dossier.ended_at if returned else None,
        returned_how=(_("bưu điện") if dossier.return_by == "post" else _("tại quầy")) if returned else "",
        note="" if dossier.stage in HELD or returned else dossier.get_stage_display(),
    )


@in_vietnamese
def book_of(found: RegisterBook, keeper: str) -> Book:
    """The whole book, with its closing line when it is closed."""
    return Book(
        office=office(found.unit),
        cover=registers.name_of(found.key),
        book=f"01/{found.year}",
        year=found.year,
        rows=[_book_row(entry) for entry in found.entries.order_by("number")],
        at=clock.now(),
        closed_on=clock.local(found.closed_at).date() if found.closed_at else None,
        keeper=keeper,
        key=found.key,
    )


def _book_row(entry: RegisterEntry) -> BookRow:
    return BookRow(
        number=entry.number,
        on=entry.at,
        name=entry.name,
        what=entry.what,
        copies=entry.copies,
        pages=entry.pages,
        signer=entry.signer,
        fee=entry.fee,
        note=entry.result_number,
    )
