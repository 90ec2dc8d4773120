"""Due times a second in one process, beside numpy's busday_offset for whole days.

numpy knows days off, but no office hours, no cut-off and no worked Saturday: it is the bare count of days. It
is asked one by one, as a dossier is, and for a whole column at once, which Python code cannot match.

    python bench/worktime.py [COUNT]
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

import holidays
import numpy as np

from vamco.core.worktime import (
    CLOSED,
    TZ,
    Calendar,
    Limit,
    Regime,
    due,
    due_with_pauses,
    elapsed,
    remaining,
)

DAYS_OFF = sorted(holidays.country_holidays("VN", years=range(2015, 2028)))
CALENDAR = Calendar(exceptions=dict.fromkeys(DAYS_OFF, CLOSED))
REGIME = Regime(
    key="bench", cut_off=datetime(2000, 1, 1, 15, 0).time(), supplement="stop", supplements_max=1,
    supplement_within_days=3, new_dates_max=1, apology_days_before=1, wrong_authority="forward",
    valid_from=None, valid_to=None,
)  # fmt: skip


def rate(count: int, work: Callable[[], object]) -> float:
    """Answers a second, the best of five runs."""
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return count / best


def same_days(starts: list[datetime], numbers: list[int], busdays: np.busdaycalendar) -> None:
    """Both sides must answer the same day for what is received in the morning of a working day."""
    for start, n in zip(starts, numbers, strict=True):
        morning = start.replace(hour=8)
        if CALENDAR.works(morning.date()):
            ours = due(morning, days=n, calendar=CALENDAR, regime=REGIME).date()
            theirs = np.busday_offset(morning.date(), n, busdaycal=busdays).astype(date)
            assert ours == theirs, (start, n, ours, theirs)


def main(count: int) -> None:
    """Print the table."""
    chance = random.Random(5)
    first = datetime(2015, 1, 1, tzinfo=TZ)
    starts = [first + timedelta(minutes=chance.randrange(12 * 365 * 1440)) for _ in range(count)]
    numbers = [chance.randrange(0, 31) for _ in range(count)]
    nows = [start + timedelta(minutes=chance.randrange(20 * 1440)) for start in starts]
    pauses = [
        [(start + timedelta(days=1), start + timedelta(days=chance.randrange(1, 9)))] for start in starts
    ]
    limits = [Limit(days=n) for n in numbers]
    busdays = np.busdaycalendar(holidays=DAYS_OFF)
    column, amounts = np.array([s.date() for s in starts], dtype="M8[D]"), np.array(numbers)
    same_days(starts[:2000], numbers[:2000], busdays)
    each = {"calendar": CALENDAR, "regime": REGIME}
    rows = [
        ("due, days", lambda: [due(s, days=n, **each) for s, n in zip(starts, numbers, strict=True)]),
        ("due, hours", lambda: [due(s, hours=n, **each) for s, n in zip(starts, numbers, strict=True)]),
        (
            "due, days, one supplement",
            lambda: [
                due_with_pauses(s, limit, pause, **each)
                for s, limit, pause in zip(starts, limits, pauses, strict=True)
            ],
        ),
        ("elapsed", lambda: [elapsed(a, b, calendar=CALENDAR) for a, b in zip(starts, nows, strict=True)]),
        (
            "remaining",
            lambda: [remaining(a, b, calendar=CALENDAR) for a, b in zip(nows, starts, strict=True)],
        ),
        (
            "numpy.busday_offset, one by one",
            lambda: [
                np.busday_offset(day, n, roll="forward", busdaycal=busdays)
                for day, n in zip(column, numbers, strict=True)
            ],
        ),
        (
            "numpy.busday_offset, a column",
            lambda: np.busday_offset(column, amounts, roll="forward", busdaycal=busdays),
        ),
    ]
    rates = {name: rate(count, work) for name, work in rows}
    base = rates["numpy.busday_offset, one by one"]
    print(f"{'what':<34}{'a second':>14}{'x numpy, one by one':>22}")
    for name, value in rates.items():
        print(f"{name:<34}{value:>14,.0f}{value / base:>22.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
