"""Typed predicates over answers, as data; they fail closed.

A condition is one of
    {"field": key, "op": operator, "value": value}     compare an answer
    {"all": [conditions]}, {"any": [conditions]}, {"not": condition}
and None, which always holds. Logic is three-valued: what cannot be decided (a missing answer, an unknown operator, a value
of the wrong type) is neither true nor false, and the caller gives the safe default: a paper is required, a fee is charged,
a field stays hidden, an exceptional time limit does not count. `problems` is called before publishing, so that a published
version holds nothing unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from .field import Condition, Field

EQUALITY = frozenset({"eq", "ne", "in"})
ORDER = frozenset({"lt", "le", "gt", "ge"})
PRESENCE = frozenset({"filled", "empty"})
ORDERED_TYPES = frozenset({"number", "money", "date"})
MAX_DEPTH = 6
MAX_PARTS = 40
"""Bounds that keep a condition readable, and cheap to evaluate."""


def holds(condition: Condition | None, answers: Mapping[str, Any], *, default: bool) -> bool:
    """Whether the condition holds; `default` when that cannot be decided."""
    found = evaluate(condition, answers)
    return default if found is None else found


def evaluate(condition: Condition | None, answers: Mapping[str, Any]) -> bool | None:
    """True, False, or None when it cannot be decided. Never raises."""
    if condition is None:
        return True
    try:
        return _evaluate(condition, answers, 0)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        return None


def _evaluate(condition: Condition, answers: Mapping[str, Any], depth: int) -> bool | None:
    if depth > MAX_DEPTH:
        return None
    if "all" in condition:
        return _every([_evaluate(part, answers, depth + 1) for part in condition["all"]])
    if "any" in condition:
        found = _every([_not(_evaluate(part, answers, depth + 1)) for part in condition["any"]])
        return _not(found)
    if "not" in condition:
        return _not(_evaluate(condition["not"], answers, depth + 1))
    return _compare(condition["op"], answers.get(condition["field"]), condition.get("value"))


def _every(parts: Sequence[bool | None]) -> bool | None:
    if False in parts:
        return False
    return None if None in parts or not parts else True


def _not(found: bool | None) -> bool | None:
    return None if found is None else not found


def _compare(op: str, answer: Any, value: Any) -> bool | None:
    if op in PRESENCE:
        return (answer in (None, "")) == (op == "empty")
    if answer in (None, ""):
        return None
    if op == "in":
        return any(_same(answer, each) for each in value)
    if op in ("eq", "ne"):
        return _same(answer, value) == (op == "eq")
    if op in ORDER:
        left, right = _ordered(answer), _ordered(value)
        if type(left) is not type(right):
            return None
        return bool({"lt": left < right, "le": left <= right, "gt": left > right, "ge": left >= right}[op])
    return None


def _same(answer: Any, value: Any) -> bool:
    if isinstance(answer, bool) or isinstance(value, bool):
        return answer is value
    if isinstance(answer, int | float | Decimal) and isinstance(value, int | float | Decimal):
        return Decimal(str(answer)) == Decimal(str(value))
    if type(answer) is not type(value):
        raise TypeError("values of different types")
    return bool(answer == value)


def _ordered(value: Any) -> Any:
    """A number or a date to compare; raises for anything else."""
    if isinstance(value, bool):
        raise TypeError("booleans have no order")
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    return date.fromisoformat(value)


def fields_of(condition: Condition | None) -> frozenset[str]:
    """Keys of the fields that a condition reads. Never raises: a malformed condition reads no field."""
    if not isinstance(condition, Mapping):
        return frozenset()
    parts: list[Any] = []
    for name in ("all", "any"):
        inner = condition.get(name)
        parts += inner if isinstance(inner, list | tuple) else []
    if "not" in condition:
        parts.append(condition["not"])
    keys = frozenset({condition["field"]}) if isinstance(condition.get("field"), str) else frozenset()
    return keys.union(*(fields_of(part) for part in parts))


def problems(condition: Condition | None, fields: Mapping[str, Field]) -> list[str]:
    """What is wrong with a condition over these fields, in words; an empty list when it may be published."""
    if condition is None:
        return []
    found: list[str] = []
    if _check(condition, fields, found, 0) > MAX_PARTS:
        found.append(_("Điều kiện có quá nhiều vế (tối đa %(most)d).") % {"most": MAX_PARTS})
    return found


def _check(condition: Any, fields: Mapping[str, Field], found: list[str], depth: int) -> int:
    """Append what is wrong; the number of comparisons in the condition."""
    if not isinstance(condition, Mapping):
        found.append(_("Điều kiện không đúng dạng: %(what)s.") % {"what": repr(condition)[:80]})
        return 0
    if depth > MAX_DEPTH:
        found.append(_("Điều kiện lồng nhau quá sâu (tối đa %(most)d tầng).") % {"most": MAX_DEPTH})
        return 0
    keys = set(condition)
    for name in ("all", "any"):
        if keys == {name}:
            parts = condition[name]
            if not isinstance(parts, list | tuple) or not parts:
                found.append(_("“%(name)s” phải có ít nhất một điều kiện.") % {"name": name})
                return 0
            return sum(_check(part, fields, found, depth + 1) for part in parts)
    if keys == {"not"}:
        return _check(condition["not"], fields, found, depth + 1)
    _check_comparison(condition, fields, found)
    return 1


def _check_comparison(condition: Condition, fields: Mapping[str, Field], found: list[str]) -> None:
    op, key = str(condition.get("op")), condition.get("field")
    needed = {"field", "op"} if op in PRESENCE else {"field", "op", "value"}
    if set(condition) != needed:
        found.append(
            _("Điều kiện phải gồm đúng các mục: %(needed)s.") % {"needed": ", ".join(sorted(needed))}
        )
        return
    field = fields.get(key) if isinstance(key, str) else None
    if field is None:
        found.append(_("Không có trường “%(key)s”.") % {"key": str(key)[:80]})
        return
    if op not in EQUALITY | ORDER | PRESENCE:
        found.append(_("Không có phép so sánh “%(op)s”.") % {"op": str(op)[:80]})
        return
    if op in ORDER and field.type not in ORDERED_TYPES:
        found.append(
            _("Trường “%(key)s” không so sánh lớn, nhỏ được: chỉ số, số tiền và ngày.") % {"key": key}
        )
        return
    if op in PRESENCE:
        return
    value = condition["value"]
    if op == "in" and (not isinstance(value, list | tuple) or not value):
        found.append(_("Phép “in” cần một danh sách giá trị."))
        return
    for each in value if op == "in" else [value]:
        if not _fits(field, each):
            found.append(
                _("Giá trị %(value)s không hợp với trường “%(key)s”.")
                % {"value": repr(each)[:80], "key": key}
            )


def _fits(field: Field, value: Any) -> bool:
    """Whether a value can be an answer to the field."""
    if field.type == "bool":
        return isinstance(value, bool)
    if field.type == "choice":
        return any(value == option.value for option in field.options)
    if field.type in ("number", "money"):
        return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if field.type == "date":
        try:
            return isinstance(value, str) and bool(date.fromisoformat(value))
        except ValueError:
            return False
    return isinstance(value, str)
