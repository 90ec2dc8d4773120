"""What bad input gets: a clear message that names the field, and nothing half-done."""

import unicodedata
from datetime import datetime

import pytest

from tests import province as p
from vamco.core import clock
from vamco.core.models import LedgerEntry
from vamco.dossiers.models import Dossier
from vamco.parties.models import Party

from .conftest import application, dossier, fields
from .reach_dossiers import sheet

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
LONG = "A" * 10_000
SQL = "'; DROP TABLE dossiers_dossier; --"
HTML = "<script>alert('x')</script><img src=x onerror=alert(1)>"


def party(**changes):
    return [{**application()["parties"][0], **changes}]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"procedure": "9.999999"}, None),
        ({"procedure": ""}, None),
        ({"procedure": 5}, ["procedure"]),
        ({"procedure": None}, ["procedure"]),
        ({"case": "không_có"}, ["case"]),
        ({"unit": "99999"}, ["unit"]),
        ({"unit": ""}, ["unit"]),
        ({"unit": "2769\u0000"}, ["unit"]),
        ({"channel": "fax"}, ["channel"]),
        ({"parties": []}, ["parties"]),
        ({"parties": party() * 21}, ["parties"]),
        ({"parties": "Nguyễn Văn Á"}, ["parties"]),
        ({"parties": party(id_number="080161000413x")}, ["parties.0.id_number"]),
        ({"parties": party(id_number="999161000412")}, ["parties.0.id_number"]),
        ({"parties": party(id_number="0" * 12)}, ["parties.0.id_number"]),
        ({"parties": party(name="")}, ["parties.0.name"]),
        ({"parties": party(name="   ")}, ["parties.0.name"]),
        ({"parties": party(name=LONG)}, ["parties.0.name"]),
        ({"parties": party(name=LONG + "A")}, ["parties.0.name"]),
        ({"parties": party(name="Á\u0000")}, ["parties.0.name"]),
        ({"parties": party(email="không phải thư")}, ["parties.0.email"]),
        ({"parties": party(phone="gọi sau")}, ["parties.0.phone"]),
        ({"parties": party(birth_date="2016-02-30")}, ["parties.0.birth_date"]),
        ({"parties": party(birth_date=20160101)}, ["parties.0.birth_date"]),
        ({"parties": party(birth_date="2030-01-01")}, ["parties.0.birth_date"]),
        ({"parties": party(gender="khác")}, ["parties.0.gender"]),
        ({"parties": party(nationality="Việt Nam")}, ["parties.0.nationality"]),
        ({"parties": party(groups=["vip"])}, ["parties.0.groups"]),
        ({"parties": party(role="judge")}, None),
        ({"parties": party(party=10**18)}, ["parties.0.party"]),
        ({"parties": party(nickname="Tí")}, ["parties.0.nickname"]),
        ({"fields": {}}, ["fields.tinh_trang"]),
        ({"fields": {**application()["fields"], "tinh_trang": "độc thân"}}, ["fields.tinh_trang"]),
        ({"fields": {**application()["fields"], "muc_dich": {"$ne": 1}}}, ["fields.muc_dich"]),
        ({"fields": {**application()["fields"], "la": "x"}}, ["fields.la"]),
        ({"fields": [1]}, ["fields"]),
        ({"papers": []}, ["papers.to_khai", "papers.giay_to_tuy_than", "papers.giay_to_cu_tru"]),
        ({"papers": [*application()["papers"], {"code": "la", "originals": 1}]}, ["papers.la"]),
        ({"papers": [{"code": "to_khai", "originals": -1}]}, ["papers.0.originals"]),
        ({"papers": [{"code": "to_khai", "originals": 10**30}]}, ["papers.0.originals"]),
        ({"papers": [{"code": "to_khai", "originals": 1.5}]}, ["papers.0.originals"]),
        ({"papers": [{"code": "to_khai", "verdict": "fine"}]}, ["papers.0.verdict"]),
        (
            {"papers": [{"code": "to_khai", "originals": 1, "file": 10**17}, *application()["papers"][1:]]},
            ["papers.to_khai"],
        ),
        ({"papers": [{"code": "to_khai", "file": 10**30}]}, ["papers.0.file"]),
        ({"summary": "x" * 1001}, ["summary"]),
        ({"note": "x" * 4001}, ["note"]),
        ({"visit": 10**17}, ["visit"]),
        ({"expected": -1}, ["expected"]),
        ({"received_at": "2016-12-01T09:00:00+07:00"}, ["received_at"]),
        ({"channel": "post", "received_at": "2016-12-05T09:00:01+07:00"}, ["received_at"]),
        ({"channel": "post", "received_at": "2016-12-01T09:00:00"}, ["received_at"]),
        ({"channel": "post", "received_at": "0001-01-01T00:00:00+14:00"}, ["received_at"]),
        ({"channel": "post", "received_at": 1480907000}, ["received_at"]),
        ({"pay": "later"}, ["pay"]),
        ({"surprise": 1}, ["surprise"]),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_dossier_is_refused_and_nothing_is_left(call, change, named):
    before = Party.objects.count(), LedgerEntry.objects.filter(via="api").count()
    answer = call("mot_cua").post("/dossiers", dossier(**change))
    assert answer.status_code in (404, 422)
    assert named is None or fields(answer)[: len(named)] == named
    assert answer.json()["title"]
    assert not Dossier.objects.exists()
    assert (Party.objects.count(), LedgerEntry.objects.filter(via="api").count()) == before


