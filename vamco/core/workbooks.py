"""Spreadsheets that are handed out: templates to be filled in, and what was sent with its faults noted at the cells."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from .sheets import Grid

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 22
"""Of a column, in characters."""
_FAULT = PatternFill("solid", fgColor="FBEEEC")


def template(
    title: str, headings: Sequence[str], example: Sequence[str], notes: Mapping[int, str] | None = None
) -> bytes:
    """An empty sheet with its headings and one example; `notes`, by column from 0, are said when a heading is pointed
    at."""
    book = Workbook()
    sheet = book.active
    sheet.title = _sheet_name(title)
    sheet.append(list(headings))
    sheet.append(list(example))
    for index, note in (notes or {}).items():
        _comment(sheet.cell(1, index + 1), note)
    for column in sheet.columns:
        sheet.column_dimensions[column[0].column_letter].width = WIDTH
    return _saved(book)


def annotated(grid: Grid, faults: Iterable[tuple[str, str]], *, headings: Iterable[int]) -> bytes:
    """What was sent, with each fault as a note at its cell. The file is written anew from its values: what a stranger's
    file holds besides them is not opened here. What begins like a formula stays a text."""
    book = Workbook()
    sheet = book.active
    sheet.title = _sheet_name(grid.name)
    for number, values in grid.rows.items():
        for index, value in enumerate(values):
            cell = sheet.cell(number, index + 1, None if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.value, cell.data_type = value, "s"
    for row in headings:
        for cell in sheet[row]:
            cell.font = Font(bold=True)
    for address, message in faults:
        sheet[address].fill = _FAULT
        _comment(sheet[address], message)
    for column in sheet.columns:
        sheet.column_dimensions[column[0].column_letter].width = WIDTH
    return _saved(book)


def _sheet_name(title: str) -> str:
    """A title as sheets may be called: at most 31 characters, none of []:*?/\\."""
    return "".join(char for char in title if char not in "[]:*?/\\")[:31] or "Bảng"


def _comment(cell: Cell, note: str) -> None:
    cell.comment = Comment(note, "Vàm Cỏ", width=320, height=160)


def _saved(book: Workbook) -> bytes:
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()
