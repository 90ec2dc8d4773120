"""Work on a dossier: take, assign, decide a step, consult, send back, take back."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotAllowed, Refused
from vamco.forms.fields import clean
from vamco.notify import bell
from vamco.organisation import mentions
from vamco.organisation.models import Unit, User
from vamco.organisation.validity import open_on
from vamco.payments import charges
from vamco.procedures.definition import ENDS, Outcome, Step

from ... import queries
from ...models import TO_COLLECT, Consultation, Dossier, DossierPaper, Note, Seen, Stage, StepRun
from ...papers import drafting
from ...rules import deadlines, handed_in, moves
from ...telling import messages, notices


@action("dossiers.work", label=_("Nhận việc"))
def take(actor: Actor, dossier: Dossier, /) -> Dossier:
    """Take a dossier from the unit's pool (nhận việc). The second of two who try is told who has it."""
    step = moves.step_of(dossier)
    _check_step_role(actor, dossier, step)
    if dossier.holder_id == actor.user_id:
        return dossier
    moves.check_holder(dossier, actor)
    _give(dossier, actor, User.objects.get(pk=actor.known_id), "taken")
    return dossier


@action("dossiers.assign", label=_("Phân công xử lý"), at=lambda dossier: [dossier.holder_unit_id])
def assign(
    actor: Actor, dossier: Dossier, /, *, person: int, reason: str = "", version: int | None = None
) -> Dossier:
    """Give a dossier to a person of the unit that has it (phân công, chuyển người khác)."""
    moves.check_version(dossier, version)
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
    _give(dossier, actor, receiver, "assigned", reason=" ".join(reason.split())[:500])
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


def _check_step_role(actor: Actor, dossier: Dossier, step: Step) -> None:
    """Refuse an actor whose posts do not include the step's role at the unit that has the dossier."""
    if not actor.may_at(f"step.{step.role}", [dossier.holder_unit_id]):
        raise NotAllowed(
            _("Bước «%(step)s» do người khác phụ trách. Ông/bà xem được hồ sơ nhưng không xử lý bước này.")
            % {"step": step.name}
        )


def _open(actor: Actor, dossier: Dossier, version: int | None) -> Step:
    """The checks that stand before every decision in a step; an unassigned dossier becomes the actor's."""
    moves.check_version(dossier, version)
    step = moves.step_of(dossier)
    _check_step_role(actor, dossier, step)
    moves.check_holder(dossier, actor)
    if dossier.holder_id is None:
        dossier.holder_id = actor.user_id
    if step.role == "specialist" and dossier.lead_id is None:
        dossier.lead_id = dossier.holder_id
    return step


@action("dossiers.work", label=_("Hoàn tất bước"), at=lambda dossier: [dossier.holder_unit_id])
def advance(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    outcome: str,
    reason: str = "",
    file: int | None = None,
    answers: Mapping[str, Any] | None = None,
    reasons: tuple[str, ...] = (),
    to_person: int | None = None,
    version: int | None = None,
) -> Dossier:
    """Leave the step by one of its ways out (hoàn tất bước): complete, approve, number, refuse, send back.

    `answers` are the fields that officers fill at this step, `reasons` keys of the procedure's reasons for
    refusal, `to_person` the person who is to get it next instead of the rule's choice.
    """
    step = _open(actor, dossier, version)
    way = _way(step, outcome)
    at = clock.now()
    reason = moves.check_reason(reason) if "reason" in way.needs else " ".join(reason.split())[:2000]
    if "file" in way.needs or file is not None:
        _attach(actor, dossier, file, way.name, required="file" in way.needs)
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


