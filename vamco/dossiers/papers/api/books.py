"""Register books of decisions, and the register of dossiers in print."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from vamco.core import search
from vamco.core.actors import Actor
from vamco.core.api import PDF, Id, Searched, caller, page_of
from vamco.core.api_actions import add_action
from vamco.core.api_lists import add_list, item_of, shown_as
from vamco.core.printing import handed_out
from vamco.organisation.api.units import known

from ... import queries
from ...models import Export, RegisterEntry
from .. import actions, lists, registers

router = Router(tags=["registers"])


class EntryFilter(Searched):
    """Which entries; `q` is looked for in name, matter, signer, the result's number and the dossier's code."""

    number: Id | None = Field(None, examples=[None])
    dossier: str = Field("", max_length=60, description="code of the dossier")
    result_number: str = Field("", max_length=80)


class EntryOut(Schema):
    """One decision in its book."""

    number: int = Field(examples=[131])
    at: datetime
    dossier: str = Field(examples=["000.01.21.H39-161209-0007"])
    name: str = Field(examples=["Nguyễn Thị Mỹ Hạnh"])
    what: str = Field(examples=["Bằng tốt nghiệp đại học"])
    copies: int = Field(examples=[2])
    pages: int = Field(examples=[4])
    signer: str = Field(examples=["Lê Văn Tám"])
    fee: int = Field(description="đồng", examples=[16000])
    result_number: str = Field(examples=[""])


class EntryList(Schema):
    """A page of entries."""

    items: list[EntryOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


@router.get("/register_books/{book_id}/entries", response=EntryList, summary="Entries of a book")
def entries(request: HttpRequest, book_id: Id, filters: Query[EntryFilter]) -> dict[str, Any]:
    """In the order of their numbers; sensitive ones only for who handles dossiers there."""
    visible = queries.visible(caller(request)).values("pk")
    fields = {"number": filters.number, "dossier__code": filters.dossier}
    fields |= {"result_number": filters.result_number}
    rows = registers.book(caller(request), book_id).entries.select_related("dossier")
    rows = rows.filter(dossier__in=visible, **{name: value for name, value in fields.items() if value})
    searched = ("name", "what", "signer", "result_number", "dossier__code")
    return page_of(search.matching(rows, filters.q, *searched), filters, key=("number",), render=_entry)


def _entry(entry: RegisterEntry) -> dict[str, Any]:
    names = ("number", "at", "name", "what", "copies", "pages", "signer", "fee", "result_number")
    return {"dossier": entry.dossier.code} | {name: getattr(entry, name) for name in names}


def _printed(actor: Actor, record: Export) -> HttpResponse:
    return handed_out(record.paper)


add_list(
    router,
    "/register_books",
    lists.BOOKS,
    tags=["registers"],
    summary="Register books of the caller's units",
)
add_action(
    router,
    "/register_books/{book_id}/actions/close",
    actions.close_book,
    find=registers.book,
    render=lambda actor, book: shown_as(lists.BOOKS, book),
    response=item_of(lists.BOOKS),
)
add_action(
    router,
    "/register_books/{book_id}/actions/print",
    actions.print_book,
    find=registers.book,
    render=_printed,
    response=PDF,
)
add_action(
    router,
    "/units/{code}/actions/print_register",
    actions.print_register,
    find=lambda actor, code: known(code),
    render=_printed,
    response=PDF,
)
