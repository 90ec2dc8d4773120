"""What is done while the applicant waits (làm ngay): one screen and one key from the name to the number in the book."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.errors import NotFound, Refused
from vamco.core.transactions import atomic
from vamco.organisation.models import Unit, User
from vamco.organisation.validity import held_on
from vamco.payments.models import Receipt
from vamco.procedures import queries as procedures
from vamco.procedures.definition import Definition
from vamco.web.access import Request, staff
from vamco.web.asking import new_key

from ... import queries
from ...models import Dossier
from ...papers import drafting, registers
from ...rules.competence import tier_of
from ...rules.counters import counter_units, unit_of
from ..actions.at_once import at_once
from ..actions.visits import slip_on_request
from ..counter import Desk
from ..counter_parts import is_id, localised
from . import page as counter

DONE, KEPT = "at_once_done", "at_once_kept"
"""Session keys: what was done last, shown once; the procedure and the signer, kept for the next person."""
DRAFT = "at_once"


@staff("dossiers.at_once")
def show(request: Request) -> HttpResponse:
    """The screen, and every press on it."""
    actor: Actor = request.actor
    posted = request.method == "POST"
    data = request.POST.copy() if posted else QueryDict(mutable=True)
    unit = unit_of(actor, data.get("unit") or request.GET.get("unit") or "", "dossiers.at_once")
    options = procedures.at_once(tier_of(unit), clock.today())
    desk = _desk(request, actor, unit, data, options)
    do = request.POST.get("do", "update")
    if posted and do == "slip":
        return _slip(request, desk)
    if posted and do == "done":
        return _carry_out(request, desk, options)
    if request.htmx and posted:
        page = _context(request, desk, options)
        page["whole"] = request.POST.get("signature", "") != desk.signature
        return render(request, "dossiers/at_once_parts.html", page)
    return _page(request, desk, options)


def _desk(
    request: Request, actor: Actor, unit: Unit, data: QueryDict, options: list[tuple[Definition, str]]
) -> Desk:
    """The form with what was chosen; every paper that is needed counts as seen, since the officer has it in hand."""
    kept = request.session.get(KEPT, {})
    code = request.GET.get("thu_tuc", "")
    wanted = data.get("what") or next(
        (_value(*option) for option in options if option[0].code == code), kept.get("what", "")
    )
    chosen = next(
        (option for option in options if _value(*option) == wanted), options[0] if options else None
    )
    if chosen is not None:
        data["what"], data["procedure"], data["case"] = _value(*chosen), chosen[0].code, chosen[1]
    data.setdefault("signer", str(kept.get("signer", "")))
    desk = Desk(actor, unit, clock.now(), data, needs_number=False)
    for paper in desk.papers:
        if paper.wanted and not paper.optional:
            data[f"{paper.name}-ok"] = "on"
    del desk.papers
    return desk


def _value(definition: Definition, case: str) -> str:
    return f"{definition.code}:{case}"


def _carry_out(request: Request, desk: Desk, options: list[tuple[Definition, str]]) -> HttpResponse:
    signer, expected = desk.text("signer"), desk.text("expected")
    try:
        with atomic():
            dossier = at_once(
                desk.actor,
                desk.unit,
                application=desk.to_receive(),
                signer=int(signer) if is_id(signer) else None,
                expected=int(expected) if is_id(expected) else desk.total,
            )
    except Refused as refusal:
        desk.refuse(refusal)
        return _page(request, desk, options, status=422)
    request.session[DONE] = _done(dossier)
    request.session[KEPT] = {"what": desk.text("what"), "signer": desk.text("signer")}
    return redirect("at_once")


def _done(dossier: Dossier) -> dict[str, Any]:
    entry = getattr(dossier, "entry", None)
    receipt = Receipt.objects.filter(lines__subject=dossier.code).order_by("-pk").first()
    return {
        "code": dossier.code,
        "name": dossier.applicant_name,
        "title": queries.name_of(dossier),
        "number": entry.number if entry else None,
        "book": registers.name_of(entry.book.key) if entry else "",
        "year": entry.book.year if entry else "",
        "signer": entry.signer if entry else "",
        "receipt": receipt.pk if receipt else None,
        "receipt_name": str(receipt) if receipt else "",
        "total": receipt.total if receipt else 0,
    }


def _slip(request: Request, desk: Desk) -> HttpResponse:
    """The receipt slip of what was just done, because the person asks for one."""
    dossier = queries.get(desk.actor, desk.text("code")[:60])
    slip = dossier.slips.filter(kind="receipt").last()
    if slip is None:
        slip = slip_on_request(desk.actor.once(None), dossier)
    return redirect("slip", pk=slip.pk)


def leaders(unit: Unit) -> list[User]:
    """Who may sign for the unit, the first one first."""
    issuing = drafting.issuing_unit(unit)
    found = (
        User.objects.filter(
            held_on(clock.today(), "holdings__"),
            is_active=True,
            holdings__post__unit=issuing,
            holdings__post__grants__role="leader",
        )
        .order_by("holdings__post__rank", "pk")
        .distinct()
    )
    return list(dict.fromkeys(found))


def _context(request: Request, desk: Desk, options: list[tuple[Definition, str]]) -> dict[str, Any]:
    page = counter.context(request, desk)
    page |= {
        "action": reverse("at_once"),
        "options": [
            {
                "value": _value(definition, key),
                "name": localised(definition.name, definition.name_en),
                "case": _case_words(definition, key),
            }
            for definition, key in options
        ],
        "party": desk.parties[0],
    }
    return page


def _case_words(definition: Definition, key: str) -> str:
    case = definition.case(key)
    return "" if len(definition.cases) == 1 else localised(case.name, case.name_en)


def _page(
    request: Request, desk: Desk, options: list[tuple[Definition, str]], status: int = 200
) -> HttpResponse:
    if not options:
        raise NotFound(
            _("Đơn vị này không có thủ tục nào giải quyết ngay. Hãy tiếp nhận và hẹn trả kết quả.")
        )
    page = _context(request, desk, options)
    page |= {
        "draft": DRAFT,
        "units": counter_units(desk.actor, "dossiers.at_once"),
        "request_key": desk.text("request_key")[:60] or new_key(),
        "bound": request.method == "POST",
        "done": request.session.pop(DONE, None) if request.method == "GET" else None,
        "summary": counter.summary(desk),
        "leaders": leaders(desk.unit),
        "signer": desk.text("signer"),
    }
    return render(request, "dossiers/at_once.html", page, status=status)
