"""Two requests at once: a repeated submission makes one dossier, and of two who take the same one is refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tests import province as p
from vamco.dossiers.models import Dossier

from .conftest import Caller, dossier

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "serials"])


@pytest.fixture
def officer():
    p.load()
    return Caller(p.person("mot_cua"))


def at_once(*requests):
    """The answers of requests that are sent at the same time."""

    def ask(request):
        try:
            return request()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(requests)) as pool:
        return [one.result() for one in [pool.submit(ask, request) for request in requests]]


def test_a_submission_sent_four_times_at_once_is_one_dossier(officer):
    def send():
        return officer.post("/dossiers", dossier(), **{"Idempotency-Key": "mau-1"})

    answers = at_once(*[send] * 4)
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["code"] for one in answers}) == 1
    assert Dossier.objects.count() == 1


def test_submissions_at_once_get_different_codes(officer):
    answers = at_once(*[lambda: officer.post("/dossiers", dossier(parties=[{"name": "Lê Văn Phước"}]))] * 4)
    assert len({one.json()["code"] for one in answers}) == 4


def test_of_two_who_decide_the_same_step_one_is_refused(officer):
    code = officer.post("/dossiers", dossier()).json()["code"]
    caller = Caller(p.person("tu_phap"))
    body = {"version": 1, "outcome": "trinh_ky", "answers": p.FOUND}
    answers = at_once(*[lambda: caller.post(f"/dossiers/{code}/actions/advance", body)] * 2)
    assert sorted(one.status_code for one in answers) == [200, 409]
