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

from .. import figures, queries
from ..models import TO_COLLECT, Dossier, Stage
from ..page import timeline
from . import river
from . import tracking as tracked


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The one question, the tasks, what people need most, and the province today."""
    shown, popular = figures.home()
    today = clock.today()
    common = [definition(version_id) for version_id in popular.versions]
    return render(
        request,
        "dossiers/public/home.html",
        {
            "figures": shown,
            "today": today,
            "total": popular.total,
            "common": [
                {"code": one.code, "name": wording.said(one), "summary": wording.summary(one, today)}
                for one in common
            ],
            "marks": river.marks(shown.districts),
            "river": river,
            "sections": render_sections(request, "home"),
        },
    )


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a code that can be read leads to its dossier."""
    if "code" not in request.GET:
        return render(request, "dossiers/public/search.html", {"typed": tracked.Typed("")})
    typed = tracked.read(request.GET["code"])
    if code := tracked.code_of(typed):
        return redirect("tracking", code)
    return _by_end(request, typed)


def _not_found(request: HttpRequest, typed: tracked.Typed) -> HttpResponse:
    context = {"typed": typed, "fault": tracked.fault(typed), "shown": typed.code or typed.text}
    return render(request, "dossiers/public/search.html", context, status=404)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tracking(request: HttpRequest, code: str) -> HttpResponse:
    """Where a dossier is, for anyone who has its code; with the second secret, sent by POST only, all of it."""
    typed = tracked.read(code)
    wanted = tracked.code_of(typed)
    if not wanted:
        return _by_end(request, typed)
    if wanted != code:
        return redirect("tracking", wanted)
    try:
        dossier = queries.track(code)
    except NotFound:
        return _not_found(request, typed)
    if request.method != "POST":
        return _page(request, dossier)
    return _with_secret(request, dossier)


def _by_end(request: HttpRequest, typed: tracked.Typed) -> HttpResponse:
    found = tracked.by_end(typed)
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
        right = tracked.check_secret(dossier, secret, get_adapter().get_client_ip(request))
    except TooMany as refusal:
        return _page(request, dossier, status=refusal.status, secret_error=refusal.message)
    if not right:
        wrong = _(
            "Mã riêng không đúng. Xem lại 6 ký tự in dưới mã QR của giấy hẹn; không có chữ O, I, L và số 0, 1."
        )
        return _page(request, dossier, status=422, secret_error=wrong)
    return _page(request, dossier, full=_full(dossier))


def _page(request: HttpRequest, dossier: Dossier, *, status: int = 200, **more: Any) -> HttpResponse:
    seen = queries.tracking(dossier)
    public, stays = tracked.events(dossier), tracked.runs(dossier)
    context = {
        "dossier": dossier,
        "procedure_code": definition(dossier.procedure_version_id).code,
        "seen": seen,
        "facts": _facts(dossier, seen, tracked.promised(dossier, public)),
        "where": _where(dossier, seen),
        "since": stays[-1].entered_at if stays and stays[-1].left_at is None else None,
        "route": [_stop(one) for one in tracked.route(dossier, seen, stays)],
        "log": tracked.happened(dossier, public),
        "waiting": tracked.supplement_deadline(public) if dossier.stage == Stage.SUPPLEMENT else None,
        "collect": dossier.stage in TO_COLLECT,
        "by_post": dossier.return_by == "post",
        **more,
    }
    return render(request, "dossiers/public/tracking.html", context, status=status)


def _stop(one: tracked.Stop) -> dict[str, str]:
    """A station for the part `route`."""
    if one.at is None:
        note = ""
    elif one.state == "done":
        note = _("xong %(day)s") % {"day": words.day(one.at)}
    elif one.last and one.state:
        note = _("mời đến nhận")
    elif one.last:
        note = _("hẹn %(day)s") % {"day": words.day(one.at)}
    else:
        note = _("dự kiến %(day)s") % {"day": words.day(one.at)}
    return {"label": one.label, "state": one.state, "note": note}


def _where(dossier: Dossier, seen: queries.Tracking) -> str:
    """The unit that has it; a room with its committee."""
    unit = dossier.holder_unit
    if dossier.is_open and unit.level == Level.ROOM and unit.parent:
        return f"{unit.agency}, {unit.parent.agency}"
    return seen.unit


def _facts(dossier: Dossier, seen: queries.Tracking, promised: Any) -> dict[str, Any]:
    """The second fact: due time and state while it is open, else when it was decided and whether in time."""
    if dossier.stage == Stage.PROCESSING or seen.state == "late":
        text = _in_time_words(seen)
        new = _("Đã xin lỗi và hẹn lại %(when)s.") % {"when": words.due(promised)} if promised else ""
        return {"label": _("Hẹn trả"), "at": dossier.due_at, "state": seen.state, "words": text, "note": new}
    if dossier.stage == Stage.SUPPLEMENT:
        note = _("Thời hạn được tính tiếp khi cơ quan nhận đủ phần bổ sung.")
        return {"label": _("Hẹn trả"), "value": _("Tạm dừng"), "state": "paused", "words": note}
    if dossier.ready_at is not None:
        return {"label": _("Có kết quả"), "at": dossier.ready_at, **_kept(dossier)}
    return {"label": _("Kết thúc"), "at": dossier.ended_at, "state": "", "words": ""}


def _in_time_words(seen: queries.Tracking) -> str:
    if seen.left is None:
        return ""
    if seen.state == "late":
        return _("Quá hạn %(time)s làm việc") % {"time": words.working_time(-seen.left)}
    if seen.left == 0:
        return _("Đến hạn hôm nay")
    return _("Trong hạn, còn %(time)s làm việc") % {"time": words.working_time(seen.left)}


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
    asked = dossier.supplements.filter(answered_at__isnull=True).prefetch_related("items").first()
    labels = {one.role: wording.said(one, "label") for one in _case(dossier).parties}
    labels.setdefault("submitter", _("Người nộp thay"))
    return {
        "parties": [
            (labels.get(one.role) or _("Người nộp hồ sơ"), one.name) for one in dossier.parties.all()
        ],
        "papers": [_paper(one) for one in dossier.papers.all()],
        "supplement": asked,
        "owed": payments.balance(dossier.code),
        "lines": timeline.lines(dossier, public=True),
    }


def _case(dossier: Dossier) -> Any:
    return definition(dossier.procedure_version_id).case(dossier.case_key)


def _paper(one: Any) -> dict[str, Any]:
    counts = (
        (one.originals, ngettext("%(count)d bản chính", "%(count)d bản chính", one.originals)),
        (one.copies, ngettext("%(count)d bản sao", "%(count)d bản sao", one.copies)),
    )
    return {
        "name": one.name,
        "kind": ", ".join(kind % {"count": count} for count, kind in counts if count),
        "wrong": one.verdict in ("not_ok", "missing"),
        "remark": one.remark,
    }
