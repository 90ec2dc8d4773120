"""One sheet on its way in: sent, its columns mapped, checked, written or given up. Pages and jobs call this.

A run is working data: whoever sent the sheet sees it, and it goes after a day. What it makes are rows, each by its own
action with its own entry in the ledger. The state is moved by an UPDATE that names the state before, at the end of the
transaction that did the work: a job that dies leaves nothing behind and may be run again, two that run at once write
once, and a run that was cancelled meanwhile writes nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, IntegrityError, models, transaction
from django.db.models import ProtectedError, QuerySet, RestrictedError
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from .. import actors, clock, files, headings, sheets, sniff
from ..actions import not_allowed
from ..actors import Actor
from ..errors import NotFound, Refused, TooMany
from ..files import Upload
from ..models import ImportCell, ImportFault, ImportRun, ImportState
from ..models.imports import RUNNING
from ..numbering import SERIALS
from .columns import keep, must_rest, remembered
from .declared import SheetImport, known
from .lines import CHANGED, NEW, SAME, WRONG, Sheet, read
from .writing import check, told_cells, write

AT_ONCE = 200
"""Sheets of so many lines are checked and written while the person waits; larger ones by a job."""
KEPT_FOR = timedelta(days=1)
PREVIEWED = 200
"""New lines, and lines that stay the same, of which the cells are kept to be looked at; of changed ones all are."""
STALLED = timedelta(minutes=2)
"""A run of which nothing was heard for so long may be started again."""
TOLD_EVERY = 0.5
"""Seconds between one word of progress and the next."""
logger = logging.getLogger(__name__)


class Cancelled(Exception):
    """Somebody stopped the run, or another job finished it."""


def of(plan: SheetImport, actor: Actor) -> QuerySet[ImportRun]:
    """The actor's own runs of an import."""
    return ImportRun.objects.filter(name=plan.name, by_id=actor.user_id).select_related("file")


