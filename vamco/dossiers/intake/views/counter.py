"""Intake at the counter (tiếp nhận tại quầy): one screen, from the person to the printed slip.

Every press posts the whole form. Without JavaScript the page comes back as a whole; htmx asks for the parts that follow
from what was typed, which hold no input that the officer is typing into.
"""

import re
import secrets
from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vamco.core import clock, files
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused
from vamco.core.transactions import atomic
from vamco.organisation.models import Level, Unit
from vamco.organisation.validity import open_on
from vamco.organisation.where import chosen_unit, open_units
from vamco.parties import queries as parties
from vamco.payments import queries as money
from vamco.payments.models import Receipt
from vamco.timing import queries as timing
from vamco.web import messages
from vamco.web.access import Request, staff
from vamco.web.words import due as due_words

from ... import actions, queries
from ...models import Dossier, Slip, Visit
from ...papers import readable
from .. import counter_fill
from ..counter import Desk
from ..counter_parts import is_id, said
from .presses import keep_scans, small_press, suggestions

DONE = "intake_done"
"""Session key of what was received last: printed once, on the next page."""
START = ("luot", "theo", "tu", "nguoi", "thu_tuc")
"""Parameters that say what the form starts with: a visit, the dossier before, one to copy, a person, a procedure."""


@staff("dossiers.receive")
def show(request: Request) -> HttpResponse:
    """The counter's screen, and every press on it."""
    actor: Actor = request.actor
    if request.method != "POST":
        return _page(request, _start(request, actor))
    desk = _desk(request, actor, request.POST.copy())
    keep_scans(request, desk)
    pressed = request.POST.get("do", "update")
    do, _dot, what = pressed.partition(".")
    if do in ("receive", "next", "more", "ask_print", "refuse_print", "forward", "close"):
        return _carry_out(request, desk, do)
    small_press(request, desk, do, what)
    if request.htmx:
        return parts(request, desk, do, what)
    return _page(request, desk, mode=do if do in ("ask", "refuse") else "")


# What the form starts with ---------------------------------------------------------------------------------


def _start(request: Request, actor: Actor) -> Desk:
    asked = request.GET
    data = QueryDict(mutable=True)
    visit = None
    if "luot" in asked:
        visit = counter_fill.at_the_counter(actor, asked["luot"])
        data = counter_fill.of_visit(visit) if visit else data
    elif "theo" in asked:
        data = counter_fill.following(queries.get(actor, asked["theo"]))
    elif "tu" in asked:
        data = counter_fill.copied(queries.get(actor, asked["tu"]))
    elif is_id(asked.get("nguoi", "")):
        counter_fill.put_party(data, "applicant", parties.get(actor, int(asked["nguoi"])))
    if asked.get("thu_tuc"):
        data["procedure"] = asked["thu_tuc"][:60]
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


def unit_of(actor: Actor, asked: str, permission: str) -> Unit:
    """The unit at whose counter the officer sits: the one asked for, or their own. Raises as `chosen_unit` does."""
    return chosen_unit(actor, counter_units(actor, permission), asked)


def counter_units(actor: Actor, permission: str) -> list[Unit]:
    """The units in which the officer holds the permission."""
    return list(open_units(actor, permission).select_related("parent")[:300])


# What is asked for beside the form ------------------------------------------------------------------------


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


# Presses that do something ---------------------------------------------------------------------------------


def _carry_out(request: Request, desk: Desk, do: str) -> HttpResponse:
    mode = {"ask_print": "ask", "refuse_print": "refuse", "forward": "refuse"}.get(do, "")
    try:
        if do == "close" or (do == "receive" and _visit_is_over(desk)):
            return _close(request, desk)
        if do in ("receive", "next", "more"):
            return _receive(request, desk, do)
        return _not_received(request, desk, do)
    except (NotAllowed, NotFound) as refusal:
        desk.general.append(refusal.message)
    except Refused as refusal:
        placed = refusal.fields if isinstance(refusal, Wrong) else desk.placed(refusal.fields)
        desk.errors.update(placed)
        if not placed:
            desk.general.append(refusal.message)
    return _page(request, desk, mode=mode, status=422)


def _receive(request: Request, desk: Desk, do: str) -> HttpResponse:
    wrong = desk.look_through()
    if wrong:
        raise Wrong(wrong)
    actor, application = desk.actor, desk.application()
    expected = desk.total if application.pay == "now" and _may_collect(desk) else None
    expected = _told(desk, expected)
    slip: Slip | None = None
    with atomic():
        visit = desk.visit
        if do == "more" and visit is None:
            visit = actions.open_visit(actor, desk.unit)
        dossier = actions.receive(
            actor,
            desk.unit,
            application=application,
            visit=visit,
            slip=visit is None,
            expected=None if visit else expected,
        )
        if visit is None:
            slip = dossier.slips.filter(kind="receipt").last()
        elif do != "more":
            slip = actions.close_visit(actor, visit, expected=_due_now(visit) if _may_collect(desk) else None)
    if do == "more":
        text = _("Đã tiếp nhận %(code)s. Chọn thủ tục tiếp theo của người này.") % {"code": dossier.code}
        messages.done(request, text, draft=_draft_name(desk))
        return redirect(f"{reverse('intake')}?luot={dossier.visit_id}")
    remember(request, desk, _received_words(dossier), dossier, slip)
    return redirect(f"{reverse('intake')}?theo={dossier.code}" if do == "next" else reverse("intake"))


