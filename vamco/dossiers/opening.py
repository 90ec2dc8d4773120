"""That a sensitive dossier was opened is on record."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from vamco.core import clock, ledger
from vamco.core.actors import Actor
from vamco.core.models import LedgerEntry
from vamco.parties import on_record
from vamco.parties.models import LookUpKind

from .models import Dossier

OPENED = "dossiers.open_sensitive"
ONCE_IN = timedelta(hours=1)


def record_opening(actor: Actor, dossier: Dossier) -> None:
    """Put the opening of a sensitive dossier on record (mở hồ sơ nhạy cảm), once an hour for one person.

    The ledger's entry is for the auditor, the look-up for the applicant: the person concerned is told from it.

    No action: reading must not wait for a lock. There is no request key, so two readings at the very same moment may
    leave two records. The look-up's foreign keys take FOR KEY SHARE on the applicant and the reader, which waits for
    FOR UPDATE alone; rows are locked FOR NO KEY UPDATE (`core.actions.lock`).
    """
    if not dossier.sensitive or actor.user_id is None:
        return
    now, thing = clock.now(), {"object_type": "dossiers.dossier", "object_id": str(dossier.pk)}
    before = LedgerEntry.objects.filter(**thing, action=OPENED, actor_id=actor.user_id)
    if before.filter(at__gt=now - ONCE_IN, at__lte=now).exists():
        return
    purpose = gettext_noop("mở hồ sơ nhạy cảm %(code)s") % {"code": dossier.code}
    with transaction.atomic():
        on_record.look_up(actor, dossier.applicant, LookUpKind.OPENED, purpose, dossier=dossier.code)
        ledger.append(
            at=now,
            actor_id=actor.user_id,
            actor_label=actor.label,
            via=actor.via,
            action=OPENED,
            content={},
            **thing,
        )
