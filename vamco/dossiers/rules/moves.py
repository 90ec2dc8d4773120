"""How a dossier moves between steps, units and people. Plain functions, called inside actions only."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils.translation import gettext as _

from vamco.core import clock, text
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused, Stale
from vamco.core.rows import insert
from vamco.notify import bell
from vamco.organisation.access import granted_at
from vamco.organisation.models import Holding, Level, Unit, User
from vamco.organisation.validity import held_on, open_on
from vamco.parties import actions as parties
from vamco.procedures.definition import Case, Definition, Outcome, Step, definition

from ..models import Dossier, DossierUnit, Event, Stage, StepRun
from . import deadlines


def definition_of(dossier: Dossier) -> Definition:
    """The version under which the dossier was received."""
    return definition(dossier.procedure_version_id)


def case_of(dossier: Dossier) -> Case:
    """The case of the procedure that the dossier is."""
    return definition_of(dossier).case(dossier.case_key)


def step_of(dossier: Dossier) -> Step:
    """The step it stands in. Raises `Refused` when it stands in none."""
    if dossier.stage != Stage.PROCESSING:
        raise Refused(
            _(
                "Hồ sơ %(code)s hiện %(stage)s nên không làm được việc này. Hãy tải lại trang để xem tình trạng mới."
            )
            % {"code": dossier.code, "stage": dossier.get_stage_display()}
        )
    return case_of(dossier).process.step(dossier.step)


def check_version(dossier: Dossier, version: int | None) -> None:
    """Refuse a form that was opened before somebody else changed the dossier. Raises `Stale`."""
    if version is not None and version != dossier.version:
        last = dossier.events.select_related("actor").last()
        who = last.actor.full_name if last and last.actor else _("người khác")
        raise Stale(
            _(
                "Hồ sơ vừa được %(who)s thay đổi trong khi ông/bà đang mở. Nội dung ông/bà nhập vẫn còn; hãy xem lại rồi gửi lại."
            )
            % {"who": who}
        )


def touch(dossier: Dossier, at: datetime | None = None) -> None:
    """Count one more change and save everything that the action set."""
    dossier.changed_at = at or clock.now()
    dossier.version += 1
    dossier.save()


def tell(
    dossier: Dossier,
    actor: Actor,
    kind: str,
    *,
    public: bool = False,
    at: datetime | None = None,
    unit_id: int | None = None,
    **data: object,
) -> Event:
    """Add one line to the timeline; of a stand-in's work it says for whom it was done. The action's ledger entry gets a
    digest of what it says."""
    if dossier.on_behalf_of is not None:
        data["on_behalf_of"] = dossier.on_behalf_of.full_name
    record(dossier, told={**(dossier.audit_extra or {}).get("told", {}), kind: digest(data)})
    event = Event(
        dossier=dossier,
        at=at or clock.now(),
        actor_id=actor.user_id,
        unit_id=unit_id or dossier.holder_unit_id,
        kind=kind,
        data=data,
        public=public,
    )
    return insert(event)


def record(dossier: Dossier, **facts: object) -> None:
    """Put into the action's ledger entry what the dossier's row does not tell: ways and steps by their keys, contents
    as digests only."""
    dossier.audit_extra = {**(dossier.audit_extra or {}), **facts}


def digest(content: object) -> str:
    """What proves a content later without giving it away, "" for none. Keyed: a bare hash of an answer or a name could
    be guessed."""
    if not content:
        return ""
    text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    key = f"vamco ledger {settings.SECRET_KEY}".encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


# Units -----------------------------------------------------------------------------------------------------


def unit_for(dossier: Dossier, step: Step) -> Unit:
    """The unit in which a step is done, by the step's rule. Raises `Refused` when the province has no such unit."""
    rule, _sep, key = step.unit_rule.partition(":")
    unit = dossier.unit
    if rule == "receiving":
        return unit
    if rule == "same":
        return dossier.holder_unit
    if rule == "deciding":
        return _deciding(unit)
    if rule == "parent":
        return dossier.holder_unit.parent or dossier.holder_unit
    found = None
    if rule == "room":
        found = Unit.objects.filter(
            open_on(clock.today()), parent_id__in=unit.path, key=key, level=Level.ROOM
        ).first()
    elif rule == "dept":
        found = Unit.objects.filter(open_on(clock.today()), key=key, level=Level.DEPARTMENT).first()
    if found is None:
        raise Refused(
            _(
                "Quy trình giao bước «%(step)s» cho một đơn vị chưa có trong danh mục (%(rule)s). Hãy báo người quản trị."
            )
            % {"step": step.name, "rule": step.unit_rule}
        )
    return found


