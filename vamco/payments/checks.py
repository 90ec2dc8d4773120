"""What `vamco doctor` looks at: whether receipts run out."""

from collections.abc import Iterator

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from vamco.configuration import values
from vamco.core import clock
from vamco.core.findings import Finding
from vamco.organisation.validity import open_on

from .models import BookState, ReceiptBook

NAMED = 5


def receipts_left() -> Iterator[Finding]:
    """Every open unit that writes receipts still has some."""
    name, few = _("Biên lai còn lại"), values.value("payments.low_book")
    books = ReceiptBook.objects.filter(open_on(clock.today(), "unit__")).exclude(state=BookState.CLOSED)
    units = (
        books.order_by().values_list("unit_id", "unit__name").annotate(number=Sum(F("last") + 1 - F("next")))
    )
    short = sorted((number, unit) for _pk, unit, number in units if number < few)
    if not short:
        says = _("%(count)s đơn vị đều còn từ %(few)s số trở lên") % {"count": len(units), "few": few}
        yield Finding(name, "ok", says)
        return
    named = ", ".join(f"{unit} ({number})" for number, unit in short[:NAMED])
    yield Finding(
        name,
        "warn",
        _("%(count)s đơn vị còn dưới %(few)s số: %(units)s")
        % {"count": len(short), "few": few, "units": named + (" …" if len(short) > NAMED else "")},
        _("Người quản trị hoặc giám sát mở trang «Thu tiền», đưa quyển biên lai mới của đơn vị vào sử dụng."),
    )
