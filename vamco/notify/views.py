"""The log of messages, with resend."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vamco.core import rooms, visibility
from vamco.core.errors import Refused
from vamco.web.access import Request, staff
from vamco.web.messages import done, refused

from . import actions, queries
from .models import State

PAGE = 50


@require_GET
@staff("notify.view")
def messages(request: Request) -> HttpResponse:
    """What was sent, what waits and what failed, newest first."""
    state, code = request.GET.get("state", ""), request.GET.get("code", "").strip()[:60]
    state = state if state in State.values else ""
    kinds = rooms.message_kinds()
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else ""
    rows = queries.log(request.actor, state=state, kind=kind, dossier=code)
    cursor = request.GET.get("cursor", "")
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows[: PAGE + 1])
    context = {
        "rows": [queries.shown(row) for row in found[:PAGE]],
        "state": state,
        "code": code,
        "kind": kind,
        "kinds": [(key, one.name) for key, one in kinds.items()],
        "states": State.choices,
        "next_cursor": found[PAGE - 1].pk if len(found) > PAGE else None,
        "back": bool(cursor),
        "no_server": not settings.SMTP_URL,
        "may_resend": request.actor.may_anywhere("notify.resend"),
    }
    return render(request, "notify/messages.html", context)


@require_GET
@staff("notify.view")
def message(request: Request, pk: int) -> HttpResponse:
    """One message as it went."""
    one = queries.one(request.actor, pk)
    context = {
        "message_": one,
        "attached": queries.attached(request.actor, one),
        "may_resend": request.actor.may_at("notify.resend", one.permission_units())
        and (not one.secret or one.state == State.QUEUED),
        "copies": [] if one.closed else one.resent.order_by("pk"),
    }
    return render(request, "notify/message.html", context)


@require_POST
@staff("notify.view")
def resend(request: Request, pk: int) -> HttpResponse:
    """Send again, to a corrected address where one is given; back to where the button was."""
    one = queries.one(request.actor, pk)
    try:
        again = actions.resend(request.actor, one, to_email=request.POST.get("to_email", "")[:254])
    except Refused as error:
        refused(request, error.message)
        return redirect("message", pk=pk)
    to = queries.one(request.actor, again.pk).to_email or visibility.HIDDEN
    done(request, _("Tin đã xếp hàng gửi lại tới %(to)s.") % {"to": to})
    return redirect("message", pk=again.pk)
