"""One transaction around everything that belongs together, and what outlives its rollback.

A refusal undoes what was changed. That somebody asked whose number this is cannot be undone: they were answered, if
only by the refusal.
"""

import logging
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import Error, transaction

from .errors import Refused

Write = Callable[[list[Any], bool], None]
"""Writes what was kept; told whether the block in which it happened was undone."""


@dataclass
class _Kept:
    thing: Any
    undone: bool = False


_kept: ContextVar[dict[tuple[Write, Hashable], _Kept] | None] = ContextVar("kept", default=None)
logger = logging.getLogger(__name__)


@contextmanager
def atomic() -> Iterator[None]:
    """As `transaction.atomic` of Django, but what is kept in it (`outlive_rollback`) outlives its rollback.

    What was kept is written at the end of the outermost one, in its transaction. When that is undone, by an exception or
    by `set_rollback`, it is written in a transaction of its own before anybody is answered. No second connection does
    this: it would wait for the locks of the first. A plain `transaction.atomic` around actions would undo the record,
    too; Django refuses it (`durable`).
    """
    outer = _kept.get()
    if outer is not None:
        with _nested(outer):
            yield
        return
    kept: dict[tuple[Write, Hashable], _Kept] = {}
    token = _kept.set(kept)
    try:
        with transaction.atomic(durable=True):
            yield
            undone = transaction.get_rollback()
            if not undone:
                _write_all(kept)
    except BaseException as error:
        try:
            _write_undone(kept)
        except Error as lost:
            # Its words may quote what was to be written.
            logger.error("What outlives a rollback could not be written: %s", type(lost).__name__)
            if isinstance(error, Refused):  # which answers: nobody is answered without the record
                raise
        raise
    finally:
        _kept.reset(token)
    if undone:
        _write_undone(kept)


@contextmanager
def _nested(kept: dict[tuple[Write, Hashable], _Kept]) -> Iterator[None]:
    """A savepoint. Once it is undone, so is whatever was written of what was kept in it, although the whole may go on."""
    before, undone = len(kept), True
    try:
        with transaction.atomic():
            yield
            undone = transaction.get_rollback()
    except BaseException:
        undone = True
        raise
    finally:
        if undone:
            for writing in islice(kept.values(), before, None):
                writing.undone = True


def outlive_rollback(write: Write, key: Hashable, thing: Any) -> None:
    """Have something written, once for each key, whatever becomes of the transaction. Outside `atomic` it is written at
    once."""
    kept = _kept.get()
    if kept is None:
        with transaction.atomic():
            write([thing], False)
    else:
        kept.setdefault((write, key), _Kept(thing))


def _write_undone(kept: dict[tuple[Write, Hashable], _Kept]) -> None:
    for writing in kept.values():
        writing.undone = True
    if kept:
        with transaction.atomic():
            _write_all(kept)


def _write_all(kept: dict[tuple[Write, Hashable], _Kept]) -> None:
    groups: dict[tuple[Write, bool], list[Any]] = {}
    for (write, _key), writing in kept.items():
        groups.setdefault((write, writing.undone), []).append(writing.thing)
    for (write, undone), things in groups.items():
        write(things, undone)
