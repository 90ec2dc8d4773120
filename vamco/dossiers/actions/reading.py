"""Readings that are put on record: the full identity number, and opening a sensitive dossier."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from vamco.core import clock
from vamco.core.actions import Actor, action
from vamco.core.errors import NotFound
from vamco.parties import on_record
from vamco.parties.models import LookUp, LookUpKind

from ..models import Dossier


def _units(dossier: Dossier) -> set[int]:
    return set(dossier.units.values_list("unit_id", flat=True))


@action("dossiers.work", creates=True, at=_units, once=False)
def reveal_number(actor: Actor, dossier: Dossier, /, *, party: int) -> LookUp:
    """See the whole identity number of a party of the dossier (hiện đủ số định danh); the person concerned and the
    auditor can see who did."""
    found = dossier.parties.select_related("party").filter(pk=party).first()
    if found is None:
        raise NotFound(_("Hồ sơ không có người này. Hãy tải lại trang."))
    purpose = gettext_noop("xem đầy đủ số trên hồ sơ %(code)s") % {"code": dossier.code}
    return on_record.look_up(actor, found.party, LookUpKind.REVEALED, purpose)


@action("dossiers.view", creates=True, at=_units)
def open_sensitive(actor: Actor, dossier: Dossier, /) -> LookUp:
    """Open a sensitive dossier (mở hồ sơ nhạy cảm)."""
    purpose = gettext_noop("mở hồ sơ nhạy cảm %(code)s") % {"code": dossier.code}
    return on_record.look_up(actor, dossier.applicant, LookUpKind.OPENED, purpose)


def opened_sensitive(actor: Actor, dossier: Dossier) -> None:
    """Put the opening of a sensitive dossier on record, once an hour for one person."""
    if dossier.sensitive and actor.user_id is not None:
        open_sensitive(actor.once(f"open:{dossier.pk}:{clock.now():%Y%m%d%H}"), dossier)
