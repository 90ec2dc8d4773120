"""Lists taken away as files: an action for each list, on record, with what the reader may see and nothing else.

export_receipts = exports(RECEIPTS, "payments.export")
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Final

from django.db import models
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from . import clock, inputs, text
from .actions import ANYWHERE, Action, action
from .actors import Actor
from .columns import Column, Filter
from .errors import NotAllowed, Refused
from .inputs import Input
from .listing import Asked, Listing
from .models import Export
from .models.exports import Format
from .values import written

Grid = list[list[Any]]
"""The values of a list, row by row, as its file has them."""

MEDIA_TYPES: Final = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
}
FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula."""
_LONG_NUMBER = re.compile(r"\d[\d .\-/]{7,}\d")
_WIDTH = 22


@dataclass(frozen=True)
class Taken:
    """A list as a file."""

    content: bytes
    name: str
    media_type: str


@dataclass(frozen=True)
class Exports:
    """How a list is taken away: its action, and the file that follows it."""

    listing: Listing
    action: Action[None, Any, Export]
    grid: Callable[[Actor, Asked], Grid]

    def take(self, actor: Actor, asked: Asked, format: Format) -> Taken:
        """The list as a file, on record. The same request again gives the same file, or is refused when the list has
        changed since. Raises `NotAllowed`, and `Refused` for a list that is too long."""
        made: Any = self.action(actor, None, format=format, asked=asked)
        grid: Grid | None = getattr(made, "grid", None)
        if grid is None:  # done before: the record alone came back
            grid = self.grid(actor, asked)
            if _digest(grid) != made.digest:
                raise Refused(_("Danh sách đã thay đổi sau lần xuất trước. Hãy tải lại trang rồi xuất lại."))
        columns = sheet_columns(self.listing)
        content = (_xlsx if format == Format.XLSX else _csv)(str(self.listing.title), columns, grid)
        title = text.fold(str(self.listing.title)).replace(" ", "-")
        return Taken(content, f"{title}-{clock.today():%Y-%m-%d}.{format}", MEDIA_TYPES[format])


def exports(listing: Listing, permission: str = "") -> Exports:
    """Let who holds the permission (that of the list, if none is given) take the list away, by an action
    `<room>.export_<list>`."""
    permission = permission or listing.permission

    def grid(actor: Actor, asked: Asked) -> Grid:
        return _grid(listing, permission, actor, asked)

    def export(
        actor: Actor,
        target: None,
        /,
        *,
        format: Annotated[Format, Input(gettext_lazy("Loại tệp"))],
        asked: Asked,
    ) -> Export:
        """Take the list away as a file (xuất danh sách); what the actor may see of it, in its order.

        Raises `Refused` for a list that is too long.
        """
        values = grid(actor, asked)
        made = Export.objects.create(
            listing=f"{listing.room}.{listing.name}",
            format=format,
            asked=in_words(listing, asked),
            count=len(values),
            digest=_digest(values),
            at=clock.now(),
            by_id=actor.user_id,
        )
        made.grid = values  # for the file; it is kept nowhere
        return made

    export.__name__ = f"export_{listing.name}"
    label = format_lazy(gettext_lazy("Xuất danh sách «{title}»"), title=listing.title)
    name = f"{listing.room}.{export.__name__}"
    make = action(permission, label=label, at=ANYWHERE, locks=False, watched=True, name=name)
    return Exports(listing, make(export), grid)


def sheet_columns(listing: Listing) -> list[Column]:
    """The columns that a file has."""
    return [column for column in listing.columns if column.sheet]


def in_words(listing: Listing, asked: Asked) -> str:
    """What a list was narrowed to, for the record, in Vietnamese: no names of citizens, no long numbers."""
    with translation.override("vi"):
        parts = [
            f"{filter_.label}: {_('không ghi lại') if _is_private(listing, filter_) else _said(asked.values[filter_.key])}"
            for filter_ in listing.filters
            if filter_.key in asked.values
        ]
        if asked.q:
            parts.append("từ tìm: không ghi lại" if listing.private_words else f"từ tìm: {asked.q}")
        if asked.sort:
            parts.append(f"sắp xếp: {asked.sort}")
        return _LONG_NUMBER.sub("…", "; ".join(parts))


