"""Work on a dossier: take, assign, decide a step, consult, send back, take back."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.core.inputs import Input, Words
from vamco.core.models import File
from vamco.core.text import line
from vamco.forms.fields import clean
from vamco.notify import bell
from vamco.organisation.models import User
from vamco.payments import charges
from vamco.procedures.definition import ENDS, Outcome, Step

from ...models import TO_COLLECT, Dossier, DossierPaper, Seen, Stage, StepRun
from ...papers import drafting
from ...rules import choices, handed_in, inputs, moves, when
from ...telling import messages, notices


@action("dossiers.work", label=_("Nhận việc"), when=when.in_no_step, check=when.not_ones_step)
def take(actor: Actor, dossier: Dossier, /) -> Dossier:
    """Take a dossier from the unit's pool (nhận việc). The second of two who try is told who has it."""
    if dossier.holder_id == actor.user_id:
        return dossier
    moves.stand_in(dossier, actor)
    _give(dossier, actor, User.objects.get(pk=actor.known_id), "taken")
    return dossier


def _where_it_is(dossier: Dossier) -> list[int]:
    return [dossier.holder_unit_id]


@action("dossiers.assign", label=_("Chuyển người khác"), at=_where_it_is, when=when.in_no_step)
def assign(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    person: Annotated[int, Input(_("Người nhận"), names="person", suggested=choices.colleagues, example=5)],
    reason: Annotated[str, Input(_("Ghi chú"), most=500, example="Phụ trách địa bàn")] = "",
    version: inputs.Version = None,
) -> Dossier:
    """Give a dossier to a person of the unit that has it (phân công, chuyển người khác)."""
    step = moves.step_of(dossier)
    receiver = User.objects.filter(pk=person, is_active=True).first()
    if receiver is None or not moves.can_hold(receiver, dossier.holder_unit, step):
        raise Invalid(
            _("Người này không làm bước «%(step)s» ở đơn vị đang giữ hồ sơ. Hãy chọn người khác.")
            % {"step": step.name},
            field="person",
        )
    if receiver.pk == dossier.holder_id:
        raise Refused(_("Hồ sơ đã giao cho %(who)s rồi.") % {"who": receiver.full_name})
    _give(dossier, actor, receiver, "assigned", reason=reason)
    return dossier


def _give(dossier: Dossier, actor: Actor, person: User, kind: str, reason: str = "") -> None:
    at = clock.now()
    dossier.holder, dossier.status = person, moves.step_of(dossier).status
    if person.pk == actor.user_id and dossier.lead_id is None:
        dossier.lead = person
    run = moves.open_run(dossier)
    if run is not None:
        run.person, run.sent_by_id = person, actor.user_id
        run.opened_at = at if person.pk == actor.user_id else None
        run.save(update_fields=["person", "sent_by", "opened_at"])
    notices.given(dossier, actor)
    moves.tell(dossier, actor, kind, person=person.full_name, reason=reason)
    moves.touch(dossier, at)


def begin(actor: Actor, dossier: Dossier) -> Step:
    """The step in which something is decided; an unassigned dossier becomes the actor's."""
    step = moves.step_of(dossier)
    moves.stand_in(dossier, actor)
    if dossier.holder_id is None:
        dossier.holder_id = actor.user_id
    if step.role == "specialist" and dossier.lead_id is None:
        dossier.lead_id = dossier.holder_id
    return step


OutcomeKey = Annotated[
    str,
    Input(_("Cách xử lý"), most=60, names="outcome", suggested=choices.outcomes, example="trinh_ky"),
]


@action(
    "dossiers.work",
    label=_("Hoàn tất bước"),
    at=_where_it_is,
    when=when.in_no_step,
    check=when.not_ones_step,
)
def advance(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    outcome: OutcomeKey,
    reason: inputs.Reason = "",
    file: inputs.Attached = None,
    answers: inputs.MaybeAnswers = None,
    reasons: inputs.Reasons = (),
    to_person: inputs.Receiver = None,
    version: inputs.Version = None,
) -> Dossier:
    """Leave the step by one of its ways out (hoàn tất bước): complete, approve, number, refuse, send back.

    `answers` are the fields that officers fill at this step, `reasons` keys of the procedure's reasons for
    refusal, `to_person` the person who is to get it next instead of the rule's choice.
    """
    step = begin(actor, dossier)
    way = _way(step, outcome)
    at = clock.now()
    reason = moves.check_reason(reason) if "reason" in way.needs else line(reason)
    if "file" in way.needs or file is not None:
        _attach(actor, dossier, file, way.name)
    if answers is not None or not way.back:
        # Who refuses need not fill what only the result would say.
        _fill(dossier, step, answers or {}, required=not way.back and way.does != "refuse")
    _do(actor, dossier, way, reasons, reason)
    moves.leave(dossier, actor, at, outcome=way.key, name=way.name, reason=reason)
    _go(actor, dossier, way, to_person, at)
    notices.sent(dossier, actor, back=way.back)
    moves.tell(
        dossier,
        actor,
        "sent_back" if way.back else "step_done",
        at=at,
        step=step.name,
        outcome=way.name,
        reason=reason,
    )
    moves.touch(dossier, at)
    if dossier.stage in TO_COLLECT:
        messages.decided(dossier)
    elif not way.back:
        messages.reached(dossier, actor, at)
    return dossier


