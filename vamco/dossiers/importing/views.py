"""Where the sheet of running dossiers is imported into."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.organisation.models import Unit
from vamco.organisation.where import open_units
from vamco.web.access import Request


def units(actor: Actor) -> QuerySet[Unit]:
    """The units for which the person may take over dossiers."""
    return open_units(actor, "dossiers.import").filter(level__in=("commune", "district", "centre"))


def unit(request: Request) -> Unit:
    """The unit that the form names. Raises `Invalid`."""
    found = units(request.actor).filter(code=request.POST.get("unit", "")[:40]).first()
    if found is None:
        raise Invalid(_("Hãy chọn đơn vị tiếp nhận."), field="unit")
    return found