def _is_private(listing: Listing, filter_: Filter) -> bool:
    """Whether a filter takes any text, in a list whose words may be names of citizens."""
    return listing.private_words and filter_.kind is str and filter_.choices is None


def _said(value: Any) -> str:
    if isinstance(value, models.Model):
        return f"{value} ({inputs.name_of(value)})"
    return written(value)


def _grid(listing: Listing, permission: str, actor: Actor, asked: Asked) -> Grid:
    listing.check(actor)
    rows, units = listing.rows(actor, asked), actor.units(permission)
    if listing.unit and isinstance(units, frozenset):
        elsewhere = rows.exclude((f"{listing.unit}__in", list(units)))
        if elsewhere.exists():
            raise NotAllowed(
                _(
                    "Danh sách có dòng của đơn vị mà ông/bà không có quyền xuất. Hãy lọc theo đơn vị rồi xuất lại."
                )
            )
    found = listing.first(rows, asked, listing.most_exported + 1)
    if len(found) > listing.most_exported:
        message = _("Danh sách có hơn %(most)s dòng nên không xuất được. Hãy lọc bớt rồi xuất lại.")
        raise Refused(message % {"most": f"{listing.most_exported:,}".replace(",", ".")})
    columns = sheet_columns(listing)
    return [[_plain(column.of(row)) for column in columns] for row in found]


def _plain(value: Any) -> Any:
    """A value as a file has it: choices by their words, times on the clock of Viet Nam."""
    if isinstance(value, models.Choices | bool):
        return written(value)
    if isinstance(value, datetime):
        return clock.local(value).replace(tzinfo=None) if value.tzinfo else value
    return value if value is None or isinstance(value, int | date | time) else str(value)


def _digest(grid: Grid) -> str:
    return hashlib.sha256(json.dumps(grid, default=str).encode()).hexdigest()


# Files -----------------------------------------------------------------------------------------------------


def _xlsx(title: str, columns: Sequence[Column], grid: Grid) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(char for char in title if char not in "[]:*?/\\")[:31] or "1")
    sheet.freeze_panes = "A2"
    for index in range(len(columns)):
        sheet.column_dimensions[_letters(index)].width = _WIDTH
    head = [_cell(sheet, str(column.label)) for column in columns]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in grid:
        sheet.append([_cell(sheet, value) for value in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _letters(index: int) -> str:
    return chr(65 + index) if index < 26 else _letters(index // 26 - 1) + _letters(index % 26)


def _cell(sheet: Any, value: Any) -> Any:
    """Numbers and days are such; whatever else is a text, also when it looks like a formula."""
    if isinstance(value, date) and value.year >= 1900:
        cell = WriteOnlyCell(sheet, value=value)
        cell.number_format = "dd/mm/yyyy hh:mm" if isinstance(value, datetime) else "dd/mm/yyyy"
        return cell
    if isinstance(value, int) and abs(value) < 10**15:  # of longer ones spreadsheets lose the last digits
        cell = WriteOnlyCell(sheet, value=value)
        cell.number_format = "#,##0"
        return cell
    if value is None:
        return WriteOnlyCell(sheet)
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", written(value))[:32_767])
    cell.data_type = "s"
    return cell


def _csv(title: str, columns: Sequence[Column], grid: Grid) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it."""
    kept = io.StringIO()
    lines = csv.writer(kept)
    lines.writerow([_safe(str(column.label)) for column in columns])
    lines.writerows([_safe(value) for value in row] for row in grid)
    return b"\xef\xbb\xbf" + kept.getvalue().encode()


def _safe(value: Any) -> Any:
    if isinstance(value, int):
        return value
    cell = written(value)
    return f"'{cell}" if cell.startswith(FORMULA) else cell