def _way(step: Step, outcome: str) -> Outcome:
    try:
        return step.outcome(outcome)
    except KeyError:
        choices = "; ".join(f"{one.key} ({one.name})" for one in step.outcomes)
        raise Invalid(
            _("Bước này không có cách xử lý đó. Hãy chọn một trong: %(choices)s.") % {"choices": choices},
            field="outcome",
        ) from None


def _attach(actor: Actor, dossier: Dossier, file: File | None, name: str) -> None:
    own = handed_in.own_file(actor, file.pk if file else None)
    if own is None:
        raise Invalid(_("Hãy đính kèm tệp theo yêu cầu của bước này."), field="file")
    paper = DossierPaper.objects.create(
        dossier=dossier,
        code=f"step:{dossier.step}"[:60],
        name=name,
        originals=1,
        verdict="ok",
        file=own,
        added_at=clock.now(),
    )
    moves.record(dossier, papers=handed_in.digest_of([paper]))


def _fill(dossier: Dossier, step: Step, answers: Mapping[str, Any], *, required: bool) -> None:
    fields = moves.case_of(dossier).step_fields(step.key)
    if not fields:
        return
    given = {
        **{key: value for key, value in dossier.answers.items() if any(one.key == key for one in fields)},
        **answers,
    }
    cleaned = clean(fields, given, known=dossier.answers, today=clock.today(), draft=not required)
    if not cleaned.ok:
        raise Invalid(
            _("Có mục chưa đúng; hãy sửa rồi gửi lại."),
            fields={f"answers.{key}": text for key, text in cleaned.errors.items()},
        )
    kept = {key: value for key, value in dossier.answers.items() if all(one.key != key for one in fields)}
    dossier.answers = {**kept, **cleaned.values}
    moves.record(dossier, answers=moves.digest(dossier.answers))


def _do(actor: Actor, dossier: Dossier, way: Outcome, reasons: tuple[str, ...], reason: str) -> None:
    """What a way out does beside moving: draft, approve, number, refuse."""
    if way.does == "draft":
        drafting.draft_result(actor, dossier)
    elif way.does == "refuse":
        drafting.draft_refusal(actor, dossier, reasons, reason)
    elif way.does == "approve":
        drafting.approve(actor, dossier)
    elif way.does == "number":
        drafting.number(actor, dossier)
    if "result" in way.needs and drafting.current(dossier) is None:
        raise Refused(_("Chưa có dự thảo kết quả. Hãy soạn dự thảo trước khi trình."))


def _go(actor: Actor, dossier: Dossier, way: Outcome, to_person: int | None, at: Any) -> None:
    if way.to in ENDS:
        drafting.on_arrival(actor, dossier)
    if way.to == "ready":
        moves.to_counter(dossier, Stage.READY, at)
    elif way.to == "refused_ready":
        charges.cancel_charges(dossier.code)
        moves.to_counter(dossier, Stage.REFUSED_READY, at)
    else:
        step = moves.case_of(dossier).process.step(way.to)
        person = None
        if to_person is not None:
            person = User.objects.filter(pk=to_person, is_active=True).first()
            if person is None or not moves.can_hold(person, moves.unit_for(dossier, step), step):
                raise Invalid(
                    _("Người này không làm bước «%(step)s». Hãy chọn người khác.") % {"step": step.name},
                    field="to_person",
                )
        moves.enter(dossier, step, actor, at, outcome=way, person=person, back=way.back)


def _nothing_to_fill(dossier: Dossier) -> Words:
    if why := when.in_no_step(dossier):
        return why
    filled = moves.case_of(dossier).step_fields(dossier.step)
    return "" if filled else _("Bước này không có mục nào để lưu dự thảo. Hãy xử lý bước.")


@action(
    "dossiers.work",
    label=_("Lưu dự thảo"),
    at=_where_it_is,
    when=_nothing_to_fill,
    check=when.not_ones_step,
)
def draft(
    actor: Actor, dossier: Dossier, /, *, answers: inputs.Answers, version: inputs.Version = None
) -> Dossier:
    """Save the step's fields and the draft of the result without leaving the step (lưu dự thảo)."""
    step = begin(actor, dossier)
    _fill(dossier, step, answers, required=False)
    moves.touch(dossier)
    return dossier


