"""The unit that an administrator's page is about: none for the whole province, else one that they administer."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import EVERYWHERE, Actor
from vamco.core.errors import NotFound

from .models import Unit
from .validity import open_on


def unit_by_code(actor: Actor, code: str, permission: str) -> Unit | None:
    """The unit of this code; None for no code. Raises `NotFound` for units that the actor does not administer."""
    if not code:
        return None
    found = Unit.objects.filter(code=code[:40].replace("\0", "")).first()
    if found is None or not actor.may_at(permission, [found.pk]):
        raise NotFound(_("Không tìm thấy đơn vị này trong các đơn vị ông/bà quản trị."))
    return found


def units_to_choose(actor: Actor, permission: str, with_own: Q) -> QuerySet[Unit]:
    """The open units that the actor administers. Of all units of a province only the larger ones, and those `with_own`
    rows: a list of hundreds is no choice."""
    rows = Unit.objects.filter(open_on(clock.today())).order_by("folded", "code")
    if actor.units(permission) is not EVERYWHERE:
        return rows.filter(actor.within(permission, unit="pk"))
    return rows.filter(with_own | Q(level__in=("department", "centre", "district")))
