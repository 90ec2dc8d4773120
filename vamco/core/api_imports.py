"""The operation that makes rows from a sheet: one for each import that a room declares."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile

from . import headings, sheets
from .actions import not_allowed
from .actors import Actor
from .api import caller
from .errors import Invalid
from .importing import SheetImport
from .importing.lines import Sheet, read
from .importing.runs import counts, new_run, sent_before
from .importing.writing import check, write
from .models import ImportRun, ImportState


class FaultOut(Schema):
    """What is wrong in a cell, and what to do about it."""

    cell: str = Field(examples=["D118"])
    column: str = Field(description="heading of the column; empty for the whole line", examples=["Ngày"])
    value: str = Field(examples=["31/02/2016"])
    message: str = Field(examples=["Ngày không đúng. Hãy ghi như 05/12/2016."])


class ImportOut(Schema):
    """What became of a sheet, in lines."""

    new: int = Field(examples=[12])
    changed: int = Field(examples=[0])
    same: int = Field(description="said nothing new", examples=[0])
    wrong: int = Field(description="lines with a fault; only of a trial", examples=[0])
    written: bool = Field(description="false for a trial", examples=[True])
    left_out: list[str] = Field(description="headings of columns that were not read", examples=[["TT"]])
    faults: list[FaultOut] = Field(description="only of a trial", examples=[[]])


class ImportWanted(Schema):
    """How a sheet is read."""

    mapping: str = Field(
        "",
        max_length=20_000,
        description="JSON object: heading to input, where headings are not known by themselves; null leaves one out",
        examples=['{"Ngày tháng năm": "day"}'],
    )
    dry_run: bool = Field(False, description="true: only say what would happen")


class ImportWhere(Schema):
    """What the rows belong to."""

    unit: str = Field(
        "", max_length=40, description="code of the unit; the whole province if absent", examples=[""]
    )


def add_import(
    router: Router,
    path: str,
    plan: SheetImport,
    *,
    target: Callable[[Actor, str], Any] = lambda actor, code: None,
) -> None:
    """Add `POST path` to a router. `target` finds what the rows are made in by the code that the caller names."""

    def import_sheet(
        request: HttpRequest,
        where: Query[ImportWhere],
        wanted: Form[ImportWanted],
        file: File[UploadedFile],
    ) -> dict[str, Any]:
        """All lines or none: a fault anywhere is answered with 422 and every fault by its cell."""
        return _import(plan, caller(request), target(caller(request), where.unit), file, wanted)

    import_sheet.__name__ = f"import_{plan.create.key}"
    router.post(
        path, response=ImportOut, summary=f"From a sheet (.xlsx): {plan.create.key.replace('_', ' ')}"
    )(import_sheet)


MOST_AT_ONCE = 500
"""Lines that are tried while the caller waits; the page has a job for more."""


def _import(
    plan: SheetImport, actor: Actor, target: Any, file: UploadedFile, wanted: ImportWanted
) -> dict[str, Any]:
    if not plan.create.allowed(actor, target):
        raise not_allowed()
    content = file.read(sheets.MOST_BYTES + 1)
    grid = sheets.read(content)
    if len(grid.rows) > MOST_AT_ONCE:
        message = _("Qua API mỗi lần nhập tối đa %(most)s dòng. Hãy tách tệp, hoặc nhập ở trang của sổ.")
        raise Invalid(message % {"most": MOST_AT_ONCE}, field="file")
    found = headings.find(grid, plan.names, known=_mapping(plan, wanted.mapping))
    sheet = read(plan, actor, target, grid, found, found.matched)
    if wanted.dry_run:
        check(sheet)
        return _out(counts(sheet), sheet, written=False)
    before = _done_before(sheet, content)
    if before is None:
        try:
            write(sheet, finish=lambda: _record(sheet, content, file.name or ""))
        except IntegrityError:
            before = _done_before(sheet, content)
            if before is None:
                raise
        else:
            before = _done_before(sheet, content) if sheet.faults else None  # another was quicker
    if before is not None:
        return _out({name: getattr(before, name) for name in counts(sheet)}, sheet, written=True)
    if sheet.faults:
        raise Invalid(
            _("Bảng tính có %(count)d ô chưa đúng; chưa ghi dòng nào.") % {"count": len(sheet.faults)},
            fields={fault.cell: fault.message for fault in sheet.faults.values()},
        )
    return _out(counts(sheet), sheet, written=True)


def _record(sheet: Sheet, content: bytes, name: str) -> None:
    """That it was done, so that a repeat answers the same."""
    run = new_run(sheet.plan, sheet.actor, sheet.target, content, name=name)
    run.state, run.total, run.done = ImportState.WRITTEN, len(sheet.lines), len(sheet.lines)
    for kind, number in counts(sheet).items():
        setattr(run, kind, number)
    run.save()


def _done_before(sheet: Sheet, content: bytes) -> ImportRun | None:
    """What was done under the same key. Raises `Invalid` when that was another sheet, or for something else."""
    before = sent_before(sheet.plan, sheet.actor)
    target_id = getattr(sheet.target, "pk", None)
    digest = hashlib.sha256(content).hexdigest()
    if before is not None and (before.file.sha256, before.target_id) != (digest, target_id):
        raise Invalid(
            _("Khóa chống gửi trùng này đã dùng cho một yêu cầu khác. Hãy tải lại trang rồi làm lại.")
        )
    return before


def _mapping(plan: SheetImport, text: str) -> Mapping[str, str]:
    """Folded headings and their inputs. Raises `Invalid`."""
    try:
        read = json.loads(text) if text else {}
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise Invalid(_("Cách ghép cột phải là một đối tượng JSON: tiêu đề và tên mục."), field="mapping")
    unknown = [name for name in read.values() if name is not None and name not in plan.columns]
    if unknown:
        raise Invalid(
            _("Không có mục «%(name)s». Các mục: %(names)s.")
            % {"name": str(unknown[0])[:60], "names": ", ".join(plan.columns)},
            field="mapping",
        )
    return {headings.folded(heading): name or "" for heading, name in read.items()}


def _out(counted: Mapping[str, int], sheet: Sheet, *, written: bool) -> dict[str, Any]:
    faults = [
        {"cell": fault.cell, "column": fault.column, "value": fault.value, "message": fault.message}
        for fault in sheet.faults.values()
    ]
    return {**counted, "written": written, "left_out": sheet.left_out, "faults": [] if written else faults}
