"""A dossier's page: what it shows to whom, and every action pressed on it, twice, stale, wrong or too late."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import province as p
from tests.pages import one_line
from vamco.core import clock
from vamco.core.models import File, LedgerEntry
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier, Note, Seen, Stage
from vamco.dossiers.papers import drafting
from vamco.dossiers.work import offers
from vamco.parties.models import LookUp

from .dossier_form import again, picture, press, sign_in, url

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]

FOUND = {"answers.ket_qua_doi_chieu": "Chưa đăng ký kết hôn với ai."}


@pytest.fixture
def dossier() -> Dossier:
    return p.receive()


# Reading ---------------------------------------------------------------------------------------------------


def test_the_page_says_what_it_is_where_and_who_has_it(client, dossier):
    text = sign_in(client, "tu_phap").get(url(dossier)).content.decode()
    for said in (
        dossier.code,
        "Nguyễn Thị Mỹ Hạnh",
        "0801••••0412",
        "3 ngày",
        "Thẩm tra hồ sơ",
        "5.000",
        "Giấy tiếp nhận",
    ):
        assert said in text
    assert "080161000412" not in text


@pytest.mark.parametrize("post", ["mot_cua", "tu_phap", "chu_tich", "van_phong"])
@pytest.mark.parametrize(
    "upto", ["tham_tra", "ky_duyet", "vao_so", "ready", "returned", "waiting", "stopped"]
)
def test_everybody_of_the_unit_sees_it_at_every_moment(client, dossier, post, upto):
    if upto == "waiting":
        actions.request_supplement(p.actor("tu_phap"), dossier, items=[("Hộ khẩu", "mờ")], reason="Không rõ")
    elif upto == "stopped":
        actions.stop(p.actor("chu_tich"), dossier, reason="Có quyết định của tòa án")
    else:
        dossier = p.decide(dossier, upto=upto)
        if upto == "returned":
            p.pay(dossier)
            actions.hand_over(p.actor("mot_cua"), dossier)
    sign_in(client, post)
    assert client.get(url(dossier)).status_code == 200
    for offer in offers.offers(p.actor(post), again(dossier)):
        if offer.inputs and offer.key != "correct":
            opened = client.get(url(dossier, offer.key), {"outcome": offer.outcome})
            assert opened.status_code == 200, offer
            assert 'id="act"' in opened.content.decode(), offer


def test_another_commune_does_not_learn_that_it_exists(client, dossier):
    sign_in(client, "tu_phap", p.OTHER_COMMUNE)
    slip = dossier.slips.get()
    for address in (
        url(dossier),
        url(dossier, "note"),
        reverse("dossier_draft", args=[dossier.code]),
        reverse("dossier_control", args=[dossier.code]),
        reverse("dossier_presence", args=[dossier.code]),
        reverse("slip", args=[slip.pk]),
    ):
        assert client.get(address).status_code == 404, address
    assert press(client, dossier, "take").status_code == 404


def test_without_sign_in_every_page_asks_for_it(client, dossier):
    for address in (url(dossier), url(dossier, "note"), reverse("slip", args=[1]), "/viec/"):
        assert client.get(address).headers["Location"].startswith("/tai-khoan/")


def test_looking_is_remembered_and_the_holder_has_opened_it(client, dossier):
    actions.take(p.actor("tu_phap"), dossier)
    run = dossier.runs.get()
    run.opened_at = None
    run.save()
    sign_in(client, "chu_tich").get(url(dossier))
    run.refresh_from_db()
    assert run.opened_at is None
    sign_in(client, "tu_phap").get(url(dossier))
    run.refresh_from_db()
    assert run.opened_at == clock.now()
    assert set(Seen.objects.values_list("user__username", flat=True)) == {
        p.person("tu_phap").username,
        p.person("chu_tich").username,
    }


def test_who_else_has_it_open_is_told(client, dossier):
    sign_in(client, "chu_tich").get(url(dossier))
    text = sign_in(client, "tu_phap").get(url(dossier)).content.decode()
    assert f"{p.person('chu_tich').full_name} cũng đang mở hồ sơ này" in text


def test_an_open_page_learns_that_the_dossier_changed(client, dossier):
    sign_in(client, "tu_phap")
    address = reverse("dossier_presence", args=[dossier.code])
    assert "vừa thay đổi" not in client.get(address, {"v": dossier.version}).content.decode()
    actions.note(p.actor("chu_tich"), dossier, text="Xem lại")
    assert "vừa thay đổi" in client.get(address, {"v": dossier.version}).content.decode()


# The whole number ------------------------------------------------------------------------------------------


def test_the_whole_number_is_shown_on_record(client, dossier):
    party = dossier.parties.get()
    address = reverse("dossier_number", args=[dossier.code, party.pk])
    sign_in(client, "tu_phap")
    assert client.get(address).status_code == 405
    answer = client.post(address, {"request_key": "once"})
    assert "080161000412" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    client.post(address, {"request_key": "once"})
    seen = LookUp.objects.filter(party=dossier.applicant, kind="revealed")
    assert [(one.by, dossier.code in one.purpose) for one in seen] == [(p.person("tu_phap"), True)] * 2
    assert LedgerEntry.objects.filter(action="dossiers.reveal_number").count() == 2


def test_who_only_watches_may_not_see_the_whole_number(client, dossier):
    party = dossier.parties.get()
    client.force_login(p.person("giam_sat", p.PROVINCE))
    answer = client.post(reverse("dossier_number", args=[dossier.code, party.pk]))
    assert answer.status_code == 403
    assert "080161000412" not in answer.content.decode()


# Pressing --------------------------------------------------------------------------------------------------


def test_from_the_pool_to_the_returned_result_by_pages_alone(client, dossier):
    sign_in(client, "tu_phap")
    press(client, dossier, "take")
    assert again(dossier).holder == p.person("tu_phap")
    press(
        client, again(dossier), "advance", "trinh_ky", **{k.replace(".", "__"): v for k, v in FOUND.items()}
    )
    assert again(dossier).step == "ky_duyet"
    sign_in(client, "chu_tich")
    press(client, again(dossier), "advance", "ky")
    sign_in(client, "van_phong")
    press(client, again(dossier), "advance", "vao_so")
    assert again(dossier).stage == Stage.READY
    p.pay(dossier)
    sign_in(client, "mot_cua")
    press(client, again(dossier), "hand_over")
    assert again(dossier).stage == Stage.RETURNED


def test_a_press_twice_and_f5_do_it_once(client, dossier):
    sign_in(client, "tu_phap")
    data = {"version": dossier.version, "request_key": "one", "text": "Đã gọi điện"}
    first = client.post(url(dossier, "note"), data)
    second = client.post(url(dossier, "note"), data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Note.objects.count() == 1


def test_a_decision_pressed_twice_ends_where_the_first_did(client, dossier):
    sign_in(client, "tu_phap")
    data = {"version": dossier.version, "request_key": "one", "outcome": "trinh_ky", **FOUND}
    assert client.post(url(dossier, "advance"), data).status_code == 302
    assert client.post(url(dossier, "advance"), data).status_code == 302
    assert dossier.runs.count() == 2


def test_the_same_upload_pressed_twice_is_one_paper(client, dossier):
    sign_in(client, "mot_cua")
    data = {
        "version": dossier.version,
        "request_key": "one",
        "papers.khac1.code": "khac",
        "papers.khac1.name": "Ảnh",
    }
    for _turn in range(2):
        answer = client.post(url(dossier, "add_papers"), {**data, "papers.khac1.file": picture()})
        assert answer.status_code == 302
    assert dossier.papers.filter(name="Ảnh").count() == 1


def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(client, dossier):
    sign_in(client, "tu_phap")
    answer = press(client, dossier, "advance", "de_nghi_tu_choi", reason="Hồ sơ không đủ căn cứ")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Hãy chọn ít nhất một lý do" in text
    assert "Hồ sơ không đủ căn cứ</textarea>" in text
    assert again(dossier).step == dossier.step


def test_a_step_field_that_must_be_filled_is_asked_for(client, dossier):
    sign_in(client, "tu_phap")
    answer = press(client, dossier, "advance", "trinh_ky")
    assert answer.status_code == 422
    assert 'href="#id_answers.ket_qua_doi_chieu"' in answer.content.decode()


def test_a_stale_form_shows_who_changed_what_and_keeps_the_text(client, dossier):
    sign_in(client, "tu_phap")
    actions.note(p.actor("chu_tich"), dossier, text="Xem kỹ hộ khẩu")
    answer = press(
        client, dossier, "advance", "trinh_ky", answers__ket_qua_doi_chieu="Đã đối chiếu sổ năm 2015"
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert p.person("chu_tich").full_name in text
    assert "Xem kỹ hộ khẩu" in text
    assert "Đã đối chiếu sổ năm 2015</textarea>" in text
    assert again(dossier).step == "tham_tra"
    version = re.search(r'name="version" value="(\d+)"', text.partition('id="act"')[2])[1]
    press(client, dossier, "advance", "trinh_ky", version=version, answers__ket_qua_doi_chieu="Đã đối chiếu")
    assert again(dossier).step == "ky_duyet"


def test_what_somebody_else_has_done_meanwhile_gives_the_text_back(client, dossier):
    sign_in(client, "tu_phap")
    p.decide(dossier, upto="ky_duyet")
    answer = press(client, dossier, "advance", "trinh_ky", answers__ket_qua_doi_chieu="Công sức của tôi")
    assert answer.status_code == 409
    assert "Công sức của tôi" in answer.content.decode()


def test_two_take_it_and_the_second_is_told_who_has_it(client, dossier):
    actions.take(p.actor("tu_phap"), dossier)
    stand_in = sign_in(client, "chu_tich")
    answer = press(stand_in, dossier, "take")
    assert answer.status_code in (403, 409)
    assert again(dossier).holder == p.person("tu_phap")


def test_a_person_who_can_not_do_the_step_is_not_in_the_list(client, dossier):
    sign_in(client, "chu_tich")
    text = client.get(url(dossier, "assign")).content.decode()
    choices = text.partition('name="person"')[2].partition("</select>")[0]
    assert p.person("tu_phap").full_name in choices
    assert p.person("van_phong").full_name not in choices
    assert press(client, dossier, "assign", person=p.person("van_phong").pk).status_code == 422


def test_a_file_must_be_what_its_name_says(client, dossier):
    sign_in(client, "mot_cua")
    fake = SimpleUploadedFile("giay.pdf", b"<html>no</html>", "application/pdf")
    answer = press(client, dossier, "add_papers", papers__khac1__code="khac", papers__khac1__file=fake)
    assert answer.status_code == 422
    assert not dossier.papers.filter(file__isnull=False).exists()


def test_a_file_that_is_too_large_is_said_beside_its_field(client, dossier, settings):
    settings.MAX_UPLOAD = 1024 * 1024
    large = SimpleUploadedFile("quet.pdf", b"%PDF-1.4\n" + b" " * 1024 * 1024 + b"\n%%EOF", "application/pdf")
    answer = press(
        sign_in(client, "mot_cua"), dossier, "add_papers",
        papers__khac1__code="khac", papers__khac1__name="Bản vẽ", papers__khac1__file=large,
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Tệp lớn quá 1 MB" in answer.content.decode()
    assert 'value="Bản vẽ"' in answer.content.decode()
    assert again(dossier).version == dossier.version
    assert not File.objects.filter(name="quet.pdf").exists()


def test_refusal_is_drafted_with_a_reason_of_the_procedure(client, dossier):
    sign_in(client, "tu_phap")
    text = client.get(url(dossier, "advance"), {"outcome": "de_nghi_tu_choi"}).content.decode()
    reason = re.search(r'name="reasons" value="(\w+)"', text)[1]
    press(client, dossier, "advance", "de_nghi_tu_choi", reasons=reason, reason="Đã kết hôn năm 2010")
    assert again(dossier).step == "ky_tu_choi"
    assert drafting.refusal_of(dossier).values["ly_do"]


def test_a_supplement_is_asked_for_and_comes_in(client, dossier):
    sign_in(client, "tu_phap")
    press(
        client, dossier, "request_supplement",
        items__giay_to_cu_tru="on", items__giay_to_cu_tru__fault="Chụp mờ", items__khac1="Bản cam đoan",
        reason="Không đọc được", days=10,
    )  # fmt: skip
    asked = dossier.supplements.get()
    assert [(one.fault, one.name[:8]) for one in asked.items.all()] == [
        ("Chụp mờ", asked.items.all()[0].name[:8]),
        ("", "Bản cam "),
    ]
    sign_in(client, "mot_cua")
    press(
        client,
        again(dossier),
        "resume",
        papers__0__originals=1,
        papers__0__file=picture(),
        papers__1__originals=1,
    )
    assert again(dossier).stage == Stage.PROCESSING
    added = dossier.papers.order_by("-pk")[:2]
    assert {one.name for one in added} == set(asked.items.values_list("name", flat=True))


def test_a_supplement_of_nothing_is_refused_with_the_text_kept(client, dossier):
    answer = press(sign_in(client, "tu_phap"), dossier, "request_supplement", reason="Giấy mờ", days=5)
    assert answer.status_code == 422
    assert "Hãy nêu ít nhất một giấy tờ" in answer.content.decode()
    assert "Giấy mờ</textarea>" in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "x"},
        {"version": "9" * 30},
        {"days": "x"},
        {"days": "-1"},
        {"days": "9" * 30},
        {"unit": "nope"},
    ],
)
def test_wrong_values_are_clear_messages(client, dossier, wrong):
    sign_in(client, "tu_phap")
    data = {"unit": p.OTHER_COMMUNE, "question": "Ý kiến?", "days": "3", **wrong}
    assert press(client, dossier, "consult", **data).status_code in (409, 422)
    assert not dossier.consultations.exists()


def test_a_new_date_is_drafted_by_one_and_signed_by_another(client, dossier):
    press(sign_in(client, "tu_phap"), dossier, "draft_new_date", days=3, reason="Chờ xác minh")
    sign_in(client, "chu_tich")
    form = client.get(url(dossier, "sign_new_date")).content.decode().partition('id="act"')[2]
    assert "Chờ xác minh</textarea>" in form
    assert 'value="13/12/2016"' in form
    press(client, again(dossier), "sign_new_date", reason="Chờ xác minh ở xã cũ", new_due_at="2016-12-14")
    assert clock.local(again(dossier).due_at).isoformat()[:16] == "2016-12-14T17:00"
    assert dossier.slips.filter(kind="apology").exists()


def test_a_supervisor_moves_and_corrects_with_a_reason(client, dossier):
    dossier = p.decide(dossier, upto="ky_duyet")
    sign_in(client, "chu_tich")
    assert press(client, dossier, "move", step="tham_tra").status_code == 422
    press(
        client, dossier, "move", step="tham_tra", person=p.person("tu_phap").pk, reason="Người ký đi công tác"
    )
    assert (again(dossier).step, again(dossier).holder) == ("tham_tra", p.person("tu_phap"))
    press(client, again(dossier), "correct_applicant", name="Nguyễn Thị Mỹ Hạnh Em", reason="Ghi thiếu chữ")
    assert again(dossier).applicant_name == "Nguyễn Thị Mỹ Hạnh Em"


def test_it_goes_back_to_the_person_who_had_it(client, dossier):
    dossier = p.decide(dossier, upto="ky_duyet")
    sign_in(client, "chu_tich")
    form = client.get(url(dossier, "send_back")).content.decode()
    run = re.search(r'name="run" value="(\d+)"', form)[1]
    press(client, dossier, "send_back", run=run, reason="Thiếu năm kết hôn")
    assert (again(dossier).step, again(dossier).holder) == ("tham_tra", p.person("tu_phap"))


def test_the_citizen_withdraws(client, dossier):
    press(sign_in(client, "mot_cua"), dossier, "withdraw", reason="Không còn nhu cầu")
    assert again(dossier).stage == Stage.WITHDRAWN


@pytest.mark.parametrize("key", ["nope", "receive", "open_sensitive", "answer"])
def test_an_action_that_is_not_offered_does_nothing(client, dossier, key):
    sign_in(client, "tu_phap")
    assert press(client, dossier, key).status_code == 409
    assert again(dossier).version == dossier.version


def test_a_null_character_in_a_note_is_refused(client, dossier):
    answer = press(sign_in(client, "tu_phap"), dossier, "note", text="a\x00b")
    assert answer.status_code == 422
    assert not Note.objects.exists()


# The way back ----------------------------------------------------------------------------------------------


def test_after_an_action_the_list_comes_back_at_the_next_row(client, dossier):
    second = p.receive(parties=(p.PartyInput(name="Lê Văn Phước", id_number="080060000001", address="x"),))
    sign_in(client, "tu_phap")
    answer = press(client, dossier, "advance", "trinh_ky", ds="tab=pool", answers__ket_qua_doi_chieu="Chưa")
    assert answer.headers["Location"] == f"/viec/?tab=pool&o={second.code}"
    text = client.get(answer.headers["Location"]).content.decode()
    assert 'data-row aria-current="true"' in text
    assert reverse("dossier_act", args=[dossier.code, "take_back"]) in text
    client.post(url(dossier, "take_back"))
    assert again(dossier).step == "tham_tra"


def test_it_can_not_be_taken_back_after_the_receiver_looked(client, dossier):
    chair = p.person("chu_tich")
    sign_in(client, "tu_phap")
    press(client, dossier, "advance", "trinh_ky", to_person=chair.pk, answers__ket_qua_doi_chieu="Chưa")
    assert again(dossier).holder == chair
    sign_in(client, "chu_tich").get(url(dossier))
    assert sign_in(client, "tu_phap").post(url(dossier, "take_back")).status_code == 409
    assert again(dossier).step == "ky_duyet"


def test_neighbours_of_the_list_are_one_key_away(client, dossier):
    second = p.receive(parties=(p.PartyInput(name="Lê Văn Phước", id_number="080060000001", address="x"),))
    sign_in(client, "tu_phap")
    first_page = one_line(client.get(url(dossier), {"ds": "tab=pool"}))
    assert (
        f'data-key="j" aria-keyshortcuts="j" data-key-label="hồ sơ sau" href="{url(second)}?ds=' in first_page
    )
    assert 'data-key="k" aria-keyshortcuts="k"' not in first_page