def _deciding(unit: Unit) -> Unit:
    """The People's Committee that decides what was received at the unit; for the centre, the province's."""
    return unit.parent if unit.level == Level.CENTRE and unit.parent else unit


def involve(dossier: Dossier, unit_id: int, part: str, at: datetime) -> None:
    """Let a unit's people read the dossier, and count it once for the unit."""
    _row, made = DossierUnit.objects.get_or_create(
        dossier=dossier, unit_id=unit_id, part=part, defaults={"since": at}
    )
    if made:
        if not dossier.sensitive:
            for row in dossier.parties.select_related("party"):
                parties.known_at(row.party, unit_id)
        dossier.search = search_value(dossier, [*dossier.units.values_list("unit_id", flat=True), unit_id])


def search_value(dossier: Dossier, unit_ids: list[int]) -> str:
    """The words by which the dossier is found, in the scope of each unit and without one."""
    return found_by(dossier.applicant_name, dossier.code, dossier.summary, unit_ids)


def found_by(applicant: str, code: str, summary: str, unit_ids: list[int]) -> str:
    """The same from what a dossier says, for where there is no object of it."""
    scopes = ["", *(f"u{unit_id}" for unit_id in sorted(set(unit_ids)))]
    return text.vector(f"{applicant} {code} {summary}", scopes)


# People ----------------------------------------------------------------------------------------------------


def person_for(
    dossier: Dossier, outcome: Outcome | None, step: Step, unit: Unit, actor: Actor
) -> User | None:
    """Who gets the dossier next by the outcome's rule; None is the unit's pool, also where the rule's person may not do
    the step."""
    rule, _sep, key = (outcome.who if outcome else "pool").partition(":")
    person: User | None = None
    if rule == "last_handler":
        last = dossier.runs.filter(step=step.key, person__isnull=False).select_related("person").last()
        person = last.person if last else None
    elif rule == "lead":
        person = dossier.lead
    elif rule == "same" and actor.user_id:
        person = dossier.on_behalf_of or User.objects.filter(pk=actor.user_id).first()
    elif rule == "post":
        holders = Holding.objects.filter(
            held_on(clock.today()), post__unit=unit, post__key=key
        ).select_related("user")[:2]
        person = holders[0].user if len(holders) == 1 else None
    if person is None or (rule != "last_handler" and not can_hold(person, unit, step)):
        return None
    return available(person, unit)


def can_hold(person: User, unit: Unit, step: Step) -> bool:
    """Whether a post that the person holds has the step's role at the unit."""
    return person.holdings.filter(
        held_on(clock.today()), granted_at([unit], "post__grants__"), post__grants__role=step.role
    ).exists()


def available(person: User, unit: Unit) -> User | None:
    """The person, when still active in a post of the unit or above; else nobody: the unit's pool.

    For whoever is away a stand-in finds and does this person's work under the delegation; for whoever has left the post
    a stand-in has no rights either.
    """
    held = person.holdings.filter(held_on(clock.today()), post__unit_id__in=unit.path)
    return person if person.is_active and held.exists() else None


def stand_in(dossier: Dossier, actor: Actor) -> None:
    """Record for whom a stand-in does what is done with the dossier in this action: for the one who has it."""
    if dossier.holder_id in set(actor.stands_in_for) - {actor.user_id}:
        dossier.on_behalf_of = dossier.holder
        record(dossier, on_behalf_of=dossier.holder_id)


