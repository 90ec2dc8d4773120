"""What a page of an import shows of a run: the steps, the faults by cell, what its lines would make and change."""

from typing import Any

from django.utils.translation import gettext as _

from vamco.core.importing import SheetImport
from vamco.core.importing.lines import CHANGED, NEW, SAME, WRONG
from vamco.core.models import ImportRun, ImportState

from .tabs import Tab
from .words import number

SHOWN = 10
"""Lines of each kind while all kinds are on the page."""
SHOWN_ALONE = 500
"""Lines while one kind is looked at."""
TABS = {"loi": WRONG, "doi": CHANGED, "moi": NEW, "cu": SAME}


def tabs(run: ImportRun, only: str) -> list[Tab]:
    """The kinds of lines with their numbers; the faults are looked at first."""
    kinds = (
        ("loi", _("Lỗi"), run.wrong),
        ("doi", _("Đổi"), run.changed),
        ("moi", _("Mới"), run.new),
        ("cu", _("Như cũ"), run.same),
    )
    return [
        Tab(label, f"?tab={key}", key == (only or "loi"), number(count), late=key == "loi" and count > 0)
        for key, label, count in kinds
    ]


def preview(plan: SheetImport, run: ImportRun, only: str) -> dict[str, Any]:
    """The faults, and the lines of each kind with their cells under the labels of the inputs."""
    if run.state != ImportState.CHECKED:
        return {}
    most = SHOWN_ALONE if only else SHOWN
    faults = list(run.faults.all()[: most + 1]) if only in ("", "loi") else []
    labels = {name: str(one.input.label) for name, one in plan.columns.items()}
    cells = run.cells.all()
    changed = [] if only not in ("", "doi") else _changed(cells, labels, plan.key)[: most + 1]
    shown = [column.input for column in run.columns.all() if column.input][:5]
    return {
        "tabs": tabs(run, only),
        "faults": faults[:most],
        "more_faults": len(faults) > most,
        "changed": changed[:most],
        "more_changed": len(changed) > most,
        "new": [] if only not in ("", "moi") else _lines(cells, NEW, shown, labels, most),
        "same": [] if only != "cu" else _lines(cells, SAME, [plan.key], labels, most),
        "new_labels": [labels[name] for name in shown if name in labels],
        "key_label": labels.get(plan.key, ""),
    }


def _changed(cells: Any, labels: dict[str, str], key: str) -> list[dict[str, Any]]:
    """Each changed cell with what its line is called by."""
    found = list(cells.filter(kind=CHANGED)[: SHOWN_ALONE * 2])
    called = {cell.row: cell.after for cell in found if cell.input == key}
    return [
        {
            "row": cell.row, "line": called.get(cell.row, ""), "label": labels.get(cell.input, cell.input),
            "before": cell.before, "after": cell.after,
        }
        for cell in found
        if cell.input != key
    ]  # fmt: skip


def _lines(
    cells: Any, kind: str, shown: list[str], labels: dict[str, str], most: int
) -> list[dict[str, Any]]:
    """Lines of a kind, each with its cells in the order of the columns."""
    by_row: dict[int, dict[str, str]] = {}
    for cell in cells.filter(kind=kind, input__in=shown):
        by_row.setdefault(cell.row, {})[cell.input] = cell.after
    return [
        {"row": row, "cells": [(labels.get(name, name), given.get(name, "")) for name in shown]}
        for row, given in list(by_row.items())[:most]
    ]


def steps(run: ImportRun) -> list[dict[str, str]]:
    """The four steps above the page: which is done, which is on."""
    at = {
        ImportState.MAPPING: 1, ImportState.CHECKING: 2, ImportState.CHECKED: 2, ImportState.FAILED: 2,
        ImportState.WRITING: 3, ImportState.WRITTEN: 4, ImportState.CANCELLED: 2,
    }[ImportState(run.state)]  # fmt: skip
    every = list(run.columns.all())
    mapped = sum(1 for action in every if action.input)
    notes = [
        _("%(count)s dòng") % {"count": run.total},
        _("%(mapped)s trên %(all)s cột") % {"mapped": mapped, "all": len(every)},
        _("%(count)s dòng lỗi") % {"count": run.wrong}
        if run.wrong
        else _("không còn lỗi")
        if at > 2 or run.done
        else "",
        _("đã ghi") if at == 4 else _("đang ghi") if at == 3 else _("cả tệp cùng lúc"),
    ]
    names = (_("Đọc tệp"), _("Ghép cột"), _("Đối chiếu"), _("Ghi vào sổ"))
    return [
        {"label": label, "note": notes[i], "state": "done" if i < at else "now" if i == at else ""}
        for i, label in enumerate(names)
    ]
