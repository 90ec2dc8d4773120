"""Taking over running dossiers: all or nothing, again without harm, with true receipt times."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.organisation.models import Unit

from ..intake.actions.storing import charge, new_dossier, register_party, store
from ..models import Visit
from ..rules import moves
from ..rules.application import Application
from ..rules.checking import Content
from ..rules.competence import must_be_open
from .checking import PURPOSE, Row, checked


@action("dossiers.import", label=_("Nhập hồ sơ từ bảng tính"), locks=False)
def import_running(actor: Actor, unit: Unit, /, *, lines: Mapping[int, Mapping[str, Any]]) -> Visit:
    """Take over the running dossiers of a sheet (nhập hồ sơ đang giải quyết), given by the numbers of their lines.

    A code that the unit has already is passed over, so that the same file may be loaded again. What «đã thu» does not
    say was collected is owed when the result is handed over. Answers a visit that holds the dossiers made now. Raises
    `Invalid` with every fault by line and input ("7.name").
    """
    must_be_open(unit)
    rows = {row.number: row for row in checked(actor, unit, lines)}
    visit = Visit.objects.create(unit=unit, at=clock.now(), by_id=actor.user_id)
    for number, _given in lines.items():  # going through them tells how far the work has come
        if number in rows:
            _take_over(actor, unit, visit, rows[number])
    return visit


def _take_over(actor: Actor, unit: Unit, visit: Visit, row: Row) -> None:
    application = Application(
        procedure=row.definition.code, parties=(row.party,), case=row.case.key, summary=row.summary
    )
    content = Content(
        row.definition, row.case, row.answers, {}, (), row.fees, row.case.limit.given("counter", row.answers)
    )
    people = [(row.party, register_party(actor, unit, row.party, "", PURPOSE))]
    dossier = new_dossier(unit, application, content, people, row.received_at, visit, row.code)
    step = row.case.process.step(row.step)
    moves.place(dossier, step, actor, clock.now(), person=row.holder, unit=row.unit)
    dossier.warn_at = max(dossier.warn_at, clock.now()) if dossier.warn_at else None
    store(dossier, content, people, row.received_at)
    moves.begin_run(dossier, step, actor, clock.now())
    charge(dossier, content, application)
    moves.tell(dossier, actor, "received", public=True, at=row.received_at, unit_id=unit.pk, unit=unit.agency)
    moves.tell(
        dossier,
        actor,
        "imported",
        unit_id=unit.pk,
        note=gettext_noop("dòng %(number)d") % {"number": row.number},
    )
