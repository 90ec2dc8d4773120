"""What the API tells anyone, and what the second secrets open: results, parties, procedures, units, tracking, health."""

from datetime import datetime, timedelta

import pytest

from tests import province as p
from vamco.dossiers.papers import drafting

from .conftest import fields

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def test_a_result_by_number_with_the_code_on_the_paper_tells_its_state_only(call):
    result = drafting.current(p.decide(p.receive()))
    answer = call("").get(f"/results/{result.number}", **{"X-Result-Secret": result.secret})
    assert answer.json() == {"number": result.number, "state": "valid", "replaced_by": None}
    assert call("").get(f"/results/{result.number}", **{"X-Result-Secret": "XXXXXX"}).status_code == 404
    assert call("").get(f"/results/{result.number}").status_code == 401
    assert call("tu_phap", p.OTHER_COMMUNE).get(f"/results/{result.number}").status_code == 404


def test_parties_are_found_by_name_at_their_units_only(call):
    p.receive()
    found = call("mot_cua").get("/parties", {"q": "hanh nguyen"}).json()["items"]
    assert [(one["name"], one["number"]) for one in found] == [("Nguyễn Thị Mỹ Hạnh", "0801••••0412")]
    pk = found[0]["id"]
    assert call("mot_cua").get(f"/parties/{pk}").status_code == 200
    other = call("mot_cua", p.OTHER_COMMUNE)
    assert other.get("/parties", {"q": "hanh nguyen"}).json()["items"] == []
    assert other.get(f"/parties/{pk}").status_code == 404
    assert call("mot_cua").get(f"/parties/{pk}/look_ups").status_code == 403


def test_procedures_for_anyone(call):
    row = call("").get("/procedures", {"q": "tinh trang hon nhan"}).json()["items"][0]
    assert row["code"] == p.MARRIAGE
    guide = call("").get(f"/procedures/{p.MARRIAGE}").json()
    assert guide["cases"][0]["fields"]["type"] == "object"
    assert call("").get("/procedures/9.999999").status_code == 404


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"level": "centre"}, [p.CENTRE]),
        ({"q": "thanh duc", "level": "commune"}, ["28027"]),
        ({"level": "centre", "on": "2016-10-16"}, []),
        ({"parent": "không-có"}, []),
        ({"q": "%' --"}, None),
    ],
)
def test_units_for_anyone(call, query, codes):
    answer = call("").get("/units", query)
    assert answer.status_code == 200
    if codes is not None:
        assert [one["code"] for one in answer.json()["items"]] == codes
    for one in answer.json()["items"]:
        assert set(one) == {"code", "name", "level", "parent", "valid_from", "valid_to"}


def test_a_unit_with_what_it_was_before(call):
    call("quan_tri", p.PROVINCE).post(
        f"/units/{p.COMMUNE}/actions/change", {"on": "2016-12-05", "name": "Xã Mới"}
    )
    shown = call("").get(f"/units/{p.COMMUNE}").json()
    assert (shown["name"], [one["valid_to"] for one in shown["versions"]]) == ("Xã Mới", ["2016-12-04", None])
    assert call("").get("/units/khong-co").status_code == 404


def test_tracking_tells_anyone_where_it_is_and_no_name(call):
    one = p.receive()
    answer = call("").get(f"/tracking/{one.code}")
    assert answer.status_code == 200
    assert "Hạnh" not in answer.content.decode()
    assert {"code", "status", "words", "due_at", "route"} <= answer.json().keys()


def test_the_second_secret_tells_more_and_wrong_ones_are_limited(call):
    one = p.receive()
    right = call("").get(f"/tracking/{one.code}", **{"X-Tracking-Secret": one.secret})
    assert right.json()["applicant"] == "Nguyễn Thị Mỹ Hạnh"
    assert right["Cache-Control"] == "no-store"
    tries = [
        call("").get(f"/tracking/{one.code}", **{"X-Tracking-Secret": "XXXXXX"}).status_code for _ in range(6)
    ]
    assert tries == [404] * 5 + [429]
    assert call("").get(f"/tracking/{one.code}").status_code == 200


@pytest.mark.parametrize(
    "code", ["000.00.00.H39-161205-9999", "x", "'; DROP TABLE x; --", "%00", "%F0%9F%92%A9"]
)
def test_a_code_that_does_not_exist(call, code):
    assert call("").get(f"/tracking/{code}").status_code in (404, 422)


@pytest.mark.parametrize(("path", "kind"), [("/healthz", "json"), ("/readyz", "json"), ("/metrics", "text")])
def test_health_is_told_without_a_token(client, path, kind):
    answer = client.get(path)
    assert answer.status_code == 200
    assert kind in answer["Content-Type"]


def test_an_address_that_the_api_does_not_have_is_a_problem_document(call):
    answer = call("").get("/nothing")
    assert (answer.status_code, fields(answer)) == (404, [])


def test_a_program_chooses_its_language(call):
    said = call("").get("/procedures/9.999999", **{"Accept-Language": "en"})
    assert said["Content-Language"] == "en"
    assert call("").get("/procedures/9.999999")["Content-Language"] == "vi"


def test_times_carry_the_offset_of_the_offices(call):
    p.receive()
    row = call("tu_phap").get("/dossiers").json()["items"][0]
    message = call("chu_tich").get("/messages").json()["items"][0]
    for at in (row["received_at"], row["changed_at"], message["created_at"]):
        assert datetime.fromisoformat(at).utcoffset() == timedelta(hours=7)
