"""Questions that every room asks: which units are the province itself, which are mine, and which of them a page is about."""

from collections.abc import Callable, Collection, Sequence

from django.db.models import Case, QuerySet, When
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.errors import NotAllowed, NotFound

from .models import Holding, Level, Post, Unit
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


def open_units(actor: Actor, *permissions: str) -> QuerySet[Unit]:
    """The open units in which the actor holds one of the permissions, in the order of their codes."""
    here = actor.within(*permissions, unit="pk")
    return Unit.objects.filter(here, open_on(clock.today())).order_by("code")


def units_with(permission: str) -> Callable[[Actor], QuerySet[Unit]]:
    """The open units in which an actor holds the permission, their own first: for the places of a register."""

    def units(actor: Actor) -> QuerySet[Unit]:
        home = home_unit(actor.known_id)
        mine = Case(When(pk=home.pk if home else 0, then=0), default=1)
        return open_units(actor, permission).order_by(mine, "folded", "code")

    return units


def first_post(user_id: int, at: Collection[int] | None = None) -> Post | None:
    """The first of the posts that a person holds today, by rank; `at` names the units that count."""
    held = Holding.objects.filter(held_on(clock.today()), user_id=user_id)
    if at is not None:
        held = held.filter(post__unit_id__in=at)
    first = held.select_related("post__unit").order_by("post__rank", "pk").first()
    return first.post if first else None


def home_unit(user_id: int) -> Unit | None:
    """The unit of a person: that of their first post today."""
    post = first_post(user_id)
    return post.unit if post else None


def chosen_unit(actor: Actor, units: Sequence[Unit], wanted: str) -> Unit:
    """The unit that a page of the actor is about: of their `units` the one asked for by primary key, else the first in
    which they hold a post, else the first. Raises `NotAllowed` without any, `NotFound` for one that is not theirs."""
    if not units:
        raise NotAllowed(_("Trang này không thuộc quyền của ông/bà. Hãy quay lại danh sách việc."))
    if wanted:
        found = next((unit for unit in units if str(unit.pk) == wanted), None)
        if found is None:
            raise NotFound(_("Không tìm thấy đơn vị này trong các đơn vị của ông/bà."))
        return found
    if len(units) == 1:
        return units[0]
    held = Holding.objects.filter(held_on(clock.today()), user_id=actor.known_id)
    own = set(held.values_list("post__unit_id", flat=True))
    return next((unit for unit in units if unit.pk in own), units[0])
