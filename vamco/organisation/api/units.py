"""Units: public to read, changed by those who administer them."""

from datetime import date
from typing import Annotated, Any, Literal, get_args

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core import clock, search
from vamco.core.actors import Actor
from vamco.core.api import Day, Page, page_of
from vamco.core.api_actions import UnitCode as UnitCode
from vamco.core.api_actions import add_action, body_of
from vamco.core.errors import Invalid, NotFound
from vamco.core.rows import find

from .. import actions, queries
from ..models import Level, Unit, UnitVersion
from ..validity import open_on

router = Router(tags=["units"])
LevelIn = Literal["province", "department", "centre", "district", "room", "commune"]
assert set(get_args(LevelIn)) == set(Level.values)


class UnitOut(Schema):
    """A unit as it was on the day asked for."""

    code: str = Field(examples=["27694"])
    name: str = Field(examples=["Phường 5"])
    level: str = Field(examples=["commune"])
    parent: str | None = Field(examples=["794"])
    valid_from: date = Field(examples=["2016-01-01"])
    valid_to: date | None = Field(examples=[None])


class UnitList(Schema):
    """A page of units."""

    items: list[UnitOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class UnitDetail(UnitOut):
    """A unit as it is now, with what it was before."""

    name_en: str = Field(examples=["Ward 5"])
    kind: str = Field(description="what it calls itself", examples=["Phường"])
    agency_code: str = Field(description="electronic identifier (QCVN 102:2016)", examples=["000.05.01.H39"])
    place: str = Field(description="place on its papers", examples=["Tân An"])
    address: str = Field(examples=["12 Hùng Vương"])
    phone: str = Field(examples=["0723820000"])
    versions: list[UnitOut]


class UnitFilter(Page):
    """Filters of the list of units."""

    level: LevelIn | None = Field(None, description="only of this level")
    parent: str = Field("", max_length=40, description="code of the parent unit")
    on: Day | None = Field(None, description="the day on which the units are asked for; today if absent")
    q: str = Field("", max_length=200, description="beginning of words of the name, with or without accents")


@router.get("/units", response=UnitList, auth=None, summary="Units, as they were on a day")
def units(request: HttpRequest, filters: Query[UnitFilter]) -> dict[str, Any]:
    """The province's units on a day (today if no day is given), in the order of their codes."""
    day = filters.on or clock.today()
    rows = UnitVersion.objects.select_related("unit", "parent").filter(open_on(day))
    if filters.level:
        rows = rows.filter(level=filters.level)
    if filters.parent:
        rows = rows.filter(parent__code=filters.parent)
    rows = rows.filter(search.begins(filters.q, "unit__folded"))
    return page_of(rows, filters, key=("unit__code", "pk"), render=_version)


@router.get("/units/{code}", response=UnitDetail, auth=None, summary="One unit, with what it was before")
def unit(request: HttpRequest, code: UnitCode) -> dict[str, Any]:
    """The unit as it is now; `versions` are what it was from when to when."""
    found = Unit.objects.select_related("parent").filter(code=code).first()
    if found is None:
        raise NotFound(_("Không có đơn vị mang mã này."))
    return detail(found)


UNIT = (
    Annotated[str, Field(max_length=40)],
    Field(description="code of the unit", examples=["27694"]),
)
"""Where something is made, in the body of its operation."""
UNIT_OR_PROVINCE = (
    Annotated[str, Field(max_length=40)] | None,
    Field(None, description="code of the unit; the whole province if absent"),
)
"""The same for what may hold for the whole province."""


def known(code: str, field: str = "unit") -> Unit:
    """A unit that is open today, by its code. Raises `Invalid` that names the field."""
    # A NUL would be an error of the database instead of a code that is not there.
    today = clock.today()
    found = find(
        Unit,
        "code = %s AND valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s)",
        [code.replace("\0", "?"), today, today],
    )
    if not found:
        raise Invalid(_("Không có đơn vị mang mã này."), field=field)
    return found[0]


def detail(found: Unit) -> dict[str, Any]:
    """A unit as `UnitDetail`."""
    names = (
        "code",
        "name",
        "level",
        "valid_from",
        "valid_to",
        "name_en",
        "kind",
        "agency_code",
        "place",
        "address",
        "phone",
    )
    versions = [
        _version(version)
        for version in found.versions.select_related("unit", "parent").order_by("valid_from")
    ]
    above = {"parent": found.parent.code if found.parent else None, "versions": versions}
    return {name: getattr(found, name) for name in names} | above


def _version(version: UnitVersion) -> dict[str, Any]:
    return {
        "code": version.unit.code,
        "name": version.name,
        "level": version.level,
        "parent": version.parent.code if version.parent else None,
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
    }


def _place(actor: Actor, parent: str | None) -> Unit | None:
    """Below which unit another is opened."""
    try:
        return None if parent is None else queries.unit(actor, parent)
    except NotFound as missing:
        raise Invalid(missing.message, field="parent") from None


ABOVE = (
    Annotated[str, Field(max_length=40)] | None,
    Field(None, description="code of the unit above", examples=["794"]),
)

add_action(
    router,
    "/units",
    actions.create_unit,
    find=_place,
    body=body_of(actions.create_unit, parent=ABOVE),
    render=lambda _actor, made: detail(made),
    response=UnitDetail,
    status=201,
)
for name, done in (("change", actions.change_unit), ("close", actions.close_unit)):
    add_action(
        router,
        f"/units/{{code}}/actions/{name}",
        done,
        find=queries.unit,
        render=lambda _actor, changed: detail(changed),
        response=UnitDetail,
    )
