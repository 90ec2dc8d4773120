"""Statements that stay prepared answer as others do, and are counted, logged and rolled back as others are."""

import pytest
from django.db import DataError, connection, transaction

from vamco.core import prepared

pytestmark = pytest.mark.django_db


def ask(number: object) -> object:
    with prepared.cursor() as cursor:
        cursor.execute("SELECT %s::bigint + 1", [number])
        return cursor.fetchone()[0]


def kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::bigint + 1'"
        )
        return cursor.fetchone()[0]


def test_a_statement_is_kept_once_it_was_asked_often(django_assert_num_queries) -> None:
    with django_assert_num_queries(7):
        assert [ask(n) for n in range(7)] == list(range(1, 8))
    assert kept() == 1


def test_after_a_fault_the_next_one_is_answered() -> None:
    for n in range(7):
        ask(n)
    with pytest.raises(DataError), transaction.atomic():
        ask("no number")
    assert ask(2) == 3
