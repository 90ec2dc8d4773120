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

    `together` is for lines that are judged together, or whose columns stand in the database: it gives the inputs that a
    line may hold, and `create` takes all lines at once, as `lines`: values by input, by the line's number. It raises what
    is wrong as `Invalid`, with fields such as "7.name", and passes over lines whose row is there already.
    """

    create: Action[Any, Any, Any]
    title: Words = ""
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    key: str = ""
    rows: Rows | None = None
    stored: Mapping[str, str] = field(default_factory=dict)
    together: Callable[[], Sequence[Parameter]] | None = None

    def __post_init__(self) -> None:
        IMPORTS[self.name] = self

    @property
    def name(self) -> str:
        """What runs and jobs call it by: the name of its action."""
        return self.create.name

    @property
    def columns(self) -> dict[str, Parameter]:
        """The inputs that a column can hold, by name: all that are one value or several of one kind."""
        inputs = self.together() if self.together else self.create.inputs
        return {parameter.name: parameter for parameter in inputs if not parameter.parts}

    @property
    def names(self) -> dict[str, list[str]]:
        """The headings that mean each input, in Vietnamese and in the reader's language."""
        columns = self.columns
        with translation.override("vi"):
            vietnamese = {name: str(column.input.label) for name, column in columns.items()}
        return {
            name: [vietnamese[name], str(column.input.label), *map(str, self.aliases.get(name, ()))]
            for name, column in columns.items()
        }

    @property
    def required(self) -> set[str]:
        """The inputs without which no row is made."""
        return {parameter.name for parameter in self.columns.values() if not parameter.optional}

    @property
    def template(self) -> list[Parameter]:
        """The inputs of which the template has a column: all, or of many those with an example."""
        every = self.columns.values()
        return [parameter for parameter in every if not self.together or parameter.input.example is not None]


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
