"""Accounts from the command line, and the second step that people turn on and off themselves: all in the ledger."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from vamco.core.actors import SYSTEM
from vamco.core.errors import NotAllowed
from vamco.core.models import LedgerEntry
from vamco.organisation import actions
from vamco.organisation.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "mot-cau-dai-de-nho"


def entry(action: str) -> LedgerEntry:
    return LedgerEntry.objects.select_related("content").get(action=action)


def test_createsuperuser_is_in_the_ledger_without_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, username="goc", full_name="Lê Gốc", verbosity=0)
    made = User.objects.get(username="goc")
    assert made.is_superuser
    assert made.check_password(PASSWORD)
    written = entry("organisation.create_administrator")
    assert (written.via, written.actor_label, written.object_id) == ("cli", "hệ thống", str(made.pk))
    assert written.content.content["is_superuser"] == [None, True]
    assert "password" not in written.content.content


def test_changepassword_is_in_the_ledger_and_the_password_is_a_one_time_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    user = User.objects.create_user("diem", PASSWORD, full_name="Phan Thị Ngọc Diễm")
    monkeypatch.setattr("getpass.getpass", lambda prompt="": "mot-cau-khac-han")
    call_command("changepassword", "diem")
    user.refresh_from_db()
    assert user.check_password("mot-cau-khac-han")
    assert user.must_change_password
    written = entry("organisation.reset_password")
    assert (written.via, written.object_id) == ("cli", str(user.pk))
    assert "Phan Thị Ngọc Diễm" in capsys.readouterr().out


@pytest.mark.parametrize("typed", [["a-long-one-1", "a-long-one-2"], ["123", "123"]])
def test_changepassword_gives_up_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, typed: list[str]
) -> None:
    user = User.objects.create_user("diem", PASSWORD, full_name="Phan Thị Ngọc Diễm")
    answers = iter(typed * 3)
    monkeypatch.setattr("getpass.getpass", lambda prompt="": next(answers))
    with pytest.raises(CommandError):
        call_command("changepassword", "diem")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not LedgerEntry.objects.exists()


def test_changepassword_of_nobody_is_refused() -> None:
    with pytest.raises(CommandError, match="khongco"):
        call_command("changepassword", "khongco")


def test_who_turns_the_second_step_on_and_off_leaves_a_trace(
    client: Client, django_capture_on_commit_callbacks: object
) -> None:
    user = User.objects.create_user("diem", PASSWORD, full_name="Phan Thị Ngọc Diễm")
    client.post(reverse("account_login"), {"login": "diem", "password": PASSWORD})
    shown = client.get(reverse("mfa_activate_totp"), follow=True)
    if shown.resolver_match.url_name == "account_reauthenticate":
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        shown = client.get(reverse("mfa_activate_totp"))
    key = shown.context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(key, next(totp.yield_hotp_counters_from_time())))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        client.post(reverse("mfa_activate_totp"), {"code": code})
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=user).exists()
    found = LedgerEntry.objects.filter(action="organisation.own_second_step", actor_id=user.pk, via="page")
    said = [one.content.content["second_step"][1] for one in found.select_related("content").order_by("pk")]
    assert [one for one in said if one[0] == "totp"] == [["totp", "on"], ["totp", "off"]]
    assert ["recovery_codes", "on"] in said


def test_the_second_step_of_somebody_else_is_not_changed_in_ones_own_name() -> None:
    user = User.objects.create_user("diem", PASSWORD, full_name="Phan Thị Ngọc Diễm")
    with pytest.raises(NotAllowed):
        actions.own_second_step(SYSTEM, user, kind="totp", done="on")
