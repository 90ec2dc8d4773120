"""What is still to be paid. Functions with an actor show what that actor may see; those without are for the rooms above,
which have decided it already."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, Sum

from vamco.core import search, visibility
from vamco.core.actors import Actor
from vamco.organisation.models import Unit

from ..models import Charge, ChargeState
from .scope import check, may_see_at


def charges_for(subjects: Sequence[str]) -> dict[str, list[Charge]]:
    """The standing charges of dossiers by code, each with its receipt and book; one query."""
    found: dict[str, list[Charge]] = defaultdict(list)
    rows = Charge.objects.filter(subject__in=list(subjects)).exclude(state=ChargeState.CANCELLED)
    for charge in rows.select_related("receipt__book").order_by("subject", "pk"):
        found[charge.subject].append(charge)
    return {subject: found.get(subject, []) for subject in subjects}


def balance(subject: str) -> int:
    """What the dossier still owes, in đồng; 0 when everything is paid, waived or was free."""
    return balances([subject])[subject]


def balances(subjects: Sequence[str]) -> dict[str, int]:
    """What each dossier still owes, in đồng; one query."""
    rows = Charge.objects.filter(subject__in=list(subjects), state=ChargeState.DUE)
    owed = dict(rows.order_by().values_list("subject").annotate(Sum("amount")))
    return {subject: int(owed.get(subject, 0)) for subject in subjects}


@dataclass(frozen=True)
class Owed:
    """What one dossier owes at a unit."""

    subject: str
    payer_name: str
    names: tuple[str, ...]
    total: int
    now: bool


def due(actor: Actor, unit: Unit, *, q: str = "", after: str = "", limit: int = 50) -> tuple[list[Owed], str]:
    """Dossiers with something to pay at the unit, by code, and the cursor of the next page ("" at the end).

    `q`: part of a code, or words of the payer's name with or without accents. Without `q` only what is due
    now; a search finds also what is due on return. Who takes the money here must know whose it is; others are shown
    nothing of dossiers that they may not see. Two queries.
    """
    check(actor, unit)
    rows = Charge.objects.filter(unit=unit, state=ChargeState.DUE)
    if not actor.may_at("payments.collect", [unit.pk]):
        rows = rows.filter(~visibility.closed(actor, "subject"))
    rows = rows.filter(_found(q)) if q.strip() else rows.filter(due="now")
    if after:
        rows = rows.filter(subject__gt=after)
    subjects = list(rows.order_by("subject").values_list("subject", flat=True).distinct()[: limit + 1])
    lines: dict[str, list[Charge]] = defaultdict(list)
    for line in Charge.objects.filter(
        unit=unit, state=ChargeState.DUE, subject__in=subjects[:limit]
    ).order_by("pk"):
        lines[line.subject].append(line)
    owed = [
        Owed(
            subject=subject,
            payer_name=lines[subject][0].payer_name,
            names=tuple(line.name for line in lines[subject]),
            total=sum(line.amount for line in lines[subject]),
            now=any(line.due == "now" for line in lines[subject]),
        )
        for subject in subjects[:limit]
        if lines[subject]
    ]
    return owed, subjects[limit - 1] if len(subjects) > limit else ""


def _found(q: str) -> Q:
    q = q.replace("\0", "")
    return Q(subject__icontains=q.strip()[:60]) | search.begins(q, "payer_folded")


def due_lines(actor: Actor, unit: Unit, subjects: Sequence[str]) -> list[Charge]:
    """Everything that these dossiers owe at the unit, in the order of the dossiers."""
    check(actor, unit)
    rows = Charge.objects.filter(unit=unit, state=ChargeState.DUE, subject__in=list(subjects)[:100])
    order = {subject: at for at, subject in enumerate(subjects)}
    return sorted(rows, key=lambda line: (order[line.subject], line.pk))


def charges_shown(actor: Actor, subject: str) -> list[Charge]:
    """The standing charges of a dossier at the units whose money the actor may read; of a dossier that they may not see
    only what is still due where they take money."""
    lines = [line for line in charges_for([subject])[subject] if may_see_at(actor, line.unit_id)]
    if not visibility.closed_among(actor, [subject]):
        return lines
    due_here = (line for line in lines if line.state == ChargeState.DUE)
    return [line for line in due_here if actor.may_at("payments.collect", [line.unit_id])]
