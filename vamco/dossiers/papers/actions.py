"""Registers that leave the system on paper: who printed which is on record, as every export is."""

from datetime import date
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from vamco.core import clock, numbering
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotAllowed, Refused
from vamco.core.inputs import Input, Words
from vamco.organisation.models import Unit

from ..models import Export, RegisterBook
from . import books, registers

MAY_PRINT = ("dossiers.receive", "dossiers.supervise", "dossiers.close_book")
"""Who works with the dossiers of a unit may print its registers: they name everybody."""


def may_print(actor: Actor, unit: Unit) -> bool:
    """Whether the actor may print the registers of the unit."""
    return any(actor.may_at(permission, [unit.pk]) for permission in MAY_PRINT)


def _check_may_print(actor: Actor, unit: Unit) -> None:
    if not may_print(actor, unit):
        raise NotAllowed(_("Chỉ bộ phận một cửa và người giám sát in được sổ của đơn vị này."))


def month_begins(unit: Unit) -> date:
    """The first day of this month: what a period begins with on the page."""
    return clock.today().replace(day=1)


def today(unit: Unit) -> date:
    """What a period ends with on the page."""
    return clock.today()


@action("dossiers.view", label=_("In sổ theo dõi hồ sơ"), locks=False, once=False, watched=True)
def print_register(
    actor: Actor,
    unit: Unit,
    /,
    *,
    first: Annotated[date, Input(_("Nhận từ ngày"), start=month_begins, example="2016-12-01")],
    last: Annotated[date, Input(_("đến ngày"), start=today, example="2016-12-31")],
) -> Export:
    """Print the register of the dossiers that a unit received on the days `first` to `last` (in sổ theo dõi hồ sơ).

    Answers the record, with what is printed in its `paper`.
    """
    _check_may_print(actor, unit)
    if last < first:
        raise Invalid(_("Ngày cuối phải từ ngày đầu trở đi."), field="last")
    found = books.received(actor, unit, first, last)
    if len(found) > books.MOST_ROWS:
        raise Refused(
            _("Khoảng này có hơn %(most)d hồ sơ. Hãy chọn khoảng ngắn hơn, ví dụ từng tháng.")
            % {"most": books.MOST_ROWS}
        )
    record = _record(actor, f"register {unit.code} {first} {last}", len(found))
    record.paper = books.register_of(unit, first, last, found, actor.label)
    return record


@action("dossiers.view", label=_("In sổ"), locks=False, once=False, watched=True)
def print_book(actor: Actor, book: RegisterBook, /) -> Export:
    """Print a book of decisions (in sổ). Answers the record, with what is printed in its `paper`."""
    _check_may_print(actor, book.unit)
    record = _record(actor, f"book {book.series}", book.entries.count())
    record.paper = books.book_of(book, actor.label)
    return record


def _record(actor: Actor, query: str, count: int) -> Export:
    return Export.objects.create(by_id=actor.user_id, at=clock.now(), query=query, count=count)


def _not_to_be_closed(book: RegisterBook) -> Words:
    if book.closed_at is not None:
        return _("Sổ này đã khóa ngày %(day)s.") % {"day": f"{clock.local(book.closed_at):%d/%m/%Y}"}
    if clock.today().year <= book.year:
        return _("Sổ năm %(year)d khóa được từ ngày 01/01/%(next)d.") % {
            "year": book.year,
            "next": book.year + 1,
        }
    return ""


def _closed(book: RegisterBook) -> Words:
    return _("Đã khóa %(book)s năm %(year)s.") % {"book": registers.name_of(book.key), "year": book.year}


@action("dossiers.close_book", label=_("Khóa sổ năm"), done=_closed, when=_not_to_be_closed)
def close_book(actor: Actor, book: RegisterBook, /) -> RegisterBook:
    """Close a book at the end of its year (khóa sổ): it gives no more numbers."""
    numbering.close_series(book.series)
    book.closed_at, book.closed_by_id = clock.now(), actor.user_id
    book.save(update_fields=["closed_at", "closed_by"])
    return book
