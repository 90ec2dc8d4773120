"""JSON Schema (2020-12) of a form, made from its fields for the API and for export; never stored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .conditions import fields_of
from .field import Condition, Field
from .fields import LONGEST

FORMATS = {"date": "date", "email": "email"}


def json_schema(fields: Iterable[Field], *, title: str = "", english: bool = False) -> dict[str, Any]:
    """The schema of the answers that `clean` gives, with titles in Vietnamese or English.

    A field with a condition is required by `if`/`then` where JSON Schema can express the condition; what it cannot express
    (an order of dates) is only in `x-when`, and `clean` decides.
    """
    fields = tuple(fields)
    types = {field.key: field for field in fields}
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {field.key: _property(field, english) for field in fields},
        "required": [field.key for field in fields if field.required and field.when is None],
        "additionalProperties": False,
    }
    if title:
        schema["title"] = title
    rules = []
    for field in fields:
        if field.required and field.when is not None:
            test = _condition(field.when, types)
            if test is not None:
                rules.append({"if": test, "then": {"required": [field.key]}})
    if rules:
        schema["allOf"] = rules
    return schema


def _property(field: Field, english: bool) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": field.label_en if english else field.label}
    hint = field.hint_en if english else field.hint
    if hint:
        schema["description"] = hint
    if field.type == "bool":
        schema["type"] = "boolean"
    elif field.type in ("number", "money"):
        schema["type"] = "integer" if field.type == "money" else "number"
        if field.min is not None or field.type == "money":
            schema["minimum"] = _plain(field.min or 0)
        if field.max is not None:
            schema["maximum"] = _plain(field.max)
    elif field.type == "choice":
        schema["oneOf"] = [
            {"const": option.value, "title": option.label_en if english else option.label}
            for option in field.options
        ]
    else:
        schema["type"] = "string"
        schema["maxLength"] = field.max_length or LONGEST[field.type]
        if field.type in FORMATS:
            schema["format"] = FORMATS[field.type]
        if field.pattern:
            schema["pattern"] = f"^(?:{field.pattern})$"
    schema["x-type"] = field.type
    if field.step:
        schema["x-step"] = field.step
    if field.when is not None:
        schema["x-when"] = field.when
    return schema


def _plain(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)


def _condition(condition: Condition, types: dict[str, Field]) -> dict[str, Any] | None:
    """The condition as a schema that answers match when it holds, or None where JSON Schema cannot express it."""
    for name, word in (("all", "allOf"), ("any", "anyOf")):
        if name in condition:
            parts = [_condition(part, types) for part in condition[name]]
            return None if None in parts else {word: parts}
    if "not" in condition:
        # A negation holds only for what was answered, so the inner keys stay required.
        inner = _condition(condition["not"], types)
        keys = sorted(fields_of(condition["not"]))
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
