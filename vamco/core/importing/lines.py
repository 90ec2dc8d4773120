"""The lines of a sheet: each cell read as its input takes it, each row found that is there already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from .. import headings, sheets
from ..actors import Actor
from ..cells import Cells
from ..errors import Invalid
from ..inputs import Parameter
from ..sheets import Grid, Value
from ..values import written
from .declared import SheetImport

MOST_LINES = 5000
NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


@dataclass(frozen=True)
class Fault:
    """What is wrong in a cell, and what to do about it. Without a column it is the whole line that is wrong."""

    cell: str
    row: int
    column: str
    value: str
    message: str


@dataclass
class Line:
    """One line: its number, what it gives, the row that is there already, and what becomes of it."""

    number: int
    values: Sequence[Value]
    given: dict[str, Any] = field(default_factory=dict)
    row: models.Model | None = None
    kind: str = NEW
    before: dict[str, str] = field(default_factory=dict)


@dataclass
class Sheet:
    """The lines of a sheet, its faults by cell, and the headings of columns that are left out."""

    plan: SheetImport
    actor: Actor
    target: Any
    columns: Mapping[int, str]
    titles: Mapping[int, str]
    lines: list[Line] = field(default_factory=list)
    faults: dict[str, Fault] = field(default_factory=dict)

    @cached_property
    def inputs(self) -> dict[str, Parameter]:
        """The inputs that a column can hold."""
        return self.plan.columns

    @property
    def places(self) -> dict[str, int]:
        """The column of each input."""
        return {name: index for index, name in self.columns.items()}

    @property
    def left_out(self) -> list[str]:
        """The headings of the columns that nobody mapped."""
        return [title for index, title in self.titles.items() if index not in self.columns]

    def count(self, kind: str) -> int:
        """How many lines are new, changed, the same or wrong."""
        return sum(line.kind == kind for line in self.lines)

    def fault(self, line: Line, name: str, message: str) -> None:
        """Note what is wrong with an input of a line, or with the line."""
        places, name = self.places, name.split(".")[0]
        if name in places:
            self.fault_at(line, places[name], message)
            return
        if name in self.inputs:  # an input without a column: say which
            message = f"{self.inputs[name].input.label}: {message}"
        line.kind = WRONG
        cell = sheets.address(min(places.values(), default=0), line.number)
        self.faults.setdefault(cell, Fault(cell, line.number, "", "", message))

    def fault_at(self, line: Line, index: int, message: str, *, first: bool = False) -> None:
        """Note what is wrong in a cell of a line; with `first` it goes before what was noted there."""
        line.kind = WRONG
        cell = sheets.address(index, line.number)
        value = line.values[index] if index < len(line.values) else None
        found = Fault(cell, line.number, self.titles.get(index, ""), written(value)[:200], message)
        if first or cell not in self.faults:
            self.faults[cell] = found


def read(
    plan: SheetImport,
    actor: Actor,
    target: Any,
    grid: Grid,
    found: headings.Headings,
    columns: Mapping[int, str],
    *,
    dropped: Collection[int] = (),
) -> Sheet:
    """The lines of a sheet, each cell read and each row that is there found. Raises `Invalid` for an empty sheet, too many
    lines, and a required column that is not there."""
    _must_have(plan, columns)
    titles = {column.index: column.heading for column in found.columns}
    sheet = Sheet(plan, actor, target, dict(columns), titles)
    body = [one for one in headings.body(grid, found, columns) if one[0] not in dropped]
    if not body:
        raise Invalid(
            _("Bảng tính chưa có dòng nào dưới tiêu đề. Hãy ghi dữ liệu rồi gửi lại."), field="file"
        )
    if len(body) > MOST_LINES:
        raise Invalid(
            _("Bảng tính có quá %(most)d dòng. Hãy tách thành nhiều tệp.") % {"most": MOST_LINES},
            field="file",
        )
    cells = Cells(actor, target)
    for number, values in body:
        line = Line(number, values)
        sheet.lines.append(line)
        _read_line(sheet, line, cells)
    _find_rows(sheet)
    _note_unread(sheet, grid, found.last, dropped)
    return sheet


def _must_have(plan: SheetImport, columns: Mapping[int, str]) -> None:
    missing = [
        str(one.input.label)
        for one in plan.columns.values()
        if one.name in plan.required - set(columns.values())
    ]
    if missing:
        raise Invalid(
            _("Bảng tính chưa có cột: %(columns)s. Hãy ghép cột hoặc dùng tệp mẫu.")
            % {"columns": ", ".join(missing)},
            field="columns",
        )


def _read_line(sheet: Sheet, line: Line, cells: Cells) -> None:
    for index, name in sheet.columns.items():
        value = line.values[index] if index < len(line.values) else None
        try:
            read_value = cells.read(sheet.inputs[name], value)
        except Invalid as fault:
            sheet.fault(line, name, fault.message)
        else:
            if read_value is not None:
                line.given[name] = read_value


def _note_unread(sheet: Sheet, grid: Grid, above: int, dropped: Collection[int]) -> None:
    """Cells that would be taken for empty and are not: they go before any other fault."""
    lines = {line.number: line for line in sheet.lines}
    for (index, row), message in sheets.unread(grid, sheet.columns, below=above).items():
        if row in dropped:
            continue
        if row not in lines:
            lines[row] = Line(row, grid.rows.get(row, []))
            sheet.lines.append(lines[row])
        sheet.fault_at(lines[row], index, message, first=True)


def _find_rows(sheet: Sheet) -> None:
    """The rows that are there already, by the key; a key stands in one line of a sheet."""
    key, first = sheet.plan.key, dict[Any, int]()
    if not key:
        return
    for line in sheet.lines:
        value = line.given.get(key)
        if value is not None and first.setdefault(value, line.number) != line.number:
            sheet.fault(
                line,
                key,
                _("Trùng với dòng %(number)d của tệp. Hãy giữ một dòng.") % {"number": first[value]},
            )
    rows = sheet.plan.rows(sheet.actor, sheet.target) if sheet.plan.rows else None
    if rows is None:
        return
    held = sheet.plan.stored.get(key, key)
    there: dict[Any, models.Model] = {}
    for row in rows.filter(**{f"{held}__in": list(first)}):
        there[getattr(row, held)] = row
    for line in sheet.lines:
        line.row = there.get(line.given.get(key))