def test_every_fault_is_told_at_once(call):
    body = dossier(parties=party(id_number="12"), fields={}, papers=[], channel="counter", summary="x" * 1001)
    assert {"fields.tinh_trang", "papers.to_khai", "summary"} <= set(
        fields(call("mot_cua").post("/dossiers", body))
    )


@pytest.mark.parametrize(
    "text", [SQL, HTML, "{{ 7*7 }}", "%s %(x)s {0}", "=cmd|' /C calc'!A0", "\u202etxt.exe"]
)
def test_text_that_means_something_elsewhere_is_only_text_here(call, text):
    body = dossier(parties=party(name=f"Lê {text}", id_number=None, address=text), summary=text, note=text)
    answer = call("mot_cua").post("/dossiers", body)
    if answer.status_code == 422:
        assert set(fields(answer)) <= {"parties.0.name", "parties.0.address", "summary"}
        return
    assert answer.status_code == 201, answer.json()
    code = answer.json()["code"]
    shown = call("tu_phap").get(f"/dossiers/{code}").json()
    assert shown["summary"] == " ".join(text.split())
    assert call("tu_phap").post(f"/dossiers/{code}/actions/note", {"text": text}).status_code == 200
    assert call("tu_phap").get("/dossiers", {"q": text}).status_code == 200
    slip = call("tu_phap").get(f"/dossiers/{code}/slips").json()["items"][0]["id"]
    assert call("tu_phap").get(f"/slips/{slip}/paper").status_code == 200


