"""The API's view of units, and how its callers sign in."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.security import HttpBearer

from vamco.core import clock, text
from vamco.core.actions import Actor
from vamco.core.api import Page, page_of
from vamco.core.errors import Invalid

from .access import actor_for
from .actions import token_hash
from .models import ApiToken, Level, UnitVersion

router = Router(tags=["units"])


class BearerToken(HttpBearer):
    """Signs a caller in by a token from `vamco token USER`; the actor is in `request.auth`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The token's person as actor, or nothing."""
        found = (
            ApiToken.objects.select_related("user")
            .filter(
                hash=token_hash(token),
                revoked_at__isnull=True,
                expires_at__gt=clock.now(),
                user__is_active=True,
            )
            .first()
        )
        if found is None:
            return None
        return actor_for(found.user, via="api", request_key=request.headers.get("Idempotency-Key"))


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
    next: str | None


class UnitFilter(Page):
    """Filters of the list of units."""

    level: str = Field("", description="province, department, centre, district, room or commune")
    parent: str = Field("", description="code of the parent unit")
    on: date | None = Field(None, description="the day on which the units are asked for; today if absent")
    q: str = Field("", max_length=200, description="beginning of words of the name, with or without accents")


@router.get("/units", response=UnitList, auth=None, summary="Units, as they were on a day")
def units(request: HttpRequest, filters: Query[UnitFilter]) -> dict[str, Any]:
    """The province's units on a day (today if no day is given), in the order of their codes."""
    day = filters.on or clock.today()
    rows = UnitVersion.objects.select_related("unit", "parent").filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day
    )
    if filters.level:
        if filters.level not in Level.values:
            raise Invalid(f"level: {', '.join(Level.values)}", field="level")
        rows = rows.filter(level=filters.level)
    if filters.parent:
        rows = rows.filter(parent__code=filters.parent)
    for word in text.fold(filters.q).split():
        rows = rows.filter(Q(unit__folded__startswith=word) | Q(unit__folded__contains=f" {word}"))
    return page_of(rows, filters, key=("unit__code", "pk"), render=_render)


def _render(version: UnitVersion) -> dict[str, Any]:
    return {
        "code": version.unit.code,
        "name": version.name,
        "level": version.level,
        "parent": version.parent.code if version.parent else None,
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
    }
