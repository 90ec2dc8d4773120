"""The ledger, for those who inspect the whole province; a copy that is taken away is on record."""

from datetime import datetime
from typing import Any, Literal

from django.http import FileResponse, HttpRequest
from ninja import Field, Query, Router, Schema

from vamco.core.api import Day, Id, Searched, binary, caller, page_of
from vamco.core.entries import pair, readable

from .. import actions, audit

router = Router(tags=["ledger"])


class LedgerPart(Schema):
    """Which part of the ledger; without a day, a person or a thing the last seven days."""

    person: str = Field("", max_length=80, description="user name, or words of the name")
    action: str = Field("", max_length=80, examples=["dossiers.receive"])
    thing: str = Field("", max_length=80, description="its code, or `kind:number`")
    since: Day | None = None
    until: Day | None = None
    sensitive: bool = Field(False, description="only look-ups, exports and what else touches personal data")


class LedgerFilter(Searched, LedgerPart):
    """Filters of the ledger; `q` is looked for in who did it, what was done and the code of the thing."""

    via: Literal["", "page", "api", "cli", "job", "system"] = Field("", examples=["api"])
    kind: str = Field("", max_length=80, examples=["dossiers.dossier"])


class EntryRow(Schema):
    """One action that was done."""

    id: int = Field(examples=[4711])
    at: datetime
    person: int | None = Field(description="null: the system itself", examples=[5])
    name: str = Field(examples=["Lê Thị Thu Cúc"])
    via: str = Field(description="page, api, cli, job or system", examples=["api"])
    action: str = Field(examples=["dossiers.receive"])
    kind: str = Field(examples=["dossiers.dossier"])
    thing: str = Field(description="its number", examples=["17"])


class LedgerList(Schema):
    """A page of the ledger."""

    items: list[EntryRow]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class ChangeOut(Schema):
    """A value before and after."""

    field: str = Field(examples=["name"])
    before: Any = Field(examples=["Phường 5"])
    after: Any = Field(examples=["Phường Năm"])


class EntryDetail(EntryRow):
    """An entry with what it changed: nothing where the dossier is not for the reader. An erased content leaves the entry
    and its proof."""

    changes: list[ChangeOut]
    erased: bool = Field(examples=[False])
    seal: int | None = Field(description="number of the seal over it", examples=[12])


@router.get("/ledger", response=LedgerList, summary="Entries of the ledger")
def entries(request: HttpRequest, filters: Query[LedgerFilter]) -> dict[str, Any]:
    """In the order in which they were written."""
    actor = caller(request)
    audit.may_read(actor)
    rows = audit.found(actor, audit.entries(actor, _filters(filters)), filters.q)
    fields = {"via": filters.via, "object_type": filters.kind}
    rows = rows.filter(**{name: value for name, value in fields.items() if value})
    return page_of(rows, filters, render=_render)


@router.get("/ledger/{entry_id}", response=EntryDetail, summary="One entry with what it changed")
def entry(request: HttpRequest, entry_id: Id) -> dict[str, Any]:
    """And the seal over it."""
    audit.may_read(caller(request))
    found = audit.detail(caller(request), entry_id)
    pairs = {name: map(readable, pair(value)) for name, value in found.content.items()}
    changes = [{"field": name, "before": before, "after": after} for name, (before, after) in pairs.items()]
    return {
        **_render(found.line.entry),
        "changes": changes,
        "erased": found.erased is not None,
        "seal": found.seal,
    }


@router.get("/ledger/{entry_id}/proof", response=dict[str, Any], summary="A proof that needs no database")
def proof(request: HttpRequest, entry_id: Id) -> dict[str, Any]:
    """To be checked with `vamco audit check`."""
    audit.may_read(caller(request))
    return audit.proof(caller(request), entry_id)


@router.post(
    "/ledger/actions/export", summary="Take a copy away (on record)", openapi_extra=binary("text/csv")
)
def export(request: HttpRequest, body: LedgerPart) -> FileResponse:
    """CSV in UTF-8, without contents."""
    filters = _filters(body)
    made = actions.export_ledger(caller(request), None, filters=filters)
    return audit.exported(caller(request), filters, made)


def _filters(part: LedgerPart) -> audit.EntryFilter:
    return audit.EntryFilter(
        person=part.person,
        action=part.action,
        thing=part.thing,
        sensitive=part.sensitive,
        since=part.since.isoformat() if part.since else "",
        until=part.until.isoformat() if part.until else "",
    )


def _render(entry: Any) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "at": entry.at,
        "person": entry.actor_id,
        "name": entry.actor_label,
        "via": entry.via,
        "action": entry.action,
        "kind": entry.object_type,
        "thing": entry.object_id,
    }
