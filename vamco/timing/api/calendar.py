"""The calendar, office hours and legal regimes: anyone may read them, administrators change them."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core.actors import Actor
from vamco.core.api import Day, Hour, Searched, page_of_few
from vamco.core.api_actions import add_action, body_of
from vamco.core.api_imports import add_import
from vamco.core.api_lists import add_list, item_of, shown_as
from vamco.core.errors import NotFound
from vamco.organisation.api.units import UNIT_OR_PROVINCE, known
from vamco.organisation.models import Unit

from .. import actions
from ..imports import CALENDAR
from ..lists import DAYS, HOURS, export_days
from ..models import REGIME_VALUES, CalendarDay, Regime

router = Router(tags=["calendar"])


class RegimeSourceOut(Schema):
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
    sources: dict[str, RegimeSourceOut] = Field(
        examples=[{"cut_off": {"source": "Nghị định 61/2018/NĐ-CP", "verified": True}}]
    )


class RegimeFilter(Searched):
    """Filters of the regimes; `q` is looked for in key and name."""

    on: Day | None = Field(None, description="only what is in force on this day")


class RegimeList(Schema):
    """A page of regimes, the oldest first."""

    items: list[RegimeOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


add_list(
    router,
    "/calendar_days",
    DAYS,
    tags=["calendar"],
    summary="Days that differ from their weekday",
    export=export_days,
    open_to_all=True,
)
add_list(
    router, "/office_hours", HOURS, tags=["calendar"], summary="Office hours by weekday", open_to_all=True
)
add_import(
    router, "/calendar_days/import", CALENDAR, target=lambda actor, code: known(code) if code else None
)


@router.get("/regimes", response=RegimeList, auth=None, summary="Legal regimes")
def regimes(request: HttpRequest, filters: Query[RegimeFilter]) -> dict[str, Any]:
    """With the source of each value."""
    found = [_regime(regime) for regime in _regimes() if filters.on is None or _in_force(regime, filters.on)]
    return page_of_few(found, filters, key="key", words=("key", "name", "name_en"))


def _regimes() -> QuerySet[Regime]:
    return Regime.objects.prefetch_related("sources")


def _in_force(regime: Regime, day: date) -> bool:
    return (regime.valid_from or date.min) <= day <= (regime.valid_to or date.max)


def _regime(regime: Regime) -> dict[str, Any]:
    sources = {row.field: {"source": row.source, "verified": row.verified} for row in regime.sources.all()}
    names = ("key", "name", "name_en", *REGIME_VALUES)
    return {"sources": sources} | {name: getattr(regime, name) for name in names}


def _of_unit(actor: Actor, unit: str | None) -> Unit | None:
    return None if unit is None else known(unit)


def _found_day(actor: Actor, day_id: int) -> CalendarDay:
    found = CalendarDay.objects.select_related("unit").filter(pk=day_id, removed=False).first()
    if found is None:
        raise NotFound(_("Lịch không có ngày này."))
    return found


def _found_regime(actor: Actor, key: str) -> Regime:
    found = Regime.objects.filter(key=key).first()
    if found is None:
        raise NotFound(_("Không có chế độ pháp lý này."))
    return found


add_action(
    router,
    "/calendar_days",
    actions.set_day,
    find=_of_unit,
    body=body_of(actions.set_day, unit=UNIT_OR_PROVINCE),
    render=lambda _actor, day: shown_as(DAYS, day),
    response=item_of(DAYS),
    status=201,
)
add_action(
    router,
    "/calendar_days/{day_id}/actions/remove",
    actions.remove_day,
    find=_found_day,
    render=lambda _actor, day: shown_as(DAYS, day),
    response=item_of(DAYS),
)
add_action(
    router,
    "/office_hours",
    actions.set_hours,
    find=_of_unit,
    body=body_of(actions.set_hours, unit=UNIT_OR_PROVINCE),
    render=lambda _actor, hours: shown_as(HOURS, hours),
    response=item_of(HOURS),
    status=201,
)
add_action(
    router,
    "/regimes",
    actions.open_regime,
    find=lambda actor: None,
    render=lambda _actor, regime: _regime(regime),
    response=RegimeOut,
    status=201,
)
add_action(
    router,
    "/regimes/{key}/actions/change",
    actions.set_regime,
    find=_found_regime,
    render=lambda _actor, regime: _regime(regime),
    response=RegimeOut,
)
