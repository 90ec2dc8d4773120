"""Supplements: asked for once with all faults, answered, reminded, and closed when nobody answers."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vamco.configuration import values
from vamco.core import clock, worktime
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.payments import charges
from vamco.timing import queries as timing

from ...models import Dossier, Stage, Supplement, SupplementItem
from ...papers import slips
from ...papers.slips import UNANSWERED
from ...rules import deadlines, handed_in, moves
from ...rules.application import PaperInput
from ...telling import messages, notices

ANSWER_DAYS = 30
"""Working days that the applicant has when the officer sets no other deadline, as long as no administrator says
otherwise (the setting `dossiers.supplement_days`)."""
MOST_DAYS = 120


@action("dossiers.supplement", label=_("Yêu cầu bổ sung"), signs=True)
def request_supplement(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    items: Sequence[tuple[str, str]],
    reason: str,
    days: int | None = None,
    version: int | None = None,
) -> Dossier:
    """Ask the applicant for everything that is missing or wrong, once (yêu cầu bổ sung, hoàn thiện hồ sơ).

    `items` are pairs (what, what is wrong with it). How often and how soon after receipt it may be asked for is the
    regime's rule (Decree 61/2018, articles 15.3 and 19.4). The clock stands until the papers come.
    """
    moves.check_version(dossier, version)
    step = moves.step_of(dossier)
    moves.check_holder(dossier, actor)
    if not step.may_supplement:
        raise Refused(_("Bước này không yêu cầu bổ sung. Hãy trả hồ sơ về bước thẩm định trước."))
    at = _not_before(dossier)
    if refusal := why_no_supplement(dossier, at):
        raise Refused(refusal)
    wanted = [
        (" ".join(what.split())[:500], " ".join(fault.split())[:500]) for what, fault in items if what.strip()
    ]
    if not wanted:
        raise Invalid(_("Hãy nêu ít nhất một giấy tờ hoặc nội dung cần bổ sung."), field="items")
    days = values.value("dossiers.supplement_days", dossier.unit) if days is None else days
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(_("Thời hạn bổ sung từ 1 đến 120 ngày làm việc."), field="days")
    reason = moves.check_reason(reason)
    deadline = deadlines.after_days(at, days, dossier.unit, dossier.regime)
    asked = Supplement.objects.create(
        dossier=dossier,
        number=dossier.supplements.count() + 1,
        asked_at=at,
        asked_by_id=actor.user_id,
        reason=reason,
        deadline=deadline,
    )
    SupplementItem.objects.bulk_create(
        [SupplementItem(supplement=asked, name=what, fault=fault) for what, fault in wanted]
    )
    if step.role == "specialist" and dossier.lead_id is None:
        dossier.lead_id = actor.user_id
    moves.leave(dossier, actor, at, outcome="supplement", name=gettext_noop("Yêu cầu bổ sung"), reason=reason)
    _stand(dossier)
    slips.supplement(actor, dossier, asked)
    messages.supplement(dossier, asked)
    moves.tell(
        dossier,
        actor,
        "supplement_asked",
        public=True,
        at=at,
        reason=reason,
        deadline=deadline.isoformat(),
        items=[what for what, _fault in wanted],
    )
    moves.touch(dossier, at)
    return dossier


def _not_before(dossier: Dossier) -> datetime:
    """Now, but not before the receipt or the last supplement, wherever the clock has jumped to."""
    last = dossier.supplements.last()
    return max(clock.now(), (last and last.answered_at) or dossier.received_at)


def _stand(dossier: Dossier) -> None:
    """Stop the clock. A due time that has passed stays: asking late does not undo being late."""
    dossier.stage, dossier.status = Stage.SUPPLEMENT, 5
    dossier.due_at = deadlines.due_at(dossier)
    dossier.step_due_at = None


def why_no_supplement(dossier: Dossier, at: datetime) -> str:
    """Why the regime does not let the unit ask for a supplement at that moment; "" when it does."""
    regime = timing.regime(dossier.regime)
    if regime.supplements_max is not None and dossier.supplements.count() >= regime.supplements_max:
        return _(
            "Quy định chỉ cho yêu cầu bổ sung %(count)d lần và hồ sơ này đã hết lượt. Hãy giải quyết theo giấy tờ hiện có, hoặc từ chối kèm lý do."
        ) % {"count": regime.supplements_max}
    until = worktime.supplement_by(
        dossier.received_at, calendar=timing.calendar_for(dossier.unit), regime=regime
    )
    if until is not None and at > until:
        return _(
            "Chỉ được yêu cầu bổ sung đến %(until)s, trong %(days)d ngày làm việc từ khi tiếp nhận. Hãy giải quyết theo giấy tờ hiện có, hoặc từ chối kèm lý do."
        ) % {"until": f"{clock.local(until):%H:%M %d/%m/%Y}", "days": regime.supplement_within_days}
    return ""


@action("dossiers.resume", label=_("Nhận bổ sung"))
def resume(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    papers: Sequence[PaperInput] = (),
    note: str = "",
    version: int | None = None,
) -> Dossier:
    """The supplement is in, complete: the clock goes on or starts anew, and whoever asked goes on (nhận bổ sung)."""
    moves.check_version(dossier, version)
    asked = _waiting(dossier)
    at = clock.now()
    asked.answered_at = max(at, asked.asked_at)
    asked.save(update_fields=["answered_at"])
    handed_in.keep_papers(actor, dossier, papers, at)
    due = deadlines.due_at(dossier)
    if due != dossier.due_at:  # what was late is late, and was warned of
        dossier.due_at, dossier.warned = due, 0
    deadlines.plan_warning(dossier, deadlines.counting_since(dossier))
    before = moves.previous_run(dossier)
    step = moves.case_of(dossier).process.step(dossier.step)
    person = moves.available(before.person, before.unit) if before and before.person else None
    moves.enter(dossier, step, actor, at, person=person, unit=before.unit if before else None)
    moves.tell(
        dossier,
        actor,
        "resumed",
        public=True,
        at=at,
        due=dossier.due_at.isoformat() if dossier.due_at else "",
        note=note.strip()[:500],
    )
    slips.receipt(actor, dossier, again=gettext_noop("đã nhận bổ sung"))
    messages.received(dossier)
    notices.supplemented(dossier, actor)
    moves.touch(dossier, at)
    return dossier


def _waiting(dossier: Dossier) -> Supplement:
    asked = dossier.supplements.filter(answered_at__isnull=True).first()
    if dossier.stage != Stage.SUPPLEMENT or asked is None:
        raise Refused(_("Hồ sơ không chờ bổ sung. Hãy tải lại trang để xem tình trạng mới."))
    return asked


@action("dossiers.close", label=_("Kết thúc vì không bổ sung"), signs=True)
def close_unanswered(
    actor: Actor, dossier: Dossier, /, *, reason: str = UNANSWERED, version: int | None = None
) -> Dossier:
    """Close a dossier whose supplement never came: a person confirms the slip that the system prepared."""
    moves.check_version(dossier, version)
    asked = _waiting(dossier)
    at = clock.now()
    if at <= asked.deadline:
        raise Refused(
            _("Người nộp còn thời hạn bổ sung đến %(until)s. Chưa thể kết thúc hồ sơ.")
            % {"until": f"{clock.local(asked.deadline):%H:%M %d/%m/%Y}"}
        )
    reason = moves.check_reason(reason or UNANSWERED)
    asked.answered_at = at
    asked.save(update_fields=["answered_at"])
    charges.cancel_charges(dossier.code)
    moves.end(dossier, Stage.STOPPED, 8, at)
    slips.closing(actor, dossier, reason)
    messages.ended(dossier, reason)
    moves.tell(dossier, actor, "closed_unanswered", public=True, at=at, reason=reason)
    moves.touch(dossier, at)
    return dossier
