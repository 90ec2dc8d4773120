"""Limits of signing in: they hold when the cache forgets, also for what comes at once, and an office fits below them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from tests.province import MONDAY
from vamco.core import clock
from vamco.organisation import account_urls, lockout
from vamco.organisation.models import SignInFailure, User

PASSWORD = "mot-cau-dai-de-nho"


@pytest.fixture
def officer(db: None) -> User:
    return User.objects.create_user("diem", PASSWORD, full_name="Phan Thị Ngọc Diễm")


def sign_in(client: Client, password: str = PASSWORD, name: str = "diem", **more: str):
    return client.post(reverse("account_login"), {"login": name, "password": password}, **more)


def send(client: Client, page: str, **data: str) -> int:
    return client.post(reverse(page), data).status_code


def cached() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM core_cache")
        return {key for (key,) in cursor.fetchall()}


# One address -----------------------------------------------------------------------------------------------


def test_an_office_signs_in_at_once_and_a_flood_of_one_address_is_stopped(officer: User, monkeypatch) -> None:
    assert account_urls.SIGN_INS == 300
    monkeypatch.setattr(account_urls, "SIGN_INS", 20)
    with clock.told(MONDAY):
        for number in range(20):
            assert sign_in(Client(), REMOTE_ADDR=f"2001:db8::{number}").status_code == 302
        cache.clear()
        refused = sign_in(Client(), REMOTE_ADDR="2001:db8::ffff")
        assert refused.status_code == 429
        assert "Hãy chờ 1 phút rồi thử lại" in refused.content.decode()
        assert sign_in(Client(), REMOTE_ADDR="2001:db8:0:1::1").status_code == 302
    with clock.told(MONDAY + timedelta(minutes=1)):
        assert sign_in(Client(), REMOTE_ADDR="2001:db8::ffff").status_code == 302


@pytest.fixture
def few_wrong_ones(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many wrong passwords a network address has: fewer than in use, so that the tests are quick."""
    assert lockout.LOCK_ADDRESS_AFTER == 50
    monkeypatch.setattr(lockout, "LOCK_ADDRESS_AFTER", 6)
    return 6


LOCKED_PLACE = "Từ mạng này đã nhập sai quá nhiều lần, nên tạm dừng đăng nhập đến"


def test_many_names_from_one_network_lock_the_network(officer: User, few_wrong_ones: int) -> None:
    with clock.told(MONDAY):
        for number in range(few_wrong_ones):
            answer = sign_in(Client(), "sai", f"ten{number}", REMOTE_ADDR=f"2001:db8::{number}")
            assert "chưa đúng" in answer.content.decode()
        answer = sign_in(Client(), REMOTE_ADDR="2001:db8::ffff").content.decode()
        assert f"{LOCKED_PLACE} 09:15" in answer
        assert sign_in(Client(), REMOTE_ADDR="2001:db8:0:1::1").status_code == 302
    assert SignInFailure.objects.filter(address="2001:db8::5").exists()
    with clock.told(MONDAY + timedelta(minutes=15)):
        assert sign_in(Client(), REMOTE_ADDR="2001:db8::ffff").status_code == 302


def test_right_ones_do_not_count_for_the_network_and_clear_no_wrong_ones(
    officer: User, few_wrong_ones: int
) -> None:
    for number in range(few_wrong_ones - 1):
        sign_in(Client(), "sai", f"ten{number}")
    for _turn in range(3):
        assert sign_in(Client()).status_code == 302
    sign_in(Client(), "sai")
    assert LOCKED_PLACE in sign_in(Client()).content.decode()


def test_codes_of_the_second_step_count_for_the_network(officer: User, few_wrong_ones: int) -> None:
    totp.TOTP.activate(officer, totp.generate_totp_secret())
    client = Client()
    sign_in(client)
    for number in range(few_wrong_ones - 1):
        sign_in(Client(), "sai", f"ten{number}")
    send(client, "mfa_authenticate", code="000000")
    assert LOCKED_PLACE in client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()


def test_a_locked_account_takes_nothing_from_its_network(officer: User, few_wrong_ones: int) -> None:
    User.objects.create_user("hai", PASSWORD, full_name="Lê Văn Hai")
    for _turn in range(few_wrong_ones + 3):
        answer = sign_in(Client(), "sai").content.decode()
    assert "Tài khoản tạm khóa đến" in answer
    assert sign_in(Client(), name="hai").status_code == 302


