"""Receipt books: put into use and taken out of it."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.inputs import Input, Words
from vamco.organisation.models import Unit

from .. import till
from ..models import BookState, ReceiptBook

LAST_NUMBER = 9_999_999
"""Receipt numbers are printed with seven digits."""


@action(
    "payments.open_book",
    label=_("Mở quyển biên lai"),
    done=_("Đã đưa quyển biên lai %(it)s vào sử dụng."),
    locks=False,
)
def open_book(
    actor: Actor,
    unit: Unit,
    /,
    *,
    symbol: Annotated[
        str, Input(_("Ký hiệu"), most=20, help=_("như in trên biên lai, ví dụ BL-16T"), example="BL-16T")
    ],
    series: Annotated[str, Input(_("Quyển số"), most=20, example="02")] = "",
    first: Annotated[int, Input(_("Từ số"), least=1, most=LAST_NUMBER, example=1)],
    last: Annotated[int, Input(_("Đến số"), least=1, most=LAST_NUMBER, example=50)],
) -> ReceiptBook:
    """Put a receipt book into use (đưa quyển biên lai vào sử dụng): numbers `first` to `last`.

    Its numbers may not meet those of another book of the unit with the same symbol.
    """
    if last < first:
        raise Invalid(_("Số cuối phải từ số đầu đến 9999999."), field="last")
    till.lock(unit)
    others = ReceiptBook.objects.filter(unit=unit, symbol=symbol, series=series)
    if others.filter(first__lte=last, last__gte=first).exists():
        raise Invalid(
            _("Đơn vị đã có quyển cùng ký hiệu và trùng số. Hãy xem lại số đầu, số cuối."), field="first"
        )
    return ReceiptBook.objects.create(
        unit=unit, symbol=symbol, series=series, first=first, last=last, next=first, opened_at=clock.now()
    )


def _closed_already(book: ReceiptBook) -> Words:
    return _("Quyển biên lai này đã khóa rồi.") if book.state == BookState.CLOSED else ""


@action(
    "payments.open_book",
    label=_("Khóa quyển biên lai"),
    done=_("Đã khóa quyển biên lai %(it)s."),
    when=_closed_already,
)
def close_book(actor: Actor, book: ReceiptBook, /) -> ReceiptBook:
    """Take a book out of use (khóa quyển): its unused numbers are given to nobody."""
    book.state = BookState.CLOSED
    book.save(update_fields=["state"])
    return book
