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

    def read(self, one: Parameter, value: Value) -> Any:
        """The cell as the input takes it; None for an empty one. Raises `Invalid`."""
        if value is None or not str(value).strip():
            return None
        if isinstance(value, str) and _ERROR.fullmatch(value.strip()):
            raise Invalid(_("Công thức ở ô này bị lỗi. Hãy sửa công thức hoặc ghi thẳng giá trị."))
        if one.many:
            separators = r"[;\n]" if one.kind is str else r"[;,\n]"
            return tuple(
                self._one(one, part) for part in re.split(separators, written(value)) if part.strip()
            )
        return self._one(one, value)

    def _one(self, one: Parameter, value: Value) -> Any:
        if one.is_model or one.said.choices is not None:
            return self._offer(one).find(written(value))
        if one.is_choice:
            return _choice(one.kind, written(value))
        if one.kind is str:
            return written(value) if one.said.long or one.said.raw else text.line(written(value))
        return _plain(one.kind, value)

    def _offer(self, one: Parameter) -> _Offer:
        if one.name not in self.offers:
            offered, kind = one.offered(self.actor, self.target), one.kind
            if offered is None and issubclass(kind, models.Model):
                offered = kind._default_manager.all()
            self.offers[one.name] = _Offer(offered or ())
        return self.offers[one.name]


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
        for one in every:
            self.named.setdefault(text.fold(one[2]), []).append(one)

    def find(self, said: str) -> Any:
        """The one that is meant. Raises `Invalid` with those that may be."""
        said = text.line(said)
        if said in self.coded:
            return self.coded[said]
        meant = self.named.get(text.fold(said), [])
        exact = [one for one in meant if text.line(one[2]).lower() == said.lower()]
        meant = exact or meant
        if len(meant) == 1:
            return meant[0][0]
        if meant:
            listed = ", ".join(f"{name} ({code})" for _value, code, name in meant[:SHOWN])
            raise Invalid(
                _("Có %(count)d mục cùng tên: %(names)s. Hãy ghi mã.")
                % {"count": len(meant), "names": listed}
            )
        near = self._near(said)
        if near:
            raise Invalid(_("Không có mục này. Có phải là: %(names)s?") % {"names": ", ".join(near)})
        raise Invalid(_("Không có mục này trong danh sách được chọn. Hãy ghi đúng mã hoặc tên."))

    def _near(self, said: str) -> list[str]:
        folded = text.fold(said)
        found = [name for name in self.named if folded and f" {folded} " in f" {name} "]
        found = found or get_close_matches(folded, self.named, n=SHOWN, cutoff=0.75)
        return [self.named[name][0][2] for name in found[:SHOWN]]


def _choice(kind: Any, said: str) -> Any:
    try:
        return inputs.read(kind, text.line(said))
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
    said = written(value)
    if kind is date:
        said = _BEFORE_DAY.sub("", text.line(said))
    if kind is int:
        said = _MONEY.sub("", said)
    return inputs.read(kind, said)


def _yes(said: str) -> bool:
    folded = text.fold(said) or said.strip()
    if folded in _YES or folded in _NO:
        return folded in _YES
    raise Invalid(_("Hãy ghi «x» hoặc «có», hay «không»."))
