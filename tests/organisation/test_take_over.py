"""Nobody takes an account over: not one's own by a token or a session left open, not another's without the password;
and what was closed or reset leaves nothing behind that works again."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests.province import COMMUNE, MONDAY, PROVINCE, person, unit
from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.core.models import LedgerContent
from vamco.organisation import actions
from vamco.organisation.access import actor_for, oneself
from vamco.organisation.models import ApiToken, Delegation, Grant, Holding, Post, SignInFailure, User

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province"),
]
PASSWORD = "mot-cau-dai-de-nho"
ONE_TIME = "mot-lan-thoi-nhe"


@pytest.fixture
def admin() -> User:
    """The province's administrator, with a password."""
    return with_password(person("quan_tri", PROVINCE))


@pytest.fixture
def officer() -> User:
    return with_password(person("mot_cua"))


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(user: User, password: str = PASSWORD) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.username, "password": password})
    return client


def works(client: Client) -> bool:
    return client.get(reverse("delegations")).status_code == 200


def token_works(token: str) -> bool:
    return Client().get("/api/v1/me", headers={"authorization": f"Bearer {token}"}).status_code == 200


def token_of(user: User) -> str:
    return actions.issue_token(SYSTEM, user, name="thử")[1]


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


# One's own account -----------------------------------------------------------------------------------------

OF_AN_ACCOUNT = {
    "change": {"full_name": "Tên Khác"},
    "reset_password": {"password": ONE_TIME},
    "reset_second_step": {},
    "deactivate": {},
    "reactivate": {},
    "issue_token": {"name": "thử"},
}


@pytest.mark.parametrize("action", [*OF_AN_ACCOUNT, "revoke"])
def test_a_token_changes_nothing_of_its_own_account(admin: User, action: str) -> None:
    totp.TOTP.activate(admin, totp.generate_totp_secret())
    token = token_of(admin)
    path = (
        f"/api/v1/tokens/{ApiToken.objects.get().pk}/actions/revoke"
        if action == "revoke"
        else f"/api/v1/people/{admin.pk}/actions/{action}"
    )
    answer = Client(headers={"authorization": f"Bearer {token}"}).post(
        path, OF_AN_ACCOUNT.get(action, {}), content_type="application/json"
    )
    assert answer.status_code == 403
    assert "tài khoản của chính ông/bà" in answer.json()["title"]
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)
    assert admin.authenticator_set.filter(type="totp").exists()
    assert admin.is_active
    assert ApiToken.objects.filter(user=admin, revoked_at=None).count() == 1


def test_a_page_of_ones_own_account_offers_the_own_pages_and_refuses_the_rest(admin: User) -> None:
    client = signed_in(admin)
    shown = client.get(reverse("organisation_person", args=[admin.pk])).content.decode()
    for name in ("reset_password", "person_change", "token_new", "deactivate"):
        assert reverse(f"organisation_{name}", args=[admin.pk]) not in shown
    assert shown.count(reverse("own_tokens")) == 2  # in the menu and here
    token_of(admin)
    own = ApiToken.objects.get(user=admin).pk
    for name in (*PAGES, "organisation_token_revoke"):  # before the password is asked for
        refused = client.post(reverse(name, args=[own if name.endswith("revoke") else admin.pk]))
        assert refused.status_code == 403
        main = refused.content.decode().split("<main", 1)[1]
        assert "hoặc người vận hành hệ thống" in main
        for page in ("account_change_password", "mfa_index", "own_tokens"):
            assert f'href="{reverse(page)}"' in main
    confirm(client)
    assert client.post(reverse("organisation_reset_password", args=[admin.pk])).status_code == 403


# The password again ----------------------------------------------------------------------------------------

PAGES = (
    "organisation_person_change", "organisation_reset_password", "organisation_reset_second_step",
    "organisation_deactivate", "organisation_reactivate", "organisation_token_new",
)  # fmt: skip


def confirm(client: Client, password: str = PASSWORD, **asked: str):
    return client.post(reverse("account_reauthenticate"), {"password": password, **asked})


def asked_again(answer) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("name", [*PAGES, "organisation_token_revoke"])
def test_a_session_alone_changes_no_account(admin: User, officer: User, name: str) -> None:
    client = signed_in(admin)
    token_of(officer)
    url = reverse(name, args=[ApiToken.objects.get().pk if name.endswith("revoke") else officer.pk])
    assert asked_again(client.get(url))
    answer = client.post(url, {"full_name": "Tên Khác", "name": "thử", "days": "9"})
    assert asked_again(answer)
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)
    assert officer.is_active
    assert ApiToken.objects.filter(revoked_at=None).count() == 1
    confirm(client)
    assert client.get(url).status_code == 200


