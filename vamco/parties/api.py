"""The API's view of people and businesses."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from vamco.core import search
from vamco.core.api import Day, Id, Page, Searched, caller, page_of
from vamco.core.errors import NotAllowed
from vamco.organisation.api.units import UnitCode, known

from . import actions, queries
from .models import LookUp, Party

router = Router(tags=["parties"])
KindIn = Literal["person", "business", "organisation"]
NumberKindIn = Literal["", "citizen_id", "old_id", "passport", "tax_code", "birth_cert", "none"]
Gender = Literal["", "male", "female"]


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


class LookUpIn(Schema):
    """A look-up by number."""

    number: str = Field(max_length=40, examples=["080080001234"])
    number_kind: NumberKindIn = Field("", description="guessed when empty")
    nationality: str = Field("", max_length=2, description="country of a passport, ISO 3166-1 alpha-2")
    purpose: str = Field("", max_length=200, examples=["Tiếp nhận hồ sơ"])


class FoundOut(Schema):
    """What a look-up found: the party, or null."""

    party: PartyOut | None


class RevealFor(Schema, extra="forbid"):
    """Why somebody wants to read the whole number."""

    purpose: str = Field("", max_length=200, examples=["đối chiếu căn cước"])


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


class PartyChange(Schema, extra="forbid"):
    """What is corrected, with the reason; what is left out stays."""

    reason: str = Field(min_length=5, max_length=1000, examples=["Sai ngày sinh so với căn cước"])
    name: str = Field("", max_length=10_000)
    kind: KindIn = "person"
    id_number: str = Field("", max_length=40)
    number_kind: NumberKindIn = ""
    nationality: str = Field("VN", max_length=2)
    birth_date: Day | None = Field(None, examples=["1980-02-28"])
    gender: Gender = ""
    phone: str = Field("", max_length=40)
    email: str = Field("", max_length=300)
    address: str = Field("", max_length=10_000)
    groups: list[str] = Field([], max_length=20)


class ContactIn(Schema, extra="forbid"):
    """Newer contact data; what is left out stays."""

    phone: str = Field("", max_length=40, examples=["0912345678"])
    email: str = Field("", max_length=300)
    address: str = Field("", max_length=10_000)


class PartyNew(Schema, extra="forbid"):
    """A party as it was typed at a unit."""

    unit: UnitCode
    name: str = Field(max_length=10_000, examples=["Nguyễn Văn Á"])
    kind: KindIn = Field("person", examples=["person"])
    id_number: str = Field("", max_length=40, examples=["080080001234"])
    number_kind: NumberKindIn = Field("", description="guessed when empty")
    nationality: str = Field("VN", max_length=2)
    birth_date: Day | None = None
    gender: Gender = ""
    phone: str = Field("", max_length=40)
    email: str = Field("", max_length=300)
    address: str = Field("", max_length=10_000)
    groups: list[str] = Field([], max_length=20)
    same_person: bool = Field(
        False,
        description="the number is known under another name, and the officer, who has looked it up today"
        " (`/parties/actions/look_up`), sees that it is this person's",
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
    typed = body.dict(exclude={"unit"})
    return queries.render(actions.get_or_register(caller(request), unit_id=unit.pk, **typed))


@router.post("/parties/actions/look_up", response=FoundOut, summary="Look one up by number (on record)")
def look_up(request: HttpRequest, body: LookUpIn) -> dict[str, Any]:
    """The party with a number, at whichever unit it was before. On record, also when nothing is found."""
    party = queries.find_by_number(
        caller(request),
        body.number,
        kind=body.number_kind,
        nationality=body.nationality.upper(),
        purpose=body.purpose,
    )
    return {"party": queries.render(party) if party else None}


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


@router.post(
    "/parties/{party_id}/actions/reveal",
    response=NumberOut,
    summary="Read a party's whole number (on record)",
)
def reveal(request: HttpRequest, party_id: Id, body: RevealFor) -> dict[str, Any]:
    """The person concerned and the auditor can see who did."""
    found = queries.get(caller(request), party_id)
    actions.reveal(caller(request), found, purpose=body.purpose)
    return {"number": found.number}


@router.post("/parties/{party_id}/actions/update", response=PartyOut, summary="Note newer contact data")
def update(request: HttpRequest, party_id: Id, body: ContactIn) -> dict[str, Any]:
    """Telephone, mail, address."""
    found = queries.get(caller(request), party_id)
    given = body.dict(exclude_unset=True)
    judged = actions.checked(name=found.name, kind=found.kind, number_kind="none", **given)
    return queries.render(
        actions.update(caller(request), found, **{name: getattr(judged, name) for name in given})
    )


@router.post(
    "/parties/{party_id}/actions/correct", response=PartyOut, summary="Correct what was wrong from the start"
)
def correct(request: HttpRequest, party_id: Id, body: PartyChange) -> dict[str, Any]:
    """With the reason; old and new values stay on record."""
    found = queries.get(caller(request), party_id)
    return queries.render(actions.correct(caller(request), found, **body.dict(exclude_unset=True)))


def _look_up(one: LookUp) -> dict[str, Any]:
    by = one.by.full_name if one.by else ""
    return {"id": one.pk, "at": one.at, "by": by, "kind": one.kind, "purpose": one.purpose}
