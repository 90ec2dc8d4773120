"""The one clock. It can be told the time only in the demo's set-up and in tests: nothing that a running
installation serves reaches `told`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_told: ContextVar[datetime | None] = ContextVar("vamco_told_time", default=None)


def now() -> datetime:
    """The present instant, aware."""
    return _told.get() or datetime.now(UTC)


def today() -> date:
    """The present day in Viet Nam."""
    return now().astimezone(HERE).date()


def local(when: datetime) -> datetime:
    """An instant on the wall clock of Viet Nam."""
    return when.astimezone(HERE)


@contextmanager
def told(when: datetime) -> Iterator[None]:
    """Within the block, `now()` answers `when` (aware) in this context only."""
    if when.tzinfo is None:
        raise ValueError("the clock is told aware times only")
    token = _told.set(when)
    try:
        yield
    finally:
        _told.reset(token)
