"""Pages of a list that follow each other without gap or repeat, in any order, however deep: each begins after the last
row of the one before (keyset).

An order is written as Django's: ("-day", "book__number", "pk"). Rows without a value come last, whichever way it goes.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as ValidationFault
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _

from .errors import Invalid

MOST_CURSOR: Final = 2000
"""Characters of a cursor that are looked at: enough for a text of 250 letters and what stands beside it."""


@dataclass(frozen=True)
class _Key:
    """One part of an order."""

    lookup: str
    down: bool
    nullable: bool

    def ordering(self) -> Any:
        if self.down:  # without nulls a plain DESC, which an index serves backwards
            return F(self.lookup).desc(nulls_last=True if self.nullable else None)
        return F(self.lookup).asc()

    def beyond(self, value: Any) -> Q:
        further = Q((f"{self.lookup}__{'lt' if self.down else 'gt'}", value))
        return further | Q((f"{self.lookup}__isnull", True)) if self.nullable else further


def cut(
    rows: "QuerySet[Any]", order: Sequence[str], *, limit: int, cursor: str = "", mark: str = ""
) -> tuple[list[Any], str | None]:
    """One page of the rows, and the cursor of the next; None on the last page.

    `order` must be unique as a whole. `mark` names it: a cursor of another order is refused. Raises `Invalid` for a
    cursor that is not ours.
    """
    keys = _keys(rows.model, order)
    if cursor:
        given = decode(cursor, len(keys) + bool(mark))
        if mark and given.pop(0) != mark:
            raise foreign()
        try:
            rows = rows.filter(_after(keys, given))
        except (ValueError, TypeError, ValidationFault) as error:
            raise foreign() from error
    found = list(rows.order_by(*(key.ordering() for key in keys))[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = [_value(found[limit - 1], key.lookup) for key in keys]
    return found[:limit], encode([mark, *last] if mark else last)


def unique(model: type[Model], order: Sequence[str]) -> tuple[str, ...]:
    """The order with the primary key behind it, unless one of its parts tells all rows apart already."""
    for column in order:
        name = column.removeprefix("-")
        if name == "pk" or (name in _names(model) and getattr(model._meta.get_field(name), "unique", False)):
            return tuple(order)
    return (*order, "pk")


def encode(values: Sequence[Any]) -> str:
    """A cursor that says where a page ended."""
    text = json.dumps([_plain(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, length: int) -> list[Any]:
    """What a cursor says. Raises `Invalid` for one that is not ours."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor[:MOST_CURSOR] + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        values = None
    if isinstance(values, list) and len(values) == length and all(_is_plain(value) for value in values):
        return values
    raise foreign()


def foreign() -> Invalid:
    """The refusal of a cursor that is not ours."""
    return Invalid(_("Con trỏ trang không đúng. Hãy dùng giá trị `next` của trang trước."), field="cursor")


def _keys(model: type[Model], order: Sequence[str]) -> list[_Key]:
    parts = [(column.removeprefix("-"), column.startswith("-")) for column in order]
    return [_Key(lookup, down, _nullable(model, lookup)) for lookup, down in parts]


def _nullable(model: Any, lookup: str) -> bool:
    """Whether a row may have no value there; of what is annotated nobody knows."""
    for part in lookup.split("__"):
        try:
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            return True
        if field.null:
            return True
        model = field.related_model
    return False


def _names(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


def _after(keys: Sequence[_Key], values: Sequence[Any]) -> Q:
    """The condition of the rows that come after these values."""
    condition, equal = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        if value is not None:
            condition |= equal & key.beyond(value)
            equal &= Q((key.lookup, value))
        elif key.nullable:
            equal &= Q((f"{key.lookup}__isnull", True))
        else:
            raise foreign()
    first = keys[0]
    if (
        len(keys) > 1 and not first.nullable
    ):  # where an index can begin: for the OR alone it would read everything
        condition &= Q((f"{first.lookup}__{'lte' if first.down else 'gte'}", values[0]))
    if not condition:
        raise foreign()
    return condition


def _value(row: Any, lookup: str) -> Any:
    for part in lookup.split("__"):
        row = None if row is None else getattr(row, part)
    return row


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if value is None or isinstance(value, int | str) else str(value)


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
    return value is None or (isinstance(value, int) and abs(value) < 2**63)
