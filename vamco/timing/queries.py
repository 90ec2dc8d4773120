"""Calendars and regimes as values for `core.worktime`.

They are needed for every due time and change a few times a year, so each process keeps them and looks again
when they are older than `FRESH_SECONDS`: an edit reaches every web and worker process within that time, and
the process that made it at once.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vamco.core import worktime
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.organisation.models import Unit

from .models import CalendarDay, DayKind, OfficeHours, Regime

FRESH_SECONDS = 3.0

_Day = tuple[str, date | None]


@dataclass(frozen=True)
class _Rows:
    """What is stored, by unit (None = the whole province)."""

    days: Mapping[int | None, Mapping[date, _Day]]
    hours: Mapping[int | None, Mapping[int, worktime.Hours]]
    regimes: tuple[worktime.Regime, ...]


@dataclass(frozen=True)
class _Snapshot:
    rows: _Rows
    calendars: dict[tuple[int, ...], worktime.Calendar] = field(default_factory=dict)
    """By the units with rows of their own, from the province down: most units share one calendar."""
    paths: dict[int, tuple[int, ...]] = field(default_factory=dict)


_kept: tuple[float, _Snapshot] | None = None


def calendar_for(unit: Unit | int | None = None) -> worktime.Calendar:
    """The office calendar of a unit (or its id); of the province when none is given."""
    snapshot = _snapshot()
    key = _own_rows(snapshot, unit)
    calendar = snapshot.calendars.get(key)
    if calendar is None:
        calendar = snapshot.calendars[key] = _build(snapshot.rows, key)
    return calendar


def regimes() -> tuple[worktime.Regime, ...]:
    """All regimes, the oldest first."""
    return _snapshot().rows.regimes


def regime_at(when: datetime) -> worktime.Regime:
    """The regime for a dossier received at this instant. Raises `Invalid` when none covers the day."""
    found = worktime.regime_in_force(regimes(), when)
    if found is None:
        raise Invalid(
            _("Chưa có chế độ pháp lý cho ngày này. Hãy đề nghị người quản trị bổ sung."), field="regime"
        )
    return found


def regime(key: str) -> worktime.Regime:
    """The regime of this key. Raises `Invalid` when there is none."""
    for found in regimes():
        if found.key == key:
            return found
    known = ", ".join(found.key for found in regimes())
    raise Invalid(
        _("Không có chế độ pháp lý này. Hãy dùng một trong các mã: %(known)s.") % {"known": known},
        field="regime",
    )


def forget() -> None:
    """Look again at the next question."""
    global _kept
    _kept = None


def _snapshot() -> _Snapshot:
    global _kept
    if _edited_here():
        return _Snapshot(_read())
    kept, now = _kept, time.monotonic()
    if kept and now - kept[0] < FRESH_SECONDS:
        return kept[1]
    rows = _read()
    snapshot = kept[1] if kept and kept[1].rows == rows else _Snapshot(rows)
    snapshot.paths.clear()
    _kept = (now, snapshot)
    return snapshot


def _edited_here() -> bool:
    """Whether this transaction has edits of its own: only it may see them, and nobody keeps what it sees."""
    return any(callback[1] is forget for callback in connection.run_on_commit)


def _read() -> _Rows:
    days: dict[int | None, dict[date, _Day]] = {}
    found = CalendarDay.objects.filter(removed=False).values_list("unit_id", "date", "kind", "replaces")
    for unit_id, day, kind, replaces in found:
        days.setdefault(unit_id, {})[day] = (kind, replaces)
    hours: dict[int | None, dict[int, worktime.Hours]] = {}
    for row in OfficeHours.objects.all():
        hours.setdefault(row.unit_id, {})[row.weekday] = row.hours()
    return _Rows(days, hours, tuple(row.rules() for row in Regime.objects.all()))


def _own_rows(snapshot: _Snapshot, unit: Unit | int | None) -> tuple[int, ...]:
    own: set[Any] = (snapshot.rows.days.keys() | snapshot.rows.hours.keys()) - {None}
    if unit is None or not own:
        return ()
    if isinstance(unit, Unit):
        return tuple(above for above in unit.path if above in own)
    if unit not in snapshot.paths:
        paths = Unit.objects.values_list("pk", "path")
        snapshot.paths.update((pk, tuple(above for above in path if above in own)) for pk, path in paths)
    return snapshot.paths.get(unit, ())


def _build(rows: _Rows, units: tuple[int, ...]) -> worktime.Calendar:
    week = list(worktime.OFFICE_WEEK)
    days: dict[date, _Day] = {}
    for unit_id in (None, *units):
        days.update(rows.days.get(unit_id, {}))
        for weekday, hours in rows.hours.get(unit_id, {}).items():
            week[weekday] = hours
    usual = next((hours for hours in week if hours), worktime.CLOSED)
    exceptions = {
        day: _hours_of_swap(week, replaces, usual) if kind == DayKind.SWAP_WORK else worktime.CLOSED
        for day, (kind, replaces) in days.items()
    }
    return worktime.Calendar(tuple(week), exceptions)


def _hours_of_swap(
    week: list[worktime.Hours], replaces: date | None, usual: worktime.Hours
) -> worktime.Hours:
    """A Saturday that is worked has the hours of the weekday it stands for, else of the first working day."""
    return (week[replaces.weekday()] if replaces else usual) or usual


def edited_regimes(actor: Actor) -> "QuerySet[Regime]":
    """The regimes with what hangs on them: for whoever edits the calendar of some unit."""
    return Regime.objects.all() if actor.may_anywhere("timing.edit") else Regime.objects.none()
