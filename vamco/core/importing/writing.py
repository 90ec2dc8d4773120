"""Trying the lines of a sheet by really calling the action, and writing them: all or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import DataError, IntegrityError, OperationalError, connection, models, transaction
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from ..actions import not_allowed
from ..errors import Invalid, Refused
from ..inputs import checked
from ..transactions import atomic
from ..values import written
from .declared import SheetImport
from .lines import CHANGED, SAME, WRONG, Line, Sheet

Tell = Callable[[int], None]
MISSING: Final = object()
PATIENCE: Final = 5
"""Seconds that a sheet waits for a row which somebody else is writing."""


def attempt(sheet: Sheet, tell: Tell = lambda done: None) -> None:
    """Call the action for each line, within the caller's transaction; what it refuses becomes a fault of its cell.
    `tell` is told after each line how many are done."""
    for done, line in enumerate(sheet.lines, 1):
        _attempt(sheet, line)
        tell(done)


def _attempt(sheet: Sheet, line: Line) -> None:
    action, given = sheet.plan.create, _given(sheet, line)
    try:
        _must_be_complete(sheet, given)
        if line.kind == WRONG:  # what its other cells lack is told all the same
            return
        if line.row is not None and not _changes(sheet, line, line.row, given):
            return
        action(sheet.actor.once(None), sheet.target, **given)
    except Refused as refusal:
        for name, message in (refusal.fields or {"": refusal.message}).items():
            sheet.fault(line, name, str(message))
    except (IntegrityError, DataError):
        sheet.fault(line, "", _("Dòng này trùng hoặc trái quy tắc của sổ. Hãy xem lại các ô của dòng."))


def _must_be_complete(sheet: Sheet, given: dict[str, Any]) -> None:
    """Raise `Invalid` for inputs that are missing, with whatever is wrong with the others."""
    declared = sheet.plan.create.inputs
    missing = [
        parameter.name for parameter in declared if not parameter.optional and parameter.name not in given
    ]
    if not missing:
        return
    faults = {name: _("Hãy nhập mục này.") for name in missing}
    try:
        checked(declared, sheet.actor, sheet.target, given)
    except Invalid as others:
        faults |= others.fields
    raise Invalid(faults[missing[0]], fields=faults)


def _given(sheet: Sheet, line: Line) -> dict[str, Any]:
    """The inputs of a line. What an empty cell or no column says nothing of stays as it is in the row that is there."""
    if line.row is None:
        return dict(line.given)
    kept = {
        parameter.name: _stored(sheet.plan, line.row, parameter.name)
        for parameter in sheet.plan.create.inputs
    }
    return {
        name: value for name, value in kept.items() if value is not MISSING and value is not None
    } | line.given


def _stored(plan: SheetImport, row: models.Model, name: str) -> Any:
    value = getattr(row, plan.stored.get(name, name), MISSING)
    if isinstance(value, models.Manager):
        return tuple(value.all())
    return MISSING if callable(value) else value


def _changes(sheet: Sheet, line: Line, row: models.Model, given: dict[str, Any]) -> bool:
    """Whether the line says anything else than the row that is there, and what."""
    tidy = checked(sheet.plan.create.inputs, sheet.actor, sheet.target, given)
    for name in line.given:
        before = _stored(sheet.plan, row, name)
        if before is not MISSING and before != tidy.get(name, line.given[name]):
            line.before[name] = _readable(sheet, name, before)
    line.kind = CHANGED if line.before else SAME
    return bool(line.before)


def _readable(sheet: Sheet, name: str, value: Any) -> str:
    """A value as people read it: a stored choice by its label."""
    kind = sheet.plan.columns[name].kind
    if issubclass(kind, models.Choices) and value in kind.values:
        value = kind(value)
    return written(value)


def told_cells(sheet: Sheet, line: Line) -> Iterator[tuple[str, str, str]]:
    """The cells of a line that say something: the input, what stood there before, what stands there then."""
    for name in sheet.columns.values():
        if name in line.given and (line.row is None or name in line.before or name == sheet.plan.key):
            yield name, line.before.get(name, ""), _readable(sheet, name, line.given[name])


@contextmanager
def _patient() -> Iterator[None]:
    """Wait a few seconds for rows that others write, and then say so: a sheet must not hold up its neighbours."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
    try:
        yield
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        raise Refused(_("Người khác đang ghi cùng những dòng này. Hãy thử lại sau ít phút.")) from error


def check(sheet: Sheet, tell: Tell = lambda done: None) -> None:
    """Try every line and undo it all. Raises `NotAllowed` when the actor may do none."""
    with atomic(), _patient():
        _must_be_allowed(sheet)
        attempt(sheet, tell)
        transaction.set_rollback(True)


def write(sheet: Sheet, tell: Tell = lambda done: None, *, finish: Callable[[], None]) -> None:
    """Write every line, or none when there is a fault; `finish` runs in the same transaction and may still refuse."""
    with atomic(), _patient():
        _must_be_allowed(sheet)
        attempt(sheet, tell)
        if sheet.faults:
            transaction.set_rollback(True)
        else:
            finish()


def _must_be_allowed(sheet: Sheet) -> None:
    if not sheet.plan.create.allowed(sheet.actor, sheet.target):
        raise not_allowed()