@pytest.mark.usefixtures("committed")
def test_wrong_passwords_of_many_names_that_come_at_once_do_not_overtake_the_lock(
    monkeypatch: pytest.MonkeyPatch, few_wrong_ones: int
) -> None:
    ready = Barrier(12)
    slowly = User.set_password  # what allauth spends on a name that nobody has
    monkeypatch.setattr(User, "set_password", lambda user, raw: sleep(0.3) or slowly(user, raw))

    def guess(number: int) -> str:
        try:
            client = Client()
            ready.wait()
            return sign_in(client, "sai", f"ten{number}", REMOTE_ADDR=f"2001:db8::{number}").content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(12)))
    assert sum("chưa đúng" in one for one in answers) == few_wrong_ones
    assert sum(LOCKED_PLACE in one for one in answers) == 12 - few_wrong_ones


# One person ------------------------------------------------------------------------------------------------


def test_the_old_password_is_not_guessed_in_a_stolen_session(client: Client, officer: User) -> None:
    sign_in(client)
    change = {"oldpassword": "sai", "password1": "mot-cau-khac-dai", "password2": "mot-cau-khac-dai"}
    with clock.told(MONDAY):
        assert [send(client, "account_change_password", **change) for _try in range(5)] == [200] * 5
        cache.clear()
        assert send(client, "account_change_password", **change | {"oldpassword": PASSWORD}) == 429
        assert client.get(reverse("account_change_password")).status_code == 200
    with clock.told(MONDAY + timedelta(minutes=1)):
        assert send(client, "account_change_password", **change | {"oldpassword": PASSWORD}) == 302


@pytest.mark.parametrize("page", ["account_reauthenticate", "mfa_reauthenticate"])
def test_asked_anew_a_person_answers_ten_times_a_minute(client: Client, officer: User, page: str) -> None:
    totp.TOTP.activate(officer, totp.generate_totp_secret())
    client.force_login(officer)
    with clock.told(MONDAY):
        tries = [send(client, page, password="sai", code="000000") for _try in range(10)]
        cache.clear()
        assert [*tries, send(client, page, password=PASSWORD)] == [200] * 10 + [429]
        assert (
            send(client, "account_reauthenticate", password=PASSWORD) == 429
        )  # one limit for both ways to answer


def test_a_code_of_the_phone_is_used_once(client: Client, officer: User, monkeypatch) -> None:
    """Also where the cache, in which allauth remembers it, has been emptied in between, and typed in another way."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(officer, secret)
    step = next(totp.yield_hotp_counters_from_time())
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter([step]))
    code = totp.format_hotp_value(totp.hotp_value(secret, step))

    def second_step(typed: str) -> int:
        thief = Client()
        sign_in(thief)
        return send(thief, "mfa_authenticate", code=typed)

    assert second_step(code) == 302
    cache.clear()
    assert second_step(code) == 200
    cache.clear()
    assert second_step(f"{code[:3]} {code[3:]}") == 200
    assert SignInFailure.objects.filter(username="diem").count() == 2


def test_right_passwords_and_codes_never_lock_out(client: Client, officer: User) -> None:
    for _turn in range(7):
        assert sign_in(Client()).status_code == 302
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(officer, secret)
    for _turn in range(7):
        assert sign_in(Client()).status_code == 302
    assert send(client, "account_login", login="diem", password="sai") == 200


@pytest.mark.usefixtures("committed")
def test_wrong_passwords_that_come_at_once_do_not_overtake_the_lock(monkeypatch) -> None:
    User.objects.create_user("diem", PASSWORD, full_name="Phan Thị Ngọc Diễm")
    slowly, ready = User.check_password, Barrier(18)
    monkeypatch.setattr(User, "check_password", lambda user, raw: sleep(0.3) or slowly(user, raw))

    def guess(number: int) -> str:
        try:
            client = Client()
            ready.wait()
            return sign_in(client, f"doan-{number}").content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(18) as pool:
        answers = list(pool.map(guess, range(18)))
    assert sum("chưa đúng" in one for one in answers) == 5
    assert sum("Đã nhập sai 5 lần. Tài khoản tạm khóa đến" in one for one in answers) == 13
    assert "tạm khóa" in sign_in(Client()).content.decode()


# The cache -------------------------------------------------------------------------------------------------


def test_nothing_is_counted_in_the_cache(client: Client, officer: User) -> None:
    sign_in(client, "sai")
    sign_in(client)
    send(client, "account_reauthenticate", password="sai")
    send(client, "account_reauthenticate", password=PASSWORD)
    send(client, "mfa_activate_totp", code="000000")
    send(client, "account_change_password", oldpassword="sai", password1="x", password2="x")
    assert cached() == set()
