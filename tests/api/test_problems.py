"""Whatever is refused under /api/ is a problem document (RFC 9457), also before any operation is reached."""

import pytest
from django.test import Client

from .conftest import dossier

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def problem(answer, status):
    """What the document says, once it is one."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    said = answer.json()
    assert (said["status"], said.keys()) == (status, {"type", "title", "status", "errors"})
    return said


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_a_method_that_an_address_does_not_know(method):
    answer = getattr(Client(), method)("/api/v1/dossiers")
    assert problem(answer, 405)["type"] == "urn:vamco:problem:wrong-method"
    assert answer["Allow"] == "GET, POST"


def test_an_address_that_is_not_there():
    assert problem(Client().get("/api/v1/khong-co"), 404)["type"] == "urn:vamco:problem:not-found"
    problem(Client().get("/api/v2/units"), 404)
    problem(Client().post("/api/v1/units/27694/"), 404)


def test_a_body_that_is_no_json(call):
    counter = call("mot_cua")
    for sent in ("{", "", "[1", '{"a": NaN}', "\ud7ff"):
        answer = counter.client.post("/api/v1/dossiers", sent, content_type="application/json")
        assert answer.status_code in (400, 422)
        problem(answer, answer.status_code)


def test_a_body_of_another_kind(call):
    answer = call("mot_cua").client.post("/api/v1/dossiers", "unit=27694", content_type="text/plain")
    assert problem(answer, 415)["type"] == "urn:vamco:problem:unsupported-media-type"
    form = call("mot_cua").client.post("/api/v1/dossiers", dossier(papers="x", fields="y", parties="z"))
    problem(form, 415)


def test_a_body_that_is_too_large(call, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = call("mot_cua").post("/dossiers", dossier(summary="a" * 2000))
    assert problem(answer, 413)["type"] == "urn:vamco:problem:too-large"


def test_a_token_that_is_worth_nothing():
    answer = Client(headers={"Authorization": "Bearer x"}).get("/api/v1/dossiers")
    problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_an_address_with_another_host():
    problem(Client(headers={"Host": "la.example"}).get("/api/v1/units"), 400)


def test_a_page_keeps_its_own_answer():
    answer = Client().put("/robots.txt")
    assert answer.status_code == 405
    assert not answer["Content-Type"].startswith("application/problem+json")
