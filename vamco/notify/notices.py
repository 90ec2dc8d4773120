"""The pages of the bell."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vamco.core.inputs import plain_number
from vamco.web.access import Request, staff
from vamco.web.messages import done

from . import bell

PAGE = 50


@require_GET
@staff()
def notices(request: Request) -> HttpResponse:
    """What came for the reader, newest first."""
    cursor = plain_number(request.GET.get("cursor", ""))
    rows = bell.notices(request.actor)
    found = list((rows.filter(pk__lt=cursor) if cursor else rows)[: PAGE + 1])
    context = {
        "rows": found[:PAGE],
        "any_unread": any(row.read_at is None for row in found[:PAGE]),
        "upto": found[0].pk if found else None,
        "next_cursor": found[PAGE - 1].pk if len(found) > PAGE else None,
        "back": bool(cursor),
    }
    return render(request, "notify/notices.html", context)


@require_GET
@staff()
def follow(request: Request, pk: int) -> HttpResponse:
    """To what a notice tells of: from then on it is read."""
    notice = bell.notice(request.actor, pk)
    bell.mark_read(request.actor, ids=[notice.pk])
    return redirect(notice.url)


@require_POST
@staff()
def read(request: Request) -> HttpResponse:
    """One notice, or all up to the newest that the reader had on their page, are read."""
    key, upto = (plain_number(request.POST.get(name, "")) for name in ("id", "upto"))
    bell.mark_read(request.actor, ids=[key] if key else (), upto=upto)
    done(request, _("Đã đánh dấu là đã đọc."))
    return redirect("notices")