def new_key() -> str:
    """A key under which what a form asks for is done once."""
    return secrets.token_urlsafe(16)


class Wrong(Invalid):
    """Faults that are named by inputs of this page already."""

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__(_("Hồ sơ chưa tiếp nhận được; xem từng mục bên dưới."), fields=wrong)


def _told(desk: Desk, expected: int | None) -> int | None:
    """The sum that stood on the page when the button was pressed: the engine refuses another one."""
    told = desk.text("expected")
    return (
        int(told)
        if expected is not None and told.isascii() and told.isdigit() and len(told) < 13
        else expected
    )


def _may_collect(desk: Desk) -> bool:
    return desk.actor.may_at("payments.collect", [desk.unit.pk])


def _due_now(visit: Visit) -> int:
    codes = list(visit.dossiers.values_list("code", flat=True))
    return sum(
        one.amount
        for lines in money.charges_for(codes).values()
        for one in lines
        if one.due == "now" and one.state == "due"
    )


def _visit_is_over(desk: Desk) -> bool:
    """Nothing more was chosen for the person of the visit."""
    return desk.visit is not None and not desk.text("procedure") and not desk.text("q").strip()


def _close(request: Request, desk: Desk) -> HttpResponse:
    if desk.visit is None:
        raise Refused(_("Lượt nộp này đã kết thúc."))
    expected = _due_now(desk.visit) if _may_collect(desk) else None
    slip = actions.close_visit(desk.actor, desk.visit, expected=expected)
    last = desk.visit.dossiers.order_by("pk").last()
    assert last is not None
    remember(request, desk, _("Đã lập giấy tiếp nhận chung của lượt nộp."), last, slip)
    return redirect("intake")


def _received_words(dossier: Dossier) -> str:
    if dossier.due_at is None:
        return _("Đã tiếp nhận %(code)s.") % {"code": dossier.code}
    return _("Đã tiếp nhận %(code)s, hẹn trả %(due)s.") % {
        "code": dossier.code,
        "due": due_words(dossier.due_at),
    }


def remember(request: Request, desk: Desk, text: str, dossier: Dossier | None, slip: Slip | None) -> None:
    """Say on the next page, once, what was done, and print it there."""
    receipt = Receipt.objects.filter(lines__subject=dossier.code).order_by("-pk").first() if dossier else None
    request.session[DONE] = {
        "text": text,
        "draft": f"correct.{desk.corrects.code}" if desk.corrects else _draft_name(desk),
        "code": dossier.code if dossier else "",
        "slip": slip.pk if slip else None,
        "receipt": receipt.pk if receipt else None,
    }


def _not_received(request: Request, desk: Desk, do: str) -> HttpResponse:
    application = desk.application()
    dossier: Dossier | None
    slip: Slip | None
    if desk.definition is None:
        raise Wrong({"q": _("Hãy chọn thủ tục.")})
    if desk.refused_scans:
        raise Wrong(desk.refused_scans)
    if do == "forward":
        dossier = actions.forward(
            desk.actor,
            desk.unit,
            application=application,
            to=desk.text("to")[:40],
            note=desk.text("reason")[:500],
        )
        slip = dossier.slips.filter(kind="receipt").last()
        text = _("Đã nhận và chuyển %(code)s đến %(unit)s.") % {
            "code": dossier.code,
            "unit": dossier.unit.agency,
        }
    elif do == "ask_print":
        slip = actions.ask_before_intake(
            desk.actor, desk.unit, application=application, reason=desk.text("reason")[:2000]
        )
        dossier = None
        text = _("Chưa tiếp nhận. Đã lập phiếu yêu cầu bổ sung, hoàn thiện hồ sơ.")
    else:
        slip = actions.refuse_intake(
            desk.actor,
            desk.unit,
            application=application,
            reason=desk.text("reason"),
            directions=desk.text("directions"),
        )
        dossier = slip.dossier
        text = _("Không tiếp nhận. Đã lập phiếu từ chối, ghi rõ nơi người dân cần đến.")
    remember(request, desk, text, dossier, slip)
    return redirect("intake")


# The page and its parts ------------------------------------------------------------------------------------


