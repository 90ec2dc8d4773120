"""Buttons of the counter that do something: receive, close the visit, ask for what is missing, refuse, forward."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core.errors import Refused
from vamco.core.transactions import atomic
from vamco.web import messages
from vamco.web.access import Request

from ...models import Dossier, Slip
from ..actions.not_received import ask_before_intake, refuse_intake
from ..actions.receiving import forward, receive
from ..actions.visits import close_visit, open_visit
from ..counter import Desk, WrongInputs
from .page import draft_name, due_now, may_collect, remember, show_page

MODES = {"ask_print": "ask", "refuse_print": "refuse", "forward": "refuse"}
"""Which part of the page is open again when a button is refused."""
BUTTONS = ("receive", "next", "more", "close", *MODES)


def carry_out(request: Request, desk: Desk, do: str) -> HttpResponse:
    """What the button does; the page with what is wrong when it is refused."""
    try:
        if do == "close" or (do == "receive" and _visit_is_over(desk)):
            return _close(request, desk)
        if do in ("receive", "next", "more"):
            return _receive(request, desk, do)
        return _not_received(request, desk, do)
    except Refused as refusal:
        desk.refuse(refusal)
    return show_page(request, desk, mode=MODES.get(do, ""), status=422)


def _receive(request: Request, desk: Desk, do: str) -> HttpResponse:
    slip: Slip | None = None
    with atomic():
        application, visit = desk.to_receive(), desk.visit
        if do == "more" and visit is None:
            visit = open_visit(desk.actor, desk.unit)
        dossier = receive(
            desk.actor,
            desk.unit,
            application=application,
            visit=visit,
            slip=visit is None,
            expected=None if visit else _expected(desk),
        )
        if visit is None:
            slip = dossier.slips.filter(kind="receipt").last()
        elif do != "more":
            slip = close_visit(desk.actor, visit, expected=due_now(visit) if may_collect(desk) else None)
    if do == "more":
        text = _("Đã tiếp nhận %(code)s. Chọn thủ tục tiếp theo của người này.") % {"code": dossier.code}
        messages.done(request, text, draft=draft_name(desk))
        return redirect(f"{reverse('intake')}?luot={dossier.visit_id}")
    remember(request, desk, receive.says(dossier), dossier, slip)
    return redirect(f"{reverse('intake')}?theo={dossier.code}" if do == "next" else reverse("intake"))


def _expected(desk: Desk) -> int | None:
    """The sum that stood on the page when the button was pressed: the action refuses another one."""
    if desk.pay != "now" or not may_collect(desk):
        return None
    stated = desk.text("expected")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 13 else desk.total


def _visit_is_over(desk: Desk) -> bool:
    """Nothing more was chosen for the person of the visit."""
    return desk.visit is not None and not desk.text("procedure") and not desk.text("q").strip()


def _close(request: Request, desk: Desk) -> HttpResponse:
    if desk.visit is None:
        raise Refused(_("Lượt nộp này đã kết thúc."))
    expected = due_now(desk.visit) if may_collect(desk) else None
    slip = close_visit(desk.actor, desk.visit, expected=expected)
    last = desk.visit.dossiers.order_by("pk").last()
    assert last is not None
    remember(request, desk, close_visit.says(slip), last, slip)
    return redirect("intake")


def _not_received(request: Request, desk: Desk, do: str) -> HttpResponse:
    if desk.definition is None:
        raise WrongInputs({"q": _("Hãy chọn thủ tục.")})
    if desk.refused_scans:
        raise WrongInputs(desk.refused_scans)
    actor, unit, application = desk.actor, desk.unit, desk.application()
    dossier: Dossier | None = None
    slip: Slip | None
    if do == "forward":
        dossier = forward(
            actor, unit, application=application, to=desk.text("to")[:40], note=desk.text("reason")[:500]
        )
        slip, text = dossier.slips.filter(kind="receipt").last(), forward.says(dossier)
    elif do == "ask_print":
        slip = ask_before_intake(actor, unit, application=application, reason=desk.text("reason")[:2000])
        text = ask_before_intake.says(slip)
    else:
        slip = refuse_intake(
            actor,
            unit,
            application=application,
            reason=desk.text("reason"),
            directions=desk.text("directions"),
        )
        dossier, text = slip.dossier, refuse_intake.says(slip)
    remember(request, desk, text, dossier, slip)
    return redirect("intake")
