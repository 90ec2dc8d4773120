"""The sheet of running dossiers (nhập hồ sơ đang giải quyết)."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vamco.core import headings, sheets
from vamco.core.actions import not_allowed
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.importing import SheetImport
from vamco.core.importing.lines import read
from vamco.core.importing.writing import attempt
from vamco.core.transactions import atomic
from vamco.organisation.models import Unit

from ..models import Dossier, Visit
from . import lines
from .actions import import_running


def dossiers(actor: Actor, unit: Unit) -> QuerySet[Dossier]:
    """The dossiers of the unit: a code that it has already is passed over, whatever was put right on it since."""
    return Dossier.objects.filter(unit=unit)


RUNNING = SheetImport(
    import_running,
    title=gettext_lazy("Nhập hồ sơ đang giải quyết từ bảng tính"),
    key="code",
    rows=dossiers,
    together=lines.inputs,
)


def take_over(actor: Actor, unit: Unit, content: bytes) -> Visit:
    """Take over the running dossiers of a spreadsheet whose headings are those of the template, wherever they stand.

    Raises `Invalid` with every fault by its cell; then nothing is imported.
    """
    if not import_running.allowed(actor, unit):
        raise not_allowed()
    grid = sheets.read(content)
    found = headings.find(grid, RUNNING.names)
    sheet = read(RUNNING, actor, unit, grid, found, found.matched)
    with atomic():
        visit: Visit = attempt(sheet)
        if sheet.faults:
            raise Invalid(
                _("Bảng tính có %(count)d ô chưa đúng; chưa nhập hồ sơ nào.") % {"count": len(sheet.faults)},
                fields={fault.cell: fault.message for fault in sheet.faults.values()},
            )
    return visit