def context(request: Request, desk: Desk) -> dict[str, Any]:
    """Everything that the page shows of the form."""
    missing = desk.look_through()
    procedure_id = desk.definition.procedure_id if desk.definition else None
    for one in desk.parties:
        one.about = (
            counter_fill.known_of(desk.actor, one.known, procedure_id, desk.corrects) if one.known else None
        )
    desk.mark()
    return {
        "desk": desk,
        "action": reverse("correct", args=[desk.corrects.code]) if desk.corrects else reverse("intake"),
        "missing": [(key, text) for key, text in missing.items()],
        "shown": " ".join(one.field.key for one in desk.fields if one.shown),
        "wanted": " ".join(one.paper.code for one in desk.papers if one.wanted),
        "may_collect": _may_collect(desk) and desk.corrects is None,
        "q": desk.text("q")
        if desk.definition is None
        else said(desk.definition.name, desk.definition.name_en),
    }


def _page(request: Request, desk: Desk, *, mode: str = "", status: int = 200) -> HttpResponse:
    page = context(request, desk)
    page |= {
        "mode": mode,
        "draft": _draft(request, desk),
        "units": counter_units(desk.actor, "dossiers.receive"),
        "request_key": desk.text("request_key")[:60] or new_key(),
        "bound": request.method == "POST",
        "searched": desk.definition is None and len(desk.text("q").strip()) > 1,
        "found": suggestions(desk.unit, desk.text("q")) if desk.definition is None else [],
        "done": request.session.pop(DONE, None) if request.method == "GET" else None,
        "summary": summary(desk),
    }
    if desk.visit:
        page |= {"together": _together(desk.visit), "visit_total": _due_now(desk.visit)}
    if mode == "refuse" and desk.definition:
        page |= _refusing(desk)
    return render(request, "dossiers/intake.html", page, status=status)


def _draft(request: Request, desk: Desk) -> str:
    """The name under which the browser keeps what is typed: one for each thing that the form may start from."""
    if request.method == "POST":
        return _draft_name(desk)
    start = ".".join(f"{key}.{value}" for key, value in sorted(request.GET.items()) if key in START)
    return re.sub(r"[^\w.\-]", "", f"intake.{start}" if start else "intake")[:100]


def _draft_name(desk: Desk) -> str:
    named = desk.text("draft")
    return named if re.fullmatch(r"intake[\w.\-]{0,94}", named) else "intake"


def summary(desk: Desk) -> list[dict[str, str]]:
    return [{"text": text, "id": ""} for text in desk.general] + [
        {"text": text, "id": key} for key, text in desk.errors.items()
    ]


def _together(visit: Visit) -> list[Dossier]:
    found = list(visit.dossiers.select_related("unit").order_by("pk"))
    for one in found:
        one.title = queries.name_of(one)
    return found


def _refusing(desk: Desk) -> dict[str, Any]:
    assert desk.definition is not None
    assert desk.case is not None
    may_forward = timing.regime_at(desk.at).wrong_authority == "forward" and not desk.here
    reason = (
        ""
        if desk.here
        else _("Thủ tục không thuộc thẩm quyền tiếp nhận của %(unit)s.") % {"unit": desk.unit.agency}
    )
    levels = {
        "province": (Level.CENTRE,),
        "district": (Level.DISTRICT,),
        "commune": (Level.COMMUNE,),
    }
    wanted = [level for tier in desk.definition.tiers for level in levels[tier]]
    targets = Unit.objects.filter(open_on(clock.today()), level__in=wanted).exclude(pk=desk.unit.pk)
    near = set(desk.unit.path)
    return {
        "reason": desk.text("reason") or reason,
        "directions": desk.text("directions") or ("" if desk.here else desk.definition.decider),
        "reasons": [said(one.text, one.text_en) for one in desk.case.refusal_reasons],
        "targets": sorted(targets, key=lambda unit: (not near & {unit.pk, *unit.path[1:]}, unit.code))
        if may_forward
        else [],
        "to": desk.text("to"),
    }


def parts(request: Request, desk: Desk, do: str, what: str) -> HttpResponse:
    page = context(request, desk)
    page["party"] = next((one for one in desk.parties if one.key == what), None) if do == "find" else None
    page["whole"] = do in ("all", "add", "restore") or request.POST.get("signature", "") != desk.signature
    page["people"] = desk.parties[:2] if do == "restore" else []
    page["standing"] = [one for one in desk.parties[:2] if one.known and do not in ("find", "restore")]
    return render(request, "dossiers/intake_parts.html", page)


@require_POST
@staff("dossiers.receive")
def upload(request: Request, code: str) -> HttpResponse:
    """Scans of one paper, as soon as they are chosen; answers the paper's cell with what it has now."""
    desk = _desk(request, request.actor, request.POST.copy())
    keep_scans(request, desk)
    paper = next((one for one in desk.papers if one.paper.code == code), None)
    if paper is None:
        raise NotFound(_("Thủ tục không có giấy tờ này."))
    desk.mark()
    return render(request, "dossiers/intake_scan.html", {"paper": paper, "desk": desk, "fresh": True})
