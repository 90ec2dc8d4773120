"""The API's view of people and businesses."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from vamco.core.api import Page, page_of

from . import queries

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


class LookUpIn(Schema):
    """A look-up by number."""

    number: str = Field(max_length=40, examples=["080080001234"])
    number_kind: str = Field("", description="citizen_id, old_id, passport or tax_code; guessed when empty")
    nationality: str = Field("", max_length=2, description="country of a passport, ISO 3166-1 alpha-2")
    purpose: str = Field("", max_length=200, examples=["Tiếp nhận hồ sơ"])


class LookUpOut(Schema):
    """What a look-up found: the party, or null."""

    party: PartyOut | None


@router.get("/parties", response=PartyList, summary="Search people and businesses by name")
def parties(request: HttpRequest, filters: Query[PartyFilter]) -> dict[str, Any]:
    """The parties that have had a dossier at the caller's units, in Vietnamese alphabetical order."""
    rows = queries.search(request.auth, filters.q)  # type: ignore[attr-defined]
    return page_of(rows, filters, key=("sort_key", "pk"), render=queries.render)


@router.post("/parties/actions/look_up", response=LookUpOut, summary="Look one up by number (on record)")
def look_up(request: HttpRequest, body: LookUpIn) -> dict[str, Any]:
    """The party with a number, at whichever unit it was before. On record, also when nothing is found."""
    party = queries.find_by_number(
        request.auth,  # type: ignore[attr-defined]
        body.number,
        kind=body.number_kind,
        nationality=body.nationality.upper(),
        purpose=body.purpose,
    )
    return {"party": queries.render(party) if party else None}
