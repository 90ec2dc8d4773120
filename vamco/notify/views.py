"""The log of messages, with resend."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vamco.core import visibility
from vamco.web.access import Request, staff
from vamco.web.action_forms import InputForm
from vamco.web.lists import list_page
from vamco.web.messages import done, refused

from . import actions, queries
from .lists import MESSAGES


@staff("notify.view")
def messages(request: Request) -> HttpResponse:
    """What was sent, what waits and what failed, newest first."""
    code = (request.GET.get("code") or request.POST.get("code") or "").strip()[:60].replace("\0", "")
    context = {
        "code": code,
        "no_server": not settings.SMTP_URL,
        "may_resend": request.actor.may_anywhere("notify.resend"),
    }
    return list_page(
        request,
        MESSAGES,
        known={"dossier": code} if code else {},
        keep=("code",),
        sort="-created_at",
        context=context,
        template="notify/messages.html",
    )


@require_GET
@staff("notify.view")
def message(request: Request, pk: int) -> HttpResponse:
    """One message as it went."""
    found = queries.message(request.actor, pk)
    may_resend = actions.resend.offered(request.actor, found)
    context = {
        "message_": found,
        "attached": queries.attached(request.actor, found),
        "form": InputForm(actions.resend, request.actor, found) if may_resend else None,
        "copies": [] if found.closed else found.resent.order_by("pk"),
    }
    return render(request, "notify/message.html", context)


@require_POST
@staff("notify.view")
def resend(request: Request, pk: int) -> HttpResponse:
    """Send again, to a corrected address where one is given; back to where the button was."""
    form = InputForm(actions.resend, request.actor, queries.message(request.actor, pk), request=request)
    again = form.do()
    if again is None:
        refused(request, str(next(iter(form.errors.values()))[0]))
        return redirect("message", pk=pk)
    to = queries.message(request.actor, again.pk).to_email or visibility.HIDDEN
    done(request, _("Tin đã xếp hàng gửi lại tới %(to)s.") % {"to": to})
    return redirect("message", pk=again.pk)
