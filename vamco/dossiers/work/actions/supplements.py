"""Supplements: asked for once with all faults, answered, reminded, and closed when nobody answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vamco.configuration import values
from vamco.core import clock, worktime
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.inputs import Input, Words
from vamco.core.text import line
from vamco.payments import charges
from vamco.timing import queries as timing

from ...models import Dossier, Stage, Supplement, SupplementItem
from ...papers import slips
from ...papers.slips import UNANSWERED
from ...rules import deadlines, handed_in, inputs, moves, when
from ...rules.application import OTHER, PaperInput
from ...telling import messages, notices

ANSWER_DAYS = 30
"""Working days that the applicant has when the officer sets no other deadline, as long as no administrator says
otherwise (the setting `dossiers.supplement_days`)."""
MOST_DAYS = 120


def _no_supplement(dossier: Dossier) -> Words:
    if why := when.in_no_step(dossier):
        return why
    if not moves.step_of(dossier).may_supplement:
        return _("Bước này không yêu cầu bổ sung. Hãy trả hồ sơ về bước thẩm định trước.")
    return why_no_supplement(dossier, _not_before(dossier))


def _usual_days(dossier: Dossier) -> int:
    return int(values.value("dossiers.supplement_days", dossier.unit))


@action(
    "dossiers.supplement",
    label=_("Yêu cầu bổ sung"),
    when=_no_supplement,
    check=when.held_by_another,
    signs=True,
)
def request_supplement(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    items: inputs.Items,
    reason: inputs.Reason,
    days: Annotated[
        int | None,
        inputs.working_days(_("Hạn bổ sung (ngày làm việc)"), MOST_DAYS, start=_usual_days, example=10),
    ] = None,
    version: inputs.Version = None,
) -> Dossier:
    """Ask the applicant for everything that is missing or wrong, once (yêu cầu bổ sung, hoàn thiện hồ sơ).

    `items` are pairs (what, what is wrong with it). How often and how soon after receipt it may be asked for is the
    regime's rule (Decree 61/2018, articles 15.3 and 19.4). The clock stands until the papers come.
    """
    step, at = moves.step_of(dossier), _not_before(dossier)
    moves.stand_in(dossier, actor)
    wanted = [(line(what)[:500], line(fault)[:500]) for what, fault in items if line(what)]
    if not wanted:
        raise Invalid(_("Hãy nêu ít nhất một giấy tờ hoặc nội dung cần bổ sung."), field="items")
    days = _usual_days(dossier) if days is None else days
    reason = line(reason)
    deadline = deadlines.after_days(at, days, dossier.unit, dossier.regime)
    asked = _store(
        Supplement(dossier=dossier, asked_at=at, asked_by_id=actor.user_id, reason=reason, deadline=deadline),
        wanted,
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


def _store(asked: Supplement, wanted: list[tuple[str, str]]) -> Supplement:
    """The supplement as the next of its dossier, with what is wanted."""
    asked.number = asked.dossier.supplements.count() + 1
    asked.save()
    SupplementItem.objects.bulk_create(
        [SupplementItem(supplement=asked, name=what, fault=fault) for what, fault in wanted]
    )
    return asked


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


def _asked_for(dossier: Dossier) -> list[PaperInput]:
    """What the applicant was asked to bring, one original of each."""
    codes = {paper.name: paper.code for paper in moves.case_of(dossier).papers}
    return [
        PaperInput(codes.get(item.name, OTHER), originals=1, remark=item.name)
        for item in _waiting(dossier).items.all()
    ]


@action("dossiers.resume", label=_("Nhận bổ sung"), when=when.not_waiting)
def resume(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    papers: Annotated[
        Sequence[PaperInput],
        Input(
            _("Giấy tờ"),
            most=inputs.MOST_ROWS,
            names="papers",
            start=_asked_for,
            example=[{"code": "giay_to_cu_tru", "copies": 1}],
        ),
    ] = (),
    note: Annotated[str, Input(_("Ghi chú"), most=500, example="Đã nộp đủ")] = "",
    version: inputs.Version = None,
) -> Dossier:
    """The supplement is in, complete: the clock goes on or starts anew, and whoever asked goes on (nhận bổ sung)."""
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
        note=note,
    )
    slips.receipt(actor, dossier, again=gettext_noop("đã nhận bổ sung"))
    messages.received(dossier)
    notices.supplemented(dossier, actor)
    moves.touch(dossier, at)
    return dossier


def _waiting(dossier: Dossier) -> Supplement:
    asked = dossier.supplements.filter(answered_at__isnull=True).first()
    assert asked is not None
    return asked


def _not_overdue(dossier: Dossier) -> Words:
    if why := when.not_waiting(dossier):
        return why
    asked = _waiting(dossier)
    if clock.now() > asked.deadline:
        return ""
    text = _("Người nộp còn thời hạn bổ sung đến %(until)s. Chưa thể kết thúc hồ sơ.")
    return text % {"until": f"{clock.local(asked.deadline):%H:%M %d/%m/%Y}"}


@action("dossiers.close", label=_("Xác nhận kết thúc vì quá hạn bổ sung"), when=_not_overdue, signs=True)
def close_unanswered(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    reason: Annotated[str, Input(_("Lý do"), most=2000, long=True, example=UNANSWERED)] = UNANSWERED,
    version: inputs.Version = None,
) -> Dossier:
    """Close a dossier whose supplement never came: a person confirms the slip that the system prepared."""
    asked = _waiting(dossier)
    at = clock.now()
    reason = line(reason) or UNANSWERED
    asked.answered_at = at
    asked.save(update_fields=["answered_at"])
    charges.cancel_charges(dossier.code)
    moves.end(dossier, Stage.STOPPED, 8, at)
    slips.closing(actor, dossier, reason)
    messages.ended(dossier, reason)
    moves.tell(dossier, actor, "closed_unanswered", public=True, at=at, reason=reason)
    moves.touch(dossier, at)
    return dossier
