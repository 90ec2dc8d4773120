"""What may be chosen for the inputs of an action, by the dossier: people, stays, steps, units, reasons, fields."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.inputs import Words
from vamco.organisation.access import granted_at
from vamco.organisation.models import Level, Unit, User
from vamco.organisation.validity import held_on, open_on
from vamco.procedures.definition import STEP_ROLES, Outcome
from vamco.procedures.wording import said as in_language

from ..models import Dossier, StepRun
from . import moves

Pairs = list[tuple[Any, Words]]


def people(units: Iterable[Unit], role: str = "") -> list[User]:
    """Active people whose posts have a step's role in one of the units, by given name."""
    found = User.objects.filter(
        held_on(clock.today(), "holdings__"),
        granted_at(units, "holdings__post__grants__"),
        is_active=True,
        holdings__post__grants__role__in=[role] if role else STEP_ROLES,
    ).distinct()
    return sorted(found, key=lambda user: user.full_name.split()[::-1])


def colleagues(actor: Actor, dossier: Dossier) -> Pairs:
    """Who else can do the step that the dossier stands in."""
    role = moves.case_of(dossier).process.step(dossier.step).role if dossier.step else ""
    return [
        (user.pk, user.full_name) for user in people({dossier.holder_unit}, role) if not _has(dossier, user)
    ]


def anyone(actor: Actor, dossier: Dossier) -> Pairs:
    """Who can do some step where the dossier is, or where it was received."""
    found = people({dossier.holder_unit, dossier.unit})
    return [(user.pk, user.full_name) for user in found if not _has(dossier, user)]


def _has(dossier: Dossier, user: User) -> bool:
    return user.pk == dossier.holder_id


def receivers(outcome: Outcome) -> Callable[[Actor, Dossier], Pairs]:
    """Who can do the step to which a way out leads."""

    def found(actor: Actor, dossier: Dossier) -> Pairs:
        step = moves.case_of(dossier).process.step(outcome.to)
        return [(user.pk, user.full_name) for user in people({moves.unit_for(dossier, step)}, step.role)]

    return found


def earlier_stays(actor: Actor, dossier: Dossier) -> Pairs:
    """The last stay in each other step that is over."""
    left = dossier.runs.filter(left_at__isnull=False).exclude(step=dossier.step).select_related("person")
    latest: dict[str, StepRun] = {run.step: run for run in left}
    names = {step.key: in_language(step) for step in moves.case_of(dossier).process.steps}
    return [
        (run.pk, names.get(run.step, run.name) + (f", {run.person.full_name}" if run.person else ""))
        for run in latest.values()
    ]


def steps(actor: Actor, dossier: Dossier) -> Pairs:
    """The steps of the dossier's process."""
    return [(step.key, in_language(step)) for step in moves.case_of(dossier).process.steps]


def outcomes(actor: Actor, dossier: Dossier) -> Pairs:
    """The ways out of the step."""
    return [(outcome.key, in_language(outcome)) for outcome in moves.step_of(dossier).outcomes]


def step_fields(actor: Actor, dossier: Dossier) -> Pairs:
    """The fields that officers fill at this step, by their keys."""
    fields = moves.case_of(dossier).step_fields(dossier.step)
    return [(field.key, in_language(field, "label")) for field in fields]


def refusal_reasons(actor: Actor, dossier: Dossier) -> Pairs:
    """The procedure's reasons for refusal, each with its legal reference."""
    return [
        (reason.key, in_language(reason, "text") + (f" ({reason.legal_ref})" if reason.legal_ref else ""))
        for reason in moves.case_of(dossier).refusal_reasons
    ]


def units(actor: Actor, dossier: Dossier) -> Pairs:
    """Units that are usually asked, in groups: of the own district, the departments, the other districts."""
    district = Unit.objects.filter(pk__in=dossier.unit.path, level=Level.DISTRICT).first()
    current = Unit.objects.filter(open_on(clock.today())).exclude(pk=dossier.holder_unit_id)
    near = current.filter(path__contains=[district.pk]) if district else current.none()
    groups = {
        district.name if district else "": near.order_by("level", "code"),
        _("Sở, ngành"): current.filter(level=Level.DEPARTMENT).order_by("name"),
        _("Huyện, thị xã, thành phố"): current.filter(level=Level.DISTRICT).order_by("name"),
    }
    listed = [(name, [(unit.code, unit.agency) for unit in rows]) for name, rows in groups.items()]
    return [(name, rows) for name, rows in listed if rows]  # type: ignore[misc]
