"""The catalogue for everybody: search and guide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vamco.core import clock, text
from vamco.core.api import Page, page_of
from vamco.core.errors import Invalid
from vamco.organisation.models import Level, Unit
from vamco.organisation.validity import open_on

from . import queries, wording
from .definition import TIERS, Case, Definition, Source, definition

PAGE = 40


@require_safe
def procedure_list(request: HttpRequest) -> HttpResponse:
    """Search by name or common name, with or without accents; by field, tier and online level."""
    asked = {
        name: request.GET.get(name, "").replace("\0", "")[:200] for name in ("q", "field", "tier", "level")
    }
    level = int(asked["level"]) if asked["level"] in ("1", "2", "3", "4") else None
    tier = asked["tier"] if asked["tier"] in TIERS else ""
    rows = queries.search(asked["q"], field=asked["field"][:40], tier=tier, level=level)
    counts = queries.counts()
    page = _page(request, rows)
    return render(
        request,
        "procedures/list.html",
        {
            "asked": asked,
            "filtered": bool(tier or level or asked["field"]),
            "found": rows.count(),
            "total": counts.total,
            "fields": _fields(counts),
            "field": asked["field"],
            "tiers": [(key, wording.tier(key)) for key in ("commune", "district", "province")],
            "levels": [n for n in (1, 2, 3, 4) if counts.by_level[n]],
            "rows": page["items"],
            "next_cursor": page["next"],
            "back": bool(request.GET.get("cursor")),
        },
    )


def _page(request: HttpRequest, rows: Any) -> dict[str, Any]:
    """A page of the list; an unknown cursor gives the first page."""
    today = clock.today()

    def row(version: Any) -> dict[str, Any]:
        said = definition(version.pk)
        return {"code": said.code, "name": wording.said(said), "summary": wording.summary(said, today)}

    try:
        page = Page.model_construct(limit=PAGE, cursor=request.GET.get("cursor", "")[:400])
        return page_of(rows, page, key=queries.ORDER, render=row)
    except Invalid:
        return page_of(rows, Page(limit=PAGE, cursor=""), key=queries.ORDER, render=row)


def _fields(counts: queries.Counts) -> list[tuple[str, str, int]]:
    if not wording.english():
        return list(counts.by_field)
    from .models import Sector

    names = dict(Sector.objects.values_list("code", "name_en"))
    return sorted(
        ((code, names.get(code) or name, n) for code, name, n in counts.by_field), key=lambda f: f[1]
    )


@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """The guide of a procedure: what to bring, how long, how much, where."""
    found = queries.guide(code.replace("\0", "")[:40])
    keys = {case.key: case for case in found.cases}
    case = keys.get(request.GET.get("case", ""), found.case())
    today = clock.today()
    sources = Sources()
    return render(
        request,
        "procedures/guide.html",
        {
            "guide": found,
            "name": wording.said(found),
            "field": wording.said(found, "field"),
            "case": case,
            "case_name": wording.said(case),
            "case_first": case is found.cases[0],
            "result": wording.said(case.result) if case.result else "",
            "validity": case.result.validity_months if case.result else None,
            "facts": _facts(found, case, sources),
            "cases": _cases(found, case, sources) if len(found.cases) > 1 else [],
            "guide_source": sources.mark(found.source),
            "other_limits": wording.other_limits(case),
            "subjects": wording.subjects(found),
            "parties": [(wording.said(one, "label") or one.role, one.required) for one in case.parties],
            "papers": [(one, sources.mark(one.paper.source)) for one in wording.papers(case)],
            "fees": [(one, sources.mark(one.line.source)) for one in wording.fees(case, today)],
            "steps": wording.steps(case.process),
            "steps_source": sources.mark(case.process.source),
            "reasons": [(wording.said(one, "text"), one.legal_ref) for one in case.refusal_reasons],
            "laws": [(one.ref, wording.said(one, "title")) for one in found.legal_basis],
            "sources": sources,
            "place": _place(request, found),
        },
    )


class Sources:
    """The sources of a page's values that were not verified, numbered in the order in which they are met."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def mark(self, *sources: Source) -> int:
        """The number of the first unverified source; 0 when all are verified."""
        for source in sources:
            if not source.verified:
                if source.text not in self.texts:
                    self.texts.append(source.text)
                return self.texts.index(source.text) + 1
        return 0


def _facts(found: Definition, case: Case, sources: Sources) -> list[dict[str, Any]]:
    """How long, how much, where, and whether online."""
    online, note = wording.online(found.level)
    return [
        {"label": _("Thời hạn"), **_time(case, sources)},
        {"label": _("Phí, lệ phí"), **_cost(case, sources)},
        {"label": _("Nơi nộp"), "value": wording.tiers(found.tiers)},
        {"label": _("Qua mạng"), "value": online, "note": note},
    ]


def _time(case: Case, sources: Sources) -> dict[str, Any]:
    limit = wording.limit(case.limit.amount, case.limit.unit)
    return {"value": wording.upper(limit), "source": sources.mark(case.limit.source)}


def _cost(case: Case, sources: Sources) -> dict[str, Any]:
    fee = wording.fee(case, clock.today())
    return {"value": wording.upper(fee), "source": sources.mark(*[line.source for line in case.fees])}


def _cases(found: Definition, chosen: Case, sources: Sources) -> list[dict[str, Any]]:
    address = reverse("procedure", args=[found.code])
    return [
        {
            "url": address if i == 0 else f"{address}?case={case.key}",
            "name": wording.said(case),
            "facts": [_time(case, sources), _cost(case, sources)],
            "current": case is chosen,
        }
        for i, case in enumerate(found.cases)
    ]


@dataclass(frozen=True)
class Place:
    """Where to hand a procedure in.

    `districts` to choose from, `chosen` one of them, `units` that receive.
    """

    districts: tuple[Unit, ...]
    chosen: Unit | None
    units: tuple[Unit, ...]


def _place(request: HttpRequest, found: Definition) -> Place:
    """The units that receive the procedure: the centre at once, a district or its communes when it is chosen."""
    units: list[Unit] = []
    districts: tuple[Unit, ...] = ()
    chosen = None
    open_units = Unit.objects.filter(open_on(clock.today()))
    if "province" in found.tiers:
        units += open_units.filter(level=Level.CENTRE)
    if "district" in found.tiers or "commune" in found.tiers:
        districts = tuple(sorted(open_units.filter(level=Level.DISTRICT), key=lambda unit: unit.code))
        code = request.GET.get("noi", "")
        chosen = next((unit for unit in districts if unit.code == code), None)
    if chosen is not None and "district" in found.tiers:
        units.append(chosen)
    if chosen is not None and "commune" in found.tiers:
        communes = open_units.filter(level=Level.COMMUNE, parent=chosen)
        units += sorted(communes, key=lambda unit: text.sort_key(unit.name, person=False))
    return Place(districts, chosen, tuple(units))
