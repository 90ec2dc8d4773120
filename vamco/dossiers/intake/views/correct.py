"""Putting right at the counter (sửa hồ sơ đã tiếp nhận): the intake screen once more, until work on it has started."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.errors import NotAllowed, NotFound, Refused, Stale
from vamco.web.access import Request, staff
from vamco.web.asking import new_key

from ... import queries
from ...models import OPEN, Dossier
from .. import counter_fill
from ..actions.corrections import correct, work_started
from ..counter import Desk, WrongInputs
from . import page as counter
from .presses import keep_scans, small_press


@staff("dossiers.correct")
def show(request: Request, code: str) -> HttpResponse:
    """The screen, filled with the dossier as it stands."""
    actor: Actor = request.actor
    dossier = queries.get(actor, code)
    if not actor.may_at("dossiers.correct", [dossier.unit_id]):
        raise NotAllowed(_("Chỉ bộ phận đã tiếp nhận mới sửa được hồ sơ này."))
    if dossier.stage not in OPEN or work_started(dossier):
        raise Refused(
            _(
                "Hồ sơ đã bắt đầu được xử lý nên không sửa tại quầy được. Hãy đề nghị người giám sát một cửa đính chính."
            )
        )
    posted = request.method == "POST"
    data = request.POST.copy() if posted else counter_fill.to_correct(dossier)
    data["procedure"] = dossier.procedure.code
    desk = Desk(actor, dossier.unit, clock.now(), data, corrects=dossier)
    if not posted:
        return _page(request, desk)
    keep_scans(request, desk)
    do, _dot, what = request.POST.get("do", "update").partition(".")
    if do == "correct":
        return _save(request, desk, dossier)
    small_press(request, desk, do, what)
    if request.htmx:
        return counter.parts(request, desk, do, what)
    return _page(request, desk)


def _save(request: Request, desk: Desk, dossier: Dossier) -> HttpResponse:
    wrong = dict(desk.faults)
    if not desk.text("reason").strip():
        wrong["reason"] = _("Hãy ghi lý do sửa.")
    version = desk.text("version")
    try:
        if wrong:
            raise WrongInputs(wrong)
        done = correct(
            desk.actor,
            dossier,
            application=desk.application(),
            reason=desk.text("reason"),
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        desk.refuse(refusal)
        return _page(request, desk, status=409 if isinstance(refusal, Stale) else 422)
    visit_slips = done.visit.slips.filter(kind="receipt") if done.visit else done.slips.none()
    slip = (done.slips.filter(kind="receipt") | visit_slips).order_by("-pk").first()
    text = _("Đã sửa %(code)s. Hãy thu lại giấy cũ, giao giấy mới thay cho.") % {"code": done.code}
    counter.remember(request, desk, text, done, slip)
    return redirect("intake")


def _page(request: Request, desk: Desk, status: int = 200) -> HttpResponse:
    assert desk.corrects is not None
    page = counter.context(request, desk)
    page |= {
        "draft": f"correct.{desk.corrects.code}",
        "version": desk.text("version") or desk.corrects.version,
        "request_key": desk.text("request_key")[:60] or new_key(),
        "bound": request.method == "POST",
        "summary": counter.summary(desk),
    }
    return render(request, "dossiers/intake.html", page, status=status)
