"""Requests made up from the published description: whatever is sent, the answer is one that the description knows.

Every request is undone, so that one does not prepare the ground for the next. Numbers and codes in the address are
now made up, now those of things that are there, so that the operations themselves are reached, not only their doors.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks

from vamco.core.transactions import atomic
from vamco.wsgi import application as wsgi

from .conftest import Caller

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.response_headers_conformance,
]
QUIET = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


@pytest.fixture
def operations() -> Iterator[list[Any]]:
    """Every operation of the published description, in the test's own transaction."""
    schema = schemathesis.openapi.from_dict(Client().get("/api/v1/openapi.json").json())
    schema.app = wsgi
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield [one.ok() for one in schema.get_all_operations()]
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


turn = count()


def send(case: Any, caller: Caller | None, things: dict[str, Any]) -> None:
    """Send what was made up, as it is or to something that is there; then undo it."""
    thing = things.get(case.path.removeprefix("/api/v1/").split("/")[0])
    first = next(iter(case.path_parameters or {}), None)
    if thing is not None and first in (case.path_parameters or {}) and next(turn) % 4:
        case.path_parameters[first] = thing
    with atomic():
        plain = {"Accept-Encoding": "identity"}  # its transport does not unpack
        answer = case.call(headers={**plain, **(caller.headers if caller else {})})
        transaction.set_rollback(True)
    case.validate_response(answer, checks=CHECKS)


def faults(operations: list[Any], caller: Caller | None, things: dict[str, Any], examples: int) -> list[str]:
    """What was wrong with the answers: the published examples first, then so many requests that fit the description
    and as many that do not, for each operation."""
    found = []
    for operation in operations:
        made = [(one, 1) for one in operation.get_strategies_from_examples()[:5]]
        made += [(operation.as_strategy(generation_mode=mode), examples) for mode in GenerationMode]
        for strategy, most in made:
            try:
                _run(strategy, caller, things, most)
            except Unsatisfiable:
                continue
            except (Exception, BaseExceptionGroup) as fault:
                found.append(f"{operation.label}: {fault!r} {fault}")
    return found


def _run(strategy: Any, caller: Caller | None, things: dict[str, Any], examples: int) -> None:
    @settings(max_examples=examples, **QUIET)
    @given(case=strategy)
    def run(case: Any) -> None:
        send(case, caller, things)

    run()


def test_whatever_an_officer_sends(operations, everything, things):
    assert faults(operations, everything, things, 1) == []


def test_whatever_a_stranger_sends(operations, things):
    assert faults(operations, None, things, 1) == []


@pytest.mark.slow
def test_much_more_of_what_an_officer_sends(operations, everything, things):
    assert faults(operations, everything, things, 25) == []


@pytest.mark.slow
def test_much_more_of_what_a_stranger_sends(operations, things):
    assert faults(operations, None, things, 5) == []
