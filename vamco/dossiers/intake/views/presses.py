"""Small presses on the counter's form: looking a person up, adding, dropping; scans that came along. Nothing is received
here."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop

from vamco.core import files, sniff
from vamco.core.errors import Invalid, Refused
from vamco.organisation.models import Unit
from vamco.parties import identity
from vamco.parties import queries as parties
from vamco.parties.models import Kind, NumberKind
from vamco.procedures import queries as procedures

from ...rules.competence import receives
from .. import counter_fill
from ..counter import Desk
from ..counter_parts import is_id, localised

FOUND = 8
"""Procedures in the list while one is typed."""


def small_press(request: HttpRequest, desk: Desk, do: str, what: str) -> None:
    if request.POST.get("pick"):
        desk.data["procedure"] = request.POST["pick"][:60]
        desk.data.pop("case", None)
        _fit_kind(desk)
    if do == "find":
        _look_up(desk, what)
    elif do == "add":
        count = desk.text(f"{what}-count")
        desk.data[f"{what}-count"] = str(int(count) + 1 if is_id(count) and len(count) < 3 else 2)
    elif do == "drop":
        code, _dot, pk = what.partition(".")
        name = f"p-{code}-file"
        desk.data.setlist(name, [file for file in desk.data.getlist(name) if file != pk])
    elif do == "all":
        for paper in desk.papers:
            if paper.wanted and not paper.optional:
                desk.data[f"{paper.name}-ok"] = "on"
                desk.data.pop(f"{paper.name}-bad", None)
        del desk.papers


def _fit_kind(desk: Desk) -> None:
    """A procedure that only businesses ask for is asked for by one, until something else is chosen."""
    kinds = next(
        (role.kinds for role in (desk.case.parties if desk.case else ()) if role.role == "applicant"), ()
    )
    if kinds and desk.text("applicant-kind") not in kinds and not desk.text("applicant-known"):
        desk.data["applicant-kind"] = kinds[0]


def _look_up(desk: Desk, key: str) -> None:
    """Find the person by the number typed; on record. What was filled from another record goes."""
    number = desk.text(f"{key}-number").strip()[:40]
    before = desk.data.get(f"{key}-known", "")
    if "•" in number or not desk.actor.may_anywhere("parties.look_up"):
        return
    desk.data.pop(f"{key}-known", None)
    desk.data.pop(f"{key}-same", None)
    if not number:
        return
    kind = desk.text(f"{key}-kind")
    try:
        party = parties.find_by_number(
            desk.actor.once(None),
            number,
            nationality=desk.text(f"{key}-nationality")[:2]
            if kind == "person" and not number.isdigit()
            else "",
            purpose=gettext_noop("tiếp nhận hồ sơ"),
        )
    except Invalid as wrong:
        desk.errors[f"{key}-number"] = wrong.message
        party = None
    if party is not None:
        typed = "" if before else desk.text(f"{key}-name").strip()
        counter_fill.put_party(desk.data, key, party)
        desk.data[f"{key}-number"] = number
        if typed:
            desk.data[f"{key}-name"] = typed
        return
    if identity.guess_kind(number) == NumberKind.TAX_CODE and kind == Kind.PERSON:
        desk.data[f"{key}-kind"] = Kind.BUSINESS
    if before:
        for name in ("name", "birth", "gender", "phone", "email", "address"):
            desk.data[f"{key}-{name}"] = ""


def keep_scans(request: HttpRequest, desk: Desk) -> None:
    """Keep every scan that came with the form, so that an error elsewhere loses none."""
    for name in request.FILES:
        if not (name.startswith("p-") and name.endswith("-scan")):
            continue
        for upload in request.FILES.getlist(name)[:20]:
            try:
                kept = files.store(
                    upload,
                    name=upload.name or "",
                    allowed=sniff.SCANS,
                    uploaded_by_id=desk.actor.user_id,
                    field=name,
                )
                desk.data.appendlist(f"{name.removesuffix('-scan')}-file", str(kept.pk))
            except Refused as refusal:
                desk.errors[f"{name}"] = f"{upload.name}: {refusal.message}"


def suggestions(unit: Unit, q: str) -> list[dict[str, Any]]:
    """Procedures for what was typed, those that the unit receives first."""
    if len(q.strip()) < 2:
        return []
    rows = list(procedures.search(q.replace("\0", "")[:200])[: 3 * FOUND])
    found = [
        {
            "code": row.procedure.code,
            "name": localised(row.name, row.name_en),
            "sector": row.sector.name,
            "here": receives(unit, row.tiers),
            "decider": row.decider,
        }
        for row in rows
    ]
    return sorted(found, key=lambda row: not row["here"])[:FOUND]
