"""That a sensitive dossier was opened is on record."""

from datetime import timedelta

from vamco.core import clock, ledger
from vamco.core.actions import Actor
from vamco.core.models import LedgerEntry

from .models import Dossier

OPENED = "dossiers.open_sensitive"
ONCE_IN = timedelta(hours=1)


def opened(actor: Actor, dossier: Dossier) -> None:
    """Put the opening of a sensitive dossier on record (mở hồ sơ nhạy cảm), once an hour for one person.

    No action: reading must not wait for a lock. An entry of the ledger refers to nothing by a foreign key and takes no
    request key, so nothing can be waited for; two readings at the very same moment may leave two entries.
    """
    if not dossier.sensitive or actor.user_id is None:
        return
    now, thing = clock.now(), {"object_type": "dossiers.dossier", "object_id": str(dossier.pk)}
    before = LedgerEntry.objects.filter(**thing, action=OPENED, actor_id=actor.user_id)
    if not before.filter(at__gt=now - ONCE_IN, at__lte=now).exists():
        ledger.append(
            at=now,
            actor_id=actor.user_id,
            actor_label=actor.label,
            via=actor.via,
            action=OPENED,
            content={},
            **thing,
        )