def _attach(actor: Actor, dossier: Dossier, file: int | None, name: str, *, required: bool) -> None:
    found = handed_in.own_file(actor, file)
    if found is None:
        if required:
            raise Invalid(_("Hãy đính kèm tệp theo yêu cầu của bước này."), field="file")
        return
    paper = DossierPaper.objects.create(
        dossier=dossier,
        code=f"step:{dossier.step}"[:60],
        name=name,
        originals=1,
        verdict="ok",
        file=found,
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


@action("dossiers.work", label=_("Lưu dự thảo"), at=lambda dossier: [dossier.holder_unit_id])
def draft(
    actor: Actor, dossier: Dossier, /, *, answers: Mapping[str, Any], version: int | None = None
) -> Dossier:
    """Save the step's fields and the draft of the result without leaving the step (lưu dự thảo)."""
    step = _open(actor, dossier, version)
    _fill(dossier, step, answers, required=False)
    moves.touch(dossier)
    return dossier


@action("dossiers.work", label=_("Trả lại bước trước"), at=lambda dossier: [dossier.holder_unit_id])
def send_back(
    actor: Actor, dossier: Dossier, /, *, run: int, reason: str, version: int | None = None
) -> Dossier:
    """Return to an earlier step with a reason: it goes to the person who had it, or the stand-in (trả về bước trước)."""
    _open(actor, dossier, version)
    reason = moves.check_reason(reason)
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


@action(
    "dossiers.take_back",
    label=_("Lấy lại việc vừa chuyển"),
    at=lambda dossier: {
        dossier.unit_id,
        dossier.holder_unit_id,
        *dossier.runs.values_list("unit_id", flat=True),
    },
)
def take_back(actor: Actor, dossier: Dossier, /) -> Dossier:
    """Take back what I just sent, until the receiver has opened it (lấy lại).

    A request for a supplement is none of these: its message is on its way to the applicant and the clock stands.
    """
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


# Consulting ------------------------------------------------------------------------------------------------


@action("dossiers.consult", label=_("Lấy ý kiến đơn vị khác"), at=lambda dossier: [dossier.holder_unit_id])
def consult(
    actor: Actor, dossier: Dossier, /, *, unit: str, question: str, days: int = 3, version: int | None = None
) -> Dossier:
    """Ask another unit for its opinion within some working days (lấy ý kiến). The dossier's clock goes on."""
    step = _open(actor, dossier, version)
    if not step.may_consult:
        raise Refused(_("Bước này không lấy ý kiến đơn vị khác."))
    asked = Unit.objects.filter(open_on(clock.today()), code=unit).first()
    if asked is None or asked.pk == dossier.holder_unit_id:
        raise Invalid(_("Hãy chọn một đơn vị khác để lấy ý kiến."), field="unit")
    question = moves.check_reason(question, "question")
    if not 1 <= days <= 60:
        raise Invalid(_("Thời hạn trả lời từ 1 đến 60 ngày làm việc."), field="days")
    at = clock.now()
    due = deadlines.after_days(at, days, asked, dossier.regime)
    Consultation.objects.create(
        dossier=dossier, unit=asked, question=question, asked_at=at, asked_by_id=actor.user_id, due_at=due
    )
    moves.involve(dossier, asked.pk, "consulted", at)
    moves.tell(dossier, actor, "consulted", at=at, unit=asked.agency, question=question, due=due.isoformat())
    moves.touch(dossier, at)
    return dossier


@action("dossiers.answer", label=_("Trả lời ý kiến"))
def answer(
    actor: Actor, consultation: Consultation, /, *, text: str, file: int | None = None
) -> Consultation:
    """Give the opinion that was asked for (trả lời ý kiến)."""
    if consultation.answered_at is not None:
        raise Refused(
            _("Ý kiến này đã được trả lời lúc %(at)s.")
            % {"at": f"{clock.local(consultation.answered_at):%H:%M %d/%m/%Y}"}
        )
    consultation.answer = moves.check_reason(text, "text")
    consultation.answered_at, consultation.answered_by_id = clock.now(), actor.user_id
    consultation.file = handed_in.own_file(actor, file)
    consultation.save()
    dossier = Dossier.objects.select_for_update().get(pk=consultation.dossier_id)
    moves.tell(
        dossier,
        actor,
        "consultation_answered",
        unit_id=consultation.unit_id,
        unit=consultation.unit.agency,
        answer=consultation.answer,
    )
    moves.touch(dossier)
    return consultation


# Notes -----------------------------------------------------------------------------------------------------


@action(
    "dossiers.note",
    label=_("Ghi chú nội bộ"),
    at=lambda dossier: set(dossier.units.values_list("unit_id", flat=True)),
)
def note(actor: Actor, dossier: Dossier, /, *, text: str) -> Dossier:
    """Write an internal note; «@username» or «@Full Name» tells that person (ghi chú nội bộ). Raises `Invalid` for a name
    that nobody has who may see the dossier: the note would reach them by mail."""
    text = text.strip()[:4000]
    if not text:
        raise Invalid(_("Hãy viết nội dung ghi chú."), field="text")
    mentioned = mentions.mentioned(text, lambda reader: _may_see(reader, dossier))
    written = Note.objects.create(dossier=dossier, author_id=actor.user_id, at=clock.now(), text=text)
    written.mentions.set(mentioned)
    for person in mentioned:
        notices.mentioned(dossier, person, actor)
    moves.tell(dossier, actor, "note", text=text)
    moves.touch(dossier)
    return dossier


def _may_see(reader: Actor, dossier: Dossier) -> bool:
    return queries.visible(reader).filter(pk=dossier.pk).exists()
