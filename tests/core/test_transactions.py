"""What outlives a rollback."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import InterfaceError, OperationalError, transaction

from vamco.core.errors import Refused
from vamco.core.transactions import atomic, outlive_rollback

pytestmark = pytest.mark.django_db
Written = list[tuple[list[str], bool]]


@pytest.fixture
def written() -> Written:
    return []


@pytest.fixture
def note(written: Written) -> Callable[[str], None]:
    """Keep a word, once."""

    def write(things: list[str], undone: bool) -> None:
        assert transaction.get_connection().in_atomic_block
        written.append((things, undone))

    return lambda word: outlive_rollback(write, word, word)


def test_what_is_kept_is_written_at_the_end_once_for_each_key(
    note: Callable[[str], None], written: Written
) -> None:
    with atomic():
        with atomic():
            note("a")
        note("a")
        note("b")
        assert not written
    assert written == [(["a", "b"], False)]


def test_it_is_written_after_a_refusal_that_somebody_caught_inside(
    note: Callable[[str], None], written: Written
) -> None:
    with atomic(), suppress(ZeroDivisionError), atomic():
        note("a")
        raise ZeroDivisionError
    assert written == [(["a"], True)]


def test_only_what_was_kept_in_the_undone_block_is_undone(
    note: Callable[[str], None], written: Written
) -> None:
    with atomic():
        note("a")
        with suppress(ZeroDivisionError), atomic():
            note("a")
            note("b")
            raise ZeroDivisionError
        with atomic():
            note("c")
        with atomic():
            note("d")
            transaction.set_rollback(True)
    assert written == [(["a", "c"], False), (["b", "d"], True)]


def test_it_is_written_when_everything_is_undone(note: Callable[[str], None], written: Written) -> None:
    with suppress(ZeroDivisionError), atomic():
        with atomic():
            note("a")
        raise ZeroDivisionError
    assert written == [(["a"], True)]


def test_it_is_written_when_a_preview_is_rolled_back(note: Callable[[str], None], written: Written) -> None:
    with atomic():
        note("a")
        transaction.set_rollback(True)
    assert written == [(["a"], True)]


def test_outside_it_is_written_at_once(note: Callable[[str], None], written: Written) -> None:
    note("a")
    assert written == [(["a"], False)]


def test_a_transaction_that_would_undo_it_is_refused() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), atomic():
        pass


@pytest.mark.parametrize(("first", "told"), [(OperationalError, OperationalError), (Refused, InterfaceError)])
def test_the_first_error_is_told_when_nothing_can_be_written_any_more(
    first: type[Exception], told: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    """But for a refusal, which would be an answer without a record."""

    def write(_things: list[str], _undone: bool) -> None:
        raise InterfaceError("connection lost while 080180000412 was written")

    def fail() -> None:
        outlive_rollback(write, "a", "a")
        raise first("x")

    with pytest.raises(told), atomic():
        fail()
    assert "InterfaceError" in caplog.text
    assert "080180000412" not in caplog.text
