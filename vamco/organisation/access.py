"""What a person may do today, where: from the posts they hold and the delegations they were given."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from django.db.models import Q
from django.http import HttpRequest

from vamco.core import clock, prepared
from vamco.core.actors import EVERYWHERE, NOBODY, SYSTEM, Actor, Scope

from .models import ApiToken, Unit, User
from .roles import roles

# The posts a person holds today and those of whom they stand in for, with the units below where granted so.
_GRANTS = """
WITH people AS (
    SELECT %(user)s::bigint AS id
    UNION SELECT d.giver_id FROM organisation_delegation d JOIN organisation_user g ON g.id = d.giver_id
    WHERE d.receiver_id = %(user)s AND d.revoked_at IS NULL AND %(day)s BETWEEN d.since AND d.until AND g.is_active
)
SELECT DISTINCT p.id, g.role, u.id, u.level = 'province' AND g.below
FROM people p
JOIN organisation_holding h ON h.user_id = p.id AND h.since <= %(day)s AND (h.until IS NULL OR h.until >= %(day)s)
JOIN organisation_grant g ON g.post_id = h.post_id
JOIN organisation_unit u ON u.id = g.unit_id OR (g.below AND u.path @> ARRAY[g.unit_id])
"""


def granted_at(units: Iterable[Unit], at: str = "") -> Q:
    """Grants that reach one of the units: given for it, or for one above with all below; `at` is the lookup prefix
    that leads to them."""
    given = list(units)
    above = {unit_id for unit in given for unit_id in unit.path}
    return Q((f"{at}unit_id__in", [unit.pk for unit in given])) | Q(
        (f"{at}below", True), (f"{at}unit_id__in", list(above))
    )


def actor_for(user: User, *, via: str = "page", request_key: str | None = None) -> Actor:
    """The actor that a signed-in person is today. An inactive account may do nothing."""
    if not user.is_active:
        return Actor(user_id=user.pk, label=user.full_name, via=via)
    units: dict[str, set[int]] = defaultdict(set)
    everywhere: set[str] = set()
    givers: set[int] = set()
    by_role = roles()
    with prepared.cursor() as cursor:
        cursor.execute(_GRANTS, {"user": user.pk, "day": clock.today()})
        for person_id, role, unit_id, whole_province in cursor.fetchall():
            givers.add(person_id)
            for permission in by_role[role].permissions if role in by_role else ():
                units[permission].add(unit_id)
                if whole_province:
                    everywhere.add(permission)
    scope: dict[str, Scope] = {key: frozenset(ids) for key, ids in units.items()}
    if user.is_superuser:
        everywhere |= by_role["admin"].permissions | by_role["auditor"].permissions
    scope.update(dict.fromkeys(everywhere, EVERYWHERE))
    return Actor(
        user_id=user.pk,
        label=user.full_name,
        scope=scope,
        via=via,
        request_key=request_key,
        stands_in_for=tuple(sorted(givers - {user.pk})),
    )


def limited_to(token: ApiToken, actor: Actor) -> Actor:
    """What a program with this token may do of what its holder may."""
    scope: dict[str, Scope] = {}
    for permission, units in actor.scope.items():
        if token.permissions and permission not in token.permissions:
            continue
        if token.units:
            units = frozenset(unit for unit in token.units if unit in units)
        if units:
            scope[permission] = units
    return replace(actor, scope=scope, signs=token.signs)


def oneself(user: User) -> Actor:
    """The person at the pages where they change their own account, whatever posts they hold."""
    return replace(SYSTEM, user_id=user.pk, label=user.full_name, via="page")


def person_of(request: HttpRequest) -> User:
    """The signed-in person of a page's request; only where somebody must be signed in."""
    return cast(User, request.user)


class _Known(HttpRequest):
    """A request of which it is known who asks."""

    _actor: Actor


class Identity:
    """The answers to `core.actors`."""

    def of_request(self, request: HttpRequest) -> Actor:
        """The signed-in person of a page's request with the form's one-time key, or `NOBODY`; asked once a request."""
        remembering = cast(_Known, request)
        if not hasattr(remembering, "_actor"):
            key = request.POST.get("request_key") if request.method == "POST" else None
            user = request.user
            remembering._actor = actor_for(user, request_key=key or None) if user.is_authenticated else NOBODY
        return remembering._actor

    def of_user(self, user_id: int, *, via: str) -> Actor:
        """A person by primary key, as what they are today."""
        return actor_for(User.objects.get(pk=user_id), via=via)
