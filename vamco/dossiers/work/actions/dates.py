"""A new date with an apology: drafted early enough, signed by a person with the reason."""

from datetime import date, datetime, time
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from vamco.core import clock, worktime
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.inputs import Input, Words
from vamco.core.text import line
from vamco.timing import queries as timing

from ...models import Dossier, NewDate, Stage
from ...papers import slips
from ...rules import deadlines, inputs, moves, when
from ...telling import messages


def draft_of(dossier: Dossier) -> NewDate | None:
    """The new date that waits to be signed."""
    return dossier.new_dates.filter(signed_at__isnull=True).first()


def no_new_date(dossier: Dossier) -> Words:
    """Why no new date can be drafted."""
    if why := when.in_no_step(dossier):
        return why
    if draft_of(dossier) is not None:
        return _("Đã có dự thảo phiếu xin lỗi, hẹn lại của hồ sơ này. Hãy hoàn thiện và trình ký dự thảo đó.")
    return _none_left(dossier)


@action(
    "dossiers.new_date",
    label=_("Hẹn lại ngày trả"),
    at=lambda dossier: [dossier.holder_unit_id],
    when=no_new_date,
    check=when.held_by_another,
)
def draft_new_date(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    days: Annotated[int, inputs.working_days(_("Thêm bao nhiêu ngày làm việc"), 60, example=3)] = 5,
    reason: Annotated[str, Input(_("Lý do"), most=2000, long=True, example="Chờ kết quả xác minh")] = "",
    version: inputs.Version = None,
) -> Dossier:
    """Prepare an apology with a new date (dự thảo phiếu xin lỗi và hẹn lại): `days` working days from the old one."""
    assert dossier.due_at is not None
    # Counted from the day, whatever the hour: a due time is the end of office hours, after which receipts count as
    # the next day's.
    start = clock.local(max(dossier.due_at, clock.now())).replace(hour=0, minute=0, second=0, microsecond=0)
    NewDate.objects.create(
        dossier=dossier,
        old_due_at=dossier.due_at,
        new_due_at=deadlines.after_days(start, days, dossier.unit, dossier.regime),
        reason=line(reason),
        drafted_at=clock.now(),
        drafted_by_id=actor.user_id,
    )
    moves.tell(dossier, actor, "new_date_drafted", reason=reason)
    moves.touch(dossier)
    return dossier


def _none_left(dossier: Dossier) -> Words:
    most = timing.regime(dossier.regime).new_dates_max
    if most is not None and dossier.new_dates.filter(signed_at__isnull=False).count() >= most:
        text = _(
            "Quy định chỉ cho hẹn lại %(count)d lần và hồ sơ này đã hẹn lại rồi. Hãy tập trung giải quyết; hồ sơ được tính là trễ hạn."
        )
        return text % {"count": most}
    return ""


def sign_by(dossier: Dossier) -> datetime:
    """Until when a new date may be signed so that it counts: the regime's rule (Decree 61/2018, article 19.9)."""
    assert dossier.due_at is not None
    return worktime.apology_by(
        dossier.due_at, calendar=timing.calendar_for(dossier.unit), regime=timing.regime(dossier.regime)
    )


def may_sign_at(dossier: Dossier) -> set[int]:
    """The units in one of which the permission to sign must be held: that which received it, the one above, and the one
    that has it."""
    return {dossier.unit_id, dossier.holder_unit_id, *dossier.unit.path[-2:]}


def _nothing_to_sign(dossier: Dossier) -> Words:
    if dossier.stage != Stage.PROCESSING or draft_of(dossier) is None:
        return _("Không có dự thảo phiếu xin lỗi, hẹn lại nào chờ ký.")
    return _none_left(dossier)


def _drafted_reason(dossier: Dossier) -> str:
    draft = draft_of(dossier)
    return draft.reason if draft else ""


def _drafted_day(dossier: Dossier) -> date | None:
    draft = draft_of(dossier)
    return clock.local(draft.new_due_at).date() if draft else None


def _end_of_day(dossier: Dossier, day: date) -> datetime:
    """The end of the day's working hours."""
    midnight = datetime.combine(day, time(0), tzinfo=clock.HERE)
    return deadlines.after_days(midnight, 0, dossier.unit, dossier.regime)


NewDueAt = Annotated[
    datetime | None,
    Input(
        _("Ngày hẹn mới"),
        help=_("Hết giờ làm việc của ngày này."),
        start=_drafted_day,
        day_end=_end_of_day,
        example="2016-12-16T17:00:00+07:00",
    ),
]


@action(
    "dossiers.sign_new_date",
    label=_("Ký phiếu xin lỗi, hẹn lại"),
    at=may_sign_at,
    when=_nothing_to_sign,
    signs=True,
)
def sign_new_date(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    reason: Annotated[str, inputs.reason(_("Lý do chậm"), "Chờ kết quả xác minh", start=_drafted_reason)],
    new_due_at: NewDueAt = None,
    version: inputs.Version = None,
) -> Dossier:
    """Sign the apology and the new date (ký phiếu xin lỗi và hẹn lại ngày trả kết quả).

    Signed after its time, the apology still goes out, but the dossier's due time does not move: late stays late.
    """
    draft = draft_of(dossier)
    assert draft is not None
    at = clock.now()
    draft.reason = line(reason)
    draft.new_due_at = new_due_at or draft.new_due_at
    if draft.new_due_at <= max(at, draft.old_due_at):
        raise Invalid(
            _("Ngày hẹn mới phải sau ngày hẹn cũ và sau hôm nay. Hãy nhập ngày hẹn mới khác."),
            field="new_due_at",
        )
    in_time = at <= min(sign_by(dossier), draft.old_due_at)
    draft.signed_at, draft.signed_by_id = at, actor.user_id
    draft.save()
    if in_time:
        _move_due_times(dossier, at)
    slips.apology(actor, dossier, draft)
    messages.new_date(dossier, draft)
    moves.tell(
        dossier,
        actor,
        "new_date_signed",
        public=True,
        at=at,
        reason=draft.reason,
        old=draft.old_due_at.isoformat(),
        new=draft.new_due_at.isoformat(),
        in_time=in_time,
    )
    moves.touch(dossier, at)
    return dossier


def _move_due_times(dossier: Dossier, at: datetime) -> None:
    """Count to the new date from now on: the dossier, its warnings, and its stay in the step."""
    dossier.due_at, dossier.warned = deadlines.due_at(dossier), 0
    deadlines.plan_warning(dossier, at)
    run = moves.open_run(dossier)
    if run is not None and run.due_at and dossier.due_at:
        hours = moves.step_of(dossier).hours
        due = min(dossier.due_at, deadlines.after_hours(at, hours, dossier.unit))
        dossier.step_due_at = run.due_at = max(run.due_at, due)
        run.save(update_fields=["due_at"])
