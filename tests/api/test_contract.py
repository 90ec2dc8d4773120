"""The shapes that other programs build on, one behaviour a test."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import province as p
from vamco.core import clock
from vamco.core.models import LedgerEntry
from vamco.dossiers import actions, queries
from vamco.dossiers.inbox import inbox
from vamco.dossiers.models import Dossier
from vamco.web import words

from .conftest import application, dossier, fields
from .reach_dossiers import consulted

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
KEY = {"Idempotency-Key": "mau-1"}


# POST /dossiers --------------------------------------------------------------------------------------------


def test_a_dossier_is_received(call):
    answer = call("mot_cua").post("/dossiers", dossier())
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"code", "status", "step", "received_at", "due_at", "tracking_url", "tracking_secret"}
    assert (body["status"], body["step"]) == (2, "tham_tra")
    assert (body["received_at"], body["due_at"]) == ("2016-12-05T09:00:00+07:00", "2016-12-08T17:00:00+07:00")
    assert body["tracking_url"].endswith(f"/tra-cuu/{body['code']}/")
    assert re.fullmatch("[2-9A-Z]{6}", body["tracking_secret"])


def test_the_body_of_the_contract_is_taken_as_it_stands(call):
    party = {
        "role": "applicant",
        "kind": "person",
        "name": "Lê Văn Phước",
        "id_number": None,
        "phone": "0913000124",
    }
    papers = [{**one, "verdict": "ok", "file": None} for one in application()["papers"]]
    body = dossier(case=None, channel="post", parties=[party], papers=papers, note="Gửi qua bưu điện")
    assert call("mot_cua").post("/dossiers", body).status_code == 201


def test_a_repeat_with_the_same_key_answers_the_same_dossier(call):
    first = call("mot_cua").post("/dossiers", dossier(), **KEY)
    again = call("mot_cua").post("/dossiers", dossier(), **KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Dossier.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(call):
    call("mot_cua").post("/dossiers", dossier(), **KEY)
    other = call("mot_cua").post("/dossiers", dossier(summary="khác"), **KEY)
    assert other.status_code == 422
    assert Dossier.objects.count() == 1


def test_the_same_key_of_somebody_else_is_another_key(call):
    call("mot_cua").post("/dossiers", dossier(), **KEY)
    other = call("mot_cua", p.OTHER_COMMUNE).post("/dossiers", {**dossier(), "unit": p.OTHER_COMMUNE}, **KEY)
    assert other.status_code == 201
    assert Dossier.objects.count() == 2


def test_a_key_that_is_too_long_is_refused_rather_than_cut(call):
    answer = call("mot_cua").post("/dossiers", dossier(), **{"Idempotency-Key": "k" * 201})
    assert fields(answer) == ["Idempotency-Key"]


def test_a_dossier_that_came_by_post_keeps_its_day(call):
    arrived = "2016-12-02T16:30:00+07:00"
    answer = call("mot_cua").post("/dossiers", dossier(channel="post", received_at=arrived))
    assert answer.json()["received_at"] == arrived
    assert answer.json()["due_at"] == "2016-12-08T17:00:00+07:00"  # after the cut-off of 15:00


def test_several_of_one_visit_share_a_slip(call):
    visit = call("mot_cua").post("/visits", {"unit": p.COMMUNE}).json()["id"]
    codes = [
        call("mot_cua").post("/dossiers", dossier(visit=visit, parties=[{"name": name}])).json()["code"]
        for name in ("Lê Văn Phước", "Lê Văn Phước")
    ]
    slip = call("mot_cua").post(f"/visits/{visit}/actions/close").json()
    assert call("mot_cua").get(f"/visits/{visit}").json()["dossiers"] == codes
    paper = call("mot_cua").get(f"/slips/{slip['id']}/paper")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("post", "code", "status"),
    [
        ("", p.COMMUNE, 401),
        ("tu_phap", p.COMMUNE, 403),
        ("mot_cua", p.OTHER_COMMUNE, 403),
        ("quan_tri", p.PROVINCE, 403),
    ],
)
def test_who_may_not_receive(call, post, code, status):
    answer = call(post, code).post("/dossiers", dossier())
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")
    assert not Dossier.objects.exists()


# GET /dossiers ---------------------------------------------------------------------------------------------


@pytest.fixture
def three():
    """Three dossiers: with the officer, with the chairman, with nobody."""
    names = ("Lê Văn Phước", "Trần Thị Hoa", "Đỗ Minh Á")
    first, second, third = [p.receive(parties=(p.PartyInput(name=name),)) for name in names]
    actions.take(p.actor("tu_phap"), first)
    p.decide(second, upto="ky_duyet")
    return first, second, third


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [0, 1, 2]),
        ({"assignee": "me"}, [0]),
        ({"unit": p.COMMUNE}, [0, 1, 2]),
        ({"unit": p.OTHER_COMMUNE}, []),
        ({"unit": "không-có"}, []),
        ({"step": "ky_duyet"}, [1]),
        ({"status": 2}, [2]),
        ({"stage": "processing"}, [0, 1, 2]),
        ({"procedure": p.MARRIAGE}, [0, 1, 2]),
        ({"procedure": "9.999999"}, []),
        ({"due_before": "2016-12-08T17:00:01+07:00"}, [0, 1, 2]),
        ({"due_before": "2016-12-08T17:00:00+07:00"}, []),
        ({"changed_since": "2016-12-05T08:59:59+07:00"}, [0, 1, 2]),
        ({"changed_since": "2016-12-05T02:00:00Z"}, []),
        ({"q": "do minh a"}, [2]),
        ({"q": "Đỗ"}, [2]),
        ({"q": "' OR 1=1 --"}, []),
    ],
)
def test_the_list_is_narrowed(call, three, query, found):
    answer = call("tu_phap").get("/dossiers", query)
    assert [one["code"] for one in answer.json()["items"]] == [three[i].code for i in found]


def test_the_list_comes_in_pages(call, three):
    seen, cursor = [], ""
    while cursor is not None:
        page = call("tu_phap").get("/dossiers", {"limit": 2, "cursor": cursor}).json()
        seen += [one["code"] for one in page["items"]]
        cursor = page["next"]
    assert seen == [one.code for one in three]


def test_changes_come_in_the_order_in_which_they_happened(call, three):
    with clock.told(p.MONDAY + timedelta(hours=1)):
        actions.note(p.actor("tu_phap"), three[1], text="Đã gọi điện cho người nộp.")
    with clock.told(p.MONDAY + timedelta(hours=2)):
        actions.take(p.actor("tu_phap"), three[2])
        actions.consult(p.actor("tu_phap"), three[0], unit=p.OTHER_COMMUNE, question="Có cư trú không?")
    seen, asked = [], {"changed_since": "2016-12-05T09:00:00.000001+07:00", "limit": 1}
    while asked.get("cursor", "") is not None:
        page = call("tu_phap").get("/dossiers", asked).json()
        seen += [one["code"] for one in page["items"]]
        asked["cursor"] = page["next"]
    kept = Dossier.objects.order_by("changed_at", "pk").filter(changed_at__gt=p.MONDAY)
    assert seen == [one.code for one in kept] != []
    answer = call("tu_phap").get("/dossiers", {**asked, "cursor": "WzFd"})
    assert answer.status_code == 422


def test_a_list_never_tells_of_another_unit(call, three):
    stranger = call("tu_phap", p.OTHER_COMMUNE)
    for query in ({}, {"q": "hoa"}, {"q": three[1].code}, {"party": three[1].applicant_id}):
        assert stranger.get("/dossiers", query).json() == {"items": [], "next": None}
    assert set(stranger.get("/inbox").json().values()) == {0}


def test_an_identity_number_may_not_stand_in_an_address(call):
    for number in ("080161000412", "080 161 000 412", "０８０１６１０００４１２"):
        assert fields(call("tu_phap").get("/dossiers", {"q": number})) == ["q"]


def test_the_list_marks_what_is_new_since_the_caller_looked(call, three):
    officer, first = call("tu_phap"), three[0]

    def marks():
        rows = officer.get("/dossiers").json()["items"]
        return [(one["changed"], one["seen"]) for one in rows]

    assert marks() == [(True, None)] * 3
    officer.get(f"/dossiers/{first.code}")
    seen = Dossier.objects.get(pk=first.pk).version
    assert marks()[0] == (False, seen)
    asked = {"unit": p.OTHER_COMMUNE, "question": "Đề nghị xác minh nơi cư trú cũ."}
    actions.consult(p.actor("tu_phap"), Dossier.objects.get(pk=first.pk), **asked)
    assert marks() == [(True, seen), (True, None), (True, None)]
    assert call("mot_cua").get("/dossiers").json()["items"][0]["seen"] is None


def test_the_list_tells_the_time_left_as_the_page_does(call, three):
    listed = {one["code"]: one for one in call("tu_phap").get("/dossiers").json()["items"]}
    for row in [queries.row_of(one, clock.now()) for one in Dossier.objects.select_related("unit")]:
        told = listed[row.dossier.code]
        assert (told["left"], told["standing"]) == (row.left, row.state)
        assert told["left_words"] == words.time_left(row.left) != ""


def test_by_time_left_the_list_is_the_inbox(call, three):
    with clock.told(p.MONDAY - timedelta(days=11)):
        urgent = p.receive(parties=(p.PartyInput(name="Lê Thị Gấp"),))
    officer, walked, cursor = call("tu_phap"), [], ""
    while cursor is not None:
        page = officer.get("/dossiers", {"sort": "left", "limit": 1, "cursor": cursor}).json()
        walked += [one["code"] for one in page["items"]]
        cursor = page["next"]
    assert walked == [one.code for one in (urgent, *three)]
    assert walked == inbox.codes(p.actor("tu_phap"), queries.Filter())
    found = officer.get("/dossiers", {"sort": "left", "q": "gap"}).json()["items"]
    assert [(one["code"], one["standing"]) for one in found] == [(urgent.code, "late")]
    assert fields(officer.get("/dossiers", {"sort": "left", "cursor": "x"})) == ["cursor"]


@pytest.mark.parametrize("sort", ["", "left"])
def test_a_longer_list_asks_the_database_no_more(call, three, sort):
    officer = call("tu_phap")
    officer.get("/dossiers", {"sort": sort})
    with CaptureQueriesContext(connection) as short:
        officer.get("/dossiers", {"sort": sort})
    for n in range(4):
        p.receive(parties=(p.PartyInput(name=f"Lê Văn {n}"),))
    with CaptureQueriesContext(connection) as long:
        assert len(officer.get("/dossiers", {"sort": sort}).json()["items"]) == 7
    assert len(long) == len(short)


# GET /dossiers/{code} --------------------------------------------------------------------------------------


def test_one_dossier_with_timeline_papers_and_what_may_be_done(call):
    code = p.receive().code
    body = call("tu_phap").get(f"/dossiers/{code}").json()
    assert [one["kind"] for one in body["timeline"]] == ["received"]
    assert [one["code"] for one in body["papers"]] == ["to_khai", "giay_to_tuy_than", "giay_to_cu_tru"]
    assert body["parties"][0]["number"] == "0801••••0412"
    can = {(one["action"], one["outcome"]): one["inputs"] for one in body["actions"]}
    assert {("advance", "trinh_ky"), ("take", ""), ("request_supplement", ""), ("note", "")} <= can.keys()
    needed = {one["name"]: one["required"] for one in can["request_supplement", ""]}
    assert needed == {"items": True, "reason": True, "days": False}
    assert not [key for key in can if key[0] in ("hand_over", "stop")]


def test_what_is_chosen_from_a_list_says_the_list(call):
    one = p.receive()
    offered = call("chu_tich").get(f"/dossiers/{one.code}").json()["actions"]
    inputs = {
        (offer["action"], given["name"]): given["choices"] for offer in offered for given in offer["inputs"]
    }
    assert [each["value"] for each in inputs["assign", "person"]] == [p.person("tu_phap").pk]
    assert "tham_tra" in [each["value"] for each in inputs["move", "step"]]
    offered = call("tu_phap").get(f"/dossiers/{one.code}").json()["actions"]
    refuse = next(offer for offer in offered if offer["outcome"] == "de_nghi_tu_choi")
    choices = {given["name"]: given["choices"] for given in refuse["inputs"]}
    assert "dang_co_vo_chong" in [each["value"] for each in choices["reasons"]]


def test_every_action_that_is_offered_can_be_done(call):
    """What is listed is taken: an offer without required inputs goes through as it stands."""
    one = p.receive()
    body = call("tu_phap").get(f"/dossiers/{one.code}").json()
    take = next(offer for offer in body["actions"] if offer["action"] == "take")
    assert take["inputs"] == []
    done = call("tu_phap").post(f"/dossiers/{one.code}/actions/take")
    assert done.json()["assignee"] == p.person("tu_phap").pk


@pytest.mark.parametrize(("post", "code"), [("tu_phap", p.OTHER_COMMUNE), ("quan_tri", p.PROVINCE)])
def test_a_dossier_of_others_is_not_there(call, post, code):
    one = p.receive()
    missing = call(post, code).get("/dossiers/000.00.00.H39-161205-9999")
    hidden = call(post, code).get(f"/dossiers/{one.code}")
    assert (hidden.status_code, hidden.json()) == (404, missing.json())
    for path in ("slips", "notes", "control_slip", "closing_slip", "draft"):
        assert call(post, code).get(f"/dossiers/{one.code}/{path}").status_code == 404


# POST /dossiers/{code}/actions/{action} --------------------------------------------------------------------


def test_the_whole_way_through_the_api(call):
    code = call("mot_cua").post("/dossiers", dossier()).json()["code"]
    way = [("tu_phap", "trinh_ky", p.FOUND), ("chu_tich", "ky", {}), ("van_phong", "vao_so", {})]
    for post, outcome, answers in way:
        version = call(post).get(f"/dossiers/{code}").json()["version"]
        done = call(post).post(
            f"/dossiers/{code}/actions/advance", {"version": version, "outcome": outcome, "answers": answers}
        )
        assert done.status_code == 200, done.json()
    assert (done.json()["stage"], done.json()["result"]["number"]) == ("ready", "01/2016/XNTTHN")
    p.pay(Dossier.objects.get(code=code))
    done = call("mot_cua").post(f"/dossiers/{code}/actions/hand_over")
    assert (done.json()["stage"], done.json()["status"]) == ("returned", 10)


def test_an_action_that_the_state_does_not_allow_is_refused_and_nothing_happens(call):
    one = p.receive()
    answer = call("mot_cua").post(f"/dossiers/{one.code}/actions/hand_over")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:vamco:problem:refused"
    assert Dossier.objects.get().stage == "processing"


def test_a_stale_version_is_told_with_who_changed_it(call):
    one = p.receive()
    actions.take(p.actor("tu_phap"), one)
    answer = call("chu_tich").post(
        f"/dossiers/{one.code}/actions/assign", {"version": 1, "person": p.person("tu_phap").pk}
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:vamco:problem:stale")
    assert p.person("tu_phap").full_name in answer.json()["title"]


def test_an_action_of_somebody_else_is_not_allowed(call):
    one = p.receive()
    answer = call("mot_cua").post(f"/dossiers/{one.code}/actions/stop", {"reason": "Theo quyết định."})
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:vamco:problem:not-allowed")


def test_what_is_asked_for_is_kept_word_for_word(call):
    one = p.receive()
    wanted = [{"name": "Bản sao sổ hộ khẩu", "fault": "Thiếu trang 2"}, {"name": "Ảnh"}]
    body = {"items": wanted, "reason": "Chưa đủ", "days": 10}
    assert (
        call("tu_phap").post(f"/dossiers/{one.code}/actions/request_supplement", body).json()["stage"]
        == "supplement"
    )
    kept = one.supplements.get().items.values_list("name", "fault")
    assert list(kept) == [("Bản sao sổ hộ khẩu", "Thiếu trang 2"), ("Ảnh", "")]


def test_an_action_done_twice_with_one_key_is_done_once(call):
    one = p.receive()
    for _i in range(2):
        answer = call("tu_phap").post(f"/dossiers/{one.code}/actions/note", {"text": "Đã gọi"}, **KEY)
        assert answer.status_code == 200
    assert [each["text"] for each in call("tu_phap").get(f"/dossiers/{one.code}/notes").json()["items"]] == [
        "Đã gọi"
    ]


def test_many_at_once_each_with_its_own_answer(call, three):
    codes = [one.code for one in three] + ["000.00.00.H39-161205-9999"]
    body = {"codes": codes, "person": p.person("tu_phap").pk}
    told = call("chu_tich").post("/dossiers/actions/assign", body).json()["items"]
    assert [(one["code"], one["done"]) for one in told] == [
        (codes[0], False), (codes[1], False), (codes[2], True), (codes[3], False),
    ]  # fmt: skip
    assert all(one["problem"] for one in told if not one["done"])


def test_a_number_is_told_to_who_works_on_it_and_on_record(call):
    one = p.receive()
    party = call("tu_phap").get(f"/dossiers/{one.code}").json()["parties"][0]["id"]
    path = f"/dossiers/{one.code}/actions/reveal_number"
    assert call("tu_phap").post(path, {"party": party}).json()["number"] == "080161000412"
    assert LedgerEntry.objects.filter(action="dossiers.reveal_number").count() == 1
    assert call("tu_phap").post(path, {"party": party + 1000}).status_code == 404
    assert call("tu_phap", p.OTHER_COMMUNE).post(path, {"party": party}).status_code == 404


# Consultations, registers, the ledger ----------------------------------------------------------------------


def test_opinions_wait_for_the_unit_that_was_asked(call):
    one = consulted()
    asked = call("tu_phap", p.OTHER_COMMUNE).get("/consultations").json()["items"]
    assert [(each["dossier"], each["unit"]) for each in asked] == [(one.code, p.OTHER_COMMUNE)]
    assert call("tu_phap").get("/consultations").json()["items"] == []
    assert len(call("tu_phap").get("/consultations", {"dossier": one.code}).json()["items"]) == 1
    path = f"/consultations/{asked[0]['id']}/actions/answer"
    assert call("tu_phap").post(path, {"text": "x"}).status_code == 403
    assert call("mot_cua", p.CENTRE).post(path, {"text": "x"}).status_code == 404


def test_the_ledger_is_read_by_who_inspects_the_province(call):
    call("mot_cua").post("/dossiers", dossier())
    rows = call("thanh_tra", p.PROVINCE).get("/ledger", {"action": "dossiers.receive"}).json()["items"]
    assert [(one["name"], one["via"]) for one in rows] == [(p.person("mot_cua").full_name, "api")]
    one = call("thanh_tra", p.PROVINCE).get(f"/ledger/{rows[0]['id']}")
    assert "Hạnh" not in one.content.decode()
    assert call("mot_cua").get("/ledger").status_code == 403
