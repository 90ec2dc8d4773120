"""Signing in: second step, lock-out, sessions, one-time passwords; what an office does not use is not there."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape

from tests.province import MONDAY
from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.core.models import LedgerEntry
from vamco.organisation import account_urls, actions
from vamco.organisation.models import SignInFailure, User

pytestmark = pytest.mark.django_db
PASSWORD = "mot-cau-dai-de-nho"
WORK = "/viec/"


@pytest.fixture
def officer() -> User:
    return User.objects.create_user("diem", PASSWORD, full_name="Phan Thị Ngọc Diễm")


def sign_in(client: Client, password: str = PASSWORD, name: str = "diem", **more: str):
    url = reverse("account_login") + (f"?next={more.pop('back')}" if "back" in more else "")
    return client.post(url, {"login": name, "password": password, **more})


def signed_in(client: Client) -> bool:
    return client.get(reverse("account_change_password")).status_code == 200


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


@pytest.fixture
def secret(officer: User) -> str:
    """The officer has the second step on a phone."""
    made = totp.generate_totp_secret()
    totp.TOTP.activate(officer, made)
    return made


# Second step -----------------------------------------------------------------------------------------------


def test_with_a_second_step_the_password_alone_is_not_enough(client: Client, secret: str) -> None:
    answer = sign_in(client, back=WORK)
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert not signed_in(client)
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert answer["Location"] == WORK
    assert signed_in(client)


def test_it_is_turned_on_and_off_by_the_person(client: Client, officer: User) -> None:
    sign_in(client)
    shown = client.get(reverse("mfa_activate_totp"), follow=True)
    if shown.resolver_match.url_name == "account_reauthenticate":
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        shown = client.get(reverse("mfa_activate_totp"))
    key = shown.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(key)})
    assert Authenticator.objects.filter(user=officer, type="totp").exists()
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=officer, type="totp").exists()


def test_wrong_codes_lock_the_account_like_wrong_passwords(client: Client, secret: str) -> None:
    sign_in(client)
    for _turn in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert answer.status_code == 200
    assert "Tài khoản tạm khóa đến" in answer.content.decode()
    assert not signed_in(client)
    assert "tạm khóa" in sign_in(Client()).content.decode()


# Lock-out --------------------------------------------------------------------------------------------------


def test_repeated_failures_lock_out_with_reason_and_until_when(client: Client, officer: User) -> None:
    with clock.told(MONDAY):
        for _turn in range(5):
            assert "chưa đúng" in sign_in(client, "sai").content.decode()
        answer = sign_in(client)
        assert "Đã nhập sai 5 lần. Tài khoản tạm khóa đến 09:15" in answer.content.decode()
        assert not signed_in(client)
    with clock.told(MONDAY + timedelta(minutes=15, seconds=1)):
        assert sign_in(client).status_code == 302


def test_a_success_clears_the_count(client: Client, officer: User) -> None:
    for _round in range(2):
        for _turn in range(4):
            sign_in(Client(), "sai")
        assert sign_in(Client()).status_code == 302
    assert not SignInFailure.objects.exists()


def test_capital_letters_and_blanks_do_not_go_round_the_lock(officer: User) -> None:
    for name in ("diem", "DIEM", "Diem", " diem", "diem "):
        sign_in(Client(), "sai", name)
    assert "tạm khóa" in sign_in(Client()).content.decode()


def test_the_lock_is_the_same_for_names_that_nobody_has(officer: User) -> None:
    """Else the lock would tell which accounts there are."""
    for _turn in range(5):
        sign_in(Client(), "sai", "khong.co")
    assert "tạm khóa" in sign_in(Client(), "sai", "khong.co").content.decode()
    assert sign_in(Client()).status_code == 302


def test_an_administrator_unlocks_by_a_new_password(client: Client, officer: User) -> None:
    for _turn in range(5):
        sign_in(client, "sai")
    actions.reset_password(SYSTEM, officer, password="mot-lan-thoi-nhe")
    assert sign_in(client, "mot-lan-thoi-nhe").status_code == 302


# Sessions --------------------------------------------------------------------------------------------------


def test_own_sessions_are_listed_and_ending_the_others_really_ends_them(officer: User) -> None:
    here, there = Client(HTTP_USER_AGENT="Firefox ở đây"), Client(HTTP_USER_AGENT="Chrome ở kia")
    sign_in(here)
    sign_in(there)
    listed = here.get(reverse("usersessions_list")).content.decode()
    assert "Firefox ở đây" in listed
    assert "Chrome ở kia" in listed
    here.post(reverse("usersessions_list"))
    assert signed_in(here)
    assert not signed_in(there)


def test_nobody_sees_another_persons_sessions(officer: User) -> None:
    User.objects.create_user("khac", PASSWORD, full_name="Lê Văn Khác")
    here, there = Client(HTTP_USER_AGENT="Firefox ở đây"), Client(HTTP_USER_AGENT="Chrome ở kia")
    sign_in(here)
    sign_in(there, name="khac")
    assert "Chrome ở kia" not in here.get(reverse("usersessions_list")).content.decode()
    here.post(reverse("usersessions_list"))
    assert signed_in(there)


@pytest.mark.parametrize("ended_by", ["deactivate", "reset_password"])
def test_what_an_administrator_does_to_an_account_ends_its_sessions(officer: User, ended_by: str) -> None:
    client = Client()
    sign_in(client)
    inputs = {"password": "mot-lan-thoi-nhe"} if ended_by == "reset_password" else {}
    getattr(actions, ended_by)(SYSTEM, officer, **inputs)
    assert not signed_in(client)


def test_a_closed_account_is_told_so_and_not_let_in(client: Client, officer: User) -> None:
    actions.deactivate(SYSTEM, officer)
    answer = client.post(reverse("account_login"), {"login": "diem", "password": PASSWORD}, follow=True)
    assert "Tài khoản này đã ngừng" in answer.content.decode()
    assert not signed_in(client)


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_ended_session_leads_to_sign_in_with_a_reason_and_back(officer: User, method: str) -> None:
    client = Client()
    sign_in(client)
    client.session.flush()
    page = reverse("delegations") + "?q=hanh"
    answer = (
        client.get(page)
        if method == "get"
        else client.post(reverse("delegations"), headers={"referer": f"http://testserver{page}"})
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    shown = client.get(answer["Location"])
    assert "Phiên làm việc đã hết" in shown.content.decode()
    assert escape(page) in re.findall(r'name="next" value="([^"]*)"', shown.content.decode())
    answer = client.post(answer["Location"], {"login": "diem", "password": PASSWORD, "next": page})
    assert answer["Location"] == page


def test_who_was_never_signed_in_is_not_told_of_an_ended_session(client: Client) -> None:
    shown = client.get(reverse("delegations"), follow=True)
    assert "Phiên làm việc đã hết" not in shown.content.decode()


def test_a_part_of_a_page_does_not_become_the_sign_in_page(client: Client) -> None:
    answer = client.get(
        reverse("delegations"), headers={"hx-request": "true", "referer": "http://testserver/uy-quyen/?q=a"}
    )
    assert answer["HX-Redirect"].endswith("/uy-quyen/%3Fq%3Da")
    assert answer.content == b""


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "http://testserver.evil/"])
def test_the_way_back_stays_on_this_site(client: Client, officer: User, elsewhere: str) -> None:
    answer = client.post(reverse("delegations"), headers={"referer": elsewhere})
    assert "evil" not in answer["Location"]
    answer = client.post(reverse("account_login"), {"login": "diem", "password": PASSWORD, "next": elsewhere})
    assert answer["Location"] == WORK


# One-time passwords ----------------------------------------------------------------------------------------


def test_a_one_time_password_is_changed_before_anything_else(client: Client, officer: User) -> None:
    actions.reset_password(SYSTEM, officer, password="mot-lan-thoi-nhe")
    sign_in(client, "mot-lan-thoi-nhe")
    for page in (reverse("delegations"), "/viec/", "/", reverse("mfa_index")):
        assert client.get(page)["Location"] == reverse("account_change_password")
    assert "mật khẩu một lần" in client.get(reverse("account_change_password")).content.decode()

    def change(new: str):
        return client.post(
            reverse("account_change_password"),
            {"oldpassword": "mot-lan-thoi-nhe", "password1": new, "password2": new},
        )

    assert "phải khác mật khẩu dùng một lần" in change("mot-lan-thoi-nhe").content.decode()
    change("mot-cau-khac-de-nho")
    assert client.get(reverse("delegations")).status_code == 200
    assert sign_in(Client(), "mot-lan-thoi-nhe").status_code == 200
    entry = LedgerEntry.objects.get(action="organisation.own_password")
    assert (entry.actor_id, entry.object_id) == (officer.pk, str(officer.pk))


# What is not there -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "password/set/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-abc/",
        "password/reset/key/done/",
        "login/code/confirm/",
        "3rdparty/",
        "social/login/cancelled/",
    ],
)
def test_what_an_office_does_not_use_is_not_there(client: Client, officer: User, path: str) -> None:
    for _turn in range(2):
        assert client.get(f"/tai-khoan/{path}").status_code == 404
        assert client.post(f"/tai-khoan/{path}").status_code == 404
        sign_in(client)


def test_every_page_that_is_kept_exists() -> None:
    for name in account_urls.KEEP:
        try:
            reverse(name)
        except NoReverseMatch:
            pytest.fail(f"{name} is no longer an address of allauth")
