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

from tests import province as p
from vamco.core.actions import SYSTEM
from vamco.dossiers import actions, drafting
from vamco.dossiers.models import RegisterBook
from vamco.notify.models import Message
from vamco.organisation import actions as organisation
from vamco.organisation.models import Delegation, Grant, Holding, Post, User
from vamco.organisation.roles import ROLES
from vamco.payments.models import Receipt, ReceiptBook
from vamco.procedures import actions as catalogue
from vamco.procedures.models import ProcedureVersion
from vamco.timing.models import CalendarDay
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


@pytest.fixture
def everything() -> Caller:
    """Somebody who holds every role at the commune and administers the province: no door stops the request."""
    user = organisation.create_person(SYSTEM, p.unit(), username="moi.quyen", full_name="Người Mọi Quyền")
    post = organisation.create_post(SYSTEM, p.unit(), key="moi_quyen", title="Mọi quyền")
    for role in ROLES:
        organisation.grant(SYSTEM, post, role=role, unit=p.unit())
    organisation.appoint(SYSTEM, post, user=user, since=p.MONDAY.date())
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    return Caller(User.objects.get(pk=user.pk))


@pytest.fixture
def things() -> dict[str, Any]:
    """What is there: for each parameter of an address one that exists, by the first part of the address."""
    done = p.decide(p.receive())
    p.pay(done)
    open_one = p.receive(parties=(p.PartyInput(name="Lê Văn Phước"),))
    asked = actions.consult(p.actor("tu_phap"), open_one, unit=p.OTHER_COMMUNE, question="Đề nghị xác minh.")
    visit = actions.open_visit(p.actor("mot_cua"), p.unit())
    post = Post.objects.get(unit=p.unit(), key="tu_phap")
    delegation = Delegation.objects.create(
        giver=p.person("tu_phap"), receiver=p.person("van_phong"), since=p.MONDAY, until=p.MONDAY, reason="x"
    )
    version = ProcedureVersion.objects.filter(procedure__code=p.MARRIAGE).first()
    books = RegisterBook.objects.first()
    return {
        "dossiers": open_one.code,
        "tracking": open_one.code,
        "units": p.COMMUNE,
        "procedures": p.MARRIAGE,
        "procedure_versions": catalogue.new_draft(SYSTEM, version).pk,
        "results": drafting.current(done).pk,
        "receipts": Receipt.objects.first().pk,
        "receipt_books": ReceiptBook.objects.first().pk,
        "register_books": books.pk if books else 1,
        "messages": Message.objects.first().pk,
        "parties": done.applicant_id,
        "visits": visit.pk,
        "filters": actions.save_filter(p.actor("tu_phap"), None, name="Của tôi", query="tab=mine").pk,
        "consultations": asked.consultations.get().pk,
        "slips": done.slips.first().pk,
        "files": drafting.current(done).file_id,
        "people": p.person("tu_phap").pk,
        "posts": post.pk,
        "grants": Grant.objects.filter(post=post).first().pk,
        "holdings": Holding.objects.filter(post=post).first().pk,
        "delegations": delegation.pk,
        "calendar_days": CalendarDay.objects.first().pk,
        "regimes": "qd09_2015",
        "result_templates": "gxn_tthn",
        "ledger": 1,
        "tokens": 1,
    }


turn = count()


def send(case: Any, caller: Caller | None, things: dict[str, Any]) -> None:
    """Send what was made up, as it is or to something that is there; then undo it."""
    thing = things.get(case.path.removeprefix("/api/v1/").split("/")[0])
    first = next(iter(case.path_parameters or {}), None)
    if thing is not None and first in (case.path_parameters or {}) and next(turn) % 4:
        case.path_parameters[first] = thing
    with transaction.atomic():
        answer = case.call(headers=caller.headers if caller else {})
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
