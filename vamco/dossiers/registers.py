"""Register books of decisions: entering, printing. Called inside the actions of this room."""

from django.utils.translation import gettext as _

from vamco.core import clock, numbering
from vamco.core.actions import Actor
from vamco.core.errors import Refused
from vamco.organisation.models import Unit, User
from vamco.payments import queries as payments
from vamco.procedures.definition import Case
from vamco.results.models import Result

from . import books, moves, slips_data
from .models import Dossier, RegisterBook, RegisterEntry

NAMES = {
    "so_chung_thuc_ban_sao": "Sổ chứng thực bản sao",
    "so_chung_thuc_chu_ky": "Sổ chứng thực chữ ký",
    "so_chung_thuc_hop_dong": "Sổ chứng thực hợp đồng, giao dịch",
    "so_dang_ky_khai_sinh": "Sổ đăng ký khai sinh",
    "so_dang_ky_khai_tu": "Sổ đăng ký khai tử",
    "so_dang_ky_ket_hon": "Sổ đăng ký kết hôn",
    "so_dang_ky_giam_ho": "Sổ đăng ký giám hộ, chấm dứt giám hộ",
    "so_nhan_cha_me_con": "Sổ đăng ký nhận cha, mẹ, con",
    "so_cap_ban_sao_ho_tich": "Sổ cấp bản sao trích lục hộ tịch",
    "so_cai_chinh_ho_tich": "Sổ đăng ký thay đổi, cải chính, bổ sung hộ tịch",
    "so_xac_nhan_tthn": "Sổ cấp Giấy xác nhận tình trạng hôn nhân",
}


def name_of(key: str) -> str:
    """A book's name as it stands on its cover."""
    return NAMES.get(key, key.removeprefix("so_").replace("_", " ").capitalize())


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
