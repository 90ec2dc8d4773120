"""Numbers that the law wants without gaps, and serials that make nobody wait.

`next_number` is for register and receipt numbers: its row stays locked until the caller's transaction ends,
so the takers of one series stand in line and a rolled-back number is taken by the next. `serial` is for
dossier codes: unique, taken at once in a connection of its own, lost when the caller rolls back.
"""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from . import prepared
from .errors import Refused

SERIALS = "serials"
"""The database alias of `serial`: the same database, autocommit, a connection of its own."""


def next_number(series: str) -> int:
    """The next number of a series (the first is 1), gapless and unique, within the caller's transaction.

    `series` names what is counted, such as "receipt:80123:2016" (the book of one unit and year). Raises
    `Refused` when the series is closed. Take it late in the transaction: others who want the series wait
    until its end.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("next_number needs a transaction: without one a failure would leave a gap")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_series AS s (key, last, closed) VALUES (%s, 1, false)"
            " ON CONFLICT (key) DO UPDATE SET last = s.last + 1 WHERE NOT s.closed RETURNING last",
            [series],
        )
        row = cursor.fetchone()
    if row is None:
        raise Refused(_("Sổ này đã khóa, không lấy thêm số được. Hãy dùng sổ của năm hiện hành."))
    return int(row[0])


def close_series(series: str) -> int:
    """Close a series, so that it gives no more numbers; answers its last one (0 when none was given).

    Closing again changes nothing. Called by the action of the room whose book it is.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_series AS s (key, last, closed) VALUES (%s, 0, true)"
            " ON CONFLICT (key) DO UPDATE SET closed = true RETURNING last",
            [series],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def last_number(series: str) -> int:
    """The last number that was given (0 when none)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last FROM core_series WHERE key = %s", [series])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def is_closed(series: str) -> bool:
    """Whether the series gives no more numbers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM core_series WHERE key = %s AND closed", [series])
        return cursor.fetchone() is not None


def serial(series: str) -> int:
    """A number of the series that nobody else gets, at once and whatever becomes of the caller's transaction.

    One statement in its own connection with synchronous_commit off. Safe all the same: the log is one
    sequence, so whatever commits durably with this serial has made the serial durable too.
    """
    with prepared.cursor(SERIALS) as cursor:
        cursor.execute(
            "INSERT INTO core_serial AS s (key, last) VALUES (%s, 1)"
            " ON CONFLICT (key) DO UPDATE SET last = s.last + 1 RETURNING last",
            [series],
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])
