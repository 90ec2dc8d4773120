"""One transaction around everything that belongs together, and what outlives its rollback.

A refusal undoes what was changed. That somebody asked whose number this is cannot be undone: they were answered, if
only by the refusal.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction

Write = Callable[[list[Any], bool], None]
"""Writes what was kept; told whether the transaction in which it happened was undone."""

_kept: ContextVar[dict[Write, dict[Hashable, Any]] | None] = ContextVar("kept", default=None)


@contextmanager
def atomic() -> Iterator[None]:
    """As `transaction.atomic` of Django, but what is kept in it (`keep`) outlives its rollback.

    What was kept is written at the end of the outermost one, in its transaction. When that is undone, by an exception or
    by `set_rollback`, it is written in a transaction of its own before anybody is answered. No second connection does
    this: it would wait for the locks of the first. A plain `transaction.atomic` around actions would undo the record,
    too; Django refuses it (`durable`).
    """
    if _kept.get() is not None:
        with transaction.atomic():
            yield
        return
    kept: dict[Write, dict[Hashable, Any]] = {}
    token = _kept.set(kept)
    committed = False
    try:
        with transaction.atomic(durable=True):
            yield
            undone = transaction.get_rollback()
            if not undone:
                _write_all(kept, undone=False)
        committed = not undone
    finally:
        _kept.reset(token)
        if kept and not committed:
            with transaction.atomic():
                _write_all(kept, undone=True)


def keep(write: Write, key: Hashable, thing: Any) -> None:
    """Have something written, once for each key, whatever becomes of the transaction. Outside `atomic` it is written at
    once."""
    kept = _kept.get()
    if kept is None:
        with transaction.atomic():
            write([thing], False)
    else:
        kept.setdefault(write, {}).setdefault(key, thing)


def _write_all(kept: dict[Write, dict[Hashable, Any]], *, undone: bool) -> None:
    for write, things in kept.items():
        write(list(things.values()), undone)
