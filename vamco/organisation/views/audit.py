"""The auditor's pages: the ledger by person, action, thing and day; an export is itself on record."""

from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from vamco.core import names, text
from vamco.core.errors import Refused
from vamco.core.models import LedgerEntry
from vamco.web.access import Request, staff
from vamco.web.asking import new_key

from .. import actions, audit

PAGE = 50


@staff("audit.read")
def index(request: Request) -> HttpResponse:
    """The entries asked for, newest first, a page at a time."""
    audit.may_read(request.actor)
    filters = audit.EntryFilter.of(request.GET)
    problem = ""
    try:
        rows = audit.entries(request.actor, filters)
        since, until = filters.days()
    except Refused as refused:
        rows, since, until, problem = LedgerEntry.objects.none(), None, None, refused.message
    cursor = request.GET.get("cursor", "")
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows[: PAGE + 1])
    page = {
        "filters": filters,
        "since": since,
        "until": until,
        "problem": problem,
        "lines": audit.lines(request.actor, found[:PAGE]),
        "next_cursor": found[PAGE - 1].pk if len(found) > PAGE else None,
        "back": bool(cursor),
        "choices": sorted(
            ((name, str(words)) for name, words in names.entries().items()),
            key=lambda pair: text.sort_key(pair[1], person=False),
        ),
        "request_key": new_key(),
    }
    return render(request, "organisation/audit.html", page, status=422 if problem else 200)


@staff("audit.read")
def entry(request: Request, pk: int) -> HttpResponse:
    """One entry: what it was before and after, and the seal over it."""
    audit.may_read(request.actor)
    return render(request, "organisation/entry.html", {"detail": audit.detail(request.actor, pk)})


@staff("audit.read")
def proof(request: Request, pk: int) -> HttpResponse:
    """The proof of one entry, to be checked without the database (`vamco audit check`)."""
    audit.may_read(request.actor)
    made = audit.proof(request.actor, pk)
    answer = JsonResponse(made, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="nhat-ky-{pk}.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@staff("audit.read")
def export(request: Request) -> FileResponse:
    """The entries asked for as CSV (UTF-8, for spreadsheets), without their contents."""
    filters = audit.EntryFilter.of(request.POST)
    made = actions.export_ledger(request.actor, None, filters=filters)
    return audit.exported(request.actor, filters, made)
