"""Register books of decisions: entering, printing. Called inside the actions of this room."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from vamco.core import clock, numbering
from vamco.core.actors import Actor
from vamco.core.errors import Refused
from vamco.core.stored import in_vietnamese
from vamco.organisation.models import Unit, User
from vamco.payments import queries as payments
from vamco.procedures.definition import Case
from vamco.results.models import Result

from .. import queries
from ..models import HELD, Dossier, RegisterBook, RegisterEntry, Stage
from ..rules import moves
from . import books, slips_data

NAMES = {
    "so_chung_thuc_ban_sao": gettext_noop("Sổ chứng thực bản sao"),
    "so_chung_thuc_chu_ky": gettext_noop("Sổ chứng thực chữ ký"),
    "so_chung_thuc_hop_dong": gettext_noop("Sổ chứng thực hợp đồng, giao dịch"),
    "so_dang_ky_khai_sinh": gettext_noop("Sổ đăng ký khai sinh"),
    "so_dang_ky_khai_tu": gettext_noop("Sổ đăng ký khai tử"),
    "so_dang_ky_ket_hon": gettext_noop("Sổ đăng ký kết hôn"),
    "so_dang_ky_giam_ho": gettext_noop("Sổ đăng ký giám hộ, chấm dứt giám hộ"),
    "so_nhan_cha_me_con": gettext_noop("Sổ đăng ký nhận cha, mẹ, con"),
    "so_cap_ban_sao_ho_tich": gettext_noop("Sổ cấp bản sao trích lục hộ tịch"),
    "so_cai_chinh_ho_tich": gettext_noop("Sổ đăng ký thay đổi, cải chính, bổ sung hộ tịch"),
    "so_xac_nhan_tthn": gettext_noop("Sổ cấp Giấy xác nhận tình trạng hôn nhân"),
}


def name_of(key: str) -> str:
    """A book's name in the reader's language; on its cover, which is printed in Vietnamese, the Vietnamese one."""
    return _(NAMES[key]) if key in NAMES else key.removeprefix("so_").replace("_", " ").capitalize()


def open_book(unit: Unit, key: str, year: int) -> RegisterBook:
    """The unit's book of a year. Raises `Refused` when it is closed."""
    book, _made = RegisterBook.objects.get_or_create(unit=unit, key=key, year=year)
    if book.closed_at is not None:
        raise Refused(
            _("%(book)s năm %(year)d đã khóa. Hãy kiểm tra ngày giờ của máy, hoặc hỏi người giữ sổ.")
            % {"book": name_of(key), "year": year}
        )
    return book


def enter(actor: Actor, dossier: Dossier, case: Case, result: Result | None, signer: User) -> RegisterEntry:
    """Enter the decision in its book under the next number; once per dossier."""
    found = RegisterEntry.objects.filter(dossier=dossier).first()
    if found is not None:
        return found
    at = clock.now()
    book = open_book(
        dossier.holder_unit if dossier.holder_unit.level != "room" else dossier.unit,
        case.book,
        clock.local(at).year,
    )
    charges = payments.charges_for([dossier.code])[dossier.code]
    counts = [int(dossier.answers.get(key) or 0) for key in case.quantity]
    entry = RegisterEntry(
        book=book,
        dossier=dossier,
        at=at,
        name=dossier.applicant_name,
        what=what_of(dossier)[:500],
        copies=counts[-1] if counts else 0,
        pages=counts[0] if len(counts) > 1 else 0,
        signer=result.signer_name if result and result.signer_name else signer.full_name,
        fee=sum(charge.amount for charge in charges),
        result_number=result.number if result else "",
    )
    entry.number = numbering.next_number(book.series)
    entry.save()
    return entry


def what_of(dossier: Dossier) -> str:
    """What was asked for, in the words of the book."""
    first = next(
        (
            str(dossier.answers[field.key])
            for field in moves.case_of(dossier).intake_fields()
            if field.type == "text" and dossier.answers.get(field.key)
        ),
        "",
    )
    return dossier.summary or first or moves.definition_of(dossier).name


MOST_ROWS = 3000
"""Dossiers in one print of the register: what is longer is printed by shorter periods."""


def received(actor: Actor, unit: Unit, first: date, last: date) -> list[Dossier]:
    """The dossiers that the unit received on the days `first` to `last` and the actor may know of, in their order; one
    more than `MOST_ROWS` when there are too many."""
    start = datetime.combine(first, time.min, clock.HERE)
    end = datetime.combine(last + timedelta(days=1), time.min, clock.HERE)
    rows = queries.visible(actor).filter(unit=unit, received_at__gte=start, received_at__lt=end)
    parts = rows.select_related("unit").prefetch_related("parties", "units__unit")
    return list(parts.order_by("received_at", "pk")[: MOST_ROWS + 1])


@in_vietnamese
def register_pdf(unit: Unit, first: date, last: date, found: Sequence[Dossier], keeper: str) -> bytes:
    """The register of dossiers (sổ theo dõi hồ sơ, form 06) as PDF/A."""
    form = books.Register(
        office=slips_data.office(unit),
        book=f"01/{first.year}",
        first=first,
        last=last,
        rows=[_register_row(serial, one) for serial, one in enumerate(found, 1)],
        at=clock.now(),
        keeper=keeper,
    )
    return books.register(form)


def _register_row(serial: int, dossier: Dossier) -> books.RegisterRow:
    applicant = next((one for one in dossier.parties.all() if one.role == "applicant"), None)
    handled = [
        one.unit for one in dossier.units.all() if one.part == "handled" and one.unit_id != dossier.unit_id
    ]
    returned = dossier.stage == Stage.RETURNED
    return books.RegisterRow(
        serial=serial,
        code=dossier.code,
        procedure=moves.definition_of(dossier).name,
        name=dossier.applicant_name,
        received_at=dossier.received_at,
        due=dossier.due_at,
        address=applicant.address if applicant else "",
        phone=applicant.phone if applicant else "",
        receiving_unit=slips_data.office(dossier.unit).name,
        transferred_to="; ".join(unit.agency for unit in handled),
        result_at=dossier.ready_at,
        returned_at=dossier.ended_at if returned else None,
        returned_how=(_("bưu điện") if dossier.return_by == "post" else _("tại quầy")) if returned else "",
        note="" if dossier.stage in HELD or returned else dossier.get_stage_display(),
    )


@in_vietnamese
def pdf(book: RegisterBook, keeper: str) -> bytes:
    """The whole book as PDF/A, with its closing line when it is closed."""
    rows = [
        books.BookRow(
            number=e.number,
            on=e.at,
            name=e.name,
            what=e.what,
            copies=e.copies,
            pages=e.pages,
            signer=e.signer,
            fee=e.fee,
            note=e.result_number,
        )
        for e in book.entries.order_by("number")
    ]
    form = books.Book(
        office=slips_data.office(book.unit),
        name=name_of(book.key),
        book=f"01/{book.year}",
        year=book.year,
        rows=rows,
        at=clock.now(),
        closed_on=clock.local(book.closed_at).date() if book.closed_at else None,
        keeper=keeper,
    )
    return books.book(form)
