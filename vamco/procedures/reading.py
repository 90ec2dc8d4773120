"""From a data file (or what an administrator sent) to a `Definition`, and back to plain data. Pure.

A file says everything of one procedure; what many share stands once in `data/shared.yaml` and is named by
key: `source`, `process` ({base, hours, steps}), `refusal_reasons`, `papers`. Reading is strict: an unknown
or missing key, or a value of the wrong kind, is a problem that names its place, and all problems come at
once.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from .check import Problem
from .parts import Definition

#: What a file may leave out, by dataclass: the value it then has.
DEFAULTS: dict[str, dict[str, Any]] = {
    "Definition": {"version_id": 0, "procedure_id": 0, "valid_to": None, "sensitive": False},
    "Case": {
        "fields": [],
        "fees": [],
        "refusal_reasons": [],
        "at_once": False,
        "book": "",
        "quantity": [],
        "result": None,
    },
    "Paper": {"kind": "any", "count": 1, "required": "always", "when": None, "note": ""},
    "FeeLine": {
        "kind": "charge",
        "max_per": None,
        "quantity_field": "",
        "times_field": "",
        "exempt": [],
        "only": [],
        "channels": [],
        "when": None,
        "valid_from": None,
        "valid_to": None,
        "legal_ref": "",
    },
    "Tier": {"up_to": None},
    "PartyRole": {"required": True},
    "Step": {"instruction": "", "status": 4, "tell_applicant": False},
}
#: Data deeper or larger than this is no procedure.
MOST_DEPTH = 20
MOST_TEXT = 5000


class Unreadable(Exception):
    """Data that is not a definition; `problems` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{one.where}: {one.message}" for one in problems[:10]))
        self.problems = problems


def read(data: Any, shared: Mapping[str, Any] | None = None) -> Definition:
    """The definition that plain data describes. Raises `Unreadable`."""
    problems: list[Problem] = []
    if shared and isinstance(data, Mapping):
        data = _expand(data, shared, problems)
    made = _build(Definition, data, "", problems)
    if problems:
        raise Unreadable(problems)
    return typing.cast(Definition, made)


def plain(value: Any) -> Any:
    """A definition, or a part of one, as data for JSON; `read` is the reverse."""
    if dataclasses.is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value.isoformat() if isinstance(value, date) else value


def digest(definition: Definition) -> str:
    """SHA-256 of the definition's content: equal digests, equal procedures."""
    said = plain(dataclasses.replace(definition, version_id=0, procedure_id=0))
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# --- plain data to dataclasses -----------------------------------------------------------------------------


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _build(cls: type, data: Any, where: str, problems: list[Problem]) -> Any:
    if not isinstance(data, Mapping):
        problems.append(Problem(where, _("Phải là một nhóm mục (khóa: giá trị).")))
        return None
    names = {f.name: f for f in dataclasses.fields(cls)}
    defaults = DEFAULTS.get(cls.__name__, {})
    for key in list(data)[:200]:
        if key not in names:
            problems.append(Problem(_at(where, key), _("Không có mục này.")))
    values: dict[str, Any] = {}
    for name, described in names.items():
        if name in data:
            values[name] = _value(_hints(cls)[name], data[name], _at(where, name), problems)
        elif name in defaults:
            values[name] = _value(_hints(cls)[name], defaults[name], _at(where, name), problems)
        elif described.default is dataclasses.MISSING:
            problems.append(Problem(_at(where, name), _("Thiếu mục này.")))
    if problems:
        return None
    return cls(**values)


def _value(hint: Any, data: Any, where: str, problems: list[Problem]) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if data is None:
            return None
        return _value(next(a for a in arguments if a is not type(None)), data, where, problems)
    if origin in (tuple, frozenset):
        return _many(origin, arguments[0], data, where, problems)
    if dataclasses.is_dataclass(hint):
        return _build(typing.cast(type, hint), data, where, problems)
    if origin is not None and issubclass(origin, Mapping):
        return _json(data, where, problems)
    return _scalar(hint, data, where, problems)


def _many(origin: Any, inner: Any, data: Any, where: str, problems: list[Problem]) -> Any:
    if not isinstance(data, list | tuple) or len(data) > 500:
        problems.append(Problem(where, _("Phải là một danh sách.")))
        return None
    return origin([_value(inner, one, _at(where, _key_of(one, i)), problems) for i, one in enumerate(data)])


def _scalar(hint: Any, data: Any, where: str, problems: list[Problem]) -> Any:
    if hint is str and isinstance(data, str) and len(data) <= MOST_TEXT and "\0" not in data:
        return data.strip()
    if hint is bool and isinstance(data, bool):
        return data
    if hint is int and isinstance(data, int) and not isinstance(data, bool) and abs(data) < 2**31:
        return data
    if hint is Decimal and isinstance(data, int | float) and not isinstance(data, bool) and abs(data) < 1e15:
        return Decimal(str(data))
    if hint is date:
        if isinstance(data, date):
            return data
        try:
            return date.fromisoformat(data)
        except (TypeError, ValueError):
            pass
    problems.append(Problem(where, _("Giá trị không đúng kiểu: cần %(kind)s.") % {"kind": hint.__name__}))
    return None


