"""Roles (vai trò) and the permissions that each carries, as the rooms declare them. A role is granted to a post for a unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from vamco.core import rooms
from vamco.core.inputs import Words


@dataclass(frozen=True)
class Role:
    """A role's name (translated when shown) and its permissions."""

    name: Words
    permissions: frozenset[str]


@cache
def roles() -> Mapping[str, Role]:
    """Every role by its key."""
    carried = {
        key: frozenset(
            permission
            for permission, one in rooms.permissions().items()
            if key in one.roles.split() or one.roles == rooms.EVERY_ROLE
        )
        for key in rooms.role_names()
    }
    return {key: Role(name, carried[key]) for key, name in rooms.role_names().items()}
