"""Dossiers: received, listed, looked at."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core import clock, search
from vamco.core.actors import Actor
from vamco.core.api import Id, Moment, Page, Searched, attachment, binary, caller, page_of
from vamco.core.errors import Invalid
from vamco.core.workbooks import XLSX
from vamco.organisation.api.units import UnitCode, known
from vamco.parties import identity

from ... import actions, queries
from ...importing import spreadsheet
from ...schemas.given import ApplicationIn, DossierCode, application, visit_at
from ...schemas.shown import DossierDetail, DossierOut, DossierRow, detail, received, row
from .. import inbox as work

router = Router(tags=["dossiers"])
StageIn = Literal[
    "", "processing", "supplement", "ready", "refused_ready", "returned", "withdrawn", "stopped", "refused"
]
ChannelIn = Literal["", "counter", "post", "online"]
Tab = Literal["", "mine", "pool", "unassigned", "unit", "waiting", "ready", "apologies", "late"]


class DossierIn(ApplicationIn, extra="forbid"):
    """An application for a procedure at a unit."""

    unit: UnitCode
    visit: Id | None = Field(None, description="the visit to the counter that it belongs to", examples=[None])
    received_at: Moment | None = Field(
        None, description="only for what came by post: when it arrived", examples=[None]
    )
    expected: int | None = Field(
        None,
        ge=0,
        lt=10**12,
        description="đồng asked for what is paid now; it is collected at once",
        examples=[None],
    )


class DossierList(Schema):
    """A page of dossiers."""

    items: list[DossierRow]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class Narrowed(Schema):
    """What a list is narrowed to."""

    tab: Tab = Field("", description="a list of the inbox")
    unit: str = Field("", max_length=40, description="code of a unit that has to do with it")
    step: str = Field("", max_length=60)
    status: int | None = Field(None, ge=1, le=10, description="national status")
    stage: StageIn = ""
    procedure: str = Field("", max_length=60, description="code of the procedure")
    channel: ChannelIn = ""
    party: Id | None = Field(None, description="id of somebody who has a role in it")
    due_before: Moment | None = None
    changed_since: Moment | None = None
    q: str = Field(
        "", max_length=200, description="code, or words of name and content; identity numbers are refused"
    )


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


@router.post("/dossiers", response={201: DossierOut}, summary="Receive a dossier")
def create(request: HttpRequest, body: DossierIn) -> dict[str, Any]:
    """Receive a dossier at a unit. With an `Idempotency-Key` a repeated request answers the same dossier."""
    actor = caller(request)
    unit = known(body.unit)
    if body.received_at is not None and body.channel != "post":
        raise Invalid(
            _("Chỉ hồ sơ gửi qua bưu điện mới ghi thời điểm nhận; hồ sơ khác nhận lúc tiếp nhận."),
            field="received_at",
        )
    dossier = actions.receive(
        actor,
        unit,
        application=application(actor, body),
        visit=visit_at(actor, body.visit) if body.visit is not None else None,
        received_at=body.received_at,
        expected=body.expected,
        strict=True,
    )
    return received(dossier)


@router.get("/dossiers", response=DossierList, summary="Dossiers that the caller may see")
def index(request: HttpRequest, filters: Query[DossierFilter]) -> dict[str, Any]:
    """The visible dossiers: in the order in which they were received here; with `changed_since` in that of their last
    change; or by time left."""
    actor = caller(request)
    wanted = _filter(filters, _person(filters.assignee, actor))
    if filters.sort == "left":
        found = work.page(actor, wanted, cursor=filters.cursor, limit=filters.limit)
        return {"items": [row(line) for line in found.rows], "next": found.next_cursor or None}
    now, rows = clock.now(), queries.with_seen(actor, queries.search(actor, wanted))
    rows = rows.select_related("unit", "holder_unit", "holder")
    # Who asks for changes reads an index of them, and goes on from the last one.
    key = ("changed_at", "pk") if filters.changed_since else ("pk",)
    return page_of(rows, filters, key=key, render=lambda one: row(queries.row_of(one, now, actor)))


@router.get("/inbox", response=CountsOut, summary="How much waits for the caller")
def inbox(request: HttpRequest) -> dict[str, int]:
    """The lists themselves are `GET /dossiers?tab=`."""
    return queries.tab_counts(caller(request))


@router.post(
    "/dossiers/actions/export", summary="Take a list away as a spreadsheet", openapi_extra=binary(XLSX)
)
def export(request: HttpRequest, body: Narrowed) -> HttpResponse:
    """On record. Of the units in which the caller may export."""
    asked = {name: value for name, value in body.dict(exclude={"q"}, mode="json").items() if value}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    actor = caller(request).once(None)
    record: Any = actions.export_list(actor, None, wanted=_filter(body), query=query)
    return attachment(spreadsheet.listed(record.dossiers), f"ho-so-{clock.today():%Y-%m-%d}.xlsx", XLSX)


@router.get("/dossiers/{code}", response=DossierDetail, summary="One dossier")
def show(request: HttpRequest, code: DossierCode) -> dict[str, Any]:
    """One dossier that the caller may see; for any other the answer is 404. Opening a sensitive one is on record;
    what others change from now on is marked in the caller's lists."""
    actor = caller(request)
    dossier = queries.get(actor, code)
    actions.opened(actor, dossier)
    actions.seen(actor, dossier)
    return detail(actor, dossier)


@router.get("/dossiers/{code}/notes", response=NoteList, summary="Internal notes of a dossier")
def notes(request: HttpRequest, code: DossierCode, filters: Query[NoteFilter]) -> dict[str, Any]:
    """In their order; a new one is the action `note`."""
    rows = queries.get(caller(request), code).notes.select_related("author")
    rows = rows.filter(author=filters.author) if filters.author else rows
    return page_of(search.matching(rows, filters.q, "text", "author__full_name"), filters, render=_note)


def not_a_number(q: str) -> None:
    """Raise `Invalid` for words that are an identity number: it stands in no address and in no list."""
    if "-" not in q and identity.looks_like_number(q):
        raise Invalid(
            _(
                "Số định danh không được đặt trong danh sách. Hãy tra cứu người bằng POST /api/v1/parties/actions/look_up."
            ),
            field="q",
        )


def _filter(asked: Narrowed, assignee: int | None = None) -> queries.Filter:
    not_a_number(asked.q)
    names = (
        "tab",
        "unit",
        "step",
        "status",
        "stage",
        "procedure",
        "channel",
        "party",
        "due_before",
        "changed_since",
        "q",
    )
    return queries.Filter(assignee=assignee, **{name: getattr(asked, name) for name in names})


def _person(value: str, actor: Actor) -> int | None:
    if value == "me":
        return actor.user_id
    return int(value) if value else None


def _note(one: Any) -> dict[str, Any]:
    return {"at": one.at, "author": one.author.full_name if one.author else "", "text": one.text}
