"""Dossiers: listed, looked at, taken away."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Schema

from vamco.core import clock, search
from vamco.core.actors import Actor
from vamco.core.api import Id, Page, Searched, attachment, binary, caller, page_of
from vamco.core.listing import Asked
from vamco.core.models.exports import Format
from vamco.core.workbooks import XLSX

from ... import queries
from ...intake.api_receiving import router  # all methods of one path belong to one router
from ...schemas.given import DossierCode
from ...schemas.shown import DossierRow, row
from ...work.actions.steps import opened, seen
from ...work.api.detail import DossierDetail, detail
from .. import inbox as work
from ..listing import DOSSIERS_EXPORT
from .narrowed import Narrowed, not_a_number


class DossierList(Schema):
    """A page of dossiers."""

    items: list[DossierRow]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class DossierFilter(Page, Narrowed):
    """Filters and order of the list of dossiers."""

    sort: Literal["", "left"] = Field(
        "",
        description="`left`: as the inbox, by time left, then what is ready, what is paused, what has ended; otherwise in "
        "the order of receipt, with `changed_since` in the order of the last change",
        examples=["left"],
    )
    assignee: Annotated[str, Field(pattern="^(me|[0-9]{1,18})?$")] = Field(
        "", description="id of the person who has it, or `me`"
    )


class CountsOut(Schema):
    """How many dossiers each list of the inbox holds."""

    mine: int = Field(examples=[12])
    pool: int = Field(description="in a step that the caller may do, with nobody", examples=[3])
    unassigned: int = Field(description="where the caller assigns", examples=[3])
    unit: int = Field(examples=[40])
    waiting: int = Field(description="for a supplement", examples=[5])
    ready: int = Field(description="to be handed over", examples=[8])
    apologies: int = Field(description="drafted, for the caller to sign", examples=[0])
    late: int = Field(examples=[1])


class NoteOut(Schema):
    """An internal note."""

    at: datetime
    author: str = Field(examples=["Nguyễn Văn Tám"])
    text: str = Field(examples=["Đã gọi điện cho người nộp."])


class NoteFilter(Searched):
    """Which notes; `q` is looked for in the text and the author's name."""

    author: Id | None = Field(None, description="id of who wrote it", examples=[None])


class NoteList(Schema):
    """A page of notes."""

    items: list[NoteOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


@router.get("/dossiers", response=DossierList, summary="Dossiers that the caller may see")
def index(request: HttpRequest, filters: Query[DossierFilter]) -> dict[str, Any]:
    """The visible dossiers: in the order in which they were received here; with `changed_since` in that of their last
    change; or by time left."""
    actor = caller(request)
    wanted = filters.wanted(assignee=_person(filters.assignee, actor))
    if filters.sort == "left":
        found = work.page(actor, wanted, cursor=filters.cursor, limit=filters.limit)
        return {"items": [row(line) for line in found.rows], "next": found.next_cursor or None}
    now, rows = clock.now(), queries.with_seen(actor, queries.search(actor, wanted))
    rows = rows.select_related("unit", "holder_unit", "holder")
    # By the last change, so that a program that reads changes continues after the last one, by an index.
    key = ("changed_at", "pk") if filters.changed_since else ("pk",)
    return page_of(rows, filters, key=key, render=lambda dossier: row(queries.row_of(dossier, now, actor)))


@router.get("/inbox", response=CountsOut, summary="How much waits for the caller")
def inbox(request: HttpRequest) -> dict[str, int]:
    """The lists themselves are `GET /dossiers?tab=`."""
    return queries.tab_counts(caller(request))


@router.post(
    "/dossiers/actions/export", summary="Take a list away as a spreadsheet", openapi_extra=binary(XLSX)
)
def export(request: HttpRequest, body: Narrowed) -> HttpResponse:
    """On record. Of the units in which the caller may export."""
    not_a_number(body.q)
    values = {name: value for name, value in body.dict(exclude={"q"}).items() if value}
    taken = DOSSIERS_EXPORT.take(caller(request), Asked(values, body.q), Format.XLSX)
    return attachment(taken.content, taken.name, taken.media_type)


@router.get("/dossiers/{code}", response=DossierDetail, summary="One dossier")
def show(request: HttpRequest, code: DossierCode) -> dict[str, Any]:
    """One dossier that the caller may see; for any other the answer is 404. Opening a sensitive one is on record;
    what others change from now on is marked in the caller's lists."""
    actor = caller(request)
    dossier = queries.get(actor, code)
    opened(actor, dossier)
    seen(actor, dossier)
    return detail(actor, dossier)


@router.get("/dossiers/{code}/notes", response=NoteList, summary="Internal notes of a dossier")
def notes(request: HttpRequest, code: DossierCode, filters: Query[NoteFilter]) -> dict[str, Any]:
    """In their order; a new one is the action `note`."""
    rows = queries.get(caller(request), code).notes.select_related("author")
    rows = rows.filter(author=filters.author) if filters.author else rows
    return page_of(search.matching(rows, filters.q, "text", "author__full_name"), filters, render=_note)


def _person(value: str, actor: Actor) -> int | None:
    if value == "me":
        return actor.user_id
    return int(value) if value else None


def _note(note: Any) -> dict[str, Any]:
    return {"at": note.at, "author": note.author.full_name if note.author else "", "text": note.text}
