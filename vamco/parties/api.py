"""The API's view of people and businesses."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import create_model

from vamco.core import search
from vamco.core.actors import Actor
from vamco.core.api import Id, Page, Searched, caller, page_of
from vamco.core.api_actions import add_action, body_of
from vamco.core.errors import NotAllowed
from vamco.organisation.api.units import UNIT, known

from . import actions, queries
from .models import LookUp, Party

router = Router(tags=["parties"])


class PartyOut(Schema):
    """A person, business or organisation; the number is masked."""

    id: int = Field(examples=[17])
    kind: str = Field(description="person, business or organisation", examples=["person"])
    name: str = Field(examples=["Nguyễn Văn Á"])
    number_kind: str = Field(
        description="citizen_id, old_id, passport, tax_code, birth_cert or none", examples=["citizen_id"]
    )
    number: str = Field(description="masked", examples=["0801••••0412"])
    birth_date: date | None = Field(examples=["1980-02-28"])
    gender: str = Field(description="male, female or empty", examples=["male"])
    phone: str = Field(examples=["0912345678"])
    email: str = Field(examples=["nguyenvana@example.vn"])
    address: str = Field(examples=["12 Hùng Vương, Phường 2, Thành phố Tân An"])


class PartyList(Schema):
    """A page of parties."""

    items: list[PartyOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class PartyFilter(Page):
    """Filters of the list of parties."""

    q: str = Field(
        "",
        max_length=200,
        description="whole words or beginnings of words of the name, with or without accents; never a number",
        examples=["nguyen van"],
    )


class FoundOut(Schema):
    """What a look-up found: the party, or null."""

    party: PartyOut | None


class NumberOut(Schema):
    """A whole identity number."""

    number: str = Field(examples=["080161000412"])


class LookUpOut(Schema):
    """A look-up on record."""

    id: int = Field(examples=[8])
    at: datetime
    by: str = Field(examples=["Lê Thị Thu Cúc"])
    kind: str = Field(
        description="asked (by number), revealed (the whole number), opened (a sensitive dossier) or compared"
        " (what was typed with the register)",
        examples=["asked"],
    )
    purpose: str = Field(examples=["Tiếp nhận hồ sơ"])


class LookUpFilter(Searched):
    """Which look-ups; `q` is looked for in the name of who did it and the purpose."""

    by: Id | None = Field(None, description="id of who did it", examples=[None])
    kind: Literal["", "asked", "revealed", "opened", "compared"] = ""


class LookUpList(Schema):
    """A page of look-ups."""

    items: list[LookUpOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


_NAME: Any = Field(max_length=10_000, examples=["Nguyễn Văn Á"])
_SAME: Any = Field(
    False,
    description="the number is known under another name, and the officer, who has looked it up today"
    " (`/parties/actions/look_up`), sees that it is this person's",
)
PartyNew: Any = create_model(
    "PartyNew",
    __base__=body_of(actions.correct, without=("reason", "name"), unit=UNIT),
    __doc__="A party as it was typed at a unit. What is left out is not known.",
    name=(str, _NAME),
    same_person=(bool, _SAME),
)


@router.get("/parties", response=PartyList, summary="Search people and businesses by name")
def parties(request: HttpRequest, filters: Query[PartyFilter]) -> dict[str, Any]:
    """The parties that have had a dossier at the caller's units, in Vietnamese alphabetical order."""
    rows = queries.search(caller(request), filters.q)
    return page_of(rows, filters, key=("sort_key", "pk"), render=queries.render)


@router.post(
    "/parties", response={201: PartyOut}, summary="Register a party, or find its record by the number"
)
def register(request: HttpRequest, body: PartyNew) -> dict[str, Any]:
    """The one record of the party: found by its number, or made. That the number was asked for is on record."""
    unit = known(body.unit)
    if not caller(request).may_at("parties.register", [unit.pk]):
        raise NotAllowed(queries.may_not())
    typed = body.dict(exclude={"unit"}, exclude_unset=True, exclude_none=True)
    return queries.render(actions.get_or_register(caller(request), unit_id=unit.pk, **typed))


@router.get("/parties/{party_id}", response=PartyOut, summary="One party")
def party(request: HttpRequest, party_id: Id) -> dict[str, Any]:
    """One that has had a dossier at the caller's units."""
    return queries.render(queries.get(caller(request), party_id))


@router.get("/parties/{party_id}/look_ups", response=LookUpList, summary="Who looked the party up by number")
def look_ups(request: HttpRequest, party_id: Id, filters: Query[LookUpFilter]) -> dict[str, Any]:
    """For the auditor, and to tell the person concerned; in their order."""
    rows = queries.look_ups_of(caller(request), Party(pk=party_id))
    rows = rows.filter(by=filters.by) if filters.by else rows
    rows = rows.filter(kind=filters.kind) if filters.kind else rows
    rows = search.matching(rows, filters.q, "by__full_name", "purpose")
    return page_of(rows, filters, render=_look_up)


def _look_up(look_up: LookUp) -> dict[str, Any]:
    by = look_up.by.full_name if look_up.by else ""
    names = ("at", "kind", "purpose")
    return {"id": look_up.pk, "by": by} | {name: getattr(look_up, name) for name in names}


# What is done ----------------------------------------------------------------------------------------------


def _of(actor: Actor, party_id: int) -> Party:
    return queries.get(actor, party_id)


add_action(
    router,
    "/parties/actions/look_up",
    actions.look_up,
    find=lambda actor: None,
    render=lambda actor, done: {"party": queries.render(done.party) if done.party else None},
    response=FoundOut,
)
add_action(
    router,
    "/parties/{party_id}/actions/reveal",
    actions.reveal,
    find=_of,
    render=lambda actor, done: {"number": done.party.number},
    response=NumberOut,
)
for act in (actions.update, actions.correct):
    add_action(
        router,
        f"/parties/{{party_id}}/actions/{act.key}",
        act,
        find=_of,
        render=lambda actor, party: queries.render(party),
        response=PartyOut,
    )
