"""The whole history of a thing, and the form of a note."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vamco.core import things
from vamco.web.access import Request, staff
from vamco.web.action_forms import ask_for

from . import actions, queries

PAGE = 50


@require_safe
@staff()
def history(request: Request, kind: str, thing: int) -> HttpResponse:
    """Everything that was done with a thing, newest first, a page at a time."""
    row = things.get(request.actor, kind, thing)
    rows = queries.entries(request.actor, row).order_by("-pk")
    cursor = request.GET.get("cursor", "")
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows[: PAGE + 1])
    page = {
        "thing": row,
        "up": things.url_of(row),
        "lines": queries.lines(request.actor, row, found[:PAGE]),
        "next_cursor": found[PAGE - 1].pk if len(found) > PAGE else None,
        "back": bool(cursor),
    }
    return render(request, "history/history.html", page)


@staff()
def note(request: Request, kind: str, thing: int) -> HttpResponse:
    """Note something on a thing; what is refused is said beside the text, on a page of its own."""
    row = things.get(request.actor, kind, thing)
    things.check_write(request.actor, row)
    return ask_for(
        request,
        actions.note,
        row,
        title=_("Ghi chú ở %(thing)s") % {"thing": row},
        up=(f"{things.url_of(row)}#lich-su", str(row)),
    )
