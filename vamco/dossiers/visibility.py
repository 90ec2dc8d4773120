"""What other rooms are told of dossiers that they know by code: see `core/visibility.py`."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from vamco.core import visibility
from vamco.core.actors import Actor
from vamco.notify.models import Message
from vamco.parties.models import LookUp, Party
from vamco.payments.models import ReceiptLine
from vamco.results.models import Result

from . import opening, queries
from .models import Consultation, Dossier, DossierParty, Slip

kind = Dossier._meta.label_lower

ABOUT: dict[str, tuple[tuple[Any, str, str], ...]] = {
    "dossiers.dossier": ((Dossier, "pk", "code"),),
    "dossiers.consultation": ((Consultation, "pk", "dossier__code"),),
    "dossiers.slip": ((Slip, "pk", "dossier__code"), (Slip, "pk", "visit__dossiers__code")),
    "dossiers.visit": ((Dossier, "visit_id", "code"),),
    "results.result": ((Result, "pk", "subject"),),
    "payments.receipt": ((ReceiptLine, "receipt_id", "charge__subject"),),
    "notify.message": ((Message, "pk", "dossier"),),
    "parties.lookup": ((LookUp, "pk", "dossier"),),
}
"""What hangs on a dossier, by the kind of thing: where its key stands beside the dossier's code."""


def marked(actor: Actor) -> QuerySet[Dossier]:
    """All dossiers, each with whether it is `closed` to the actor."""
    return Dossier.objects.annotate(closed=~Exists(queries.visible(actor).filter(pk=OuterRef("pk"))))


def record_opening(actor: Actor, code: str) -> None:
    """Put on record that the actor reads something of a sensitive dossier."""
    found = Dossier.objects.filter(code=code, sensitive=True).only("code", "sensitive", "applicant").first()
    if found is not None:
        opening.record_opening(actor, found)


def hidden(actor: Actor, kind: str, ids: Collection[str]) -> set[str]:
    """Those of the things of a kind, by primary key, that hang on a dossier which the actor may not see. A person hangs
    on none of theirs: they are hidden when none of their dossiers may be seen."""
    keys = [int(one) for one in ids if one.isdigit()]
    if kind == "parties.party":
        return {str(pk) for pk in _hidden_parties(actor, keys)}
    pairs: list[tuple[str, str]] = []
    for model, key, code in ABOUT.get(kind, ()):
        found = model.objects.filter(**{f"{key}__in": keys}).order_by().values_list(key, code)
        pairs += [(str(pk), of) for pk, of in found if of]
    shut = visibility.closed_among(actor, {of for _pk, of in pairs}) if pairs else set()
    return {pk for pk, of in pairs if of in shut}


def _hidden_parties(actor: Actor, keys: Collection[int]) -> QuerySet[Party, int]:
    """In SQL, which stops at the first dossier that may be seen: a notary has thousands."""
    theirs = DossierParty.objects.filter(party=OuterRef("pk"))
    open_to = theirs.filter(~visibility.closed(actor, "dossier__code"))
    found = Party.objects.filter(Exists(theirs), ~Exists(open_to), pk__in=keys)
    return found.values_list("pk", flat=True)
