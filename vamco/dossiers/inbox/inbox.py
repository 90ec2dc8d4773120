"""The inbox: what waits for a person, in the order in which it is due, in pages and in groups."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from vamco.core import clock, worktime
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.organisation.models import User
from vamco.procedures.definition import definition
from vamco.procedures.wording import said
from vamco.timing import queries as timing
from vamco.web.words import short_day, weekday

from ..models import HELD, OPEN, TO_COLLECT, Dossier, Stage
from ..queries import Filter, Row, drafted_apology, drafted_closing, row_of, search, visible, with_seen
from ..rules.choices import people

LIMIT = 60
"""Rows of a page: more than anybody completes before looking again."""
FEW = 500
"""Up to so many matches of a search are sorted in Python, so the search runs once instead of for each part of the list."""


@dataclass(frozen=True)
class Place:
    """A part of the list: which stages stand in it and by which time they are sorted."""

    stages: tuple[str, ...]
    by: str
    newest_first: bool = False


PLACES = (
    Place((Stage.PROCESSING,), "due_at"),
    Place(TO_COLLECT, "ready_at"),
    Place((Stage.SUPPLEMENT,), "changed_at"),
    Place(tuple(stage for stage in Stage.values if stage not in HELD), "changed_at", newest_first=True),
)
"""The order of the list: in progress, to be collected, paused, and in searches ended. Each part is a query of its own,
so each is read from an index, however long the list is."""


@dataclass(frozen=True)
class InboxPage:
    """One page of the list; `next_cursor` is empty on the last."""

    rows: list[Row]
    next_cursor: str


def page(actor: Actor, wanted: Filter, *, cursor: str = "", limit: int = LIMIT) -> InboxPage:
    """The rows that a filter asks for, after the cursor, in a constant number of queries."""
    found = _found(actor, wanted, cursor, limit + 1)
    now = clock.now()
    last = found[limit - 1] if len(found) > limit else None
    return InboxPage(
        [row_of(dossier, now, actor) for dossier in found[:limit]], _cursor(last) if last else ""
    )


def codes(actor: Actor, wanted: Filter, *, cursor: str = "", limit: int = LIMIT) -> list[str]:
    """The codes of a page in their order: what stands before and after a dossier."""
    return [dossier.code for dossier in _found(actor, wanted, cursor, limit, bare=True)]


def _found(actor: Actor, wanted: Filter, cursor: str, limit: int, *, bare: bool = False) -> list[Dossier]:
    """The dossiers after the cursor; `bare` without what a line of the list shows."""
    rows = search(actor, wanted)
    if wanted.q.strip() and (keys := _keys(rows, cursor, limit)) is not None:
        readable = visible(actor)
        by_key = (readable if bare else _to_show(actor, readable)).in_bulk(keys)
        return [by_key[key] for key in keys if key in by_key]
    if not bare:
        rows = _to_show(actor, rows)
    first, value, pk = _read(cursor)
    found: list[Dossier] = []
    for i, place in enumerate(PLACES[first:], first):
        if len(found) >= limit:
            break
        if wanted.tab and not set(place.stages) & set(_stages_of(wanted.tab)):
            continue
        part = rows.filter(stage__in=place.stages)
        if cursor and i == first:
            part = part.filter(_after(place, value, pk))
        sign = "-" if place.newest_first else ""
        found += part.order_by(f"{sign}{place.by}", f"{sign}pk")[: limit - len(found)]
    return found


def _to_show(actor: Actor, rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """With the columns that a line of the list shows."""
    marks = {
        "to_sign": Exists(drafted_apology(OuterRef("pk"))),
        "to_close": Exists(drafted_closing(OuterRef("pk"))),
    }
    return with_seen(actor, rows).annotate(**marks).select_related("unit", "holder", "holder_unit")


def _keys(rows: QuerySet[Dossier], cursor: str, limit: int) -> list[int] | None:
    """The keys of a page, sorted in Python; None when there are more than `FEW`."""
    times = ("due_at", "ready_at", "changed_at")
    found = list(rows.order_by().values_list("pk", "stage", *times)[: FEW + 1])
    if len(found) > FEW:
        return None
    standing = {_standing(stage, dict(zip(times, at, strict=True)), pk) for pk, stage, *at in found}
    if cursor:
        first, value, pk = _read(cursor)
        place = PLACES[first]
        last = _standing(place.stages[0], {place.by: value}, pk)
        standing = {place for place in standing if place > last}
    return [abs(pk) for _i, _at, pk in heapq.nsmallest(limit, standing)]


def _standing(stage: str, times: Mapping[str, datetime], pk: int) -> tuple[int, int, int]:
    """Where a dossier stands in the list: the smaller, the earlier."""
    i, place = _place(stage)
    sign = -1 if place.newest_first else 1
    return i, sign * _micro(times[place.by]), sign * pk


def _place(stage: str) -> tuple[int, Place]:
    return next((i, place) for i, place in enumerate(PLACES) if stage in place.stages)


def _micro(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _stages_of(tab: str) -> tuple[str, ...]:
    """The stages that a tab holds, so that no other part of the list is asked for."""
    return {
        "pool": (Stage.PROCESSING,),
        "unassigned": (Stage.PROCESSING,),
        "late": OPEN,
        "apologies": (Stage.PROCESSING,),
        "waiting": (Stage.SUPPLEMENT,),
        "ready": TO_COLLECT,
    }.get(tab, HELD)


def _after(place: Place, value: datetime, pk: int) -> Q:
    sign = "lt" if place.newest_first else "gt"
    return Q(**{f"{place.by}__{sign}": value}) | Q(**{place.by: value, f"pk__{sign}": pk})


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _cursor(row: Dossier) -> str:
    """Where a page ended: the part of the list, the time it is sorted by in microseconds, the key."""
    i, place = _place(row.stage)
    return f"{i}.{_micro(getattr(row, place.by))}.{row.pk}"


def _read(cursor: str) -> tuple[int, datetime, int]:
    if not cursor:
        return 0, _EPOCH, 0
    try:
        place, micro, pk = (int(part) for part in cursor.split("."))
        if place not in range(len(PLACES)) or not 0 <= pk < 2**63:
            raise ValueError
        return place, _EPOCH + timedelta(microseconds=micro), pk
    except (ValueError, OverflowError):
        raise Invalid(
            _("Địa chỉ trang danh sách không đúng. Hãy quay lại đầu danh sách."), field="cursor"
        ) from None


# Groups ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Rows under one heading. `complete` is False when the page cuts the group, so that a count of its rows would be wrong."""

    title: str
    rows: list[Row]
    complete: bool = True


