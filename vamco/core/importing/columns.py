"""Which column of a run's sheet holds which input: found, mapped by hand, remembered for the next time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from .. import clock, files, headings, sheets
from ..actors import Actor
from ..errors import Invalid, Refused
from ..models import ImportColumn, ImportMapping, ImportRun, ImportState
from .declared import SheetImport


def keep(run: ImportRun, found: headings.Headings, grid: sheets.Grid) -> None:
    """Keep where the headings stand and what each column holds."""
    run.first, run.last = found.first, found.last
    used = list(found.matched) or [column.index for column in found.columns]
    run.total = sum(1 for _line in headings.body(grid, found, used))
    run.done = 0
    run.save()
    run.columns.all().delete()
    ImportColumn.objects.bulk_create(
        ImportColumn(
            run=run,
            index=column.index,
            heading=column.heading[:300],
            input=found.matched.get(column.index, ""),
            doubtful=column.index in found.doubtful,
        )
        for column in found.columns
    )


def remembered(plan: SheetImport, actor: Actor) -> dict[str, str]:
    """What headings meant to the person the times before."""
    rows = ImportMapping.objects.filter(name=plan.name, by_id=actor.user_id)
    return dict(rows.values_list("heading", "input"))


def remembered_at(plan: SheetImport, run: ImportRun) -> datetime | None:
    """When the headings of this run were last mapped by hand; None for never."""
    names = [headings.folded(column.heading) for column in run.columns.all()]
    found = ImportMapping.objects.filter(
        name=plan.name, by_id=run.by_id, heading__in=names, at__lt=run.created_at
    )
    at: datetime | None = found.aggregate(at=models.Max("at"))["at"]
    return at


def missing(plan: SheetImport, run: ImportRun) -> list[str]:
    """The labels of inputs without which no row is made and that no column holds."""
    given = {column.input for column in run.columns.all()}
    return [str(one.input.label) for name, one in plan.columns.items() if name in plan.required - given]


def is_mapped(plan: SheetImport, run: ImportRun) -> bool:
    """Whether every needed input has its column and no column is in doubt."""
    return not missing(plan, run) and not any(column.doubtful for column in run.columns.all())


def map_columns(
    plan: SheetImport, actor: Actor, run: ImportRun, wanted: Mapping[int, str], *, row: int | None = None
) -> None:
    """Map columns by hand and remember it for the next time; with another `row` the headings are looked for there.

    Raises `Invalid` when two columns are to hold one input.
    """
    must_rest(run)
    with transaction.atomic():
        if row is not None and not run.first <= row <= run.last:
            grid = sheets.read(files.read(run.file))
            found = headings.find(grid, plan.names, known=remembered(plan, actor), at=row)
            if row not in grid.rows:
                raise Invalid(
                    _("Dòng này của bảng tính không có gì. Hãy ghi số của dòng tiêu đề."), field="row"
                )
            keep(run, found, grid)
        else:
            _map_by_hand(plan, run, wanted)
        _rest(run, ImportState.MAPPING)


def _map_by_hand(plan: SheetImport, run: ImportRun, wanted: Mapping[int, str]) -> None:
    used = [name for name in wanted.values() if name]
    twice = {name for name in used if used.count(name) > 1}
    if twice:
        label = plan.columns[min(twice)].input.label if min(twice) in plan.columns else ""
        raise Invalid(
            _("Mục «%(label)s» chỉ ghép với một cột. Hãy chọn lại.") % {"label": label}, field="columns"
        )
    columns = list(run.columns.all())
    run.columns.update(input="", doubtful=False)  # so that two may change places
    for column in columns:
        chosen = wanted.get(column.index, column.input)
        column.input, column.doubtful = (chosen if chosen in plan.columns else ""), False
        ImportMapping.objects.update_or_create(
            name=plan.name,
            by_id=run.by_id,
            heading=headings.folded(column.heading)[:300],
            defaults={"input": column.input, "at": clock.now()},
        )
    ImportColumn.objects.bulk_update(columns, ["input", "doubtful"])


def must_rest(run: ImportRun) -> None:
    """Raise `Refused` while a run is being checked or written, and when it has ended."""
    if run.running:
        raise Refused(_("Đang chạy. Hãy chờ xong, hoặc dừng lại rồi làm tiếp."))
    if run.state in (ImportState.WRITTEN, ImportState.CANCELLED):
        raise Refused(_("Lượt nhập này đã kết thúc. Hãy gửi tệp mới."))


def _rest(run: ImportRun, state: ImportState) -> None:
    run.faults.all().delete()
    run.cells.all().delete()
    zero = dict.fromkeys(("done", "new", "changed", "same", "wrong"), 0)
    ImportRun.objects.filter(pk=run.pk).update(state=state, message="", moved_at=clock.now(), **zero)
    run.refresh_from_db()
