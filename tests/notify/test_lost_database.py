"""A job that loses the database is done again, at any number of tries; a fault of the program is not."""

import pytest
from django.db import InterfaceError, OperationalError

from vamco.notify.jobs import Again


@pytest.mark.parametrize("lost", [OperationalError("terminating connection"), InterfaceError("closed")])
def test_a_lost_database_is_tried_again(lost: Exception) -> None:
    assert Again().get_retry_decision(exception=lost, job=None) is not None


def test_a_fault_of_the_program_is_not() -> None:
    assert Again().get_retry_decision(exception=KeyError("x"), job=None) is None
