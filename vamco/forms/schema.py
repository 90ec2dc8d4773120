"""JSON Schema (2020-12) of a form, made from its fields for the API and for export; never stored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .field import Condition, Field
from .fields import LONGEST

FORMATS = {"date": "date", "email": "email"}


def json_schema(fields: Iterable[Field], *, title: str = "", english: bool = False) -> dict[str, Any]:
    """The schema of the answers that `clean` gives, with titles in Vietnamese or English.

    A field that is shown by a condition is asked for by `if`/`then` where JSON Schema can say the
    condition; what it cannot say (an order of dates) is only in `x-when`, and `clean` decides.
    """
    fields = tuple(fields)
    types = {one.key: one for one in fields}
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {one.key: _property(one, english) for one in fields},
        "required": [one.key for one in fields if one.required and one.when is None],
        "additionalProperties": False,
    }
    if title:
        schema["title"] = title
    rules = []
    for one in fields:
        if one.required and one.when is not None:
            test = _condition(one.when, types)
            if test is not None:
                rules.append({"if": test, "then": {"required": [one.key]}})
    if rules:
        schema["allOf"] = rules
    return schema


def _property(one: Field, english: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"title": one.label_en if english else one.label}
    hint = one.hint_en if english else one.hint
    if hint:
        said["description"] = hint
    if one.type == "bool":
        said["type"] = "boolean"
    elif one.type in ("number", "money"):
        said["type"] = "integer" if one.type == "money" else "number"
        if one.min is not None or one.type == "money":
            said["minimum"] = _plain(one.min or 0)
        if one.max is not None:
            said["maximum"] = _plain(one.max)
    elif one.type == "choice":
        said["oneOf"] = [
            {"const": option.value, "title": option.label_en if english else option.label}
            for option in one.options
        ]
    else:
        said["type"] = "string"
        said["maxLength"] = one.max_length or LONGEST[one.type]
        if one.type in FORMATS:
            said["format"] = FORMATS[one.type]
        if one.pattern:
            said["pattern"] = f"^(?:{one.pattern})$"
    said["x-type"] = one.type
    if one.step:
        said["x-step"] = one.step
    if one.when is not None:
        said["x-when"] = one.when
    return said


def _plain(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)


def _condition(condition: Condition, types: dict[str, Field]) -> dict[str, Any] | None:
    """The condition as a schema that answers match when it holds, or None when it cannot be said."""
    for name, word in (("all", "allOf"), ("any", "anyOf")):
        if name in condition:
            parts = [_condition(part, types) for part in condition[name]]
            return None if None in parts else {word: parts}
    if "not" in condition:
        # A negation holds only for what was answered, so the inner keys stay required.
        inner = _condition(condition["not"], types)
        keys = sorted(_keys(condition["not"]))
        return None if inner is None else {"required": keys, "not": inner}
    key, op, value = condition["field"], condition["op"], condition.get("value")
    if op == "empty":
        return {"not": {"required": [key]}}
    if op == "filled":
        return {"required": [key]}
    tests: dict[str, Any] = {
        "eq": {"const": value},
        "ne": {"not": {"const": value}},
        "in": {"enum": list(value) if isinstance(value, list | tuple) else []},
    }
    if key in types and types[key].type in ("number", "money"):
        tests |= {
            "lt": {"exclusiveMaximum": value},
            "le": {"maximum": value},
            "gt": {"exclusiveMinimum": value},
            "ge": {"minimum": value},
        }
    if op not in tests:
        return None
    return {"properties": {key: tests[op]}, "required": [key]}


def _keys(condition: Condition) -> frozenset[str]:
    from .conditions import fields_of

    return fields_of(condition)
