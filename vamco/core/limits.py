"""Rate limits: how often something may be tried in a window of time, counted in the database for all web processes.

Each limit is a row of its own, `RateLimit`, and not an entry of the cache: the cache keeps a few hundred entries and
drops others when somebody makes many. A try takes one from `remaining` in a single atomic statement, so that parallel
tries cannot overtake the limit; a try that is refused writes nothing, so that a flood past the limit only reads.

An ordinary table, not an UNLOGGED one, which a crash of the server empties: whoever can make it crash would have new
tries. It is backed up like every other; a restored count has ended within minutes.

A row takes about 125 bytes with its indexes and is deleted within five minutes of its window's end (`core/jobs.py`).
1,000 tries a second for 20 minutes, each from a network never seen before and each counted by two rows, make
2.4 million rows or 300 MB; afterwards the space is used again.
"""

import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from . import clock, secrets
from .errors import TooMany
from .models import RateLimit

Taken = list[tuple[bytes, datetime]]
"""What a try has taken one from: the keys, each with the end of its window."""


@dataclass(frozen=True)
class Limit:
    """`most` tries in `window`, which begins with the first try. `what` is limited for each `of`: an address, a person."""

    what: str
    of: str
    most: int
    window: timedelta

    @property
    def key(self) -> bytes:
        """The keyed hash under which it is kept: neither addresses nor names are stored."""
        return secrets.lookup(f"limits.{self.what}", self.of)[:16]


def take(*limits: Limit, says: Callable[[datetime], str]) -> Taken:
    """Take one try from each of the limits. Where one of them is used up, none is taken from any, so that refused
    tries of one stranger do not use up what all others share.

    Raises `TooMany` with what `says` makes of the time when the next try is possible. Must not be called within a
    transaction, which would hand the try back on its way out; raises `RuntimeError` there.
    """
    now = clock.now()
    asked = {limit.key: limit for limit in limits}
    if (ends_at := used_up(*limits)) is None:
        taken = _take(asked, now)
        if len(taken) == len(asked):
            return taken
        give_back(taken)  # others took the last try of one at this very moment
        ends_at = used_up(*limits) or now
    raise TooMany(says(ends_at))


def used_up(*limits: Limit) -> datetime | None:
    """When the last of the limits that are used up starts anew; None when every one has tries left."""
    keys = [limit.key for limit in limits]
    found = RateLimit.objects.filter(key__in=keys, remaining=0, ends_at__gt=clock.now())
    return max(found.values_list("ends_at", flat=True), default=None)


def _take(asked: dict[bytes, Limit], now: datetime) -> Taken:
    """Take one try from each limit that has some left, in the order of keys: nobody waits for each other in a circle."""
    rows = [(key, asked[key].most - 1, now + asked[key].window) for key in sorted(asked)]
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_ratelimit AS kept (key, remaining, ends_at)"  # noqa: S608 (places only)
            f" VALUES {', '.join(['(%s, %s, %s)'] * len(rows))}"
            " ON CONFLICT (key) DO UPDATE SET"
            " remaining = CASE WHEN kept.ends_at > %s THEN kept.remaining - 1 ELSE EXCLUDED.remaining END,"
            " ends_at = CASE WHEN kept.ends_at > %s THEN kept.ends_at ELSE EXCLUDED.ends_at END"
            " WHERE kept.remaining > 0 OR kept.ends_at <= %s RETURNING key, ends_at",
            [value for row in rows for value in row] + [now] * 3,
        )
        return [(bytes(key), ends_at) for key, ends_at in cursor.fetchall()]


def give_back(taken: Taken) -> None:
    """Give back a try that need not count, such as a right password; nothing where its window has ended meanwhile."""
    with connection.cursor() as cursor:
        for key, ends_at in taken:  # each a statement of its own: locks of one row at a time
            cursor.execute(
                "UPDATE core_ratelimit SET remaining = remaining + 1 WHERE key = %s AND ends_at = %s",
                [key, ends_at],
            )


def forget(*limits: Limit) -> None:
    """All tries are there again."""
    RateLimit.objects.filter(key__in=[limit.key for limit in limits]).delete()


BATCH = 5_000


def forget_ended() -> None:
    """Delete the rows whose windows have ended, a batch at a time. One that a try holds at this moment is left for the
    next time, so that nobody waits for each other."""
    deleted = BATCH
    while deleted == BATCH:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM core_ratelimit WHERE key = ANY (ARRAY("
                "SELECT key FROM core_ratelimit WHERE ends_at <= %s LIMIT %s FOR UPDATE SKIP LOCKED))",
                [clock.now(), BATCH],
            )
            deleted = cursor.rowcount


def network(address: str | None) -> str:
    """What counts as one address: an IPv4 address, also where it is written as IPv6 (::ffff:203.0.113.9); of IPv6 the
    network of 64 bits, which one household has to itself. "" for what is no address."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def minutes_until(ends_at: datetime) -> int:
    """Whole minutes to wait, at least one."""
    return max(math.ceil((ends_at - clock.now()) / timedelta(minutes=1)), 1)
