"""Reading the full identity number, which is put on record."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import NotFound
from vamco.parties import on_record
from vamco.parties.models import LookUp, LookUpKind

from ..models import Dossier


def _units(dossier: Dossier) -> set[int]:
    return set(dossier.units.values_list("unit_id", flat=True))


@action(
    "dossiers.work",
    label=_("Xem đầy đủ số định danh trên hồ sơ"),
    at=_units,
    locks=False,
    once=False,
    watched=True,
)
def reveal_number(actor: Actor, dossier: Dossier, /, *, party: int) -> LookUp:
    """See the whole identity number of a party of the dossier (hiện đủ số định danh); the person concerned and the
    auditor can see who did."""
    found = dossier.parties.select_related("party").filter(pk=party).first()
    if found is None:
        raise NotFound(_("Hồ sơ không có người này. Hãy tải lại trang."))
    purpose = gettext_noop("xem đầy đủ số trên hồ sơ %(code)s") % {"code": dossier.code}
    return on_record.look_up(actor, found.party, LookUpKind.REVEALED, purpose, dossier=dossier.code)
