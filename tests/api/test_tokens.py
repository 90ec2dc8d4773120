"""Bearer tokens: expired, revoked, of somebody who left, and none at all."""

from datetime import timedelta

import pytest

from tests import province as p
from vamco.core import clock

from .conftest import dossier

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def test_an_expired_token_is_worth_nothing(call):
    caller = call("mot_cua")
    assert caller.get("/me").json()["id"] == caller.user.pk
    with clock.told(clock.now() + timedelta(days=366)):
        answer = caller.get("/me")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_revoked_token_is_worth_nothing(call):
    caller = call("mot_cua")
    call("quan_tri", p.PROVINCE).post(f"/tokens/{caller.user.tokens.get().pk}/actions/revoke")
    assert caller.get("/me").status_code == 401


def test_a_token_of_a_deactivated_person_is_worth_nothing(call):
    caller = call("mot_cua")
    call("quan_tri", p.PROVINCE).post(f"/people/{caller.user.pk}/actions/deactivate")
    assert caller.get("/me").status_code == 401
    assert caller.post("/dossiers", dossier()).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer vc_\u00e9"])
def test_a_token_that_is_none(call, header):
    answer = call("").get("/dossiers", authorization=header)
    assert answer.status_code == 401
    assert answer["Content-Type"].startswith("application/problem+json")


def test_a_session_of_a_page_opens_no_api(call):
    caller = call("")
    caller.client.force_login(p.person("mot_cua"))
    assert caller.get("/dossiers").status_code == 401
