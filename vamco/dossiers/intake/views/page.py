"""The counter's page and the parts of it that follow from what was typed."""

import re
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.organisation.models import Level, Unit
from vamco.organisation.validity import open_on
from vamco.payments import queries as money
from vamco.payments.models import Receipt
from vamco.timing import queries as timing
from vamco.web.access import Request
from vamco.web.asking import new_key

from ... import queries
from ...models import Dossier, Slip, Visit
from ...rules.counters import counter_units
from .. import counter_fill
from ..counter import Desk
from ..counter_parts import localised
from .presses import suggestions

DONE = "intake_done"
"""Session key of what was received last: printed once, on the next page."""
START = ("luot", "theo", "tu", "nguoi", "thu_tuc")
"""Parameters that say what the form starts with: a visit, the dossier before, one to copy, a person, a procedure."""


def may_collect(desk: Desk) -> bool:
    return desk.actor.may_at("payments.collect", [desk.unit.pk])


def due_now(visit: Visit) -> int:
    codes = list(visit.dossiers.values_list("code", flat=True))
    return sum(
        charge.amount
        for lines in money.charges_for(codes).values()
        for charge in lines
        if charge.due == "now" and charge.state == "due"
    )


def remember(request: Request, desk: Desk, text: str, dossier: Dossier | None, slip: Slip | None) -> None:
    """Say on the next page, once, what was done, and print it there."""
    receipt = Receipt.objects.filter(lines__subject=dossier.code).order_by("-pk").first() if dossier else None
    request.session[DONE] = {
        "text": text,
        "draft": f"correct.{desk.corrects.code}" if desk.corrects else draft_name(desk),
        "code": dossier.code if dossier else "",
        "slip": slip.pk if slip else None,
        "receipt": receipt.pk if receipt else None,
    }


def context(request: Request, desk: Desk) -> dict[str, Any]:
    """Everything that the page shows of the form."""
    missing = desk.faults
    procedure_id = desk.definition.procedure_id if desk.definition else None
    for party in desk.parties:
        party.about = (
            counter_fill.known_of(desk.actor, party.known, procedure_id, desk.corrects)
            if party.known
            else None
        )
    desk.mark()
    return {
        "desk": desk,
        "action": reverse("correct", args=[desk.corrects.code]) if desk.corrects else reverse("intake"),
        "missing": [(key, text) for key, text in missing.items()],
        "shown": " ".join(form.field.key for form in desk.fields if form.shown),
        "wanted": " ".join(form.paper.code for form in desk.papers if form.wanted),
        "may_collect": may_collect(desk) and desk.corrects is None,
        "q": desk.text("q")
        if desk.definition is None
        else localised(desk.definition.name, desk.definition.name_en),
    }


def show_page(request: Request, desk: Desk, *, mode: str = "", status: int = 200) -> HttpResponse:
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
        page |= {"together": _together(desk.visit), "visit_total": due_now(desk.visit)}
    if mode == "refuse" and desk.definition:
        page |= _refusing(desk)
    return render(request, "dossiers/intake.html", page, status=status)


def _draft(request: Request, desk: Desk) -> str:
    """The name under which the browser keeps what is typed: one for each thing that the form may start from."""
    if request.method == "POST":
        return draft_name(desk)
    start = ".".join(f"{key}.{value}" for key, value in sorted(request.GET.items()) if key in START)
    return re.sub(r"[^\w.\-]", "", f"intake.{start}" if start else "intake")[:100]


def draft_name(desk: Desk) -> str:
    named = desk.text("draft")
    return named if re.fullmatch(r"intake[\w.\-]{0,94}", named) else "intake"


def summary(desk: Desk) -> list[dict[str, str]]:
    return [{"text": text, "id": ""} for text in desk.general] + [
        {"text": text, "id": key} for key, text in desk.errors.items()
    ]


def _together(visit: Visit) -> list[Dossier]:
    found = list(visit.dossiers.select_related("unit").order_by("pk"))
    for dossier in found:
        dossier.title = queries.name_of(dossier)
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
        "reasons": [localised(reason.text, reason.text_en) for reason in desk.case.refusal_reasons],
        "targets": sorted(targets, key=lambda unit: (not near & {unit.pk, *unit.path[1:]}, unit.code))
        if may_forward
        else [],
        "to": desk.text("to"),
    }


def parts(request: Request, desk: Desk, do: str, what: str) -> HttpResponse:
    page = context(request, desk)
    page["party"] = (
        next((party for party in desk.parties if party.key == what), None) if do == "find" else None
    )
    page["whole"] = do in ("all", "add", "restore") or request.POST.get("signature", "") != desk.signature
    page["people"] = desk.parties[:2] if do == "restore" else []
    page["standing"] = [party for party in desk.parties[:2] if party.known and do not in ("find", "restore")]
    return render(request, "dossiers/intake_parts.html", page)