def test_combining_accents_are_the_same_name(call):
    name = "Nguyễn Thị Mỹ Hạnh"
    first = call("mot_cua").post("/dossiers", dossier(parties=party(name=unicodedata.normalize("NFD", name))))
    again = call("mot_cua").post("/dossiers", dossier(parties=party(name=unicodedata.normalize("NFC", name))))
    assert (first.status_code, again.status_code) == (201, 201)
    assert Party.objects.filter(name=name).count() == 1
    for form in ("NFC", "NFD"):
        found = call("mot_cua").get("/dossiers", {"q": unicodedata.normalize(form, "Hạnh")}).json()["items"]
        assert [one["applicant"] for one in found] == [name, name]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"5",
        b"{'a': 1}",
        b'{"unit": NaN}',
        b"\xff\xfe",
        b'{"a":' * 5000,
        b"9" * 5000,
    ],
    ids=lambda body: body[:12].decode("latin-1"),
)
def test_a_body_that_is_no_application(call, body):
    answer = call("mot_cua").client.post("/api/v1/dossiers", body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"].startswith("application/problem+json")


def test_half_a_character_is_refused_by_its_field(call):
    body = '{"unit": "27694", "procedure": "1.004873", "parties": [{"name": "\\ud83d"}]}'
    answer = call("mot_cua").client.post("/api/v1/dossiers", body, content_type="application/json")
    assert fields(answer) == ["parties.0.name"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dossiers/x", 404),
        ("/dossiers/%00", 404),
        (f"/dossiers/{'x' * 61}", 422),
        ("/dossiers/..%2F..%2Fetc", 404),
        ("/files/0", 422),
        ("/files/x", 422),
        ("/files/99999999999999999999", 422),
        ("/files/999999999999", 404),
        ("/slips/999999999999/paper", 404),
        ("/visits/999999999999", 404),
        ("/register_books/999999999999/entries", 404),
        ("/results/khong-co", 404),
        ("/results/%00", 422),
        ("/parties/999999999999", 404),
        ("/messages/999999999999", 404),
        ("/people/999999999999", 404),
        ("/procedure_versions/999999999999", 403),
        ("/dossiers?status=11", 422),
        ("/dossiers?status=x", 422),
        ("/dossiers?limit=0", 422),
        ("/dossiers?limit=201", 422),
        ("/dossiers?cursor=x", 422),
        ("/dossiers?cursor=WzFd", 200),
        ("/dossiers?assignee=x", 422),
        ("/dossiers?stage=x", 422),
        ("/dossiers?tab=x", 422),
        ("/dossiers?due_before=2016-12-09", 422),
        ("/dossiers?due_before=2016-12-09T00:00:00", 422),
        ("/dossiers?due_before=9999-12-31T23:59:59-12:00", 422),
        ("/dossiers?changed_since=0001-01-01T00:00:00%2B14:00", 422),
        ("/dossiers?q=%00", 422),
        ("/dossiers?unit=%00", 422),
        ("/units?parent=%00", 422),
        ("/units?q=%00", 422),
        ("/units?level=x", 422),
        ("/units?on=x", 422),
        ("/units?on=20161209", 422),
        ("/units/%00", 422),
        ("/procedures?tier=x", 422),
        ("/procedures?q=%00", 422),
        ("/procedures/%00", 404),
        ("/calendar_days?year=99999", 422),
        ("/charges", 422),
        ("/receipts?unit=khong-co", 404),
        (f"/units/{p.COMMUNE}/cash/hom-nay", 422),
    ],
)
def test_a_question_that_cannot_be_answered(call, path, status):
    answer = call("mot_cua").get(path)
    assert answer.status_code == status
    if status >= 400:
        assert answer["Content-Type"].startswith("application/problem+json")
        assert answer.json()["title"]


@pytest.mark.parametrize(
    ("action", "body", "named"),
    [
        ("advance", {}, ["outcome"]),
        ("advance", {"outcome": "bay"}, ["outcome"]),
        ("advance", {"outcome": 5}, ["outcome"]),
        ("advance", {"outcome": "trinh_ky", "answers": []}, ["answers"]),
        ("advance", {"outcome": "trinh_ky", "answers": {}}, ["answers.ket_qua_doi_chieu"]),
        ("advance", {"outcome": "trinh_ky", "answers": p.FOUND, "to_person": 10**17}, ["to_person"]),
        ("advance", {"outcome": "trinh_ky", "answers": p.FOUND, "version": "ba"}, ["version"]),
        ("advance", {"outcome": "trinh_ky", "answers": p.FOUND, "file": 10**17}, ["file"]),
        ("note", {}, ["text"]),
        ("note", {"text": ""}, ["text"]),
        ("note", {"text": "x\u0000"}, ["text"]),
        ("note", {"text": "x", "outcome": "y"}, ["outcome"]),
        ("consult", {"unit": "99999", "question": "?"}, ["unit"]),
        ("consult", {"unit": p.COMMUNE, "question": "?"}, ["unit"]),
        ("consult", {"unit": p.DISTRICT, "question": "?", "days": 0}, ["days"]),
        ("consult", {"unit": p.DISTRICT, "question": "?", "days": 10**9}, ["days"]),
        ("request_supplement", {"items": [], "reason": "x"}, ["items"]),
        ("request_supplement", {"items": [{"name": " "}], "reason": "x"}, ["items"]),
        ("request_supplement", {"items": [{"name": "x"}], "reason": " "}, ["reason"]),
        ("request_supplement", {"items": [{"name": "x"}], "reason": "x", "days": 121}, ["days"]),
        ("request_supplement", {"items": ["x"], "reason": "x"}, ["items.0"]),
        ("send_back", {"run": 10**17, "reason": "x"}, ["run"]),
    ],
)
def test_an_action_with_the_wrong_input_changes_nothing(call, action, body, named):
    one = p.receive()
    answer = call("tu_phap").post(f"/dossiers/{one.code}/actions/{action}", body)
    assert (answer.status_code, fields(answer)) == (422, named)
    assert Dossier.objects.get().version == 1


