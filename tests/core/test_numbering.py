"""Register numbers without gaps and serials without queues, by several people at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from django.db import connections, transaction

from vamco.core import numbering
from vamco.core.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "serials"])
THREADS = 8


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """Run the work in eight threads with connections of their own; their answers."""
    barrier = threading.Barrier(THREADS)

    def run(thread: int) -> Any:
        try:
            barrier.wait(10)
            return work(thread)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return [future.result(60) for future in [pool.submit(run, thread) for thread in range(THREADS)]]


class Oops(Exception):
    pass


def test_numbers_start_at_one_and_series_are_apart() -> None:
    with transaction.atomic():
        assert [numbering.next_number("a"), numbering.next_number("a"), numbering.next_number("b")] == [
            1,
            2,
            1,
        ]
    assert numbering.last_number("a") == 2
    assert numbering.last_number("c") == 0


def test_without_a_transaction_there_is_no_number() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        numbering.next_number("a")
    assert numbering.last_number("a") == 0


def test_eight_people_at_once_leave_neither_gap_nor_duplicate_even_when_some_give_up() -> None:
    def work(thread: int) -> list[int]:
        kept = []
        for turn in range(20):
            try:
                with transaction.atomic():
                    number = numbering.next_number("receipt:80123:2016")
                    if (thread + turn) % 3 == 0:
                        raise Oops
                kept.append(number)
            except Oops:
                pass
        return kept

    numbers = sorted(number for kept in at_once(work) for number in kept)
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 100


def test_a_closed_series_refuses_and_keeps_its_last_number() -> None:
    with transaction.atomic():
        numbering.next_number("a")
    assert numbering.close_series("a") == 1
    assert numbering.close_series("a") == 1
    assert numbering.close_series("never used") == 0
    for series in ["a", "never used"]:
        with pytest.raises(Refused), transaction.atomic():
            numbering.next_number(series)
        assert numbering.is_closed(series)
    assert numbering.last_number("a") == 1
    assert not numbering.is_closed("b")


def test_closing_waits_for_a_number_that_is_being_taken() -> None:
    taken, finish, closed = threading.Event(), threading.Event(), []

    def take() -> None:
        try:
            with transaction.atomic():
                numbering.next_number("a")
                taken.set()
                finish.wait(10)
        finally:
            connections.close_all()

    def close() -> None:
        try:
            closed.append(numbering.close_series("a"))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(take)
        assert taken.wait(10)
        second = pool.submit(close)
        assert not wait([second], 0.3).done
        finish.set()
        first.result(10)
        second.result(10)
    assert closed == [1]


def test_serials_are_unique_for_eight_at_once() -> None:
    numbers = [
        n for kept in at_once(lambda _: [numbering.serial("u1:161017") for _ in range(50)]) for n in kept
    ]
    assert len(set(numbers)) == THREADS * 50


def test_a_stuck_transaction_that_holds_a_serial_blocks_nobody() -> None:
    with transaction.atomic():
        mine = numbering.serial("u1:161017")
        with ThreadPoolExecutor(1) as pool:

            def other() -> int:
                try:
                    with transaction.atomic():
                        return numbering.serial("u1:161017")
                finally:
                    connections.close_all()

            assert pool.submit(other).result(5) != mine
        transaction.set_rollback(True)
    assert numbering.serial("u1:161017") > mine


def test_serials_do_not_wait_for_the_disk() -> None:
    numbering.serial("u1:161017")
    with connections["serials"].cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone()[0] == "off"
    with connections["default"].cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone()[0] == "on"
