"""Register books of decisions: their names, reading and entering. Entering is called inside the actions of this room and of those above."""

from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from vamco.core import clock, numbering
from vamco.core.actors import Actor
from vamco.core.errors import NotFound, Refused
from vamco.organisation.models import Unit, User
from vamco.payments import queries as payments
from vamco.procedures.definition import Case
from vamco.results.models import Result

from .. import queries
from ..models import Dossier, RegisterBook, RegisterEntry
from ..rules import moves

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


def books(actor: Actor) -> QuerySet[RegisterBook]:
    """The books of the units whose dossiers the actor may see."""
    rows = RegisterBook.objects.select_related("unit", "unit__parent", "closed_by")
    return rows.filter(actor.within("dossiers.view"))


def book(actor: Actor, book_id: int) -> RegisterBook:
    """One of these. Raises `NotFound`."""
    found = books(actor).filter(pk=book_id).first()
    if found is None:
        raise NotFound(_("Không tìm thấy sổ này trong các đơn vị của ông/bà."))
    return found


@dataclass(frozen=True)
class Counted:
    """A book as its reader may know it: how many entries, and the last number, of the dossiers that they may see."""

    book: RegisterBook
    name: str
    count: int
    last: int | None


def books_of_year(actor: Actor, unit: Unit, year: int) -> list[Counted]:
    """The unit's books of a year, counted for the actor."""
    books = list(RegisterBook.objects.filter(unit=unit, year=year).order_by("key"))
    entries = RegisterEntry.objects.filter(book__in=books, dossier__in=queries.visible(actor).values("pk"))
    # Grouped, so that what may be seen is asked once and not for each entry.
    of_each = entries.order_by().values_list("book").annotate(Count("pk"), Max("number"))
    counted = {pk: (count, last) for pk, count, last in of_each}
    return [Counted(book, name_of(book.key), *counted.get(book.pk, (0, None))) for book in books]


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
