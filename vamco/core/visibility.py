"""Whether somebody may see the dossier that a thing hangs on, for rooms that know the dossier by its code alone.

Results, messages, charges and receipts hold the code of their dossier; ledger entries name a thing that has one. Whether
the dossier may be seen is decided by the room of dossiers, which gives the answer here when the program starts.
"""

from collections.abc import Collection
from typing import Any, Protocol

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import names
from .actors import Actor
from .inputs import plain_number
from .things import OfThing

HIDDEN: Promise = _("hồ sơ hạn chế xem")
"""What stands in place of whatever would tell which dossier it is."""


class DossierVisibility(Protocol):
    """The room that keeps the dossiers."""

    kind: str
    """What a dossier is in the ledger ("room.model")."""

    def marked(self, actor: Actor) -> "QuerySet[Any]":
        """All dossiers with their `code` and, in `closed`, whether the actor may not see them."""

    def record_opening(self, actor: Actor, code: str) -> None:
        """The actor reads something of the dossier with this code: put it on record if it is a sensitive one."""

    def hidden(self, actor: Actor, kind: str, ids: Collection[str]) -> set[str]:
        """Those of the things of a kind ("results.result"), by primary key, that hang on a closed dossier."""


_registered: list[DossierVisibility] = []


def register(room: DossierVisibility) -> None:
    """Let this room answer from now on."""
    _registered[:] = [room]


def closed(actor: Actor, code: str) -> Coalesce:
    """Whether a row's dossier, whose code is in the column `code`, may not be seen by the actor: to be annotated or filtered
    by. A code that no dossier has is closed to nobody.

    A subquery for one value, and no EXISTS: of that PostgreSQL would make a table of all dossiers, although a page reads
    fifty rows. So it is one look into the unique index of codes for each row that is read.
    """
    found = _registered[0].marked(actor).filter(code=OuterRef(code)).values("closed")
    return Coalesce(Subquery(found[:1]), False)


def closed_among(actor: Actor, codes: Collection[str]) -> set[str]:
    """Those of the codes whose dossier the actor may not see; one query."""
    rows = _registered[0].marked(actor).filter(code__in=codes, closed=True)
    return set(rows.values_list("code", flat=True))


def hidden(actor: Actor, kind: str, ids: Collection[str]) -> set[str]:
    """Those of the things of a kind, by primary key, that hang on a dossier which the actor may not see: a note or an
    attached file when the thing that it hangs on does."""
    model = names.model_of(kind)
    if model is None or not issubclass(model, OfThing):
        return _registered[0].hidden(actor, kind, ids)
    rows = model._default_manager.filter(pk__in=[key for key in map(plain_number, ids) if key is not None])
    on = {str(pk): (of, str(thing)) for pk, of, thing in rows.values_list("pk", "kind", "thing")}
    shut = {
        (of, thing)
        for of in {of for of, _thing in on.values()}
        for thing in hidden(actor, of, {thing for kind, thing in on.values() if kind == of})
    }
    return {pk for pk, place in on.items() if place in shut}


def is_dossier(kind: str) -> bool:
    """Whether things of this kind are the dossiers themselves."""
    return kind == _registered[0].kind


def record_opening(actor: Actor, code: str) -> None:
    """The actor reads something of the dossier with this code."""
    _registered[0].record_opening(actor, code)
