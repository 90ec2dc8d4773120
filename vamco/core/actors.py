"""Who acts, and where they may: the answer that every page, operation, command and job asks for first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final, Protocol

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_noop


class Everywhere(Enum):
    """The scope of a permission that holds for every unit."""

    EVERYWHERE = "everywhere"

    def __contains__(self, unit_id: object) -> bool:
        return True

    def __repr__(self) -> str:
        return "EVERYWHERE"


EVERYWHERE: Final = Everywhere.EVERYWHERE
Scope = frozenset[int] | Everywhere
EVERY_ROW: Final = ~Q(pk__in=[])
"""The condition that every row meets, without any SQL. An empty `Q` would be lost in an "or"."""


@dataclass(frozen=True)
class Actor:
    """Who acts: a person in the posts they hold, a stand-in, a job, or the system itself.

    `scope` says for each permission in which units (by primary key) it holds. `via` is the door
    (page, api, cli, job, system); `request_key` makes an action happen once however often it is asked for;
    `stands_in_for` names the people whose delegations widen the scope. Without `signs` the actor may do what the scope
    says, but not sign in the person's name: a program whose token somebody else made.
    """

    user_id: int | None
    label: str
    scope: Mapping[str, Scope] = field(default_factory=dict)
    via: str = "page"
    request_key: str | None = None
    stands_in_for: tuple[int, ...] = ()
    everything: bool = False
    signs: bool = True

    def units(self, *permissions: str) -> Scope:
        """The units in which one of the permissions holds."""
        if self.everything:
            return EVERYWHERE
        found = frozenset[int]()
        for permission in permissions:
            scope = self.scope.get(permission, frozenset())
            if scope is EVERYWHERE:
                return EVERYWHERE
            found |= scope
        return found

    def within(self, *permissions: str, unit: str = "unit_id", lookup: str = "in") -> Q:
        """The rows in whose unit one of the permissions holds.

        `unit` names the field with the unit's primary key; where it holds several units `lookup` is "overlap".
        """
        units = self.units(*permissions)
        return EVERY_ROW if units is EVERYWHERE else Q((f"{unit}__{lookup}", sorted(units)))

    def may_at(self, permission: str, unit_ids: Iterable[int]) -> bool:
        """Whether the permission holds in one of the units. With no unit it does not: ask `may_anywhere` instead."""
        if self.everything:
            return True
        units = self.units(permission)
        return any(unit_id in units for unit_id in unit_ids)

    def may_anywhere(self, permission: str) -> bool:
        """Whether the permission holds in some unit: for ways in, and for what belongs to no unit."""
        units = self.units(permission)
        return units is EVERYWHERE or bool(units)

    @property
    def known_id(self) -> int:
        """The person's primary key, and for the system and for nobody one that no person has: for looking up by it."""
        return self.user_id or 0

    def once(self, key: str | None) -> "Actor":
        """The same actor with another request key."""
        return replace(self, request_key=key)


SYSTEM: Final = Actor(user_id=None, label=gettext_noop("hệ thống"), via="system", everything=True)
NOBODY: Final = Actor(user_id=None, label=gettext_noop("không đăng nhập"))


class Identity(Protocol):
    """The room that knows people and what they may do."""

    def of_request(self, request: HttpRequest) -> Actor:
        """The signed-in person of a page's request, or `NOBODY`."""

    def of_user(self, user_id: int, *, via: str) -> Actor:
        """A person by primary key, as what they are today: for jobs that go on with what somebody began."""


_registered: list[Identity] = []


def register(room: Identity) -> None:
    """Let this room answer from now on."""
    _registered[:] = [room]


def of_request(request: HttpRequest) -> Actor:
    """The signed-in person of a page's request, or `NOBODY`."""
    return _registered[0].of_request(request)


def of_user(user_id: int, *, via: str = "job") -> Actor:
    """A person by primary key, as what they are today."""
    return _registered[0].of_user(user_id, via=via)
