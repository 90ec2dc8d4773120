"""Dossiers in and out by spreadsheet: import all or nothing, again without harm, with true receipt times; export on
record."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vamco.core import clock
from vamco.core.actions import ANYWHERE, action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.organisation.models import Unit

from .. import queries
from ..intake.actions.storing import charge, new_dossier, register_party, store
from ..models import Export, Visit
from ..rules import moves
from ..rules.application import Application
from ..rules.checking import Content
from ..rules.competence import must_be_open
from . import spreadsheet


@action("dossiers.import", label=_("Nhập hồ sơ từ bảng tính"), locks=False)
def import_running(actor: Actor, unit: Unit, /, *, content: bytes) -> Visit:
    """Take over the running dossiers of a spreadsheet (nhập hồ sơ đang giải quyết).

    A code that the unit has already is passed over, so that the same file may be loaded again. What «đã thu» does not
    say was collected is owed when the result is handed over. Answers a visit that holds the dossiers made now. Raises
    `Invalid` with every fault by its cell; then nothing is imported.
    """
    must_be_open(unit)
    sheet = spreadsheet.read(actor, content, unit)
    if sheet.faults:
        raise Invalid(
            _("Bảng tính có %(count)d ô chưa đúng; chưa nhập hồ sơ nào.") % {"count": len(sheet.faults)},
            fields=sheet.faults,
        )
    visit = Visit.objects.create(unit=unit, at=clock.now(), by_id=actor.user_id)
    for row in sheet.rows:
        _take_over(actor, unit, visit, row)
    return visit


def _take_over(actor: Actor, unit: Unit, visit: Visit, row: spreadsheet.Row) -> None:
    application = Application(
        procedure=row.definition.code, parties=(row.party,), case=row.case.key, summary=row.summary
    )
    content = Content(
        row.definition, row.case, row.answers, {}, (), row.fees, row.case.limit.given("counter", row.answers)
    )
    people = [(row.party, register_party(actor, unit, row.party, "", spreadsheet.PURPOSE))]
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


@action("dossiers.export", label=_("Xuất danh sách hồ sơ"), at=ANYWHERE, locks=False, watched=True)
def export_list(actor: Actor, target: None, /, *, wanted: queries.Filter, query: str = "") -> Export:
    """Take a list away as a file (xuất danh sách); the visible dossiers of the units in which the actor may export.

    Answers the record, with the dossiers in its `dossiers`. Raises `Refused` for a list that is too long.
    """
    rows = queries.search(actor, wanted)
    rows = rows.filter(actor.within("dossiers.export"))
    found = list(
        rows.select_related("unit", "holder", "holder_unit", "procedure").order_by("received_at", "pk")[
            : spreadsheet.MOST_EXPORTED + 1
        ]
    )
    if len(found) > spreadsheet.MOST_EXPORTED:
        raise Refused(
            _("Danh sách có hơn %(most)d hồ sơ. Hãy lọc bớt rồi xuất lại.")
            % {"most": spreadsheet.MOST_EXPORTED}
        )
    record = Export.objects.create(by_id=actor.user_id, at=clock.now(), query=query[:1000], count=len(found))
    record.dossiers = found
    return record
