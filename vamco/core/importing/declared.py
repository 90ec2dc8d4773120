"""What a room declares of a sheet, and where it is found again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from ..actions import Action
from ..actors import Actor
from ..errors import NotFound
from ..inputs import Parameter, Words

Rows = Callable[[Actor, Any], "models.QuerySet[Any]"]


@dataclass(frozen=True)
class SheetImport:
    """What can be made from a sheet: by the action `create`, in the target that the door gives.

    `aliases` are other headings of an input. With `key`, an input, an existing row is found among `rows` and changed by
    `create` again, which replaces it. `stored` names the attributes in which a row holds inputs that are called otherwise.
    """

    create: Action[Any, Any, Any]
    title: Words = ""
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    key: str = ""
    rows: Rows | None = None
    stored: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        IMPORTS[self.name] = self

    @property
    def name(self) -> str:
        """What runs and jobs call it by: the name of its action."""
        return self.create.name

    @property
    def columns(self) -> dict[str, Parameter]:
        """The inputs that a column can hold, by name: all that are one value or several of one kind."""
        return {parameter.name: parameter for parameter in self.create.inputs if not parameter.parts}

    @property
    def names(self) -> dict[str, list[str]]:
        """The headings that mean each input, in Vietnamese and in the reader's language."""
        with translation.override("vi"):
            vietnamese = {name: str(column.input.label) for name, column in self.columns.items()}
        return {
            name: [vietnamese[name], str(column.input.label), *map(str, self.aliases.get(name, ()))]
            for name, column in self.columns.items()
        }

    @property
    def required(self) -> set[str]:
        """The inputs without which no row is made."""
        return {parameter.name for parameter in self.create.inputs if not parameter.optional}


IMPORTS: dict[str, SheetImport] = {}
"""Every import by its name."""


def known(name: str) -> SheetImport:
    """An import by its name, also in a process that has met no page of its room. Raises `NotFound`."""
    if name not in IMPORTS:
        with suppress(ModuleNotFoundError):
            import_module(f"vamco.{name.split('.')[0]}.imports")
    if name not in IMPORTS:
        raise NotFound(_("Không có cách nhập bảng tính này. Hãy mở lại trang nhập."))
    return IMPORTS[name]