def _json(data: Any, where: str, problems: list[Problem]) -> Any:
    """A condition as it is; `check` judges it."""
    try:
        text = json.dumps(data, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        text = ""
    if not isinstance(data, Mapping) or not text or len(text) > MOST_TEXT:
        problems.append(Problem(where, _("Điều kiện không đúng dạng.")))
        return None
    return json.loads(text)


def _at(where: str, name: Any) -> str:
    return f"{where}.{str(name)[:60]}" if where else str(name)[:60]


def _key_of(data: Any, index: int) -> str:
    if isinstance(data, Mapping):
        for name in ("key", "code", "role"):
            if isinstance(data.get(name), str):
                return str(data[name])
    return str(index)


# --- what files share --------------------------------------------------------------------------------------


def _expand(data: Mapping[str, Any], shared: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """The data with every shared name replaced by what it names."""
    whole = dict(_sources(data, shared, problems))
    sector = shared["fields"].get(whole.get("field"))
    if sector is None:
        problems.append(Problem("field", _("Không có lĩnh vực này trong tệp dùng chung.")))
        return whole
    whole |= {"field": sector["name"], "field_en": sector["name_en"], "field_code": data["field"]}
    laws = whole.get("legal_basis")
    if isinstance(laws, list):
        whole["legal_basis"] = [_named(one, shared.get("laws", {}), "legal_basis", problems) for one in laws]
    cases = whole.get("cases")
    if isinstance(cases, list):
        common = {key: whole.pop(key) for key in ("every_case",) if key in whole}.get("every_case", {})
        whole["cases"] = [
            _expand_case({**common, **case}, shared, problems) if isinstance(case, Mapping) else case
            for case in cases
        ]
    return whole


def _expand_case(
    case: Mapping[str, Any], shared: Mapping[str, Any], problems: list[Problem]
) -> dict[str, Any]:
    whole = dict(case)
    where = f"cases.{case.get('key', '')}"
    for name in ("papers", "parties", "refusal_reasons"):
        whole[name] = [
            _named(one, shared.get(name, {}), _at(where, name), problems) for one in whole.get(name, [])
        ]
    if "process" in whole:
        whole["process"] = _process(whole["process"], shared, _at(where, "process"), problems)
    return whole


def _named(one: Any, known: Mapping[str, Any], where: str, problems: list[Problem]) -> Any:
    """A shared thing by its key, or {use: key, ...} to change some of it, or the thing itself."""
    key = one if isinstance(one, str) else one.get("use") if isinstance(one, Mapping) else None
    if key is None:
        return one
    if key not in known:
        problems.append(Problem(where, _("Không có “%(what)s” trong tệp dùng chung.") % {"what": key}))
        return one
    changes = {k: v for k, v in one.items() if k != "use"} if isinstance(one, Mapping) else {}
    return {**known[key], **changes}


def _process(said: Any, shared: Mapping[str, Any], where: str, problems: list[Problem]) -> Any:
    """A shared process with this case's own: {base, unit, hours: {step: h}, steps: {step: ...}, source}."""
    if not isinstance(said, Mapping) or "base" not in said:
        return said
    base = shared["processes"].get(said["base"])
    if base is None:
        problems.append(
            Problem(where, _("Không có “%(what)s” trong tệp dùng chung.") % {"what": said["base"]})
        )
        return said
    hours, changes = said.get("hours", {}), said.get("steps", {})
    unknown = (set(hours) | set(changes)) - {step["key"] for step in base["steps"]}
    unknown |= set(said) - {"base", "unit", "hours", "steps", "source"}
    for key in sorted(unknown):
        problems.append(Problem(_at(where, key), _("Không có mục này.")))
    steps = []
    for step in base["steps"]:
        own: dict[str, Any] = {"hours": hours[step["key"]]} if step["key"] in hours else {}
        own["unit_rule"] = step["unit_rule"].replace("{unit}", str(said.get("unit", "")))
        steps.append({**step, **own, **changes.get(step["key"], {})})
    return {
        "key": said["base"],
        "first": base["first"],
        "steps": steps,
        "source": said.get("source", base["source"]),
    }


def _sources(
    data: Any, shared: Mapping[str, Any], problems: list[Problem], where: str = "", depth: int = 0
) -> Any:
    """The data with each `source: key` replaced by the shared source."""
    if depth > MOST_DEPTH:
        problems.append(Problem(where, _("Dữ liệu lồng nhau quá sâu.")))
        return data
    if isinstance(data, list):
        return [
            _sources(one, shared, problems, _at(where, _key_of(one, i)), depth + 1)
            for i, one in enumerate(data)
        ]
    if not isinstance(data, Mapping):
        return data
    made = {key: _sources(inner, shared, problems, _at(where, key), depth + 1) for key, inner in data.items()}
    source = made.get("source")
    if isinstance(source, str):
        if source not in shared["sources"]:
            problems.append(
                Problem(
                    _at(where, "source"), _("Không có “%(what)s” trong tệp dùng chung.") % {"what": source}
                )
            )
        else:
            made["source"] = shared["sources"][source]
    return made


def shared_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """The shared file with its own sources in place. Raises `Unreadable`."""
    problems: list[Problem] = []
    made = typing.cast(
        dict[str, Any], _sources({k: v for k, v in data.items() if k != "sources"}, data, problems)
    )
    if problems:
        raise Unreadable(problems)
    return {**made, "sources": data["sources"]}
