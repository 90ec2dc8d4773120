"""Spreadsheets from outside (.xlsx), read in a process of their own within limits. Every room reads through here.

What a spreadsheet costs to open has nothing to do with its size: a few hundred kilobytes can ask for minutes and
gigabytes. So the library that reads it runs in `sheets_child.py`, where all limits are declared; a file that exceeds
them is refused with words, and nothing is ever left out in silence.
"""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from threading import BoundedSemaphore
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from . import sheets_child as child
from .errors import Invalid, TooMany

Value = str | int | float | bool | datetime | date | time | None

MOST_BYTES = child.MOST_BYTES
"""Of a file; whoever reads an upload need not read on."""
SECONDS = 30
"""Until the child is killed. Only on a busy machine: before that it has used up its processor time."""
PATIENCE = 2.0
"""Seconds for which a file waits while others are read."""
logger = logging.getLogger(__name__)
_places = BoundedSemaphore(2)
"""So many files are read at once by this process: each may take all the memory that a child is allowed."""


class Merged(NamedTuple):
    """Cells that were merged into one (ô gộp), both corners included; columns count from 0, rows from 1."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Grid:
    """The first visible worksheet: its rows with something in them by number, each from column A on."""

    name: str
    rows: dict[int, list[Value]]
    merged: list[Merged]
    uncalculated: list[tuple[int, int]]
    """Column and row of formulas that have no value: the program that wrote them never calculated."""

    def __getitem__(self, address: str) -> Value:
        """The value at an address («C7»)."""
        letters = address.rstrip("0123456789")
        index = 0
        for letter in letters:
            index = index * 26 + ord(letter) - 64
        row = self.rows.get(int(address[len(letters) :]), [])
        return row[index - 1] if index <= len(row) else None


def address(index: int, row: int) -> str:
    """How people call a cell: `address(2, 7)` is «C7»."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def read(content: bytes, *, field: str = "file") -> Grid:
    """The cells of a spreadsheet: values only, of formulas the one that was last calculated.

    Raises `Invalid`, with `field` at fault, when it is none or exceeds a limit, and `TooMany` while others are read.
    """
    if len(content) > MOST_BYTES:
        raise _refusal("size", field)
    # Files rather than pipes: a zip is read from its end, and the system limits how much the child may write.
    with _place(field), tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(content)
        given.seek(0)
        try:
            ended = subprocess.run(  # noqa: S603
                [sys.executable, "-I", child.__file__],
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,  # what openpyxl says of a file may quote its cells
                env={},
                cwd="/",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _refusal("slow", field) from None
        if ended.returncode == -signal.SIGXCPU:
            raise _refusal("slow", field)
        if ended.returncode:
            logger.warning("The reader of spreadsheets ended with %s", ended.returncode)
            raise _refusal("large", field)
        answer.seek(0)
        rows: dict[int, list[Value]] = {}
        for line in answer:
            stated = json.loads(line, object_hook=_untagged)
            if isinstance(stated, dict):
                break
            rows[stated[0]] = stated[1]
    if "refused" in stated:
        raise _refusal(stated["refused"], field)
    return Grid(
        name=stated["name"],
        rows=rows,
        merged=[Merged(left - 1, top, right - 1, bottom) for left, top, right, bottom in stated["merged"]],
        uncalculated=[(column - 1, row) for column, row in stated["uncalculated"]],
    )


def unread(grid: Grid, columns: Container[int], *, below: int) -> dict[tuple[int, int], str]:
    """The cells below a row, by column and row, that would be taken for empty in these columns and are not, each with
    what is to be done about it."""
    found = {}
    for merged in grid.merged:
        if merged.bottom > below and any(
            index in columns for index in range(merged.left, min(merged.right, child.MOST_COLUMNS) + 1)
        ):
            found[merged.left, merged.top] = _(
                "Ô này được gộp với ô khác. Hãy bỏ gộp ô và ghi giá trị vào từng ô."
            )
    for index, row in grid.uncalculated:
        if index in columns and row > below:
            found[index, row] = _(
                "Công thức ở ô này chưa có kết quả. Hãy mở bằng Excel rồi lưu lại, hoặc ghi thẳng giá trị."
            )
    return found


@contextmanager
def _place(field: str) -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE):
        raise TooMany(
            _("Đang đọc bảng tính khác nên chưa đọc được tệp này. Hãy gửi lại sau một phút."), field=field
        )
    try:
        yield
    finally:
        _places.release()


_KINDS: dict[str, Callable[[str], Value]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def _untagged(given: dict[str, Any]) -> Any:
    (kind, *more) = given
    return given if more or kind not in _KINDS else _KINDS[kind](given[kind])


def _refusal(why: str, field: str) -> Invalid:
    """The words for a reason of the child's."""
    words = {
        "size": _("Hãy chọn tệp bảng tính .xlsx, không quá 10 MB."),
        "other": _("Tệp không phải bảng tính .xlsx. Hãy lưu lại bằng Excel hoặc LibreOffice."),
        "old": _(
            "Tệp là bảng tính dạng cũ (.xls). Hãy mở bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi gửi lại."
        ),
        "locked": _(
            "Bảng tính có đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu, lưu lại dạng .xlsx rồi gửi lại."
        ),
        "cut": _(
            "Không đọc được bảng tính: tệp bị cắt cụt. Hãy gửi lại tệp gốc, hoặc mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
        ),
        "damaged": _(
            "Không đọc được bảng tính: tệp bị hỏng. Hãy mở bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi gửi lại."
        ),
        "doctype": _(
            "Không đọc được bảng tính: tệp có khai báo DOCTYPE, không được phép. Hãy mở bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi gửi lại."
        ),
        "nothing": _(
            "Bảng tính không có trang tính nào đang hiện để đọc (chỉ có biểu đồ hoặc trang bị ẩn). Hãy để dữ liệu ở một trang tính đang hiện rồi gửi lại."
        ),
        "large": _(
            "Bảng tính quá lớn khi mở ra. Hãy xóa hình ảnh, định dạng, dòng và cột thừa, hoặc tách thành nhiều tệp, rồi gửi lại."
        ),
        "slow": _(
            "Đọc bảng tính quá lâu nên đã dừng. Hãy xóa hình ảnh, định dạng, dòng và cột thừa, hoặc tách thành nhiều tệp, rồi gửi lại."
        ),
        "rows": _("Bảng tính có quá %(most)d dòng. Hãy tách thành nhiều tệp.") % {"most": child.MOST_ROWS},
        "columns": _("Bảng tính có dữ liệu ngoài %(most)d cột đầu. Hãy xóa các cột thừa rồi gửi lại.")
        % {"most": child.MOST_COLUMNS},
        "cells": _("Bảng tính có quá %(most)d ô. Hãy xóa các cột thừa hoặc tách thành nhiều tệp.")
        % {"most": child.MOST_CELLS},
        "merged": _("Bảng tính có quá %(most)d vùng ô gộp. Hãy bỏ gộp ô rồi gửi lại.")
        % {"most": child.MOST_MERGED},
        "uncalculated": _(
            "Bảng tính có quá %(most)d công thức chưa có kết quả. Hãy mở bằng Excel, lưu lại rồi gửi lại."
        )
        % {"most": child.MOST_UNCALCULATED},
        "beyond": _(
            "Bảng tính có ô nằm sau dòng %(most)d là dòng cuối cùng được phép. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
        )
        % {"most": child.LAST_ROW},
    }
    return Invalid(words[why], field=field)
