"""Registers that leave the system on paper: who printed which is on record, as every export is."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from vamco.core import clock, numbering
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotAllowed, Refused
from vamco.organisation.models import Unit

from ..models import Export, RegisterBook
from . import registers

MAY_PRINT = ("dossiers.receive", "dossiers.supervise", "dossiers.close_book")
"""Who works with the dossiers of a unit may print its registers: they name everybody."""


def may_print(actor: Actor, unit: Unit) -> bool:
    """Whether the actor may print the registers of the unit."""
    return any(actor.may_at(permission, [unit.pk]) for permission in MAY_PRINT)


@action("dossiers.view", label=_("In sổ theo dõi hồ sơ"), locks=False, watched=True)
def print_register(actor: Actor, unit: Unit, /, *, first: date, last: date) -> Export:
    """Print the register of the dossiers that a unit received on the days `first` to `last` (in sổ theo dõi hồ sơ).

    Answers the record, with the PDF in its `pdf`.
    """
    _allowed(actor, unit)
    if last < first:
        raise Invalid(_("Ngày cuối phải từ ngày đầu trở đi."), field="last")
    found = registers.received(actor, unit, first, last)
    if len(found) > registers.MOST_ROWS:
        raise Refused(
            _("Khoảng này có hơn %(most)d hồ sơ. Hãy chọn khoảng ngắn hơn, ví dụ từng tháng.")
            % {"most": registers.MOST_ROWS}
        )
    record = Export.objects.create(
        by_id=actor.user_id, at=clock.now(), query=f"register {unit.code} {first} {last}", count=len(found)
    )
    record.pdf = registers.register_pdf(unit, first, last, found, actor.label)
    return record


@action("dossiers.view", label=_("In sổ"), locks=False, watched=True)
def print_book(actor: Actor, book: RegisterBook, /) -> Export:
    """Print a book of decisions (in sổ). Answers the record, with the PDF in its `pdf`."""
    _allowed(actor, book.unit)
    record = Export.objects.create(
        by_id=actor.user_id, at=clock.now(), query=f"book {book.series}", count=book.entries.count()
    )
    record.pdf = registers.pdf(book, actor.label)
    return record


def _allowed(actor: Actor, unit: Unit) -> None:
    if not may_print(actor, unit):
        raise NotAllowed(_("Chỉ bộ phận một cửa và người giám sát in được sổ của đơn vị này."))


@action("dossiers.close_book", label=_("Khóa sổ năm"))
def close_book(actor: Actor, book: RegisterBook, /) -> RegisterBook:
    """Close a book at the end of its year (khóa sổ): it gives no more numbers."""
    if book.closed_at is not None:
        raise Refused(_("Sổ này đã khóa ngày %(day)s.") % {"day": f"{clock.local(book.closed_at):%d/%m/%Y}"})
    if clock.today().year <= book.year:
        raise Refused(
            _("Sổ năm %(year)d khóa được từ ngày 01/01/%(next)d.")
            % {"year": book.year, "next": book.year + 1}
        )
    numbering.close_series(book.series)
    book.closed_at, book.closed_by_id = clock.now(), actor.user_id
    book.save(update_fields=["closed_at", "closed_by"])
    return book
