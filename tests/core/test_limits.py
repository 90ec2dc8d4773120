"""Rate limits: exactly so many, also at the same moment, until the window ends; nothing in clear, nothing for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from tests.province import MONDAY
from vamco.core import clock, jobs, limits
from vamco.core.errors import TooMany
from vamco.core.limits import Limit
from vamco.core.models import RateLimit

WINDOW = timedelta(minutes=15)
HERE, WIDE = Limit("here", "203.0.113.9", 3, WINDOW), Limit("wide", "everybody", 5, WINDOW)


def says(ends_at: datetime) -> str:
    return f"after {clock.local(ends_at):%H:%M}, in {limits.minutes_until(ends_at)} minutes"


def passes(*wanted: Limit) -> bool:
    try:
        limits.take(*wanted, says=says)
    except TooMany:
        return False
    return True


@pytest.mark.django_db
def test_it_holds_until_its_window_ends_and_says_when() -> None:
    with clock.told(MONDAY):
        assert [passes(HERE) for _try in range(5)] == [True] * 3 + [False] * 2
    late = clock.told(MONDAY + timedelta(minutes=14, seconds=30))
    with late, pytest.raises(TooMany, match="after 09:15, in 1 minutes"):
        limits.take(HERE, says=says)
    with clock.told(MONDAY + WINDOW):
        assert [passes(HERE) for _try in range(4)] == [True] * 3 + [False]


@pytest.mark.django_db
def test_the_window_begins_with_the_first_try() -> None:
    for minutes in (0, 10, 14):
        with clock.told(MONDAY + timedelta(minutes=minutes)):
            assert passes(HERE)
    with clock.told(MONDAY + timedelta(minutes=15)):
        assert [passes(HERE) for _try in range(4)] == [True] * 3 + [False]


@pytest.mark.django_db
def test_others_have_limits_of_their_own() -> None:
    for _try in range(4):
        passes(HERE)
    assert passes(Limit("here", "203.0.113.10", 3, WINDOW))
    assert passes(Limit("there", "203.0.113.9", 3, WINDOW))


@pytest.mark.django_db
def test_refused_tries_of_one_do_not_use_up_what_all_share() -> None:
    for _try in range(20):
        passes(HERE, WIDE)
    another = Limit("here", "203.0.113.10", 3, WINDOW)
    assert [passes(another, WIDE) for _try in range(3)] == [True, True, False]


@pytest.mark.django_db
def test_a_refused_try_writes_nothing(django_assert_num_queries) -> None:
    for _try in range(3):
        passes(HERE, WIDE)
    with django_assert_num_queries(1) as asked:
        passes(HERE, WIDE)
    assert asked[0]["sql"].startswith("SELECT")


@pytest.mark.django_db
def test_a_try_that_is_given_back_does_not_count() -> None:
    for _try in range(20):
        limits.give_back(limits.take(HERE, WIDE, says=says))
    assert [passes(HERE, WIDE) for _try in range(4)] == [True] * 3 + [False]


@pytest.mark.django_db
def test_what_is_given_back_after_the_windows_end_is_no_gift_to_the_next() -> None:
    with clock.told(MONDAY):
        old = limits.take(HERE, says=says)
    with clock.told(MONDAY + WINDOW):
        assert passes(HERE)
        limits.give_back(old)
        assert [passes(HERE) for _try in range(3)] == [True, True, False]


@pytest.mark.django_db
def test_forgotten_it_begins_anew() -> None:
    for _try in range(4):
        passes(HERE)
    limits.forget(HERE)
    assert passes(HERE)


@pytest.mark.usefixtures("committed")
def test_parallel_tries_let_exactly_the_limit_through() -> None:
    """Of new rows and of rows that are there; of two limits in either order, so that nobody waits in a circle."""
    ready = Barrier(30)

    def one(number: int) -> list[bool]:
        try:
            passed = []
            for turn in range(4):
                mine = Limit("here", f"turn {turn}", 7, WINDOW)
                ours = Limit("wide", f"turn {turn}", 9, WINDOW)
                ready.wait()
                passed.append(passes(*((mine, ours) if number % 2 else (ours, mine))))
            return passed
        finally:
            connections.close_all()

    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(one, range(30)))
    assert [sum(turn) for turn in zip(*answers, strict=True)] == [7] * 4
    for turn in range(4):  # what was refused at the very moment went back to what others share
        assert RateLimit.objects.get(key=Limit("wide", f"turn {turn}", 9, WINDOW).key).remaining == 2


@pytest.mark.usefixtures("committed")
def test_it_refuses_to_count_where_a_rollback_would_hand_the_try_back() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        limits.take(HERE, says=says)


@pytest.mark.usefixtures("committed")
def test_rows_that_have_ended_are_deleted_in_batches_past_one_that_is_held(monkeypatch) -> None:
    monkeypatch.setattr(limits, "BATCH", 3)
    with clock.told(MONDAY):
        for number in range(7):
            passes(Limit("old", str(number), 1, WINDOW))
    with clock.told(MONDAY + WINDOW):
        passes(Limit("new", "", 1, WINDOW))

        def clear() -> None:
            with clock.told(MONDAY + WINDOW):
                jobs.forget_limits()
            connections.close_all()

        with transaction.atomic():
            RateLimit.objects.select_for_update().get(key=Limit("old", "0", 1, WINDOW).key)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(clear).result(timeout=20)
        assert RateLimit.objects.count() == 2
        jobs.forget_limits()
    assert [bytes(row.key) for row in RateLimit.objects.all()] == [Limit("new", "", 1, WINDOW).key]


def test_they_are_deleted_every_five_minutes() -> None:
    assert ("core.forget_limits", "*/5 * * * *") in {
        (task.task.name, task.cron) for task in jobs.app.periodic_registry.periodic_tasks.values()
    }


@pytest.mark.django_db
def test_nothing_is_kept_in_clear() -> None:
    passes(HERE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_ratelimit::text, key FROM core_ratelimit")
        [(row, key)] = cursor.fetchall()
    assert len(key) == 16
    for word in ("203.0.113.9", "here"):
        assert word not in row
        assert word.encode().hex() not in row


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        (None, ""),
        ("máy", ""),
    ],
)
def test_a_household_is_one_address(address: str | None, kept: str) -> None:
    assert limits.network(address) == kept
