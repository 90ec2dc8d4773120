"""Whether somebody may see the dossier that a thing hangs on, for rooms that know the dossier by its code alone.

Results, messages, charges and receipts hold the code of their dossier; ledger entries name a thing that has one. Whether
the dossier may be seen is decided by the room of dossiers, which gives the answer here when the program starts.
"""

from collections.abc import Collection
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .actions import Actor

HIDDEN: Promise = _("hồ sơ hạn chế xem")
"""What stands in place of whatever would tell which dossier it is."""


class Keeper(Protocol):
    """The room that keeps the dossiers."""

    def closed(self, actor: Actor) -> "QuerySet[Any]":
        """The dossiers that the actor may not see, with their `code`."""

    def opened(self, actor: Actor, code: str) -> None:
        """The actor reads something of the dossier with this code: put it on record if it is a sensitive one."""

    def hidden(self, actor: Actor, kind: str, ids: Collection[str]) -> set[str]:
        """Those of the things of a kind ("results.result"), by primary key, that hang on a closed dossier."""


_keepers: list[Keeper] = []


def keep(keeper: Keeper) -> None:
    """Let this room answer from now on."""
    _keepers[:] = [keeper]


def closed(actor: Actor, code: Any) -> Exists:
    """The condition that a row's dossier, whose code is in the column `code`, may not be seen by the actor. One look into
    the unique index of codes for each row; a code that no dossier has is closed to nobody."""
    return Exists(_keepers[0].closed(actor).filter(code=OuterRef(code)))


def closed_among(actor: Actor, codes: Collection[str]) -> set[str]:
    """Those of the codes whose dossier the actor may not see; one query."""
    return set(_keepers[0].closed(actor).filter(code__in=codes).values_list("code", flat=True))


def hidden(actor: Actor, kind: str, ids: Collection[str]) -> set[str]:
    """Those of the things of a kind, by primary key, that hang on a dossier which the actor may not see."""
    return _keepers[0].hidden(actor, kind, ids)


def opened(actor: Actor, code: str) -> None:
    """The actor reads something of the dossier with this code."""
    _keepers[0].opened(actor, code)
