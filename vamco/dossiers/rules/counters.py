"""The one-stop counters at which somebody works."""

from vamco.core.actors import Actor
from vamco.organisation.models import Unit
from vamco.organisation.where import chosen_unit, open_units


def unit_of(actor: Actor, asked: str, permission: str) -> Unit:
    """The unit at whose counter the officer sits: the one asked for, or their own. Raises as `chosen_unit` does."""
    return chosen_unit(actor, counter_units(actor, permission), asked)


def counter_units(actor: Actor, permission: str) -> list[Unit]:
    """The units in which the officer holds the permission."""
    return list(open_units(actor, permission).select_related("parent")[:300])
