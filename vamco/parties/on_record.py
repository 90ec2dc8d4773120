"""The record of look-ups: who looked whom up and what they have seen. It outlives a refusal."""

from __future__ import annotations

from collections.abc import Hashable

from django.db.models import QuerySet

from vamco.core import clock, ledger
from vamco.core.actors import Actor
from vamco.core.rows import insert, insert_all
from vamco.core.transactions import outlive_rollback

from .models import LookUp, LookUpKind, Party

BY_NUMBER = (LookUpKind.ASKED, LookUpKind.REVEALED)
"""Kinds after which the officer knows whose number it is: its data was answered, or the number was displayed."""
AT_ONCE = 1000
"""Rows of one statement."""


def look_up(
    actor: Actor, party: Party | None, kind: LookUpKind, purpose: str, *, dossier: str = ""
) -> LookUp:
    """Put a look-up on record; `dossier` is the code of the dossier on whose page it was made."""
    row = insert(
        LookUp(party=party, at=clock.now(), by_id=actor.user_id, kind=kind, purpose=purpose, dossier=dossier)
    )
    outlive_rollback(_write, object(), (actor, row))
    return row


def comparison(actor: Actor, number: Hashable, party: Party | None, purpose: str) -> None:
    """Put on record that a typed number was compared with the register: once in a transaction, although form and action both
    compare. `number` is not stored."""
    row = LookUp(party=party, at=clock.now(), by_id=actor.user_id, kind=LookUpKind.COMPARED, purpose=purpose)
    outlive_rollback(_write, (actor.user_id, number, row.party_id, purpose), (actor, row))


def today(actor: Actor) -> QuerySet[LookUp]:
    """The look-ups of today, by the office's clock, in which the actor has seen data; a comparison shows none."""
    start = clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return LookUp.objects.filter(by_id=actor.user_id, at__gte=start).exclude(kind=LookUpKind.COMPARED)


def looked_up_today(actor: Actor, party: Party) -> bool:
    """Whether the actor has seen this party's data for its number today, or the number."""
    return today(actor).filter(party=party, kind__in=BY_NUMBER).exists()


def _write(kept: list[tuple[Actor, LookUp]], undone: bool) -> None:
    """Write the rows that are not written yet. Those of a block that was rolled back are all written again, with an entry in
    the ledger, since the entries of the refused action are rolled back, too."""
    rows = [row for _actor, row in kept]
    if undone:
        # A party that was made in the same block does not exist any more.
        there = set(Party.objects.filter(pk__in={row.party_id for row in rows}).values_list("pk", flat=True))
        for row in rows:
            row.pk = None
            row.party_id = row.party_id if row.party_id in there else None
    new = [row for row in rows if row.pk is None]
    for start in range(0, len(new), AT_ONCE):
        insert_all(new[start : start + AT_ONCE])
    if undone:
        actor = kept[0][0]
        ledger.append(
            at=clock.now(),
            actor_id=actor.user_id,
            actor_label=actor.label,
            via=actor.via,
            action="parties.look_up",
            object_type=LookUp._meta.label_lower,
            object_id=str(rows[-1].pk),
            content={
                "purpose": [None, rows[-1].purpose],
                "count": [None, len(rows)],
                "found": [None, sum(row.party_id is not None for row in rows)],
                "refused": [None, True],
            },
        )
