"""Attached files: one more, reading one, taking one off and putting it back."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vamco.core import files, things
from vamco.web import messages
from vamco.web.access import Request, staff
from vamco.web.action_forms import ask_for

from . import actions, queries


@staff()
def attach(request: Request, kind: str, thing: int) -> HttpResponse:
    """Put a file on a thing; what is refused is said beside the form, on a page of its own."""
    row = things.get(request.actor, kind, thing)
    things.check_write(request.actor, row)
    return ask_for(
        request,
        actions.attach,
        row,
        title=_("Đính kèm tệp vào %(thing)s") % {"thing": row},
        up=(_place(row), str(row)),
    )


@require_safe
@staff()
def content(request: Request, pk: int) -> HttpResponseBase:
    """The file: PDF and pictures are shown, everything else and `?tai` is downloaded."""
    return files.response(queries.attachment(request.actor, pk).file, as_attachment="tai" in request.GET)


@require_POST
@staff()
def remove(request: Request, pk: int) -> HttpResponse:
    """Take a file off; the next page offers to put it back."""
    removed = actions.remove(request.actor, queries.attachment(request.actor, pk))
    undo = reverse("attachment_put_back", args=[pk])
    messages.done(request, actions.remove.says(removed), undo=undo)
    return redirect(_place(removed.row))


@require_POST
@staff()
def put_back(request: Request, pk: int) -> HttpResponse:
    """Put back a file that was taken off."""
    found = queries.attachment(request.actor, pk, removed=True)
    messages.done(request, actions.put_back.says(actions.put_back(request.actor, found)))
    return redirect(_place(found.row))


def _place(row: Any) -> str:
    """Where the files stand on the thing's page."""
    return f"{things.url_of(row)}#dinh-kem"