def own(plan: SheetImport, actor: Actor, pk: int) -> ImportRun:
    """The actor's own run. Raises `NotFound`."""
    found = of(plan, actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Không còn lượt nhập này; mỗi lượt chỉ giữ một ngày. Hãy gửi lại tệp."))
    return found


# Sent ------------------------------------------------------------------------------------------------------


def begin(plan: SheetImport, actor: Actor, target: Any, upload: Upload, *, name: str) -> ImportRun:
    """Take a sheet: find its headings and map what is certain. With a request key that came before, the run of then.

    Raises `Invalid` for what is no sheet, `NotAllowed` for who may not make the rows.
    """
    if not plan.create.allowed(actor, target):
        raise not_allowed()
    before = sent_before(plan, actor)
    if before is not None:
        return before
    content = upload.read(sheets.MOST_BYTES + 1)
    grid = sheets.read(content)
    try:
        with transaction.atomic():
            run = new_run(plan, actor, target, content, name=name)
            run.sheet = grid.name[:100]
            keep(run, headings.find(grid, plan.names, known=remembered(plan, actor)), grid)
            return run
    except IntegrityError:
        before = sent_before(plan, actor)
        if before is None:
            raise
        return before


def new_run(plan: SheetImport, actor: Actor, target: Any, content: bytes, *, name: str) -> ImportRun:
    """A run that is not stored yet, of a file that is."""
    file = files.store(
        BytesIO(content), name=name, allowed={sniff.XLSX.media_type}, uploaded_by_id=actor.user_id
    )
    assert actor.user_id is not None
    at = clock.now()
    run = ImportRun(name=plan.name, by_id=actor.user_id, file=file, created_at=at, moved_at=at)
    run.request_key = (actor.request_key or f"file {file.pk}")[:200]
    run.state = ImportState.MAPPING
    if isinstance(target, models.Model):
        run.target_kind, run.target_id = target._meta.label_lower, target.pk
    return run


def sent_before(plan: SheetImport, actor: Actor) -> ImportRun | None:
    """The run of the same request key."""
    if actor.request_key is None:
        return None
    return of(plan, actor).filter(request_key=actor.request_key[:200]).first()


def drop_wrong(run: ImportRun) -> None:
    """Leave the lines out that have a fault; the rest is to be checked again."""
    must_rest(run)
    rows = set(run.dropped) | set(run.faults.values_list("row", flat=True))
    ImportRun.objects.filter(pk=run.pk).update(dropped=sorted(rows))
    run.refresh_from_db()


# Checked and written ---------------------------------------------------------------------------------------


def start(run: ImportRun, state: ImportState, actor: Actor) -> None:
    """Check or write: small sheets at once, as the actor; larger ones by a job, as whatever the person is then.

    `state` is CHECKING or WRITING. Raises `Refused` when the run is not where that may follow.
    """
    before = [ImportState.CHECKED] if state == ImportState.WRITING else [
        ImportState.MAPPING, ImportState.CHECKED, ImportState.FAILED
    ]  # fmt: skip
    ready = ImportRun.objects.filter(pk=run.pk, state__in=before)
    if state == ImportState.WRITING:
        ready = ready.filter(wrong=0, total__gt=0)
    with transaction.atomic():
        if not ready.update(state=state, done=0, message="", moved_at=clock.now()):
            raise Refused(
                _("Lượt nhập này chưa sẵn sàng cho việc đó, hoặc việc đó đã làm. Hãy tải lại trang.")
            )
        if run.total > AT_ONCE:
            _later(run)
    if run.total <= AT_ONCE:
        try:
            go(run.pk, actor)
        except TooMany:
            _later(run)
    run.refresh_from_db()


def again(run: ImportRun) -> None:
    """Start a run again of which nothing was heard for a while: its job has died."""
    stalled = ImportRun.objects.filter(pk=run.pk, state__in=RUNNING, moved_at__lt=clock.now() - STALLED)
    with transaction.atomic():
        if stalled.update(moved_at=clock.now()):
            _later(run)


def cancel(run: ImportRun) -> None:
    """Stop, whether it runs or rests; what is being written is undone. Raises `Refused` when all is written already."""
    live = ImportRun.objects.filter(pk=run.pk).exclude(state=ImportState.WRITTEN)
    if not live.update(state=ImportState.CANCELLED, moved_at=clock.now()):
        raise Refused(_("Đã ghi xong nên không dừng được nữa. Hãy sửa từng dòng trong sổ."))
    run.faults.all().delete()
    run.cells.all().delete()
    run.refresh_from_db()


def _later(run: ImportRun) -> None:
    """Put the job `core.run_import` into the caller's transaction."""
    app.configure_task("core.run_import").defer(run_id=run.pk)


def go(run_id: int, actor: Actor | None = None) -> None:
    """Do what the run is in the state of; nothing when somebody else did. Without an actor: as what the person is now."""
    run = ImportRun.objects.select_related("file").filter(pk=run_id, state__in=RUNNING).first()
    if run is None:
        return
    state = ImportState(run.state)
    try:
        sheet = _sheet(run, actor or actors.of_user(run.by_id))
        ImportRun.objects.filter(pk=run.pk, state=state).update(total=len(sheet.lines), done=0)
        if state == ImportState.WRITING:
            write(sheet, _Teller(run), finish=lambda: _finish(run, sheet))
        else:
            check(sheet, _Teller(run))
        if state == ImportState.CHECKING or sheet.faults:
            _keep(run, state, sheet)
    except Cancelled:
        logger.info("import %s was stopped", run.pk)
    except TooMany:
        raise
    except Refused as refusal:
        _fail(run, state, refusal.message)
    except (DatabaseError, OSError):
        logger.exception("import %s failed", run.pk)
        _fail(
            run,
            state,
            _("Hệ thống gặp sự cố nên chưa ghi gì. Hãy thử lại; nếu vẫn không được, gọi người quản trị."),
        )


def _fail(run: ImportRun, state: ImportState, why: str) -> None:
    """Nothing was written; say why, unless somebody else has taken the run on."""
    failed = {"state": ImportState.FAILED, "message": why[:1000], "moved_at": clock.now()}
    ImportRun.objects.filter(pk=run.pk, state=state).update(**failed)


def _sheet(run: ImportRun, actor: Actor) -> Sheet:
    plan = known(run.name)
    try:
        target = run.target()
    except ObjectDoesNotExist:
        raise NotFound(_("Nơi nhập vào không còn nữa. Hãy mở lại trang nhập.")) from None
    grid = sheets.read(files.read(run.file))
    columns = {column.index: column.input for column in run.columns.all() if column.input}
    titles = tuple(
        headings.Column(column.index, column.heading, _names(column.heading)) for column in run.columns.all()
    )
    found = headings.Headings(run.first, run.last, titles, columns, frozenset())
    return read(plan, actor, target, grid, found, columns, dropped=set(run.dropped))


def _names(heading: str) -> tuple[str, ...]:
    parts = [headings.folded(part) for part in heading.split(" – ")]
    return tuple(part for part in (headings.folded(heading), *parts) if part)


class _Teller:
    """Says how far a run has come, so that its page sees it before the work is committed, and looks whether it was
    stopped. It is said on a connection that does not belong to the work."""

    def __init__(self, run: ImportRun) -> None:
        self.run, self.next = run, time.monotonic() + TOLD_EVERY

    def __call__(self, done: int) -> None:
        if time.monotonic() < self.next:
            return
        live = ImportRun.objects.filter(pk=self.run.pk, state=self.run.state)
        if not live.exists():
            raise Cancelled
        live.using(SERIALS).update(done=done, moved_at=clock.now())
        self.next = time.monotonic() + TOLD_EVERY


def _finish(run: ImportRun, sheet: Sheet) -> None:
    """The last statement of the writing: whoever finds the run moved on undoes everything."""
    done = {"state": ImportState.WRITTEN, "done": len(sheet.lines), "moved_at": clock.now(), **counts(sheet)}
    if not ImportRun.objects.filter(pk=run.pk, state=ImportState.WRITING).update(**done):
        raise Cancelled


def _keep(run: ImportRun, before: ImportState, sheet: Sheet) -> None:
    """What the check found: counts, faults by cell, what would change."""
    with transaction.atomic():
        done = {"state": ImportState.CHECKED, "done": len(sheet.lines), "moved_at": clock.now()}
        if not ImportRun.objects.filter(pk=run.pk, state=before).update(**done, **counts(sheet)):
            raise Cancelled
        run.faults.all().delete()
        run.cells.all().delete()
        ImportFault.objects.bulk_create(
            ImportFault(
                run=run,
                row=fault.row,
                cell=fault.cell,
                column=fault.column[:300],
                value=fault.value,
                message=fault.message[:1000],
            )
            for fault in sheet.faults.values()
        )
        ImportCell.objects.bulk_create(_cells(run, sheet), batch_size=1000)


def counts(sheet: Sheet) -> dict[str, int]:
    """How many lines are new, changed, the same and wrong."""
    return {kind: sheet.count(kind) for kind in (NEW, CHANGED, SAME, WRONG)}


def _cells(run: ImportRun, sheet: Sheet) -> Collection[ImportCell]:
    left = {NEW: PREVIEWED, SAME: PREVIEWED, CHANGED: len(sheet.lines)}
    cells = []
    for line in sheet.lines:
        if left.get(line.kind, 0):
            left[line.kind] -= 1
            cells += [
                ImportCell(
                    run=run, row=line.number, kind=line.kind, input=name, before=old[:500], after=new[:500]
                )
                for name, old, new in told_cells(sheet, line)
            ]
    return cells


def forget_old() -> int:
    """Delete the runs of more than a day ago with their files, but for a file that another record holds; how many."""
    old = ImportRun.objects.filter(created_at__lt=clock.now() - KEPT_FOR).select_related("file")
    for run in (found := list(old)):
        with transaction.atomic():
            run.delete()
        try:
            with transaction.atomic():
                run.file.delete()
        except (ProtectedError, RestrictedError):
            logger.info("the file of import %s is held by another record", run.pk)
    return len(found)
