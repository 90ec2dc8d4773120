"""The API's view of histories and notes."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from vamco.core import things
from vamco.core.api import Id, Problem, Searched, caller, page_of
from vamco.core.api_actions import add_action, body_of

from . import actions, queries
from .models import Note

router = Router(tags=["history"])
KIND: Any = (str, Field(max_length=80, description="kind of the thing", examples=["payments.receipt"]))
THING: Any = (Id, Field(description="number of the thing", examples=[17]))


class HistoryFilter(Searched):
    """Whose history; `q` is looked for in who did it, in what was done and in notes."""

    kind: str = Field(max_length=80, description="kind of the thing", examples=["payments.receipt"])
    id: Id = Field(description="number of the thing", examples=[17])


class HistoryChange(Schema):
    """A value before and after, in words."""

    label: str = Field(examples=["tình trạng"])
    before: str = Field(examples=["có hiệu lực"])
    after: str = Field(examples=["đã hủy"])


class HistoryLine(Schema):
    """One thing that was done."""

    id: int = Field(description="number of the entry in the ledger", examples=[4711])
    at: datetime = Field(examples=["2016-12-05T10:42:00+07:00"])
    person: int | None = Field(description="null: the system itself", examples=[5])
    name: str = Field(examples=["Lê Thị Thu Cúc"])
    via: str = Field(description="page, api, cli, job or system", examples=["page"])
    action: str = Field(examples=["history.note"])
    what: str = Field(description="the action in words", examples=["Ghi chú"])
    text: str = Field(description="of a note; the name of a file", examples=["Đã gọi điện cho người nộp."])
    changes: list[HistoryChange]


class HistoryList(Schema):
    """A page of a history."""

    items: list[HistoryLine]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class RemarkOut(Schema):
    """A note on a thing."""

    id: int = Field(examples=[3])
    kind: str = Field(examples=["payments.receipt"])
    thing: int = Field(examples=[17])
    text: str = Field(examples=["Đã gọi điện cho người nộp."])
    at: datetime = Field(examples=["2016-12-05T10:42:00+07:00"])
    by: int | None = Field(description="null: the system itself", examples=[5])
    mentions: list[int] = Field(description="the people who were told", examples=[[7]])


@router.get("/history", response={200: HistoryList, 404: Problem}, summary="What was done with a thing")
def history(request: HttpRequest, filters: Query[HistoryFilter]) -> dict[str, Any]:
    """In the order in which it was done, with the notes on it."""
    actor = caller(request)
    row = things.get(actor, filters.kind, filters.id)
    page = page_of(queries.entries(actor, row, filters.q), filters, render=lambda entry: {"entry": entry})
    found = queries.lines(actor, row, [one["entry"] for one in page["items"]])
    return page | {"items": [_line(one) for one in found]}


def _line(line: queries.Line) -> dict[str, Any]:
    entry = line.entry
    changed = [{"label": each.label, "before": each.before, "after": each.after} for each in line.changes]
    return {
        "id": entry.pk,
        "at": entry.at,
        "person": entry.actor_id,
        "name": line.who,
        "via": entry.via,
        "action": entry.action,
        "what": line.what,
        "text": line.text,
        "changes": changed,
    }


def _note(note: Note) -> dict[str, Any]:
    mentioned = sorted(note.mentions.values_list("pk", flat=True))
    return {name: getattr(note, name) for name in ("kind", "thing", "text", "at")} | {
        "id": note.pk,
        "by": note.by_id,
        "mentions": mentioned,
    }


add_action(
    router,
    "/notes",
    actions.note,
    find=lambda actor, kind, id: things.get(actor, kind, id),
    render=lambda _actor, done: _note(done),
    response=RemarkOut,
    body=body_of(actions.note, kind=KIND, id=THING),
    status=201,
)
