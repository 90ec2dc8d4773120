"""Where a corrected dossier stands and when it is due: counted again from its receipt."""

from datetime import datetime

from vamco.core.actors import Actor
from vamco.procedures.definition import Case, Step
from vamco.timing import queries as timing

from ...models import Dossier
from ...rules import deadlines, moves
from .receiving import ACCEPTED


def step_after(dossier: Dossier, case: Case) -> Step:
    """The step in which the dossier stands under that case: its own, or the first one when the case is another.

    A dossier that was imported in a later step stays there, if the process of the case has that step.
    """
    old = moves.case_of(dossier)
    step = next((step for step in case.process.steps if step.key == dossier.step), None)
    if step is None or (case.key != old.key and dossier.step == old.process.first):
        return case.process.step(case.process.first)
    return step


def count_again(actor: Actor, dossier: Dossier, step: Step, at: datetime) -> None:
    """The due times anew, and the open stay in the step, of which nobody has seen anything yet."""
    dossier.first_due_at = deadlines.first_due(
        dossier.received_at,
        dossier.limit_amount,
        dossier.limit_unit,
        office=dossier.unit,
        regime=timing.regime(dossier.regime),
    )
    dossier.due_at = deadlines.due_at(dossier)
    deadlines.plan_warning(dossier, deadlines.counting_since(dossier))
    run = moves.open_run(dossier)
    if run is None:
        return
    if step.key != dossier.step:
        _place_in(actor, dossier, step, run.entered_at, at)
    else:
        dossier.step_due_at = moves.step_due(dossier, step, dossier.holder_unit, run.entered_at)
    run.step, run.name, run.unit_id = step.key, step.name, dossier.holder_unit_id
    run.person_id, run.due_at = dossier.holder_id, dossier.step_due_at
    run.save()


def _place_in(actor: Actor, dossier: Dossier, step: Step, since: datetime, at: datetime) -> None:
    """Place the dossier in another step as if it had gone there first.

    The unit that had it until now has done nothing and counts it no more. Whoever it was assigned to keeps it if they may
    do that step, too.
    """
    had, person = dossier.holder_unit, dossier.holder
    dossier.holder_unit = dossier.unit
    unit = moves.unit_for(dossier, step)
    kept = person if person and moves.can_hold(person, unit, step) else None
    moves.place(dossier, step, actor, since, person=kept, unit=unit)
    if dossier.holder_id is None:
        dossier.status = ACCEPTED
    if unit.pk != had.pk:
        dossier.units.filter(unit=had, part="handled").delete()
        moves.involve(dossier, unit.pk, "handled", at)
