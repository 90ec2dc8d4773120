"""Register books of decisions, and the register of dossiers in print."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core import search
from vamco.core.api import Id, Searched, binary, caller, page_of, pdf
from vamco.core.errors import NotFound
from vamco.organisation.api.units import UnitCode, known

from ... import actions, queries
from ...models import RegisterBook, RegisterEntry
from ...schemas.given import Dated
from .. import registers

router = Router(tags=["registers"])
PDF = binary("application/pdf")


class BookOut(Schema):
    """A book of decisions of a unit for a year."""

    id: int = Field(examples=[2])
    unit: str = Field(examples=["27694"])
    key: str = Field(examples=["so_chung_thuc_ban_sao"])
    name: str = Field(examples=["Sổ chứng thực bản sao"])
    year: int = Field(examples=[2016])
    closed_at: datetime | None = Field(examples=[None])


class BookList(Schema):
    """A page of books."""

    items: list[BookOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class BookFilter(Searched):
    """Which books; `q` is looked for in the book's name and the unit's."""

    unit: str = Field("", max_length=40, description="code of the unit")
    year: int | None = Field(None, ge=1980, le=2200)
    key: str = Field("", max_length=60, examples=["so_chung_thuc_ban_sao"])
    closed: bool | None = Field(None, description="whether it gives no more numbers", examples=[None])


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


@router.get("/register_books", response=BookList, summary="Register books of the caller's units")
def books(request: HttpRequest, filters: Query[BookFilter]) -> dict[str, Any]:
    """In the order in which they were opened."""
    rows = _visible(request)
    rows = rows.filter(unit__code=filters.unit) if filters.unit else rows
    rows = rows.filter(year=filters.year) if filters.year else rows
    rows = rows.filter(key=filters.key) if filters.key else rows
    rows = rows if filters.closed is None else rows.filter(closed_at__isnull=not filters.closed)
    rows = rows.filter(_named(filters.q, rows)) if filters.q.strip() else rows
    return page_of(rows, filters, render=_book)


@router.get("/register_books/{book_id}/entries", response=EntryList, summary="Entries of a book")
def entries(request: HttpRequest, book_id: Id, filters: Query[EntryFilter]) -> dict[str, Any]:
    """In the order of their numbers; sensitive ones only for who handles dossiers there."""
    seen = queries.visible(caller(request)).values("pk")
    rows = _found(request, book_id).entries.filter(dossier__in=seen).select_related("dossier")
    fields = {"number": filters.number, "dossier__code": filters.dossier}
    fields |= {"result_number": filters.result_number}
    rows = rows.filter(**{name: value for name, value in fields.items() if value})
    said = ("name", "what", "signer", "result_number", "dossier__code")
    return page_of(search.matching(rows, filters.q, *said), filters, key=("number",), render=_entry)


@router.post(
    "/register_books/{book_id}/actions/close", response=BookOut, summary="Close a book after its year"
)
def close(request: HttpRequest, book_id: Id) -> dict[str, Any]:
    """It gives no more numbers."""
    return _book(actions.close_book(caller(request), _found(request, book_id)))


@router.post(
    "/register_books/{book_id}/actions/print", summary="A book in print (on record)", openapi_extra=PDF
)
def print_book(request: HttpRequest, book_id: Id) -> HttpResponse:
    """The whole book, with its closing line once it is closed."""
    found = _found(request, book_id)
    record: Any = actions.print_book(caller(request).once(None), found)
    return pdf(record.pdf, f"{found.key}-{found.year}.pdf")


@router.post(
    "/units/{code}/actions/print_register",
    summary="The register of dossiers in print (on record)",
    openapi_extra=PDF,
)
def print_register(request: HttpRequest, code: UnitCode, body: Dated) -> HttpResponse:
    """Of what the unit received in a period (form 06)."""
    record: Any = actions.print_register(
        caller(request).once(None), known(code), first=body.first, last=body.last
    )
    return pdf(record.pdf, f"so-theo-doi-{code}-{body.first}-{body.last}.pdf")


def _named(q: str, books: QuerySet[RegisterBook]) -> Q:
    """Of which each word begins a word of the name, which is no column, or of the unit's."""
    names = {key: registers.name_of(key) for key in books.order_by().values_list("key", flat=True).distinct()}
    wanted = Q()
    for word in q.split()[:12]:
        keys = [key for key, name in names.items() if search.has_words(word, name)]
        wanted &= Q(key__in=keys) | search.begins(word, "unit__folded")
    return wanted


def _visible(request: HttpRequest) -> QuerySet[RegisterBook]:
    rows = RegisterBook.objects.select_related("unit", "unit__parent")
    return rows.filter(caller(request).within("dossiers.view"))


def _found(request: HttpRequest, pk: int) -> RegisterBook:
    found = _visible(request).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Không tìm thấy sổ này trong các đơn vị của ông/bà."))
    return found


def _book(one: RegisterBook) -> dict[str, Any]:
    names = ("key", "year", "closed_at")
    said = {"id": one.pk, "unit": one.unit.code, "name": registers.name_of(one.key)}
    return said | {name: getattr(one, name) for name in names}


def _entry(one: RegisterEntry) -> dict[str, Any]:
    names = ("number", "at", "name", "what", "copies", "pages", "signer", "fee", "result_number")
    return {"dossier": one.dossier.code} | {name: getattr(one, name) for name in names}