@action(
    "dossiers.work",
    label=_("Trả về bước trước"),
    at=_where_it_is,
    when=when.in_no_step,
    check=when.not_ones_step,
)
def send_back(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    run: Annotated[int, Input(_("Về bước"), names="run", suggested=choices.earlier_stays, example=9)],
    reason: inputs.Reason,
    version: inputs.Version = None,
) -> Dossier:
    """Return to an earlier step with a reason: it goes to the person who had it, or the stand-in (trả về bước trước)."""
    begin(actor, dossier)
    reason = line(reason)
    earlier = dossier.runs.filter(pk=run, left_at__isnull=False).select_related("unit", "person").first()
    if earlier is None or earlier.step == dossier.step:
        raise Invalid(_("Hãy chọn một bước đã qua của hồ sơ này."), field="run")
    at = clock.now()
    from_step = moves.step_of(dossier).name
    moves.leave(
        dossier, actor, at, outcome="send_back", name=gettext_noop("Trả về bước trước"), reason=reason
    )
    person = moves.available(earlier.person, earlier.unit) if earlier.person else None
    moves.enter(
        dossier,
        moves.case_of(dossier).process.step(earlier.step),
        actor,
        at,
        person=person,
        unit=earlier.unit,
        back=True,
    )
    notices.sent(dossier, actor, back=True)
    moves.tell(dossier, actor, "sent_back", at=at, step=from_step, outcome=earlier.name, reason=reason)
    moves.touch(dossier, at)
    return dossier


def _not_ones_to_take_back(actor: Actor, dossier: Dossier) -> None:
    if dossier.stage == Stage.SUPPLEMENT:
        raise Refused(
            _(
                "Yêu cầu bổ sung đã gửi cho người nộp nên không lấy lại được. Nếu yêu cầu nhầm, bộ phận một cửa bấm «Nhận bổ sung», ghi rõ lý do ở ghi chú; hồ sơ về lại người thẩm định."
            )
        )
    moves.step_of(dossier)
    run, before = moves.open_run(dossier), moves.previous_run(dossier)
    mine = (actor.user_id, *actor.stands_in_for)
    if run is None or before is None or run.sent_by_id != actor.user_id or before.person_id not in mine:
        raise Refused(_("Chỉ người vừa chuyển hồ sơ mới lấy lại được."))
    if run.opened_at is not None:
        raise Refused(
            _("%(who)s đã mở hồ sơ nên không lấy lại được. Hãy gọi cho người nhận để được trả lại.")
            % {"who": run.person.full_name if run.person else run.unit.name}
        )


@action(
    "dossiers.take_back",
    label=_("Lấy lại"),
    at=lambda dossier: {
        dossier.unit_id,
        dossier.holder_unit_id,
        *dossier.runs.values_list("unit_id", flat=True),
    },
    check=_not_ones_to_take_back,
)
def take_back(actor: Actor, dossier: Dossier, /) -> Dossier:
    """Take back what I just sent, until the receiver has opened it (lấy lại).

    A request for a supplement is none of these: its message is on its way to the applicant and the clock stands.
    """
    before = moves.previous_run(dossier)
    assert before is not None
    at = clock.now()
    moves.leave(dossier, actor, at, outcome="taken_back", name=gettext_noop("Người gửi lấy lại"))
    moves.enter(
        dossier,
        moves.case_of(dossier).process.step(before.step),
        actor,
        at,
        person=before.person,
        unit=before.unit,
        back=True,
    )
    drafting.reopen(actor, dossier)
    moves.tell(dossier, actor, "taken_back", at=at, step=before.name)
    moves.touch(dossier, at)
    return dossier


def opened(actor: Actor, dossier: Dossier) -> None:
    """The holder looks at the dossier: from now on it can't be taken back. Not an action of its own: nothing of the
    dossier changes, and reading must not wait for a lock."""
    if actor.user_id is not None:
        StepRun.objects.filter(
            dossier=dossier,
            left_at__isnull=True,
            opened_at__isnull=True,
            person_id__in=[actor.user_id, *actor.stands_in_for],
        ).update(opened_at=clock.now())


def seen(actor: Actor, dossier: Dossier, version: int | None = None) -> None:
    """The person has this version before them, or with none given the newest, and so what the bell told them of it. No
    action either, for the same reasons."""
    if actor.user_id is not None:
        if version is None:
            bell.read_about(actor, dossier.code)
        version = dossier.version if version is None else min(version, dossier.version)
        Seen.objects.bulk_create(
            [Seen(user_id=actor.user_id, dossier=dossier, version=version, at=clock.now())],
            update_conflicts=True,
            unique_fields=["user", "dossier"],
            update_fields=["version", "at"],
        )
