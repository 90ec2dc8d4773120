"""The calendar, office hours and legal regimes: anyone may read them, administrators change them."""

from datetime import date, time
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core import search
from vamco.core.actors import Actor
from vamco.core.api import Day, Hour, Searched, caller, page_of, page_of_few
from vamco.core.api_actions import add_action, body_of
from vamco.core.api_imports import add_import
from vamco.core.errors import NotFound
from vamco.organisation.api.units import UNIT_OR_PROVINCE, known
from vamco.organisation.models import Unit

from .. import actions
from ..imports import CALENDAR
from ..models import REGIME_VALUES, CalendarDay, OfficeHours, Regime

router = Router(tags=["calendar"])
Kind = Literal["holiday", "compensation", "swap_off", "swap_work", "closed"]
Key = Annotated[str, Field(pattern="^[a-z0-9_]{1,40}$", examples=["qd09_2015"])]
Few = Annotated[int, Field(ge=0, le=365)]


class DayOut(Schema):
    """A date on which the office is closed or open against its weekday."""

    id: int = Field(examples=[17])
    unit: str | None = Field(description="code of the unit; null: the whole province", examples=[None])
    day: date = Field(examples=["2016-04-30"])
    kind: str = Field(
        description="holiday, compensation, swap_off, swap_work or closed", examples=["holiday"]
    )
    replaces: date | None = Field(description="the day off that a worked day makes up for", examples=[None])
    name: str = Field(examples=["Ngày Chiến thắng"])
    source: str = Field(examples=["Bộ luật Lao động, điều 115"])
    verified: bool = Field(examples=[True])


