"""What the counter's form starts with: an earlier dossier, the one before, a person, a visit; and what the register holds
of the applicant. Reading only."""

import json
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.parties.models import Party, masked
from vamco.payments.queries import charges_for
from vamco.procedures.definition import Case
from vamco.results import queries as results
from vamco.results.models import Result

from .. import queries
from ..models import Dossier, Visit
from ..rules import moves


def day(value: date | None) -> str:
    """A date as people type it."""
    return f"{value:%d/%m/%Y}" if value else ""


def put_party(data: QueryDict, key: str, party: Party, *, contact: bool = True) -> None:
    """Fill a party's inputs from its record; the number stands there as its mask."""
    values = {
        "name": party.name,
        "number": party.masked_number,
        "kind": party.kind,
        "birth": day(party.birth_date),
        "gender": party.gender,
        "nationality": party.nationality,
        "known": str(party.pk),
    }
    if contact:
        values |= {"phone": party.phone, "email": party.email, "address": party.address}
    for name, value in values.items():
        data[f"{key}-{name}"] = value
    data.pop(f"{key}-none", None)
    if not party.number:
        data[f"{key}-none"] = "on"
    if key == "applicant":
        data.setlist("groups", party.groups)


def _put_parties(data: QueryDict, dossier: Dossier, roles: frozenset[str] | None = None) -> None:
    counts: dict[str, int] = {}
    for row in dossier.parties.select_related("party"):
        if roles is not None and row.role not in roles:
            continue
        counts[row.role] = counts.get(row.role, 0) + 1
        key = row.role if counts[row.role] == 1 else f"{row.role}-{counts[row.role]}"
        put_party(data, key, row.party, contact=False)
        data[f"{key}-on"] = "on"
        data[f"{key}-phone"], data[f"{key}-email"], data[f"{key}-address"] = row.phone, row.email, row.address
    for role, count in counts.items():
        data[f"{role}-count"] = str(count)


def _put_procedure(data: QueryDict, dossier: Dossier) -> Case:
    data["procedure"] = dossier.procedure.code
    data["case"] = dossier.case_key
    data["channel"], data["return_by"] = dossier.channel, dossier.return_by
    return moves.case_of(dossier)


def _shown(value: object) -> str:
    return ("on" if value else "") if isinstance(value, bool) else str(value)


def copied(dossier: Dossier) -> QueryDict:
    """Everything of an earlier dossier but its papers, which must be looked at anew, and identity numbers among the
    answers."""
    data = QueryDict(mutable=True)
    case = _put_procedure(data, dossier)
    _put_parties(data, dossier)
    data["summary"] = dossier.summary
    for form_field in case.intake_fields():
        value = dossier.answers.get(form_field.key)
        if value is not None:
            iso = form_field.type == "date" and isinstance(value, str)
            data[f"f-{form_field.key}"] = day(date.fromisoformat(value)) if iso else _shown(value)
    return data


def following(dossier: Dossier) -> QueryDict:
    """What repeats for the next person in the queue: the procedure, what is chosen from lists, who submits for them."""
    data = QueryDict(mutable=True)
    case = _put_procedure(data, dossier)
    _put_parties(data, dossier, frozenset({"submitter"}))
    for form_field in case.intake_fields():
        if form_field.type in ("choice", "bool") and form_field.key in dossier.answers:
            data[f"f-{form_field.key}"] = _shown(dossier.answers[form_field.key])
    return data


def to_correct(dossier: Dossier) -> QueryDict:
    """The dossier as it stands, to be put right."""
    data = copied(dossier)
    for key, value in (json.loads(dossier.secret_answers) if dossier.secret_answers else {}).items():
        data[f"f-{key}"] = masked(str(value))
    data["pay"] = "now" if _pays_now(dossier) else "on_return"
    for paper in dossier.papers.all():
        name = f"p-{paper.code}"
        if paper.file_id:
            data.appendlist(f"{name}-file", str(paper.file_id))
        if not paper.originals and not paper.copies and f"{name}-ok" in data:
            continue
        data[f"{name}-ok"] = "on"
        data[f"{name}-o"], data[f"{name}-c"] = str(paper.originals or ""), str(paper.copies or "")
        data[f"{name}-remark"] = paper.remark
    return data


def of_visit(visit: Visit) -> QueryDict:
    """The person of a visit, for their next procedure."""
    data = QueryDict(mutable=True)
    last = visit.dossiers.order_by("-pk").first()
    if last is not None:
        _put_parties(data, last, frozenset({"applicant", "submitter"}))
        data["pay"] = "now" if _pays_now(last) else ""
    data["visit"] = str(visit.pk)
    return data


def _pays_now(dossier: Dossier) -> bool:
    return any(charge.due == "now" for charge in charges_for([dossier.code])[dossier.code])


@dataclass
class Known:
    """What the officer may know of the applicant at the counter."""

    open: list[Dossier] = field(default_factory=list)
    same: list[Dossier] = field(default_factory=list)
    last: Dossier | None = None
    results: list[Result] = field(default_factory=list)


def known_of(
    actor: Actor, party: Party, procedure_id: int | None = None, but: Dossier | None = None
) -> Known:
    """The visible open dossiers (all `but` one), which of them are of the same procedure, the last one, and results in
    force."""
    waiting = [
        dossier for dossier in queries.open_of_party(actor, party.pk) if but is None or dossier.pk != but.pk
    ]
    last = queries.of_party(actor, party.pk).first() if not waiting else waiting[0]
    issued = results.visible(actor).filter(holder=party, state="valid").order_by("-pk")[:3]
    for dossier in [*waiting, *([last] if last else [])]:
        dossier.title = queries.name_of(dossier)
    return Known(
        waiting[:5],
        [dossier for dossier in waiting if dossier.procedure_id == procedure_id],
        last,
        list(issued),
    )


def at_the_counter(actor: Actor, pk: str) -> Visit | None:
    """A visit that the officer has opened today and not ended yet."""
    if not (pk.isascii() and pk.isdigit() and len(pk) < 18):
        return None
    found = Visit.objects.select_related("unit").filter(pk=int(pk), by_id=actor.user_id).first()
    if found is None or clock.local(found.at).date() != clock.today():
        return None
    return None if found.slips.filter(kind="receipt").exists() else found
