"""Books (sổ): the register books of a unit by year, and its register of dossiers in print."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotFound, Refused
from vamco.web import messages
from vamco.web.access import Request, staff

from ... import actions, queries
from ...models import RegisterBook, RegisterEntry
from ...rules.counters import counter_units, unit_of
from .. import registers
from .files import pdf_response

PAGE = 100
"""Entries on a page."""


@require_GET
@staff("dossiers.view")
def show(request: Request) -> HttpResponse:
    """A unit's books of a year, and what may be printed."""
    return _page(request)


def _page(request: Request, *, refused: str = "", status: int = 200) -> HttpResponse:
    actor: Actor = request.actor
    sent = request.POST if request.method == "POST" else request.GET
    unit = unit_of(actor, sent.get("unit", ""), "dossiers.view")
    every = RegisterBook.objects.filter(unit=unit)
    years = sorted({*every.values_list("year", flat=True), clock.today().year}, reverse=True)
    year = _year(sent.get("nam", ""), years)
    books: list[Any] = list(every.filter(year=year).order_by("key"))
    seen = RegisterEntry.objects.filter(book__in=books, dossier__in=queries.visible(actor).values("pk"))
    of_each = seen.order_by().values("book").annotate(count=Count("pk"), last=Max("number"))
    counted: dict[int, Any] = {row["book"]: row for row in of_each}
    for one in books:
        one.title = registers.name_of(one.key)
        of_it = counted.get(one.pk, {})
        one.count, one.last = of_it.get("count", 0), of_it.get("last")
    today = clock.today()
    page: dict[str, Any] = {
        "unit": unit,
        "units": counter_units(actor, "dossiers.view"),
        "years": years,
        "year": year,
        "books": books,
        "may_print": actions.may_print(actor, unit),
        "may_close": actor.may_at("dossiers.close_book", [unit.pk]) and year < today.year,
        "first": sent.get("first") or f"{today.replace(day=1):%d/%m/%Y}",
        "last": sent.get("last") or f"{today:%d/%m/%Y}",
        "refused": refused,
    }
    return render(request, "dossiers/books.html", page, status=status)


def _year(asked: str, years: list[int]) -> int:
    return int(asked) if asked.isascii() and asked.isdigit() and int(asked[:5]) in years else years[0]


@require_GET
@staff("dossiers.view")
def book(request: Request, pk: int) -> HttpResponse:
    """The entries of a book, the last first; sensitive ones only for who handles dossiers there."""
    actor: Actor = request.actor
    found = _book(actor, pk)
    before = request.GET.get("cursor", "")
    entries = found.entries.filter(dossier__in=queries.visible(actor).values("pk")).order_by("-number")
    if before.isascii() and before.isdigit() and len(before) < 10:
        entries = entries.filter(number__lt=int(before))
    shown = list(entries.select_related("dossier")[: PAGE + 1])
    page = {
        "book": found,
        "title": registers.name_of(found.key),
        "entries": shown[:PAGE],
        "next_cursor": shown[PAGE - 1].number if len(shown) > PAGE else None,
        "back": bool(before),
        "may_print": actions.may_print(actor, found.unit),
        "may_close": _may_close(actor, found),
    }
    return render(request, "dossiers/book.html", page)


def _may_close(actor: Actor, found: RegisterBook) -> bool:
    past = clock.today().year > found.year
    return found.closed_at is None and past and actor.may_at("dossiers.close_book", [found.unit_id])


def _book(actor: Actor, pk: int) -> RegisterBook:
    found = RegisterBook.objects.select_related("unit", "unit__parent", "closed_by").filter(pk=pk).first()
    if found is None or not actor.may_at("dossiers.view", [found.unit_id]):
        raise NotFound(_("Không tìm thấy sổ này trong các đơn vị của ông/bà."))
    return found


@require_POST
@staff("dossiers.view")
def book_pdf(request: Request, pk: int) -> HttpResponse:
    """The whole book in print, on record."""
    actor: Actor = request.actor
    found = _book(actor, pk)
    record = actions.print_book(actor.once(None), found)
    return pdf_response(record.pdf, f"{found.key}-{found.year}.pdf")


@require_POST
@staff("dossiers.close_book")
def close(request: Request, pk: int) -> HttpResponse:
    """Close a book after its year: it gives no more numbers."""
    actor: Actor = request.actor
    found = _book(actor, pk)
    try:
        actions.close_book(actor, found)
    except Refused as refusal:
        messages.refused(request, refusal.message)
    else:
        said = {"book": registers.name_of(found.key), "year": found.year}
        messages.done(request, _("Đã khóa %(book)s năm %(year)s.") % said)
    return redirect("book", pk=pk)


@require_POST
@staff("dossiers.view")
def register_pdf(request: Request) -> HttpResponse:
    """The register of dossiers of a period in print, on record."""
    actor: Actor = request.actor
    unit = unit_of(actor, request.POST.get("unit", ""), "dossiers.view")
    try:
        first, last = _day(request, "first"), _day(request, "last")
        record = actions.print_register(actor.once(None), unit, first=first, last=last)
    except Invalid as refusal:
        return _page(request, refused=refusal.message, status=refusal.status)
    return pdf_response(record.pdf, f"so-theo-doi-{unit.code}-{first}-{last}.pdf")


def _day(request: Request, name: str) -> date:
    typed = request.POST.get(name, "").strip()[:10]
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        with suppress(ValueError):
            return datetime.strptime(typed, form).date()
    raise Invalid(_("Hãy ghi ngày đầu và ngày cuối, ví dụ 01/12/2016."), field=name)
