"""Intake at the counter (tiếp nhận tại quầy): one screen, from the person to the printed slip.

Every press posts the whole form. Without JavaScript the page comes back as a whole; htmx asks for the parts that follow
from what was typed, which hold no input that the officer is typing into.
"""

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vamco.core import clock, files
from vamco.core.actors import Actor
from vamco.core.errors import NotFound
from vamco.parties import queries as parties
from vamco.web.access import Request, staff

from ... import queries
from ...papers import readable
from ...rules.counters import unit_of
from .. import counter_fill
from ..counter import Desk
from ..counter_parts import is_id
from .page import parts, show_page
from .presses import keep_scans, small_press, suggestions
from .receiving import BUTTONS, carry_out


@staff("dossiers.receive")
def show(request: Request) -> HttpResponse:
    """The counter's screen, and every press on it."""
    actor: Actor = request.actor
    if request.method != "POST":
        return show_page(request, _start(request, actor))
    desk = _desk(request, actor, request.POST.copy())
    keep_scans(request, desk)
    pressed = request.POST.get("do", "update")
    do, _dot, what = pressed.partition(".")
    if do in BUTTONS:
        return carry_out(request, desk, do)
    small_press(request, desk, do, what)
    if request.htmx:
        return parts(request, desk, do, what)
    return show_page(request, desk, mode=do if do in ("ask", "refuse") else "")


def _start(request: Request, actor: Actor) -> Desk:
    query = request.GET
    data = QueryDict(mutable=True)
    visit = None
    if "luot" in query:
        visit = counter_fill.at_the_counter(actor, query["luot"])
        data = counter_fill.of_visit(visit) if visit else data
    elif "theo" in query:
        data = counter_fill.following(queries.get(actor, query["theo"]))
    elif "tu" in query:
        data = counter_fill.copied(queries.get(actor, query["tu"]))
    elif is_id(query.get("nguoi", "")):
        counter_fill.put_party(data, "applicant", parties.get(actor, int(query["nguoi"])))
    if query.get("thu_tuc"):
        data["procedure"] = query["thu_tuc"][:60]
    desk = _desk(request, actor, data)
    desk.visit = visit
    return desk


def _desk(request: Request, actor: Actor, data: QueryDict) -> Desk:
    unit = unit_of(actor, data.get("unit") or request.GET.get("unit") or "", "dossiers.receive")
    desk = Desk(actor, unit, clock.now(), data)
    if data.get("visit"):
        desk.visit = counter_fill.at_the_counter(actor, str(data["visit"]))
        if desk.visit is None or desk.visit.unit_id != unit.pk:
            desk.visit = None
            desk.general.append(_("Lượt nộp trước đã kết thúc. Hồ sơ này thuộc lượt nộp mới."))
    return desk


@require_GET
@staff("dossiers.receive")
def suggest(request: Request) -> HttpResponse:
    """Procedures whose name begins so, while it is typed."""
    unit = unit_of(request.actor, request.GET.get("unit", ""), "dossiers.receive")
    q = request.GET.get("q", "")
    page = {"found": suggestions(unit, q), "searched": len(q.strip()) > 1}
    return render(request, "dossiers/intake_suggest.html", page)


@require_GET
@staff("dossiers.receive")
def scan(request: Request, pk: int) -> HttpResponseBase:
    """A scan that the officer has uploaded, for nothing yet or for a dossier that they may see."""
    return files.response(readable.file(request.actor, pk), as_attachment=False)


@require_POST
@staff("dossiers.receive")
def upload(request: Request, code: str) -> HttpResponse:
    """Scans of one paper, as soon as they are chosen; answers the paper's cell with what it has now."""
    desk = _desk(request, request.actor, request.POST.copy())
    keep_scans(request, desk)
    paper = next((form for form in desk.papers if form.paper.code == code), None)
    if paper is None:
        raise NotFound(_("Thủ tục không có giấy tờ này."))
    desk.mark()
    return render(request, "dossiers/intake_scan.html", {"paper": paper, "desk": desk, "fresh": True})
