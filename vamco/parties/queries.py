"""What a person may see of the records of people and businesses.

A unit's people find the parties that have had a dossier there (`actions.known_at`), never others; with the
number in hand they find anybody, and that look-up is on record.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vamco.core import text, visibility
from vamco.core.actors import EVERYWHERE, Actor
from vamco.core.errors import Invalid, NotAllowed, NotFound

from . import actions, identity
from .models import LookUp, NumberKind, Party, scope_of

MANY_UNITS = 40
"""From so many units on, the whole province is searched and then narrowed to them."""


def visible(actor: Actor) -> QuerySet[Party]:
    """The parties that the actor may find in lists. Raises `NotAllowed` without the permission."""
    if not actor.may_anywhere("parties.search"):
        raise NotAllowed(may_not())
    here = actor.within("parties.search", unit="units", lookup="overlap")
    return Party.objects.defer("search").filter(here)


def may_not() -> str:
    """The refusal for who has no permission for these records."""
    return _("Ông/bà không có quyền tìm người, tổ chức. Hãy đề nghị người quản trị cấp quyền.")


def search(actor: Actor, q: str) -> QuerySet[Party]:
    """The visible parties whose name has all words of `q` (or words that begin so), with or without accents.

    An empty `q` finds all of them. An identity number is refused: it may not be part of an address, and looking one up is
    an action of its own (`find_by_number`).
    """
    parties = visible(actor)
    if identity.looks_like_number(q):
        raise Invalid(_("Để tìm theo số giấy tờ, hãy dùng ô tra cứu theo số."), field="q")
    if not q.strip():
        return parties
    units = actor.units("parties.search")
    if units is not EVERYWHERE and len(units) < MANY_UNITS:
        wanted = text.any_scope_query(q, map(scope_of, sorted(units)))
        # The index words contain the unit already: a condition on the units would only cost time.
        return Party.objects.defer("search").filter(search__words=wanted)
    return parties.filter(search__words=text.query(q))


def find_by_number(
    actor: Actor, number: str, *, kind: NumberKind | None = None, nationality: str = "", purpose: str = ""
) -> Party | None:
    """The party with this number, of any unit. The look-up is on record, also when nothing is found."""
    return actions.look_up(
        actor, None, number=number, number_kind=kind, nationality=nationality, purpose=purpose
    ).party


def get(actor: Actor, party_id: int) -> Party:
    """One visible party. Raises `NotFound` for any other."""
    party = visible(actor).filter(pk=party_id).first()
    if party is None:
        raise NotFound(_("Không tìm thấy người, tổ chức này trong các hồ sơ của đơn vị."))
    return party


def look_ups_of(actor: Actor, party: Party) -> QuerySet[LookUp]:
    """Who looked the party up by number, newest first: for the auditor, and to inform the person concerned; without those on
    a dossier that the auditor may not see.

    Raises `NotFound` for a party that never had to do with the auditor's units.
    """
    if not actor.may_anywhere("audit.read"):
        raise NotAllowed(_("Chỉ người có quyền kiểm tra mới xem được nhật ký tra cứu."))
    audited = actor.within("audit.read", unit="units", lookup="overlap")
    known = Party.objects.filter(audited, pk=party.pk)
    if not known.exists() or visibility.hidden(actor, "parties.party", {str(party.pk)}):
        raise NotFound(_("Không tìm thấy người, tổ chức này trong các hồ sơ của đơn vị."))
    rows = party.look_ups.filter(~visibility.closed(actor, "dossier"))
    return rows.select_related("by").order_by("-at", "-pk")


def render(party: Party) -> dict[str, Any]:
    """A party as lists and the API show it: the number masked."""
    return {
        "id": party.pk,
        "kind": party.kind,
        "name": party.name,
        "number_kind": party.number_kind,
        "number": party.masked_number,
        "birth_date": party.birth_date,
        "gender": party.gender,
        "phone": party.phone,
        "email": party.email,
        "address": party.address,
    }
