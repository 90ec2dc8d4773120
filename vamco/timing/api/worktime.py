"""Due times and elapsed office time, for anyone: no sign-in."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core import worktime
from vamco.core.errors import Invalid
from vamco.organisation.models import Unit

from .. import queries

router = Router(tags=["worktime"])

YEARS = range(1980, 2201)
MAX_DAYS = 10_000
MAX_HOURS = 80_000


def _described_as(**schema: Any) -> Callable[[dict[str, Any]], None]:
    """A text that is read below, so that its faults are told in the user's language."""

    def describe(own: dict[str, Any]) -> None:
        own.pop("default", None)
        own.update(schema)

    return describe


class DueIn(Schema):
    """What is received when, and how long it may take."""

    start: str = Field(
        description="time of receipt, ISO 8601 with offset",
        json_schema_extra=_described_as(
            type="string", format="date-time", examples=["2016-12-05T08:00:00+07:00"]
        ),
    )
    days: str = Field(
        "",
        description="limit in working days; 0 is the same day",
        json_schema_extra=_described_as(type="integer", minimum=0, maximum=MAX_DAYS, examples=[3]),
    )
    hours: str = Field(
        "",
        description="limit in office hours, instead of days",
        json_schema_extra=_described_as(type="number", minimum=0, maximum=MAX_HOURS, examples=[4]),
    )
    unit: str = Field(
        "",
        description="code of the unit; without it the province's calendar",
        json_schema_extra=_described_as(examples=["80"]),
    )
    regime: str = Field(
        "",
        description="key of the legal regime; without it the one in force at `start`",
        json_schema_extra=_described_as(examples=["qd09_2015"]),
    )


class DueOut(Schema):
    """When it is due, and under which regime."""

    model_config = {
        "json_schema_extra": {"examples": [{"due_at": "2016-12-08T17:00:00+07:00", "regime": "qd09_2015"}]}
    }

    due_at: datetime = Field(examples=["2016-12-08T17:00:00+07:00"])
    regime: str = Field(examples=["qd09_2015"])


class ElapsedIn(Schema):
    """Two instants."""

    start: str = Field(
        description="ISO 8601 with offset",
        json_schema_extra=_described_as(
            type="string", format="date-time", examples=["2016-12-05T08:00:00+07:00"]
        ),
    )
    end: str = Field(
        description="ISO 8601 with offset, not before `start`",
        json_schema_extra=_described_as(
            type="string", format="date-time", examples=["2016-12-06T10:00:00+07:00"]
        ),
    )
    unit: str = Field(
        "",
        description="code of the unit; without it the province's calendar",
        json_schema_extra=_described_as(examples=["80"]),
    )


class ElapsedOut(Schema):
    """Office time between them; a day is 8 hours."""

    model_config = {"json_schema_extra": {"examples": [{"hours": 9.5, "days": 1.1875}]}}

    hours: float = Field(examples=[9.5])
    days: float = Field(examples=[1.1875])


@router.get("/worktime/due", response=DueOut, auth=None, summary="When something received is due")
def due(request: HttpRequest, given: Query[DueIn]) -> dict[str, Any]:
    """The due time of what is received at `start` with a limit in working days or in office hours."""
    start = _instant(given.start, "start")
    days = _number(given.days, "days", int, MAX_DAYS)
    hours = _number(given.hours, "hours", float, MAX_HOURS)
    if (days is None) == (hours is None):
        raise Invalid(
            _("Hãy ghi thời hạn bằng số ngày (days) hoặc số giờ (hours), chỉ một trong hai."), field="days"
        )
    calendar = _calendar(given.unit)
    regime = queries.regime(given.regime) if given.regime else queries.regime_at(start)
    due_at = worktime.due(start, days=days, hours=hours, calendar=calendar, regime=regime)
    return {"due_at": due_at, "regime": regime.key}


@router.get(
    "/worktime/elapsed",
    response=ElapsedOut,
    auth=None,
    summary="Office time between two instants",
)
def elapsed(request: HttpRequest, given: Query[ElapsedIn]) -> dict[str, Any]:
    """Office hours between two instants, and the same in days of 8 hours."""
    start, end = _instant(given.start, "start"), _instant(given.end, "end")
    if end < start:
        raise Invalid(_("Thời điểm kết thúc phải sau thời điểm bắt đầu."), field="end")
    hours = worktime.elapsed(start, end, calendar=_calendar(given.unit)) / 60
    return {"hours": hours, "days": hours / 8}


def _instant(text: str, field: str) -> datetime:
    """A time with offset in `YEARS`; a plus sign that the address turned into a space is put back."""
    text = re.sub(r" (\d\d:?\d\d)$", r"+\1", text) if "T" in text else text
    try:
        # Python itself lets strange characters pass between the parts.
        when = datetime.fromisoformat(text) if re.fullmatch(r"[0-9TZW:.,+-]{8,40}", text) else None
    except ValueError:
        when = None
    if when is None or when.utcoffset() is None:
        example = "2016-12-05T08:00:00+07:00"
        message = _("Hãy ghi thời điểm theo ISO 8601, có múi giờ, ví dụ %(example)s.") % {"example": example}
        raise Invalid(message, field=field)
    if when.year not in YEARS:
        message = _("Chỉ tính được từ năm %(first)s đến năm %(last)s.")
        raise Invalid(message % {"first": YEARS[0], "last": YEARS[-1]}, field=field)
    return when


def _number(text: str, field: str, kind: type[int] | type[float], most: int) -> Any:
    """A number from 0 to `most`, or nothing."""
    if not text:
        return None
    try:
        number = kind(text) if len(text) <= 20 else None
    except ValueError:
        number = None
    if number is None or not 0 <= number <= most:
        message = (
            _("Hãy ghi một số nguyên từ 0 đến %(most)s.")
            if kind is int
            else _("Hãy ghi một số từ 0 đến %(most)s.")
        )
        raise Invalid(message % {"most": most}, field=field)
    return number


def _calendar(code: str) -> worktime.Calendar:
    if not code:
        return queries.calendar_for(None)
    unit = None if "\0" in code or len(code) > 40 else Unit.objects.filter(code=code).first()
    if unit is None:
        raise Invalid(_("Không có đơn vị mang mã này."), field="unit")
    return queries.calendar_for(unit)