def test_what_was_typed_is_done_after_the_password_and_only_once(admin: User, officer: User) -> None:
    client = signed_in(admin)
    url = reverse("organisation_person_change", args=[officer.pk])
    answer = client.post(
        url, {"request_key": "k" * 22, "full_name": "Lê Thị Tên Mới", "email": "", "phone": ""}
    )
    shown = client.get(answer["Location"])
    way_back = dict(re.findall(r'<input type="hidden" name="(next)" value="([^"]*)"', shown.content.decode()))
    assert way_back == {"next": url}
    assert confirm(client, "sai", **way_back).status_code == 200
    assert SignInFailure.objects.filter(username=admin.username).count() == 1
    answer = confirm(client, **way_back)
    assert answer["Location"] == reverse("organisation_person", args=[officer.pk])
    officer.refresh_from_db()
    assert officer.full_name == "Lê Thị Tên Mới"


def test_what_was_typed_wrongly_comes_back_after_the_password_and_goes_to_its_own_page(
    admin: User, officer: User
) -> None:
    client = signed_in(admin)
    url = reverse("organisation_person_change", args=[officer.pk])
    client.post(url, {"request_key": "k" * 22, "full_name": "", "phone": "0913000124"})
    shown = confirm(client, next=url)
    assert shown.status_code == 422
    assert f'action="{url}"' in shown.content.decode()
    assert "0913000124" in shown.content.decode()


def test_the_code_of_the_second_step_does_as_well(admin: User, officer: User) -> None:
    secret = totp.generate_totp_secret()
    client = signed_in(admin)
    totp.TOTP.activate(admin, secret)
    code = code_of(secret)
    url = reverse("organisation_deactivate", args=[officer.pk])
    asked = client.get(client.post(url, {"request_key": "k" * 22})["Location"])
    assert reverse("mfa_reauthenticate") in asked.content.decode()
    client.post(reverse("mfa_reauthenticate"), {"code": code, "next": url})
    officer.refresh_from_db()
    assert not officer.is_active


GIVES_RIGHTS = {
    "organisation_person_new": {"full_name": "Lê Văn Mới", "username": "moi.lv"},
    "organisation_grant": {"role": "leader", "unit": COMMUNE},
    "organisation_appoint": {},
}
"""What gets somebody at signing: each of these forms, and what is typed in it."""


@pytest.mark.parametrize("name", GIVES_RIGHTS)
def test_a_session_alone_gives_nobody_rights(admin: User, officer: User, name: str) -> None:
    client = signed_in(admin)
    post = Post.objects.get(unit__code=COMMUNE, key="tu_phap")
    url = reverse(name, args=[COMMUNE if name.endswith("new") else post.pk])
    typed = {**GIVES_RIGHTS[name], "request_key": "k" * 22, "since": "2016-12-05", "post": str(post.pk)}
    if name.endswith("appoint"):
        typed["username"] = officer.username

    def rights() -> list[int]:
        return [model.objects.count() for model in (User, Grant, Holding)]

    before = rights()
    assert asked_again(client.get(url))
    assert asked_again(client.post(url, typed))
    assert rights() == before
    assert confirm(client, next=url).status_code == 302  # what was typed is done now
    assert rights() != before
    assert client.get(url).status_code == 200


def test_a_session_alone_delegates_nothing_but_shows_the_page(officer: User) -> None:
    client, url = signed_in(officer), reverse("delegations")
    to = person("tu_phap")
    assert client.get(url, {"nguoi": to.pk}).status_code == 200
    typed = {
        "request_key": "k" * 22, "receiver": str(to.pk), "since": "2016-12-05", "until": "2016-12-09",
        "reason": "Nghỉ phép",
    }  # fmt: skip
    with clock.told(MONDAY):
        assert asked_again(client.post(url, typed))
        assert not Delegation.objects.exists()
        assert confirm(client, next=url)["Location"] == url
    made = Delegation.objects.get()
    assert (made.giver, made.receiver, made.reason) == (officer, to, "Nghỉ phép")


def test_a_wrong_delegation_comes_back_after_the_password(officer: User) -> None:
    client, url = signed_in(officer), reverse("delegations")
    typed = {
        "receiver": str(person("tu_phap").pk),
        "since": "2016-12-05",
        "until": "2016-12-09",
        "reason": "",
    }
    client.post(url, typed)
    shown = confirm(client, next=url)
    assert shown.status_code == 422
    assert f'method="post" action="{url}"' in shown.content.decode()