class DayList(Schema):
    """A page of days."""

    items: list[DayOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class DayFilter(Searched):
    """Filters of the calendar; `q` is looked for in name and source."""

    unit: str = Field("", max_length=40, description="code of a unit: only its own days")
    year: int | None = Field(None, ge=1980, le=2200)
    kind: Kind | None = None
    verified: bool | None = Field(None, description="whether it was checked against its source")


class HalfOut(Schema):
    """Half a day."""

    opens: Hour
    closes: Hour


class HoursOut(Schema):
    """Office hours of a weekday; null is closed."""

    unit: str | None = Field(description="null: the whole province", examples=[None])
    weekday: int = Field(description="0 is Monday", examples=[0])
    morning: HalfOut | None
    afternoon: HalfOut | None


class HoursList(Schema):
    """A page of office hours."""

    items: list[HoursOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class HoursFilter(Searched):
    """Filters of office hours; `q` is looked for in the unit's name."""

    unit: str = Field("", max_length=40, description="code of a unit: only its own")
    weekday: int | None = Field(None, ge=0, le=6, description="0 is Monday")


class SourceSaid(Schema):
    """Where a value comes from."""

    source: str = Field(max_length=300, examples=["Nghị định 61/2018/NĐ-CP, điều 19"])
    verified: bool = Field(False, examples=[True])


class RegimeOut(Schema):
    """A legal regime: the rules for what is received while it is in force."""

    key: str = Field(examples=["nd61_2018"])
    name: str = Field(examples=["Nghị định 61/2018/NĐ-CP"])
    name_en: str = Field(examples=["Decree 61/2018"])
    cut_off: Hour = Field(description="what comes later counts from the next working day")
    supplement: str = Field(
        description="stop: the clock stands; restart: it starts anew", examples=["restart"]
    )
    supplements_max: int | None = Field(examples=[1])
    supplement_within_days: int | None = Field(examples=[3])
    new_dates_max: int | None = Field(examples=[1])
    apology_days_before: int = Field(examples=[1])
    wrong_authority: str = Field(description="refuse or forward", examples=["forward"])
    valid_from: date | None = Field(examples=["2018-06-21"])
    valid_to: date | None = Field(examples=["2025-06-30"])
    sources: dict[str, SourceSaid] = Field(
        examples=[{"cut_off": {"source": "Nghị định 61/2018/NĐ-CP", "verified": True}}]
    )


class RegimeFilter(Searched):
    """Filters of the regimes; `q` is looked for in key and name."""

    on: Day | None = Field(None, description="only what is in force on this day")


class RegimeList(Schema):
    """A page of regimes, the oldest first."""

    items: list[RegimeOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class RegimeChange(Schema, extra="forbid"):
    """Values of a regime, each with its source; what is left out stays."""

    name: str = Field("", min_length=1, max_length=200, examples=["Nghị định 61/2018/NĐ-CP"])
    name_en: str = Field("", max_length=200)
    cut_off: Hour = time(15)
    supplement: Literal["stop", "restart"] = "stop"
    supplements_max: Few | None = None
    supplement_within_days: Few | None = None
    new_dates_max: Few | None = None
    apology_days_before: Few = 0
    wrong_authority: Literal["refuse", "forward"] = "refuse"
    valid_from: Day | None = None
    valid_to: Day | None = None
    sources: dict[str, SourceSaid] = Field(
        {}, max_length=20, examples=[{"name": {"source": "Nghị định 61/2018/NĐ-CP", "verified": True}}]
    )


class RegimeIn(RegimeChange, extra="forbid"):
    """A new regime: every value, and the source of each."""

    key: Key


@router.get("/calendar_days", response=DayList, auth=None, summary="Days that differ from their weekday")
def days(request: HttpRequest, filters: Query[DayFilter]) -> dict[str, Any]:
    """Holidays and swapped days, in their order."""
    rows = CalendarDay.objects.filter(removed=False).select_related("unit")
    rows = rows.filter(unit__code=filters.unit) if filters.unit else rows
    rows = rows.filter(date__year=filters.year) if filters.year else rows
    fields = {"kind": filters.kind, "verified": filters.verified}
    rows = rows.filter(**{name: value for name, value in fields.items() if value is not None})
    rows = search.matching(rows, filters.q, "name", "source")
    return page_of(rows, filters, key=("date", "pk"), render=_day)


add_import(router, "/calendar_days/import", CALENDAR, target=lambda code: known(code) if code else None)


@router.get("/office_hours", response=HoursList, auth=None, summary="Office hours by weekday")
def hours(request: HttpRequest, filters: Query[HoursFilter]) -> dict[str, Any]:
    """Those of the whole province and those of units with hours of their own."""
    rows = OfficeHours.objects.select_related("unit")
    rows = rows.filter(unit__code=filters.unit) if filters.unit else rows
    rows = rows.filter(weekday=filters.weekday) if filters.weekday is not None else rows
    return page_of(search.matching(rows, filters.q, "unit__name"), filters, render=_hours)


@router.get("/regimes", response=RegimeList, auth=None, summary="Legal regimes")
def regimes(request: HttpRequest, filters: Query[RegimeFilter]) -> dict[str, Any]:
    """With the source of each value."""
    found = [_regime(one) for one in _regimes() if filters.on is None or _in_force(one, filters.on)]
    return page_of_few(found, filters, key="key", words=("key", "name", "name_en"))


@router.post("/regimes", response={201: RegimeOut}, summary="Add a legal regime")
def open_regime(request: HttpRequest, body: RegimeIn) -> dict[str, Any]:
    """The one before must have been closed: a day has one regime."""
    given = body.dict(exclude={"sources"}, exclude_unset=True)
    opened = actions.open_regime(caller(request), None, sources=_said(body), **{"name": "", **given})
    return _regime(opened)


@router.post("/regimes/{key}/actions/change", response=RegimeOut, summary="Change a legal regime")
def change_regime(request: HttpRequest, key: Key, body: RegimeChange) -> dict[str, Any]:
    """A dossier keeps the due time it was given; what is reckoned from now on follows the new values."""
    found = _regimes().filter(key=key).first()
    if found is None:
        raise NotFound(_("Không có chế độ pháp lý này."))
    given = body.dict(exclude={"sources"}, exclude_unset=True)
    changed = actions.set_regime(caller(request), found, sources=_said(body), **given)
    return _regime(changed)


def _said(body: RegimeChange) -> dict[str, tuple[str, bool]]:
    return {name: (one.source, one.verified) for name, one in body.sources.items()}


def _regimes() -> QuerySet[Regime]:
    return Regime.objects.prefetch_related("sources")


def _in_force(one: Regime, day: date) -> bool:
    return (one.valid_from or date.min) <= day <= (one.valid_to or date.max)


def _regime(one: Regime) -> dict[str, Any]:
    sources = {said.field: {"source": said.source, "verified": said.verified} for said in one.sources.all()}
    names = ("key", "name", "name_en", *REGIME_VALUES)
    return {"sources": sources} | {name: getattr(one, name) for name in names}


def _day(one: CalendarDay) -> dict[str, Any]:
    names = ("kind", "replaces", "name", "source", "verified")
    unit = one.unit.code if one.unit else None
    return {"id": one.pk, "unit": unit, "day": one.date} | {name: getattr(one, name) for name in names}


def _hours(one: OfficeHours) -> dict[str, Any]:
    morning, afternoon = (
        {"opens": opens, "closes": closes} if opens else None
        for opens, closes in (
            (one.morning_opens, one.morning_closes),
            (one.afternoon_opens, one.afternoon_closes),
        )
    )
    unit = one.unit.code if one.unit else None
    return {"unit": unit, "weekday": one.weekday, "morning": morning, "afternoon": afternoon}


def _of_unit(actor: Actor, unit: str | None) -> Unit | None:
    return None if unit is None else known(unit)


def _found_day(actor: Actor, day_id: int) -> CalendarDay:
    found = CalendarDay.objects.select_related("unit").filter(pk=day_id, removed=False).first()
    if found is None:
        raise NotFound(_("Lịch không có ngày này."))
    return found


add_action(
    router,
    "/calendar_days",
    actions.set_day,
    find=_of_unit,
    body=body_of(actions.set_day, unit=UNIT_OR_PROVINCE),
    render=lambda actor, one: _day(one),
    response=DayOut,
    status=201,
)
add_action(
    router,
    "/calendar_days/{day_id}/actions/remove",
    actions.remove_day,
    find=_found_day,
    render=lambda actor, one: _day(one),
    response=DayOut,
)
add_action(
    router,
    "/office_hours",
    actions.set_hours,
    find=_of_unit,
    body=body_of(actions.set_hours, unit=UNIT_OR_PROVINCE),
    render=lambda actor, one: _hours(one),
    response=HoursOut,
    status=201,
)