def test_an_action_that_there_is_not_has_no_address(call):
    one = p.receive()
    assert call("tu_phap").post(f"/dossiers/{one.code}/actions/fly").status_code == 404
    assert call("tu_phap").post("/dossiers/actions/fly", {"codes": [one.code]}).status_code == 404


def test_a_spreadsheet_in_the_future_names_its_cell(call):
    path = f"/units/{p.COMMUNE}/actions/import_running"
    answer = call("chu_tich").send(path, sheet(**{"nhận lúc": "06/12/2016 09:00"}))
    assert fields(answer) == ["D2"]
    assert call("chu_tich").send(path, sheet(**{"mã thủ tục": "9.9"})).status_code == 422
    assert call("mot_cua").send(path, sheet()).status_code == 403
    assert not Dossier.objects.exists()


def test_a_clock_that_jumps_back_receives_nothing_in_the_future(call):
    late = call("mot_cua").post("/dossiers", dossier())
    with clock.told(datetime(2016, 12, 5, 8, 0, tzinfo=clock.HERE)):
        answer = call("tu_phap").post(f"/dossiers/{late.json()['code']}/actions/take")
    assert answer.status_code in (200, 409)


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        (
            "/units",
            {"code": "a b", "name": "X", "level": "commune", "agency_code": "1", "valid_from": "2016-12-01"},
            ["code"],
        ),
        (
            "/units",
            {"code": "ab", "name": "X", "level": "ward", "agency_code": "1", "valid_from": "2016-12-01"},
            ["level"],
        ),
        (
            "/units",
            {
                "code": "ab",
                "name": "X",
                "level": "room",
                "agency_code": "1",
                "valid_from": "2016-12-01",
                "parent": "x",
            },
            ["parent"],
        ),
        (f"/units/{p.COMMUNE}/actions/change", {"on": "2016-12-05", "name": " "}, ["name"]),
        ("/posts", {"unit": "99999", "key": "a", "title": "A"}, None),
        ("/posts", {"unit": p.COMMUNE, "key": "A B", "title": "A"}, ["key"]),
        ("/posts", {"unit": p.COMMUNE, "key": "mot_cua", "title": "A"}, ["key"]),
        ("/people", {"unit": p.COMMUNE, "username": "a", "full_name": "A"}, ["username"]),
        ("/people", {"unit": p.COMMUNE, "username": "abc", "full_name": LONG}, ["full_name"]),
        (
            "/people",
            {"unit": p.COMMUNE, "username": "abc", "full_name": "A", "password": "123"},
            ["password"],
        ),
        (
            "/delegations",
            {"receiver": 10**17, "since": "2016-12-05", "until": "2016-12-06", "reason": "x"},
            ["receiver"],
        ),
        ("/calendar_days", {"day": "2016-13-01", "kind": "closed", "name": "x", "source": "x"}, ["day"]),
        ("/calendar_days", {"day": "2016-12-06", "kind": "party", "name": "x", "source": "x"}, ["kind"]),
        (
            "/calendar_days",
            {"unit": "9", "day": "2016-12-06", "kind": "closed", "name": "x", "source": "x"},
            ["unit"],
        ),
        ("/office_hours", {"weekday": 7}, ["weekday"]),
        (
            "/office_hours",
            {"weekday": 1, "morning": {"opens": "11:00", "closes": "07:00"}},
            ["morning.closes"],
        ),
        (
            "/office_hours",
            {"weekday": 1, "morning": {"opens": "25:00", "closes": "26:00"}},
            ["morning.opens", "morning.closes"],
        ),
        ("/procedure_versions", {"definition": {}}, None),
        ("/procedure_versions", {"definition": {"code": SQL}}, None),
        ("/result_templates", {"key": "a b", "name": "x", "text": "x"}, ["key"]),
        ("/result_templates", {"key": "mau_moi", "name": "x", "text": "{{khong_co}}"}, ["text"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_an_administrator_gets_wrong(call, path, body, named):
    answer = call("quan_tri", p.PROVINCE).post(path, body)
    assert answer.status_code in (404, 422), answer.json()
    assert named is None or fields(answer) == named
