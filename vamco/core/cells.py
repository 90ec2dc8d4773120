"""What stands in a cell of a sheet, read as an input of an action, and written as people read it.

A spreadsheet holds real days and numbers, and texts that look like them. A row of a table is named by its code or its
name; whoever is meant must be certain, so several of one name are a fault that says whom it may mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from . import clock, inputs, text
from .actors import Actor
from .errors import Invalid
from .inputs import Parameter, name_of
from .sheets import Value
from .values import written

SHOWN = 5
"""Candidates that a fault names."""
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")
_BEFORE_DAY = re.compile(
    r"^\s*(?:(?:thứ\s+\w+|chủ\s+nhật)[\s,]+)?(?:\(?ngày\s+)?|\s*\((?:thứ\s+\w+|chủ\s+nhật)\)\s*$",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\s*(?:đồng|đ|vnđ|vnd)\.?$", re.IGNORECASE)
_YES, _NO = (
    {"1", "true", "co", "x", "roi", "v", "yes", "dung", "✓"},
    {"0", "false", "khong", "chua", "no", "sai"},
)


class Cells:
    """Reads the cells of one sheet for an actor and a target; what may be chosen is asked once for all lines."""

    def __init__(self, actor: Actor, target: Any) -> None:
        self.actor, self.target = actor, target
        self.offers: dict[str, _Offer] = {}

    def read(self, parameter: Parameter, value: Value) -> Any:
        """The cell as the input takes it; None for an empty one. Raises `Invalid`."""
        if value is None or not str(value).strip():
            return None
        if isinstance(value, str) and _ERROR.fullmatch(value.strip()):
            raise Invalid(_("Công thức ở ô này bị lỗi. Hãy sửa công thức hoặc ghi thẳng giá trị."))
        if parameter.many:
            separators = r"[;\n]" if parameter.kind is str else r"[;,\n]"
            return tuple(
                self._one(parameter, part) for part in re.split(separators, written(value)) if part.strip()
            )
        return self._one(parameter, value)

    def _one(self, parameter: Parameter, value: Value) -> Any:
        if parameter.is_model or parameter.input.choices is not None:
            return self._offer(parameter).find(written(value))
        if parameter.is_choice:
            return _choice(parameter.kind, written(value))
        if parameter.kind is str:
            return (
                written(value) if parameter.input.long or parameter.input.raw else text.line(written(value))
            )
        return _plain(parameter.kind, value)

    def _offer(self, parameter: Parameter) -> _Offer:
        if parameter.name not in self.offers:
            offered, kind = parameter.offered(self.actor, self.target), parameter.kind
            if offered is None and issubclass(kind, models.Model):
                offered = kind._default_manager.all()
            self.offers[parameter.name] = _Offer(offered or ())
        return self.offers[parameter.name]


class _Offer:
    """What may be chosen, by code and by name."""

    def __init__(self, offered: models.QuerySet[Any] | Sequence[tuple[Any, Any]]) -> None:
        every: list[tuple[Any, str, str]]
        if isinstance(offered, models.QuerySet):
            every = [(row, str(name_of(row)), str(row)) for row in offered]
        else:
            every = [(value, str(value), str(label)) for value, label in offered]
        self.coded = {code: value for value, code, _name in every}
        self.named: dict[str, list[tuple[Any, str, str]]] = {}
        for action in every:
            self.named.setdefault(text.fold(action[2]), []).append(action)

    def find(self, given: str) -> Any:
        """The one that is meant. Raises `Invalid` with those that may be."""
        given = text.line(given)
        if given in self.coded:
            return self.coded[given]
        meant = self.named.get(text.fold(given), [])
        exact = [one for one in meant if text.line(one[2]).lower() == given.lower()]
        meant = exact or meant
        if len(meant) == 1:
            return meant[0][0]
        if meant:
            listed = ", ".join(f"{name} ({code})" for _value, code, name in meant[:SHOWN])
            raise Invalid(
                _("Có %(count)d mục cùng tên: %(names)s. Hãy ghi mã.")
                % {"count": len(meant), "names": listed}
            )
        near = self._near(given)
        if near:
            raise Invalid(_("Không có mục này. Có phải là: %(names)s?") % {"names": ", ".join(near)})
        raise Invalid(_("Không có mục này trong danh sách được chọn. Hãy ghi đúng mã hoặc tên."))

    def _near(self, given: str) -> list[str]:
        folded = text.fold(given)
        found = [name for name in self.named if folded and f" {folded} " in f" {name} "]
        found = found or get_close_matches(folded, self.named, n=SHOWN, cutoff=0.75)
        return [self.named[name][0][2] for name in found[:SHOWN]]


def _choice(kind: Any, given: str) -> Any:
    try:
        return inputs.read(kind, text.line(given))
    except Invalid:
        labels = [str(label) for value, label in kind.choices if value not in ("", None)]
        raise Invalid(_("Hãy ghi một trong: %(names)s.") % {"names": "; ".join(labels)}) from None


def _plain(kind: type, value: Value) -> Any:
    """A number, yes or no, a day, an hour, an instant."""
    if kind is bool:
        return _yes(written(value))
    if kind is int and not isinstance(value, bool) and isinstance(value, int | float):
        if value != int(value):
            raise Invalid(_("Hãy ghi một số nguyên, ví dụ 12 hoặc 75.000."))
        return int(value)
    if isinstance(value, datetime):
        given = {date: value.date(), datetime: value.replace(tzinfo=clock.HERE), time: value.time()}
        if kind in given:
            return given[kind]
    if kind is type(value):
        return value
    stated = written(value)
    if kind is date:
        stated = _BEFORE_DAY.sub("", text.line(stated))
    if kind is int:
        stated = _MONEY.sub("", stated)
    return inputs.read(kind, stated)


def _yes(given: str) -> bool:
    folded = text.fold(given) or given.strip()
    if folded in _YES or folded in _NO:
        return folded in _YES
    raise Invalid(_("Hãy ghi «x» hoặc «có», hay «không»."))
