"""The settings as an administrator sees them: what holds, where it comes from, since when and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vamco.core.actors import Actor
from vamco.core.errors import NotFound
from vamco.core.rooms import Setting, rooms
from vamco.organisation.models import Unit, User
from vamco.organisation.pickers import unit_by_code, units_to_choose
from vamco.organisation.where import of_unit_or_province
from vamco.web import words

from . import values
from .models import Value

EDIT = "configuration.edit"


def may_edit(actor: Actor, unit: Unit | None) -> bool:
    """Whether the actor may change what holds for the unit, or (None) for the whole province."""
    return actor.everything or actor.may_at(EDIT, of_unit_or_province(unit))


def unit(actor: Actor, code: str) -> Unit | None:
    """The unit whose settings are asked for; None for no code. Raises `NotFound` for units of others."""
    return unit_by_code(actor, code, EDIT)


def units(actor: Actor) -> QuerySet[Unit]:
    """Units that the actor may choose."""
    own = Value.objects.filter(removed=False, unit__isnull=False).values("unit")
    return units_to_choose(actor, EDIT, models.Q(pk__in=own))


@dataclass(frozen=True)
class Row:
    """A setting as it is for a unit. `at`: "default", "province", "above" or "own"; `row` is what was set there.

    `own` are units below that have a value of their own, for the whole province's list.
    """

    key: str
    setting: Setting
    value: Any
    at: str
    row: Value | None
    editable: bool
    own: Sequence[Value] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The value as people read it."""
        return shown(self.setting, self.value)

    @property
    def default(self) -> str:
        """The room's default as people read it."""
        return shown(self.setting, self.setting.default)

    @property
    def since(self) -> datetime | None:
        """When it was set."""
        return self.row.since if self.row else None

    @property
    def by(self) -> User | None:
        """Who set it."""
        return self.row.by if self.row else None

    @property
    def can_reset(self) -> bool:
        """Whether something was set right here."""
        return self.editable and self.row is not None and self.at in ("province", "own")


def shown(setting: Setting, value: Any) -> str:
    """A value as people read it."""
    return words.value(setting.kind(value) if issubclass(setting.kind, models.Choices) else value)


def settings(actor: Actor, unit: Unit | None) -> list[Row]:
    """Every setting as it is for the unit, or (None) for the province, in the order of the rooms; three queries.

    Of a unit those that may differ from unit to unit.
    """
    rows = _rows(actor, unit)
    may = may_edit(actor, unit)
    return [
        _row(key, one, unit, rows, may)
        for key, one in values.declared().items()
        if unit is None or one.by_unit
    ]


def setting(actor: Actor, key: str, unit: Unit | None) -> Row:
    """One of them. Raises `NotFound`."""
    found = next((one for one in settings(actor, unit) if one.key == key), None)
    if found is None:
        raise NotFound(_("Không có mục cấu hình này. Hãy chọn lại trong danh sách cấu hình."))
    return found


def _rows(actor: Actor, unit: Unit | None) -> dict[tuple[str, int | None], Value]:
    """What was set for the province, for the unit and those above it, and elsewhere where the actor administers."""
    above = unit.path if unit else []
    rows = Value.objects.filter(removed=False).select_related("unit", "by").order_by("key", "unit__code")
    return {
        (row.key, row.unit_id): row
        for row in rows
        if row.unit_id is None or row.unit_id in above or actor.may_at(EDIT, [row.unit_id])
    }


def _row(
    key: str, setting: Setting, unit: Unit | None, rows: dict[tuple[str, int | None], Value], may: bool
) -> Row:
    standing = values.standing(key, unit)
    at = "default"
    if standing.set:
        at = "province" if standing.at is None else "own" if unit and standing.at == unit.pk else "above"
    row = rows.get((key, standing.at)) if standing.set else None
    own = [row for (of, where), row in rows.items() if of == key and where] if unit is None else []
    return Row(key, setting, standing.value, at, row, may, own)


def by_room(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """The rows under the names of their rooms."""
    return [
        (str(apps.get_app_config(room).verbose_name), of_room)
        for room, given in rooms().items()
        if (of_room := [row for row in rows if row.key in given.settings])
    ]
