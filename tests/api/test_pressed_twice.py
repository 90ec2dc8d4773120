"""Every action pressed twice at the same moment, with real commits: it is done once, and both presses are told so."""

import contextvars
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from tests import province as p
from vamco.core.models import DoneRequest, LedgerEntry

from . import reach_catalogue, reach_rest
from .conftest import Caller, dossier
from .reach_dossiers import CASES

assert reach_catalogue, reach_rest


SECOND = {
    "dossiers.delete_filter": 404,
    "organisation.issue_token": 422,
    "organisation.revoke": 404,
    "results.drop_correction": 404,
}
"""What the second press may be told instead of the same: a token is shown once; what is thrown away has gone."""


class Twice(Caller):
    """Somebody whose every press arrives twice at the same moment, under one key as a browser sends it."""

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        headers.setdefault("Idempotency-Key", uuid.uuid4().hex)
        newest = LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

        def press() -> Any:
            try:
                return super(Twice, self).post(path, body, **headers)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            presses = [pool.submit(contextvars.copy_context().run, press) for _i in range(2)]
            answers = [one.result() for one in presses]
        answers.sort(key=lambda one: one.status_code)
        done = DoneRequest.objects.filter(key=headers["Idempotency-Key"]).values_list("action", flat=True)
        for action in done:
            assert LedgerEntry.objects.filter(pk__gt=newest, action=action).count() == 1
            allowed = SECOND.get(action, answers[0].status_code)
            assert answers[1].status_code in (answers[0].status_code, allowed), answers[1].content.decode()
        return answers[0]


@pytest.fixture
def twice(committed: None, monday: None) -> Callable[..., Twice]:
    known: dict[tuple[str, str], Twice] = {}

    def caller(post: str, code: str = p.COMMUNE) -> Twice:
        key = post, code
        if key not in known:
            known[key] = Twice(p.person(post, code) if post else None)
        return known[key]

    return caller


QUICK = ("dossiers.", "payments.")
"""Where people and money move; the rest is pressed twice in the slow run."""


@pytest.mark.parametrize(
    "action",
    [
        pytest.param(one, marks=() if one.startswith(QUICK) else pytest.mark.slow, id=one)
        for one in sorted(CASES)
    ],
)
def test_it_is_done_once(action: str, twice: Callable[..., Twice]) -> None:
    answer = CASES[action](twice)

    assert answer.status_code in (200, 201), answer.content.decode()
    assert LedgerEntry.objects.filter(action=action, via="api").exists()


@pytest.mark.django_db(databases=["default", "serials"])
def test_a_key_is_for_one_request(province: None, monday: None) -> None:
    counter, key = Caller(p.person("mot_cua")), {"Idempotency-Key": "1"}
    assert counter.post("/dossiers", dossier(), **key).status_code == 201
    assert counter.post("/dossiers", dossier(note="khác"), **key).status_code == 422
