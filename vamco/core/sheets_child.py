"""The child process of `sheets.read`: an .xlsx at standard input, its cells as lines of JSON at standard output.

Each line is a row, `[number, [values]]`; a date or time is an object with its kind. The last line is an object: what is
said of the whole sheet, or `refused` with one of the reasons that `sheets.py` has words for.

It is run as a file by an isolated interpreter (`python -I`), so nothing of Django, no connection and no secret is in it,
and it imports nothing of ours. Before it looks at the file it limits itself; the system ends it when it exceeds that.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, time, timedelta
from typing import IO, Any
from xml.parsers import expat

MB = 1024 * 1024
MOST_BYTES = 10 * MB
"""Of the file as it is sent."""
MOST_PARTS = 1000
"""Files in the zip."""
MOST_PART = 32 * MB
"""Of one inflated part."""
MOST_INFLATED = 96 * MB
"""Of all inflated parts together."""
MOST_BEFORE_ROOT = 64 * 1024
"""Of an XML part before its root element: without an end, expat takes the square of its length."""
MOST_ROWS = 20_000
"""Rows with something in them."""
LAST_ROW = 1_048_576
"""The last row that a spreadsheet has (ECMA-376, and Excel)."""
MOST_COLUMNS = 256
MOST_CELLS = 400_000
"""Cells from the first column to the last one filled, over all rows."""
MOST_MERGED = 1000
MOST_UNCALCULATED = 1000
"""Formulas without a value."""
MOST_ANSWERED = 24 * MB
"""Of the answer; this limits the text of a sheet, since one shared string may stand in every cell."""
MEMORY = 256 * MB
CPU_SECONDS = 8


class Unreadable(Exception):
    """Why the file is refused: a word that `sheets.py` knows."""


def main() -> None:
    """Read standard input and answer at standard output, within the limits."""
    for optional in ("numpy", "PIL", "lxml"):
        sys.modules[optional] = None  # type: ignore[assignment]  # openpyxl imports them where they are, for nothing
    import openpyxl.reader.excel  # noqa: F401  now: what fails here is no fault of the file

    gc.disable()  # a short life with much to keep: looking for cycles would take half of it
    _limit()
    try:
        for line in _lines(sys.stdin.buffer):
            _say(line)
        return
    except Unreadable as refusal:
        why = str(refusal)
    except (MemoryError, OSError):  # OSError: the answer may not grow any more
        why = "large"
    except Exception:  # openpyxl raises all kinds on a file that is not as it should be
        why = "damaged"
    _say({"refused": why})


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, MOST_ANSWERED),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
    ):
        hard = resource.getrlimit(kind)[1]
        if hard == resource.RLIM_INFINITY or hard > most:
            resource.setrlimit(
                kind, (most, most + 1)
            )  # at the first SIGXCPU, which says why; at the second SIGKILL


def _say(line: Any) -> None:
    text = json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_tagged)
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


def _tagged(value: object) -> Any:
    if isinstance(value, timedelta):
        return value / timedelta(days=1)  # the number that stands in the file
    assert isinstance(value, date | time)
    return {type(value).__name__: value.isoformat()}


def _lines(file: IO[bytes]) -> Iterator[Any]:
    """The rows of the first visible worksheet, then what is said of the whole."""
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet

    _judge(file)
    try:
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
    except zipfile.BadZipFile as problem:
        raise Unreadable("cut") from problem
    _check_parts(reader.archive)
    reader.read_manifest()
    try:
        reader.read_workbook()
    except OSError as problem:  # it has no workbook: another office document
        raise Unreadable("other") from problem
    reader.read_strings()
    apply_stylesheet(reader.archive, reader.wb)
    for sheet, relation in reader.parser.find_sheets():
        if relation.Type.endswith("/worksheet") and sheet.state == "visible":
            yield from _rows(reader, relation.target, sheet.name)
            return
    raise Unreadable("nothing")


def _judge(file: IO[bytes]) -> None:
    """Tell a zip from what people send instead."""
    content = file.read()
    file.seek(0)
    if content.startswith(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    ):  # OLE: an old .xls, or an .xlsx with a password
        raise Unreadable("locked" if "EncryptedPackage".encode("utf-16-le") in content else "old")
    if not content.startswith(b"PK"):
        raise Unreadable("other")


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Number, sizes and beginnings of the parts.

    The sizes are those of the zip's directory: `zipfile` gives no more of a part than stands there, and a part that
    goes on after it does not have the checksum of the directory. Nothing is unpacked: a name is only a name.
    """
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INFLATED:
        raise Unreadable("large")
    if len({part.filename for part in parts}) < len(parts):
        raise Unreadable("damaged")  # two parts of one name: which is read depends on the reader
    for part in parts:
        if part.file_size > MOST_PART:
            raise Unreadable("large")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(
                "damaged"
            )  # the others inflate without limit, and office documents have none of them
        with (
            archive.open(part) as opened,
            suppress(expat.ExpatError, LookupError, ValueError),
        ):  # no XML that is read
            _root(opened)
    if "[Content_Types].xml" not in archive.namelist():
        raise Unreadable("other")