def groups(found: InboxPage, *, first_page: bool = True) -> list[Group]:
    """The rows under headings by when they are due: late, today, the next working day, this week, next week, later;
    then what is ready, what stands still, what has ended."""
    today = clock.today()
    following = _next_working_day(today)
    made: list[Group] = []
    for row in found.rows:
        title = _heading(row, today, following)
        if not made or made[-1].title != title:
            made.append(Group(title, []))
        made[-1].rows.append(row)
    if made and found.next_cursor:
        made[-1] = replace(made[-1], complete=False)
    if made and not first_page:
        made[0] = replace(made[0], complete=False)
    return made


def _next_working_day(today: date) -> date:
    midnight = datetime(today.year, today.month, today.day, tzinfo=clock.HERE) + timedelta(days=1)
    return clock.local(worktime.next_working(midnight, calendar=timing.calendar_for())).date()


def _heading(row: Row, today: date, following: date) -> str:
    dossier = row.dossier
    if dossier.stage == Stage.SUPPLEMENT:
        return _("Tạm dừng, chờ công dân")
    if dossier.stage in TO_COLLECT:
        return _("Chờ công dân nhận kết quả")
    if dossier.stage not in HELD:
        return _("Đã kết thúc")
    if row.state == "late":
        return _("Quá hạn")
    assert dossier.due_at is not None
    return day_heading(clock.local(dossier.due_at).date(), today, following)


def day_heading(day: date, today: date, following: date) -> str:
    """The heading of a due day: by name when near, by week when far."""
    if day == today:
        return _("Hôm nay, %(day)s") % {"day": f"{weekday(day)} {short_day(day)}"}
    if day == today + timedelta(days=1):
        return _("Ngày mai, %(day)s") % {"day": f"{weekday(day)} {short_day(day)}"}
    week = today - timedelta(days=today.weekday())
    if day == following or day < week + timedelta(days=7):
        return f"{weekday(day, capital=True)} {short_day(day)}"
    return _("Tuần tới") if day < week + timedelta(days=14) else _("Sau đó")


# What the list can be narrowed to ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Choices:
    """What stands in a list, for its filters: pairs of value and words."""

    procedures: list[tuple[str, str]]
    steps: list[tuple[str, str]]
    channels: list[tuple[str, str]]


def channel_words(channel: str) -> str:
    """How a dossier came in, in a word."""
    return {"counter": _("quầy"), "post": _("bưu điện"), "online": _("mạng")}.get(channel, channel)


def choices(actor: Actor, tab: str) -> Choices:
    """The procedures, steps and channels that a tab holds; one query."""
    held: QuerySet[Dossier] = search(actor, Filter(tab=tab)).filter(stage__in=HELD)
    procedures: dict[str, str] = {}
    steps: dict[str, str] = {}
    channels: set[str] = set()
    combinations = (
        held.order_by().values_list("procedure_version_id", "case_key", "step", "channel").distinct()
    )
    for version_id, case_key, step_key, channel in combinations:
        version = definition(version_id)
        procedures[version.code] = said(version)
        channels.add(channel)
        if step_key:
            step = version.case(case_key).process.step(step_key)
            steps[step_key] = said(step)
    return Choices(
        sorted(procedures.items(), key=lambda pair: pair[1]),
        sorted(steps.items(), key=lambda pair: pair[1]),
        [(key, channel_words(key)) for key in sorted(channels)],
    )


def colleagues(actor: Actor, rows: Iterable[Row]) -> list[User]:
    """The people to whom these dossiers may be given: who can do some step where they are now, and where the actor
    may assign; one query."""
    scope = actor.units("dossiers.assign")
    units = {
        dossier.holder_unit_id: dossier.holder_unit
        for dossier in (row.dossier for row in rows)
        if dossier.stage == Stage.PROCESSING and dossier.holder_unit_id in scope
    }
    return people(units.values())
