"""Settings: read and changed by administrators."""

from datetime import datetime
from typing import Annotated, Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core.api import Problem, Searched, caller, page_of_few
from vamco.core.errors import Invalid, NotAllowed, NotFound
from vamco.organisation.models import Unit

from . import actions, queries, values
from .models import LONGEST

router = Router(tags=["settings"])
Key = Annotated[str, Field(min_length=3, max_length=80, examples=["payments.low_book"])]
Scalar = bool | int | Annotated[str, Field(max_length=LONGEST)]
UnitCode = Annotated[
    str | None, Field(max_length=40, description="code of the unit; the whole province if absent")
]


class SettingOut(Schema):
    """A setting as it is for a unit, or for the province."""

    key: str = Field(examples=["payments.low_book"])
    name: str = Field(examples=["Quyển biên lai sắp hết khi còn"])
    help: str = Field(examples=["số tờ"])
    kind: str = Field(description="str, int, bool, date, time or choice", examples=["int"])
    by_unit: bool = Field(description="whether units may have a value of their own", examples=[True])
    value: bool | int | str = Field(description="days and hours as text (ISO 8601)", examples=[20])
    default: bool | int | str = Field(examples=[20])
    unit: str | None = Field(
        description="code of the unit that it was set for; null: the whole province, or the default",
        examples=[None],
    )
    since: datetime | None = Field(description="null: it is the default", examples=[None])
    by: str | None = Field(description="who set it", examples=[None])


class SettingList(Schema):
    """A page of settings, in the order of the rooms."""

    items: list[SettingOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class SettingFilter(Searched):
    """Filters of the settings; `q` is looked for in key and name."""

    unit: str = Field("", max_length=40, description="code of a unit: what holds there")


class ValueIn(Schema, extra="forbid"):
    """What a setting is from now on."""

    value: Scalar = Field(examples=[15])
    unit: UnitCode = None


class WhereIn(Schema, extra="forbid"):
    """Where it is taken back."""

    unit: UnitCode = None


@router.get(
    "/settings", response={200: SettingList, 404: Problem}, summary="Settings, as they are for a unit"
)
def settings(request: HttpRequest, filters: Query[SettingFilter]) -> dict[str, Any]:
    """What holds for the province, or of a unit what may differ from unit to unit; for who may change settings."""
    actor = caller(request)
    if not actor.may_anywhere(queries.EDIT):
        raise NotAllowed(_("Chỉ người quản trị xem được cấu hình."))
    found = [_out(row) for row in queries.settings(actor, _unit(request, filters.unit))]
    return page_of_few(found, filters, key="key", words=("key", "name", "help"))


@router.post("/settings/{key}/actions/set", response=SettingOut, summary="Say what a setting is")
def set_value(request: HttpRequest, key: Key, body: ValueIn) -> dict[str, Any]:
    """For a unit and those below it, or for the whole province; it holds within seconds."""
    unit = _unit(request, body.unit or "")
    actions.set_value(caller(request), unit, key=key, value=values.written(body.value))
    return _out(queries.setting(caller(request), key, unit))


@router.post("/settings/{key}/actions/reset", response=SettingOut, summary="Take back what was set")
def reset(request: HttpRequest, key: Key, body: WhereIn) -> dict[str, Any]:
    """What was set for a unit above holds again, or the default."""
    unit = _unit(request, body.unit or "")
    actions.reset_value(caller(request), unit, key=key)
    return _out(queries.setting(caller(request), key, unit))


def _unit(request: HttpRequest, code: str) -> Unit | None:
    try:
        return queries.unit(caller(request), code)
    except NotFound as missing:
        raise Invalid(missing.message, field="unit") from None


def _out(row: queries.Row) -> dict[str, Any]:
    one = row.setting
    return {
        "key": row.key,
        "name": str(one.name),
        "help": str(one.help),
        "kind": "choice" if issubclass(one.kind, models.Choices) else one.kind.__name__,
        "by_unit": one.by_unit,
        "value": _scalar(row.value),
        "default": _scalar(one.default),
        "unit": row.row.unit.code if row.row and row.row.unit else None,
        "since": row.since,
        "by": row.by.full_name if row.by else None,
    }


def _scalar(value: Any) -> bool | int | str:
    return value if isinstance(value, bool | int) else values.written(value)
