"""The screen for what is done while the applicant waits."""

import html
import re

import pytest
from django.urls import reverse

from tests import province as p
from tests.pages import one_line
from vamco.core.actors import SYSTEM
from vamco.dossiers.models import Dossier, Slip, Stage
from vamco.payments import actions as cash
from vamco.payments.models import Receipt

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
COPIES = "2.000815:ngay"


@pytest.fixture
def officer(client):
    client.force_login(p.person("mot_cua"))
    return client


@pytest.fixture
def book():
    return cash.open_book(SYSTEM, p.unit(), symbol="BL-16T", first=1, last=100)


def press(client, do="done", **changes):
    data = {
        "what": COPIES,
        "applicant-name": "Lê Văn Phước",
        "f-loai_giay_to": "Bằng tốt nghiệp",
        "f-so_trang": "3",
        "f-so_ban": "2",
        "expected": "10000",
        "request_key": "key-1",
        "do": do,
    }
    return client.post(
        reverse("at_once"), {**data, **{key.replace("__", "-"): value for key, value in changes.items()}}
    )


def text_of(answer):
    body = re.sub(r"<(script|style|svg|option)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def test_one_press_receives_takes_the_money_numbers_and_hands_over(officer, book):
    answer = press(officer)
    assert answer.url == reverse("at_once")
    dossier = Dossier.objects.get()
    assert (dossier.stage, dossier.entry.number, Receipt.objects.get().total) == (Stage.RETURNED, 1, 10_000)
    page = officer.get(answer.url)
    assert "Số 1 Sổ chứng thực bản sao, 2016" in text_of(page)
    assert "Vừa làm xong" not in officer.get(answer.url).content.decode()


def test_the_next_person_starts_with_the_same_procedure_and_signer(officer, book):
    deputy = p.person("pho_chu_tich")
    press(officer, signer=str(deputy.pk))
    assert Dossier.objects.get().entry.signer == deputy.full_name
    page = one_line(officer.get(reverse("at_once")))
    assert re.search(rf'value="{COPIES}" checked', page)
    assert re.search(rf'<option value="{deputy.pk}" selected', page)
    assert 'name="f-so_trang"' in page


def test_pressed_twice_one_number_is_used(officer, book):
    press(officer)
    press(officer)
    assert Dossier.objects.count() == 1
    assert Receipt.objects.count() == 1


def test_the_fee_follows_the_pages_and_copies(officer):
    answer = officer.post(
        reverse("at_once"),
        {"what": COPIES, "f-so_trang": "5", "f-so_ban": "10", "do": "update", "signature": ""},
        headers={"HX-Request": "true"},
    )
    assert "70.000" in answer.content.decode()
    assert 'name="applicant-name"' not in answer.content.decode()


def test_a_sum_that_was_not_told_is_not_taken(officer, book):
    answer = press(officer, expected="9000")
    assert answer.status_code == 422
    assert "Số tiền phải thu là 10.000 đ" in text_of(answer)
    assert not Dossier.objects.exists()


def test_faults_are_named_and_what_was_typed_stays(officer, book):
    answer = press(officer, f__so_trang="ba", applicant__name="")
    assert answer.status_code == 422
    for name in ("f-so_trang", "applicant-name"):
        assert f'href="#{name}"' in answer.content.decode()
    assert 'value="Bằng tốt nghiệp"' in answer.content.decode()
    assert not Dossier.objects.exists()


def test_who_is_no_leader_does_not_sign(officer, book):
    answer = press(officer, signer=str(p.person("tu_phap").pk))
    assert answer.status_code == 422
    assert 'id="signer-error"' in answer.content.decode()
    assert not Dossier.objects.exists()


def test_a_slip_is_made_only_on_request_and_once(officer, book):
    press(officer)
    assert not Slip.objects.exists()
    code = Dossier.objects.get().code
    for _time in range(2):
        answer = officer.post(reverse("at_once"), {"do": "slip", "code": code})
        assert answer.url == reverse("slip", args=[Slip.objects.get().pk])


def test_only_what_the_tier_does_at_once_is_offered(officer):
    page = text_of(officer.get(reverse("at_once")))
    assert "Chứng thực bản sao từ bản chính" in page
    assert "giấy phép xây dựng" not in page


@pytest.mark.parametrize("post", ["tu_phap", "chu_tich"])
def test_only_the_counter_does_it(client, post):
    client.force_login(p.person(post))
    assert client.get(reverse("at_once")).status_code == 403
    assert press(client).status_code == 403
