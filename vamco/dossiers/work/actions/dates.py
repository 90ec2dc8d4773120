"""A new date with an apology: drafted early enough, signed by a person with the reason."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from vamco.core import clock, worktime
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.timing import queries as timing

from ...models import Dossier, NewDate, Stage
from ...papers import slips
from ...rules import deadlines, moves
from ...telling import messages


@action("dossiers.new_date", label=_("Dự thảo xin lỗi, hẹn lại"))
def draft_new_date(
    actor: Actor, dossier: Dossier, /, *, days: int = 5, reason: str = "", version: int | None = None
) -> Dossier:
    """Prepare an apology with a new date (dự thảo phiếu xin lỗi và hẹn lại): `days` working days from the old one."""
    moves.check_version(dossier, version)
    moves.step_of(dossier)
    if dossier.new_dates.filter(signed_at__isnull=True).exists():
        raise Refused(
            _("Đã có dự thảo phiếu xin lỗi, hẹn lại của hồ sơ này. Hãy hoàn thiện và trình ký dự thảo đó.")
        )
    _check_count(dossier)
    if not 1 <= days <= 60:
        raise Invalid(_("Ngày hẹn mới cách ngày hẹn cũ từ 1 đến 60 ngày làm việc."), field="days")
    assert dossier.due_at is not None
    # Counted from the day, whatever the hour: a due time is the end of office hours, after which receipts count as
    # the next day's.
    start = clock.local(max(dossier.due_at, clock.now())).replace(hour=0, minute=0, second=0, microsecond=0)
    NewDate.objects.create(
        dossier=dossier,
        old_due_at=dossier.due_at,
        new_due_at=deadlines.after_days(start, days, dossier.unit, dossier.regime),
        reason=" ".join(reason.split())[:2000],
        drafted_at=clock.now(),
        drafted_by_id=actor.user_id,
    )
    moves.tell(dossier, actor, "new_date_drafted", reason=reason)
    moves.touch(dossier)
    return dossier


def _check_count(dossier: Dossier) -> None:
    most = timing.regime(dossier.regime).new_dates_max
    if most is not None and dossier.new_dates.filter(signed_at__isnull=False).count() >= most:
        raise Refused(
            _(
                "Quy định chỉ cho hẹn lại %(count)d lần và hồ sơ này đã hẹn lại rồi. Hãy tập trung giải quyết; hồ sơ được tính là trễ hạn."
            )
            % {"count": most}
        )


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


@action("dossiers.sign_new_date", label=_("Ký xin lỗi, hẹn lại"), at=may_sign_at, signs=True)
def sign_new_date(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    reason: str,
    new_due_at: datetime | None = None,
    version: int | None = None,
) -> Dossier:
    """Sign the apology and the new date (ký phiếu xin lỗi và hẹn lại ngày trả kết quả).

    Signed after its time, the apology still goes out, but the dossier's due time does not move: late stays late.
    """
    moves.check_version(dossier, version)
    draft = dossier.new_dates.filter(signed_at__isnull=True).first()
    if draft is None or dossier.stage != Stage.PROCESSING:
        raise Refused(_("Không có dự thảo phiếu xin lỗi, hẹn lại nào chờ ký."))
    _check_count(dossier)
    at = clock.now()
    draft.reason = moves.check_reason(reason)
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
        dossier.due_at, dossier.warned = deadlines.due_at(dossier), 0
        deadlines.plan_warning(dossier, at)
        run = moves.open_run(dossier)
        if run is not None and run.due_at and dossier.due_at:
            dossier.step_due_at = run.due_at = max(
                run.due_at,
                min(dossier.due_at, deadlines.after_hours(at, moves.step_of(dossier).hours, dossier.unit)),
            )
            run.save(update_fields=["due_at"])
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