def check_reason(reason: str, field: str = "reason") -> str:
    """A reason that somebody else can understand. Raises `Invalid` without one."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_("Hãy ghi lý do."), field=field)
    if len(reason) > 2000:
        raise Invalid(_("Lý do dài quá 2.000 ký tự. Hãy rút gọn."), field=field)
    return reason


# Moving ----------------------------------------------------------------------------------------------------


def place(
    dossier: Dossier,
    step: Step,
    actor: Actor,
    at: datetime,
    *,
    outcome: Outcome | None = None,
    person: User | None = None,
    unit: Unit | None = None,
) -> None:
    """Set where the dossier is and who has it; nothing is written."""
    unit = unit or unit_for(dossier, step)
    person = person or person_for(dossier, outcome, step, unit, actor)
    dossier.stage, dossier.step, dossier.status = Stage.PROCESSING, step.key, step.status
    dossier.holder_unit, dossier.holder = unit, person
    dossier.step_due_at = step_due(dossier, step, unit, at)


def step_due(dossier: Dossier, step: Step, unit: Unit, at: datetime) -> datetime:
    """When a step that is entered at a moment is due: after its office hours, no later than the dossier."""
    due = deadlines.after_hours(at, step.hours, unit)
    return min(due, dossier.due_at) if dossier.due_at else due


def enter(
    dossier: Dossier,
    step: Step,
    actor: Actor,
    at: datetime,
    *,
    outcome: Outcome | None = None,
    person: User | None = None,
    unit: Unit | None = None,
    back: bool = False,
) -> StepRun:
    """Put the dossier into a step: its unit, its person, its own due time. The caller saves the dossier."""
    place(dossier, step, actor, at, outcome=outcome, person=person, unit=unit)
    involve(dossier, dossier.holder_unit_id, "handled", at)
    return begin_run(dossier, step, actor, at, back=back)


def begin_run(dossier: Dossier, step: Step, actor: Actor, at: datetime, *, back: bool = False) -> StepRun:
    """Write down that the dossier's stay in a step begins."""
    run = StepRun(
        dossier=dossier,
        step=step.key,
        name=step.name,
        unit_id=dossier.holder_unit_id,
        person_id=dossier.holder_id,
        sent_by_id=actor.user_id,
        entered_at=at,
        due_at=dossier.step_due_at,
        back=back,
    )
    return insert(run)


def remember(dossier: Dossier, name: str, rows: Iterable[Model]) -> None:
    """Let a new dossier know its related rows, so that nobody asks the database for what was just written."""
    known = getattr(dossier, name).all()
    known._result_cache = list(rows)
    dossier.__dict__.setdefault("_prefetched_objects_cache", {})[name] = known


def leave(
    dossier: Dossier, actor: Actor, at: datetime, *, outcome: str, name: str, reason: str = ""
) -> StepRun | None:
    """Close the dossier's stay in its step and count the time that it took. What the bell told the actor of it is read."""
    bell.read_about(actor, dossier.code)
    run = dossier.runs.filter(left_at__isnull=True).select_related("unit").first()
    if run is None:
        return None
    run.left_at = max(at, run.entered_at)
    run.outcome, run.outcome_name, run.reason = outcome, name, reason
    # What a stand-in did comes back, if it does, to the one for whom it was done.
    run.person_id = dossier.on_behalf_of.pk if dossier.on_behalf_of else actor.user_id or run.person_id
    run.opened_at = run.opened_at or run.left_at
    run.minutes = deadlines.used_minutes(run.entered_at, run.left_at, run.unit)
    run.save()
    record(dossier, left={"step": run.step, "outcome": outcome, "reason": digest(reason)})
    return run


def to_counter(dossier: Dossier, stage: Stage, at: datetime) -> None:
    """Bring the decided dossier back to the one-stop unit, ready to be handed over."""
    dossier.stage, dossier.step, dossier.status = stage, "", 9
    dossier.holder_unit, dossier.holder = dossier.unit, None
    dossier.step_due_at = None
    dossier.ready_at = max(at, dossier.received_at)


def end(dossier: Dossier, stage: Stage, status: int, at: datetime) -> None:
    """Close the dossier."""
    dossier.stage, dossier.step, dossier.status = stage, "", status
    dossier.holder_unit, dossier.holder = dossier.unit, None
    dossier.step_due_at = None
    dossier.ended_at = max(at, dossier.ready_at or dossier.received_at)


def open_run(dossier: Dossier) -> StepRun | None:
    """The stay that is not over yet."""
    return dossier.runs.filter(left_at__isnull=True).first()


def previous_run(dossier: Dossier) -> StepRun | None:
    """The last stay that is over."""
    return dossier.runs.filter(left_at__isnull=False).select_related("person", "unit").last()
