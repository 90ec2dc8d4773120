"""The closing of a day."""

from datetime import date
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused, Stale
from vamco.core.inputs import Input
from vamco.organisation.models import Unit

from .. import till
from ..models import DayClose

MOST_MONEY = 10**12
"""đồng in a till; more is a slip of the finger."""


@action(
    "payments.close_day",
    label=_("Khóa sổ thu trong ngày"),
    done=_("Đã khóa sổ thu ngày %(day)s."),
    locks=False,
)
def close_day(
    actor: Actor,
    unit: Unit,
    /,
    *,
    day: Annotated[date, Input(_("Ngày"))],
    counted: Annotated[
        int, Input(_("Tiền mặt đếm được, đồng"), least=-MOST_MONEY, most=MOST_MONEY, example=92000)
    ],
    note: Annotated[str, Input(_("Lý do chênh lệch"), most=300)] = "",
    expected: Annotated[
        int | None, Input(_("Số phải có đã thấy trên trang"), help=_("có khoản mới thì không khóa"))
    ] = None,
) -> DayClose:
    """Close the till of a day (khóa sổ thu trong ngày): what was counted against the books, in đồng.

    `expected` is the sum that the cashier saw; `Stale` when something was booked since. A difference needs a
    note. Days are closed in their order, each once; after that nothing is booked on the day.
    """
    if day > clock.today():
        raise Invalid(_("Chưa khóa sổ được cho ngày sau hôm nay."), field="day")
    till.lock(unit)
    if till.is_closed(unit, day):
        raise Refused(_("Ngày %(day)s đã khóa sổ rồi.") % {"day": f"{day:%d/%m/%Y}"})
    earlier = till.first_open_day(unit, before=day)
    if earlier:
        raise Refused(
            _("Ngày %(day)s chưa khóa sổ. Hãy khóa ngày đó trước.") % {"day": f"{earlier:%d/%m/%Y}"}
        )
    booked = till.cash_of_day(unit, day)
    if expected is not None and expected != booked:
        raise Stale(_("Có khoản thu mới, số phải có đã thay đổi. Hãy tải lại trang và đếm lại."))
    if counted < min(0, booked):
        raise Invalid(_("Số tiền kiểm đếm phải là số đồng nguyên, từ 0 trở lên."), field="counted")
    if counted != booked and not note:
        raise Invalid(_("Tiền đếm được lệch với sổ. Hãy ghi lý do chênh lệch."), field="note")
    return DayClose.objects.create(
        unit=unit,
        day=day,
        cashier_id=actor.user_id,
        cashier_name=actor.label[:120],
        at=clock.now(),
        expected=booked,
        counted=counted,
        difference=counted - booked,
        note=note,
    )