def test_it_holds_for_a_short_time(admin: User, officer: User, settings) -> None:
    client = signed_in(admin)
    url = reverse("organisation_reset_password", args=[officer.pk])
    confirm(client)
    assert client.get(url).status_code == 200
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert asked_again(client.get(url))


def test_who_may_not_manage_people_is_refused_without_being_asked(officer: User, admin: User) -> None:
    assert signed_in(officer).get(reverse("organisation_deactivate", args=[admin.pk])).status_code == 403


# What ends -------------------------------------------------------------------------------------------------


def test_a_closed_account_that_is_opened_again_has_no_old_session_and_no_old_token(officer: User) -> None:
    client, token = signed_in(officer), token_of(officer)
    actions.deactivate(SYSTEM, officer)
    content = LedgerContent.objects.latest("pk").content
    assert content["sessions_ended"] == [None, 1]
    assert content["tokens_revoked"] == [None, [officer.tokens.get().pk]]
    actions.reactivate(SYSTEM, officer)
    assert not works(client)
    assert not token_works(token)
    assert works(signed_in(officer))


def test_what_was_closed_by_an_earlier_release_ends_when_it_is_opened(officer: User) -> None:
    client, token = signed_in(officer), token_of(officer)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    actions.reactivate(SYSTEM, officer)
    assert not works(client)
    assert not token_works(token)


@pytest.mark.parametrize("how", ["reset_password", "reset_second_step", "changepassword"])
def test_a_reset_ends_every_session_and_every_token(
    officer: User, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, token = signed_in(officer), token_of(officer)
    if how == "reset_second_step":
        totp.TOTP.activate(officer, totp.generate_totp_secret())
        actions.reset_second_step(SYSTEM, officer)
    elif how == "reset_password":
        actions.reset_password(SYSTEM, officer, password=ONE_TIME)
    else:
        monkeypatch.setattr("getpass.getpass", lambda prompt="": ONE_TIME)
        call_command("changepassword", officer.username)
    assert not works(client)
    assert not token_works(token)


def test_a_refused_reset_ends_nothing(officer: User) -> None:
    client, token = signed_in(officer), token_of(officer)
    answer = Client(headers={"authorization": f"Bearer {token_of(person('quan_tri', PROVINCE))}"}).post(
        f"/api/v1/people/{officer.pk}/actions/reset_password",
        {"password": "ngan"},
        content_type="application/json",
    )
    assert answer.status_code == 422
    assert works(client)
    assert token_works(token)


@pytest.mark.parametrize("how", ["reset_password", "changepassword", "deactivate", "own_password"])
def test_a_sign_in_that_waits_for_its_code_ends_with_the_password(
    officer: User, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(officer, secret)
    client = signed_in(officer)
    if how == "changepassword":
        monkeypatch.setattr("getpass.getpass", lambda prompt="": ONE_TIME)
        call_command("changepassword", officer.username)
    elif how == "own_password":
        actions.own_password(oneself(officer), officer, password=ONE_TIME)
    elif how == "deactivate":
        actions.deactivate(SYSTEM, officer)
    else:
        actions.reset_password(SYSTEM, officer, password=ONE_TIME)
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert answer["Location"] == reverse("account_login")
    assert "Hãy đăng nhập lại từ đầu" in client.get(answer["Location"]).content.decode()
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("mfa_authenticate"))["Location"] == reverse("account_login")


@pytest.mark.parametrize("name", ["organisation_reset_password", "organisation_reset_second_step"])
def test_the_page_says_what_will_end(admin: User, officer: User, name: str) -> None:
    client = signed_in(admin)
    confirm(client)
    shown = client.get(reverse(name, args=[officer.pk])).content.decode()
    assert "bị đăng xuất, mọi mã truy cập bị thu hồi" in re.sub(r"\s+", " ", shown)


def test_ones_own_new_password_ends_the_other_sessions_and_leaves_the_tokens(officer: User) -> None:
    here, there, token = signed_in(officer), signed_in(officer), token_of(officer)
    new = "mot-cau-khac-de-nho"
    answer = here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert works(here)
    assert not works(there)
    assert token_works(token)
    assert reverse("own_tokens") in here.get(reverse("account_change_password")).content.decode()


def test_an_administrator_still_helps_everybody_else(admin: User, officer: User) -> None:
    by = actor_for(admin)
    actions.change_person(by, officer, full_name="Tên Khác")
    actions.reset_password(by, officer, password=ONE_TIME)
    actions.deactivate(by, officer)
    actions.reactivate(by, officer)
    actions.appoint(
        SYSTEM, Post.objects.get(unit=unit(COMMUNE), key="tu_phap"), user=officer, since="2016-12-05"
    )
