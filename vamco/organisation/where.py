"""Two questions that every room asks: which units are the province itself, and which unit is mine."""

from collections.abc import Collection

from vamco.core import clock

from .models import Holding, Level, Unit
from .validity import held_on, open_on


def province_units() -> list[int]:
    """The province (primary keys): what belongs to all units needs a permission that holds there."""
    provinces = Unit.objects.filter(open_on(clock.today()), level=Level.PROVINCE)
    return list(provinces.values_list("pk", flat=True))


def of_province(target: object = None) -> Collection[int]:
    """Where an action is allowed that concerns the whole province, whatever its target."""
    return province_units()


def of_unit_or_province(unit: Unit | None) -> Collection[int]:
    """Where an action is allowed that concerns a unit, or with no unit the whole province."""
    return province_units() if unit is None else [unit.pk]


def home_unit(user_id: int | None) -> Unit | None:
    """The unit of a person: that of their first post today."""
    held = Holding.objects.filter(held_on(clock.today()), user_id=user_id).select_related("post__unit")
    first = held.order_by("post__rank", "pk").first()
    return first.post.unit if first else None
