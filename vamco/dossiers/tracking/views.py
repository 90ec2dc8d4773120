"""Pages for everybody, without sign-in: home, and where a dossier is."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from vamco.core import clock
from vamco.core.errors import NotFound, TooMany
from vamco.organisation.models import Level
from vamco.payments import queries as payments
from vamco.procedures import wording
from vamco.procedures.definition import definition
from vamco.web import words
from vamco.web.sections import render_sections

from .. import figures, timeline
from ..models import TO_COLLECT, Dossier, Stage
from . import district_map, progress
from .progress import Tracking
from .secret import check_secret
from .typed import Typed, by_end, code_of, fault, read


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The one question, the tasks, what people need most, and the province today."""
    today_figures, popular = figures.home()
    today = clock.today()
    common = [definition(version_id) for version_id in popular.versions]
    return render(
        request,
        "dossiers/public/home.html",
        {
            "figures": today_figures,
            "today": today,
            "total": popular.total,
            "common": [
                {
                    "code": procedure.code,
                    "name": wording.said(procedure),
                    "summary": wording.summary(procedure, today),
                }
                for procedure in common
            ],
            "marks": district_map.marks(today_figures.districts),
            "map": district_map,
            "sections": render_sections(request, "home"),
        },
    )


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a code that can be read leads to its dossier."""
    if "code" not in request.GET:
        return render(request, "dossiers/public/search.html", {"typed": Typed("")})
    typed = read(request.GET["code"])
    if code := code_of(typed):
        return redirect("tracking", code)
    return _ask_which(request, typed)


def _not_found(request: HttpRequest, typed: Typed) -> HttpResponse:
    context = {"typed": typed, "fault": fault(typed), "shown": typed.code or typed.text}
    return render(request, "dossiers/public/search.html", context, status=404)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tracking(request: HttpRequest, code: str) -> HttpResponse:
    """Where a dossier is, for anyone who has its code; with the second secret, sent by POST only, all of it."""
    typed = read(code)
    wanted = code_of(typed)
    if not wanted:
        return _ask_which(request, typed)
    if wanted != code:
        return redirect("tracking", wanted)
    try:
        dossier = progress.track(code)
    except NotFound:
        return _not_found(request, typed)
    if request.method != "POST":
        return _page(request, dossier)
    return _with_secret(request, dossier)


def _ask_which(request: HttpRequest, typed: Typed) -> HttpResponse:
    found = by_end(typed)
    if len(found) == 1:
        return redirect("tracking", found[0].code)
    if found:
        return render(request, "dossiers/public/search.html", {"typed": typed, "found": found})
    return _not_found(request, typed)


def _with_secret(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    secret = request.POST.get("secret", "")
    if not secret.strip():
        return _page(request, dossier, status=422, secret_error=_("Hãy nhập mã riêng."))
    try:
        right = check_secret(dossier, secret, get_adapter().get_client_ip(request))
    except TooMany as refusal:
        return _page(request, dossier, status=refusal.status, secret_error=refusal.message)
    if not right:
        wrong = _(
            "Mã riêng không đúng. Xem lại 6 ký tự in dưới mã QR của giấy hẹn; không có chữ O, I, L và số 0, 1."
        )
        return _page(request, dossier, status=422, secret_error=wrong)
    return _page(request, dossier, full=_full(dossier))


def _page(request: HttpRequest, dossier: Dossier, *, status: int = 200, **more: Any) -> HttpResponse:
    seen = progress.tracking_of(dossier)
    public, stays = progress.events(dossier), progress.runs(dossier)
    context = {
        "dossier": dossier,
        "procedure_code": definition(dossier.procedure_version_id).code,
        "seen": seen,
        "facts": _facts(dossier, seen, progress.promised(dossier, public)),
        "where": _where(dossier, seen),
        "since": stays[-1].entered_at if stays and stays[-1].left_at is None else None,
        "route": [_stop(stop) for stop in progress.route(dossier, seen, stays)],
        "log": progress.happenings(dossier, public),
        "waiting": progress.supplement_deadline(public) if dossier.stage == Stage.SUPPLEMENT else None,
        "collect": dossier.stage in TO_COLLECT,
        "by_post": dossier.return_by == "post",
        **more,
    }
    return render(request, "dossiers/public/tracking.html", context, status=status)


def _stop(stop: progress.Stop) -> dict[str, str]:
    """A station for the part `route`."""
    if stop.at is None:
        note = ""
    elif stop.state == "done":
        note = _("xong %(day)s") % {"day": words.day(stop.at)}
    elif stop.last and stop.state:
        note = _("mời đến nhận")
    elif stop.last:
        note = _("hẹn %(day)s") % {"day": words.day(stop.at)}
    else:
        note = _("dự kiến %(day)s") % {"day": words.day(stop.at)}
    return {"label": stop.label, "state": stop.state, "note": note}


def _where(dossier: Dossier, tracking: Tracking) -> str:
    """The unit that has it; a room with its committee."""
    unit = dossier.holder_unit
    if dossier.is_open and unit.level == Level.ROOM and unit.parent:
        return f"{unit.agency}, {unit.parent.agency}"
    return tracking.unit


def _facts(dossier: Dossier, tracking: Tracking, promised: Any) -> dict[str, Any]:
    """The second fact: due time and state while it is open, else when it was decided and whether in time."""
    if dossier.stage == Stage.PROCESSING or tracking.state == "late":
        text = _in_time_words(tracking)
        new = _("Đã xin lỗi và hẹn lại %(when)s.") % {"when": words.due(promised)} if promised else ""
        return {
            "label": _("Hẹn trả"),
            "at": dossier.due_at,
            "state": tracking.state,
            "words": text,
            "note": new,
        }
    if dossier.stage == Stage.SUPPLEMENT:
        note = _("Thời hạn được tính tiếp khi cơ quan nhận đủ phần bổ sung.")
        return {"label": _("Hẹn trả"), "value": _("Tạm dừng"), "state": "paused", "words": note}
    if dossier.ready_at is not None:
        return {"label": _("Có kết quả"), "at": dossier.ready_at, **_kept(dossier)}
    return {"label": _("Kết thúc"), "at": dossier.ended_at, "state": "", "words": ""}


def _in_time_words(tracking: Tracking) -> str:
    if tracking.left is None:
        return ""
    if tracking.state == "late":
        return _("Quá hạn %(time)s làm việc") % {"time": words.working_time(-tracking.left)}
    if tracking.left == 0:
        return _("Đến hạn hôm nay")
    return _("Trong hạn, còn %(time)s làm việc") % {"time": words.working_time(tracking.left)}


def _kept(dossier: Dossier) -> dict[str, str]:
    """Whether the result was ready before, by or after its due time."""
    if dossier.due_at is None or dossier.ready_at is None:
        return {"state": "", "words": ""}
    due = _("hẹn %(when)s") % {"when": words.due(dossier.due_at)}
    if dossier.ready_at > dossier.due_at:
        return {"state": "late", "words": _("Trễ hẹn, %(due)s") % {"due": due}}
    early = clock.local(dossier.ready_at).date() < clock.local(dossier.due_at).date()
    text = _("Sớm hơn hẹn, %(due)s") if early else _("Đúng hẹn, %(due)s")
    return {"state": "ok", "words": text % {"due": due}}


def _full(dossier: Dossier) -> dict[str, Any]:
    """What only the holder of the second secret reads: people, papers, the supplement's list, money, reasons."""
    supplement = dossier.supplements.filter(answered_at__isnull=True).prefetch_related("items").first()
    labels = {role.role: wording.said(role, "label") for role in _case(dossier).parties}
    labels.setdefault("submitter", _("Người nộp thay"))
    return {
        "parties": [
            (labels.get(party.role) or _("Người nộp hồ sơ"), party.name) for party in dossier.parties.all()
        ],
        "papers": [_paper(paper) for paper in dossier.papers.all()],
        "supplement": supplement,
        "owed": payments.balance(dossier.code),
        "lines": timeline.lines(dossier, public=True),
    }


def _case(dossier: Dossier) -> Any:
    return definition(dossier.procedure_version_id).case(dossier.case_key)


def _paper(paper: Any) -> dict[str, Any]:
    counts = (
        (paper.originals, ngettext("%(count)d bản chính", "%(count)d bản chính", paper.originals)),
        (paper.copies, ngettext("%(count)d bản sao", "%(count)d bản sao", paper.copies)),
    )
    return {
        "name": paper.name,
        "kind": ", ".join(kind % {"count": count} for count, kind in counts if count),
        "wrong": paper.verdict in ("not_ok", "missing"),
        "remark": paper.remark,
    }