def _root(part: IO[bytes]) -> str:
    """The root element of an XML part, «namespace name». Raises `Unreadable` for a document type: it could define
    entities, and no office document has one."""
    found: list[str] = []

    def refuse(*_declared: object) -> None:
        raise Unreadable("doctype")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _attributes: found.append(name)
    parser.StartDoctypeDeclHandler = refuse
    left = MOST_BEFORE_ROOT
    while not found and left > 0 and (chunk := part.read(4096)):
        left -= len(chunk)
        parser.Parse(chunk)
    return found[0] if found else ""


def _noting(uncalculated: list[tuple[int, int]]) -> Any:
    """Openpyxl's parser of worksheets, which also notes the formulas whose value was never calculated."""
    from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

    class Parser(WorkSheetParser):  # type: ignore[misc]
        def parse_cell(self, element: Any) -> Any:
            cell = super().parse_cell(element)
            # An empty text is a value: the formula of such a cell has the type "str".
            if cell["value"] is None and element.find(FORMULA_TAG) is not None and cell["data_type"] != "str":
                uncalculated.append((cell["column"], cell["row"]))
            return cell

    return Parser


def _rows(reader: Any, path: str, name: str) -> Iterator[Any]:
    """The cells come from openpyxl's parser of worksheets and not from its grid: the grid trusts `<dimension>` and makes
    every row up to the number that a cell claims; it also hides formulas without a value, and what is merged."""
    from openpyxl.worksheet._reader import SHEET_MAIN_NS

    with reader.archive.open(path) as part:
        if _root(part) != f"{SHEET_MAIN_NS} worksheet":
            raise Unreadable("other")  # "Strict Open XML": openpyxl would find no row in it
    uncalculated: list[tuple[int, int]] = []
    parser_of = _noting(uncalculated)
    cells_left, rows_left, last = MOST_CELLS, MOST_ROWS, 0
    with reader.archive.open(path) as part:
        book = reader.wb
        parser = parser_of(
            part,
            reader.shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.parse():
            values = _values(number, cells)
            if number <= last:
                raise Unreadable("damaged")
            last = number
            if not values:
                continue
            rows_left -= 1
            cells_left -= len(values)
            if rows_left < 0 or cells_left < 0:
                raise Unreadable("rows" if rows_left < 0 else "cells")
            yield [number, values]
    merged = parser.merged_cells.mergeCell if parser.merged_cells else ()
    if len(merged) > MOST_MERGED or len(uncalculated) > MOST_UNCALCULATED:
        raise Unreadable("merged" if len(merged) > MOST_MERGED else "uncalculated")
    yield {
        "name": name,
        "merged": [(cells.min_col, cells.min_row, cells.max_col, cells.max_row) for cells in merged],
        "uncalculated": uncalculated,
    }


def _values(number: int, cells: list[dict[str, Any]]) -> list[Any]:
    """The values of a row from the first column to the last one filled."""
    found: dict[int, Any] = {}
    for cell in cells:
        if max(number, cell["row"]) > LAST_ROW:
            raise Unreadable("beyond")
        if cell["row"] != number or cell["column"] in found:
            raise Unreadable("damaged")
        found[cell["column"]] = cell["value"]
    filled = [column for column, value in found.items() if value is not None]
    width = max(filled, default=0)
    if width > MOST_COLUMNS:
        raise Unreadable("columns")
    return [found.get(column) for column in range(1, width + 1)]


if __name__ == "__main__":
    main()
