"""Books (sổ): the register books of a unit by year, and its register of dossiers in print."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.errors import Refused
from vamco.core.printing import handed_out
from vamco.organisation.models import Unit
from vamco.organisation.where import chosen_unit, open_units
from vamco.web import messages
from vamco.web.access import Request, staff
from vamco.web.action_forms import InputForm

from ... import queries
from ...models import RegisterBook
from .. import actions, registers

PAGE = 100
"""Entries on a page."""


@require_GET
@staff("dossiers.view")
def show(request: Request) -> HttpResponse:
    """A unit's books of a year, and what may be printed."""
    units = _units(request.actor)
    unit = chosen_unit(request.actor, units, request.GET.get("unit", ""))
    return _page(request, units, InputForm(actions.print_register, request.actor, unit))


def _page(request: Request, units: list[Unit], form: InputForm) -> HttpResponse:
    """The page; `form` asks for the period of the register, in the unit that the page is about."""
    actor, unit = request.actor, form.about
    this_year = clock.today().year
    opened = RegisterBook.objects.filter(unit=unit).values_list("year", flat=True)
    years = sorted({*opened, this_year}, reverse=True)
    year = _year(request.POST.get("nam") or request.GET.get("nam", ""), years)
    page: dict[str, Any] = {
        "unit": unit,
        "units": units,
        "years": years,
        "year": year,
        "books": registers.books_of_year(actor, unit, year),
        "may_print": actions.may_print(actor, unit),
        "may_close": actor.may_at("dossiers.close_book", [unit.pk]) and year < this_year,
        "form": form,
        "refused": " ".join(str(fault) for faults in form.errors.values() for fault in faults),
    }
    return render(request, "dossiers/books.html", page, status=form.status)


def _units(actor: Actor) -> list[Unit]:
    return list(open_units(actor, "dossiers.view").select_related("parent")[:300])


def _year(written: str, years: list[int]) -> int:
    return next((year for year in years if str(year) == written), years[0])


@require_GET
@staff("dossiers.view")
def book(request: Request, pk: int) -> HttpResponse:
    """The entries of a book, the last first; sensitive ones only for who handles dossiers there."""
    actor = request.actor
    found = registers.book(actor, pk)
    before = request.GET.get("cursor", "")
    entries = found.entries.filter(dossier__in=queries.visible(actor).values("pk")).order_by("-number")
    if before.isascii() and before.isdigit() and len(before) < 10:
        entries = entries.filter(number__lt=int(before))
    listed = list(entries.select_related("dossier")[: PAGE + 1])
    page = {
        "book": found,
        "title": registers.name_of(found.key),
        "entries": listed[:PAGE],
        "next_cursor": listed[PAGE - 1].number if len(listed) > PAGE else None,
        "back": bool(before),
        "may_print": actions.may_print(actor, found.unit),
        "may_close": actions.close_book.offered(actor, found),
    }
    return render(request, "dossiers/book.html", page)


@require_POST
@staff("dossiers.view")
def book_pdf(request: Request, pk: int) -> HttpResponse:
    """The whole book in print, on record."""
    record = actions.print_book(request.actor, registers.book(request.actor, pk))
    return handed_out(record.paper)


@require_POST
@staff("dossiers.close_book")
def close(request: Request, pk: int) -> HttpResponse:
    """Close a book after its year: it gives no more numbers."""
    found = registers.book(request.actor, pk)
    try:
        messages.done(request, actions.close_book.says(actions.close_book(request.actor, found)))
    except Refused as refusal:
        messages.refused(request, refusal.message)
    return redirect("book", pk=pk)


@require_POST
@staff("dossiers.view")
def register_pdf(request: Request) -> HttpResponse:
    """The register of dossiers of a period in print, on record."""
    units = _units(request.actor)
    unit = chosen_unit(request.actor, units, request.POST.get("unit", ""))
    form = InputForm(actions.print_register, request.actor, unit, request=request)
    record = form.do()
    return _page(request, units, form) if record is None else handed_out(record.paper)
