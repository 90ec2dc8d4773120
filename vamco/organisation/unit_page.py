"""A unit as every official of the administration may see it: what it is, who works there, how it does."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vamco.core import clock, rooms
from vamco.core.actors import Actor
from vamco.core.errors import NotFound
from vamco.core.inputs import Words
from vamco.core.rooms import Indicator
from vamco.web import words

from .models import Holding, Unit
from .validity import held_on, open_on


def unit(code: str) -> Unit:
    """A unit by its code, closed ones too. Raises `NotFound`."""
    found = Unit.objects.filter(code=code[:40].replace("\0", "")).first()
    if found is None:
        raise NotFound(_("Không có đơn vị mang mã này. Hãy mở lại trang đơn vị từ đơn vị cấp trên."))
    return found


def people(unit: Unit) -> list[Holding]:
    """Who holds a post in the unit today, heads first: names and posts are no secret within the administration."""
    held = Holding.objects.filter(held_on(clock.today()), post__unit=unit, user__is_active=True)
    return list(held.select_related("user", "post").order_by("post__rank", "post_id", "user__sort_key", "pk"))


def above(unit: Unit) -> list[Unit]:
    """The units above, from the province down."""
    found = Unit.objects.in_bulk(unit.path)
    return [found[pk] for pk in unit.path if pk in found and pk != unit.pk]


def below(unit: Unit) -> list[Unit]:
    """The open units right below."""
    return list(Unit.objects.filter(open_on(clock.today()), parent=unit).order_by("level", "folded", "code"))


# Indicators ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """An indicator of a unit as people read it."""

    name: Words
    words: str
    limits: Words


def figures(actor: Actor, unit: Unit) -> list[Figure]:
    """The indicators of all rooms that the actor may know, of the unit with all below it; one query, and each room's."""
    every = (indicator for room in rooms.rooms().values() for indicator in room.indicators.values())
    indicators = [
        indicator
        for indicator in every
        if not indicator.permission or actor.may_at(indicator.permission, [unit.pk])
    ]
    ids = _with_below(unit) if indicators else []
    return [Figure(indicator.name, _words(indicator, ids), indicator.limits) for indicator in indicators]


def _with_below(unit: Unit) -> Collection[int]:
    """The unit and all below it, closed ones too: what they did stays done."""
    return list(Unit.objects.filter(path__contains=[unit.pk]).values_list("pk", flat=True))


def _words(indicator: Indicator, units: Collection[int]) -> str:
    met, of = indicator.figure(units)
    if of is None:
        return words.number(met)
    if of == 0:
        return str(indicator.none) or _("chưa có gì để tính")
    # Rounded down: 100 % is said only when none is missing.
    share = words.percent(met * 1000 // of / 10)
    return _("%(share)s (%(met)s trên %(of)s)") % {
        "share": share,
        "met": words.number(met),
        "of": words.number(of),
    }
