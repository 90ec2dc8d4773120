"""The progress of a dossier as its page shows it: steps done and the time they took, the current one, those to come."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vamco.core import clock
from vamco.core.errors import Refused
from vamco.core.rooms import role_names
from vamco.organisation.models import Unit
from vamco.procedures.definition import Step
from vamco.procedures.wording import said, usual_path
from vamco.web import words

from .. import timeline
from ..models import OPEN, TO_COLLECT, Dossier, Stage, StepRun, Supplement
from ..rules import deadlines, moves

INTAKE = ("received", "forwarded", "imported")
"""Kinds of events with which a dossier comes in."""


@dataclass
class Line:
    """One step of the process. `state`: done, now, todo; `used` and `allowed` in words; `when` the time it began, or is
    expected to end; `events` what happened during it, the newest first."""

    label: str
    who: str
    state: str
    used: str = ""
    allowed: str = ""
    late: bool = False
    when: str = ""
    events: list[timeline.Line] = field(default_factory=list)


@dataclass(frozen=True)
class Progress:
    """All steps. `used` and `limit` are office minutes; `parts` pairs (allowed, used) of each step, for the bar."""

    lines: list[Line]
    used: int
    limit: str
    parts: list[tuple[int, int]]
    since: datetime


def progress(dossier: Dossier, events: list[timeline.Line]) -> Progress:
    """The steps of a dossier; `events` is its timeline, which the page reads once."""
    now = clock.now()
    runs = list(dossier.runs.select_related("unit", "person"))
    steps = {step.key: step for step in moves.case_of(dossier).process.steps}
    allowed = {key: step.hours * 60 for key, step in steps.items()}
    spent = [_spent(run, now) for run in runs]
    by_run = _by_run(runs, events)
    lines = [_received(dossier, events)]
    for run, minutes, during in zip(runs, spent, by_run, strict=True):
        lines.append(_run_line(run, steps.get(run.step), minutes, during))
    left = runs[-1].left_at if runs else None
    lines += _standing(dossier, [line for line in events if left and line.at > left])
    path = _coming(dossier)
    lines += _expected(dossier, path, runs, now)
    return Progress(
        lines,
        sum(spent),
        _limit(dossier),
        _parts(dossier, runs, spent, allowed, path),
        runs[-1].entered_at if runs else dossier.received_at,
    )


def _limit(dossier: Dossier) -> str:
    if dossier.limit_unit == "at_once":
        return _("trong ngày")
    minutes = dossier.limit_amount * (60 if dossier.limit_unit == "working_hour" else 8 * 60)
    return words.working_time(minutes)


def _spent(run: StepRun, now: datetime) -> int:
    if run.minutes is not None:
        return run.minutes
    return deadlines.used_minutes(run.entered_at, max(run.left_at or now, run.entered_at), run.unit)


def _by_run(runs: list[StepRun], events: list[timeline.Line]) -> list[list[timeline.Line]]:
    """The events of each stay: those until it was left; intake has a line of its own."""
    by_run: list[list[timeline.Line]] = [[] for _run in runs]
    for event in events:
        if event.kind in INTAKE:
            continue
        for run, during in zip(runs, by_run, strict=True):
            if run.left_at is None or event.at <= run.left_at:
                during.append(event)
                break
    return by_run


def short(when: datetime) -> str:
    """A moment in a narrow column: "05/12 07:40"."""
    return f"{words.short_day(when)} {words.hour(when)}"


def _received(dossier: Dossier, events: list[timeline.Line]) -> Line:
    first = next((event for event in reversed(events) if event.kind in INTAKE), None)
    who = ", ".join(filter(None, (first.actor if first else "", dossier.unit.agency)))
    return Line(_("Tiếp nhận"), who, "done", when=short(dossier.received_at))


def _run_line(run: StepRun, step: Step | None, minutes: int, events: list[timeline.Line]) -> Line:
    person = run.person.full_name if run.person else _("chưa giao")
    return Line(
        (said(step) if step else run.name) + (f" ({_('làm lại')})" if run.back else ""),
        f"{person}, {run.unit.agency}",
        "now" if run.left_at is None else "done",
        used=words.working_time(minutes) if minutes else "",
        allowed=words.working_time(step.hours * 60) if step and step.hours else "",
        late=bool(run.due_at and (run.left_at or clock.now()) > run.due_at),
        when=short(run.entered_at),
        events=events,
    )


def _standing(dossier: Dossier, events: list[timeline.Line]) -> list[Line]:
    """Where a dossier stands that stands in no step."""
    if dossier.stage == Stage.SUPPLEMENT:
        asked: Supplement | None = dossier.supplements.filter(answered_at__isnull=True).first()
        until = _("hạn %(day)s") % {"day": words.due(asked.deadline)} if asked else ""
        return [Line(_("Chờ công dân bổ sung"), until, "now", when=short(dossier.changed_at), events=events)]
    if dossier.stage in TO_COLLECT:
        at = short(dossier.ready_at or dossier.changed_at)
        return [Line(_("Chờ trả kết quả"), dossier.unit.agency, "now", when=at, events=events)]
    if dossier.ended_at is not None:
        label = dossier.get_stage_display()
        label = label[:1].upper() + label[1:]
        return [Line(label, dossier.unit.agency, "done", when=short(dossier.ended_at), events=events)]
    return []


def _coming(dossier: Dossier) -> list[Step]:
    """The steps that follow on the usual path."""
    if dossier.stage not in OPEN:
        return []
    process = moves.case_of(dossier).process
    path = usual_path(process)
    keys = [step.key for step in path]
    if dossier.step in keys:
        return path[keys.index(dossier.step) + 1 :]
    here = next((step for step in process.steps if step.key == dossier.step), None)
    following = here.outcomes[0].to if here and here.outcomes else ""
    return path[keys.index(following) :] if following in keys else []


def _expected(dossier: Dossier, path: list[Step], runs: list[StepRun], now: datetime) -> list[Line]:
    """What is to come, each with the time at which it should be over."""
    if dossier.stage not in OPEN:
        return []
    paused = dossier.stage == Stage.SUPPLEMENT
    at = max(now, (runs[-1].due_at if runs and not paused else None) or now)
    lines = []
    for step in path:
        at = deadlines.after_hours(at, step.hours, dossier.unit)
        at = min(at, dossier.due_at) if dossier.due_at and dossier.due_at > now else at
        lines.append(
            Line(
                said(step),
                ", ".join(filter(None, (str(role_names()[step.role]), _unit_name(dossier, step)))),
                "todo",
                allowed=words.working_time(step.hours * 60),
                when="" if paused else _("tới %(day)s") % {"day": words.short_day(at)},
            )
        )
    due = "" if not dossier.due_at else _("hẹn %(day)s") % {"day": words.short_day(dossier.due_at)}
    lines.append(Line(pgettext("station", "Trả kết quả"), dossier.unit.agency, "todo", when=due))
    return lines


def _unit_name(dossier: Dossier, step: Step) -> str:
    try:
        unit: Unit = moves.unit_for(dossier, step)
    except Refused:
        return ""
    return unit.agency


def _parts(
    dossier: Dossier, runs: list[StepRun], spent: list[int], allowed: dict[str, int], path: list[Step]
) -> list[tuple[int, int]]:
    """Each step once, in the order in which it was or will be reached, with all the time that it took."""
    used: dict[str, int] = {}
    for run, minutes in zip(runs, spent, strict=True):
        used[run.step] = used.get(run.step, 0) + minutes
    for step in path:
        used.setdefault(step.key, 0)
    return [(allowed.get(key) or max(minutes, 1), minutes) for key, minutes in used.items()]


def presence(dossier: Dossier, user_id: int) -> list[Any]:
    """Who else has the dossier open: people whose page has reported it in the last two minutes."""
    since = clock.now() - timedelta(minutes=2)
    return [
        seen.user
        for seen in dossier.seen_by.filter(at__gte=since).exclude(user_id=user_id).select_related("user")
    ]
