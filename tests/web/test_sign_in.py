"""The sign-in pages speak Vietnamese, with and without errors; English when asked for."""

import re

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
ENGLISH = re.compile(r"(?i)\b(password|username|sign in|sign out|required|incorrect|invalid|code)\b")


def words_of(response) -> str:
    """What a person reads on the page."""
    html = re.sub(r"<(head|script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"<[^>]+>", " ", html)


@pytest.fixture
def officer(django_user_model):
    return django_user_model.objects.create_user("diem", "mot-cau-dai-de-nho", full_name="Phan Thị Ngọc Diễm")


def test_the_sign_in_page_has_no_english(client):
    text = words_of(client.get(reverse("account_login")))
    assert "Tên đăng nhập" in text
    assert not ENGLISH.search(text)


def test_a_wrong_password_says_what_to_do(client, officer):
    response = client.post(reverse("account_login"), {"login": "diem", "password": "sai"})
    text = words_of(response)
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in text
    assert not ENGLISH.search(text)


def test_empty_fields_say_what_to_do(client):
    text = words_of(client.post(reverse("account_login"), {}))
    assert "Hãy nhập tên đăng nhập" in text
    assert "Hãy nhập mật khẩu" in text


def test_the_right_password_signs_in(client, officer):
    response = client.post(reverse("account_login"), {"login": "diem", "password": "mot-cau-dai-de-nho"})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(officer.pk)


@pytest.mark.parametrize(
    "name", ["account_change_password", "account_logout", "mfa_index", "usersessions_list"]
)
def test_the_own_account_has_no_english(client, officer, name):
    client.post(reverse("account_login"), {"login": "diem", "password": "mot-cau-dai-de-nho"})
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert 'class="staff"' in response.content.decode()
    assert not ENGLISH.search(words_of(response))


def test_a_second_step_can_be_turned_on(client, officer):
    client.post(reverse("account_login"), {"login": "diem", "password": "mot-cau-dai-de-nho"})
    asked = client.get(reverse("mfa_activate_totp"), follow=True)
    assert not ENGLISH.search(words_of(asked))
    assert "Xác nhận danh tính" in words_of(asked)
    assert "Để bảo vệ tài khoản, hãy nhập lại mật khẩu của ông/bà trước khi làm tiếp." in words_of(asked)
    assert 'class="staff"' in asked.content.decode()
    assert f'href="{asked.context["staff_home"]}">Không làm nữa' in asked.content.decode()
    client.post(reverse("account_reauthenticate"), {"password": "mot-cau-dai-de-nho"})
    text = words_of(client.get(reverse("mfa_activate_totp")))
    assert "Không quét được thì nhập khóa" in text
    wrong = words_of(client.post(reverse("mfa_activate_totp"), {"code": "000000"}))
    assert "Mã chưa đúng" in wrong
    assert not ENGLISH.search(wrong)


def test_a_short_new_password_is_told_in_vietnamese(client, officer):
    client.post(reverse("account_login"), {"login": "diem", "password": "mot-cau-dai-de-nho"})
    text = words_of(
        client.post(
            reverse("account_change_password"),
            {"oldpassword": "mot-cau-dai-de-nho", "password1": "ngan", "password2": "ngan"},
        )
    )
    assert "Mật khẩu này quá ngắn" in text
    assert not ENGLISH.search(text)
