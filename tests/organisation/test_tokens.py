"""Tokens: made by their holders on their own page, limited to some permissions and units."""

import html
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import province as p
from vamco.core.actors import SYSTEM
from vamco.core.models import LedgerContent, LedgerEntry
from vamco.core.rooms import permissions
from vamco.organisation import actions
from vamco.organisation.access import actor_for
from vamco.organisation.models import ApiToken, User
from vamco.organisation.roles import roles

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
PASSWORD = "mot-cau-dai-de-nho"
NEW = {"request_key": "k" * 22, "name": "phần mềm hộ tịch", "days": "30"}


@pytest.fixture
def officer() -> User:
    user = p.person("mot_cua")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def client(officer: User) -> Client:
    """The officer, signed in."""
    client = Client()
    client.force_login(officer)
    return client


def ask(token: str, path: str = "/me", **query: str):
    return Client().get(f"/api/v1{path}", query, headers={"authorization": f"Bearer {token}"})


def words(answer) -> str:
    body = answer.content.decode().split("<main", 1)[-1]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def secret_of(answer) -> str:
    found = re.search(r'class="once__text code">([^<]+)<', answer.content.decode())
    return found.group(1) if found else ""


# On one's own page -----------------------------------------------------------------------------------------


def test_a_token_of_ones_own_needs_the_password_shows_once_and_signs(client: Client, officer: User) -> None:
    new = reverse("own_token_new")
    assert client.post(new, NEW)["Location"].startswith(reverse("account_reauthenticate"))
    assert not ApiToken.objects.exists()
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": new})
    assert answer["Location"] == reverse("own_tokens")
    token = secret_of(client.get(answer["Location"]))
    assert secret_of(client.get(answer["Location"])) == ""
    made = ApiToken.objects.get()
    assert (made.user, made.made_by, made.signs) == (officer, officer, True)
    assert ask(token).json()["token"]["signs"] is True
    entry = LedgerEntry.objects.get(action="organisation.own_token")
    assert (entry.actor_id, entry.object_id) == (officer.pk, str(made.pk))


def test_the_page_lists_what_is_there_and_says_what_does_not_sign(client: Client, officer: User) -> None:
    admin = p.person("quan_tri", p.PROVINCE)
    actions.issue_token(
        actor_for(admin), officer, name="do quản trị", permissions=["dossiers.view"], units=[p.COMMUNE]
    )
    actions.issue_token(SYSTEM, officer, name="do máy chủ")
    p.token(officer, name="của tôi")
    shown = words(client.get(reverse("own_tokens")))
    assert f"{admin.full_name} cấp, không ký được · chỉ dùng để: Xem hồ sơ · chỉ ở: {p.unit().name}" in shown
    assert "cấp từ máy chủ hoặc từ trước khi ghi người cấp, không ký được" in shown
    assert "người giữ mã tự tạo, ký được" in shown
    assert "Mã truy cập của tôi" in client.get(reverse("usersessions_list")).content.decode()


def test_one_revokes_ones_own_also_what_another_made_and_nobody_elses(client: Client, officer: User) -> None:
    token = actions.issue_token(SYSTEM, officer, name="lạ")[1]
    url = reverse("own_token_revoke", args=[ApiToken.objects.get().pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"request_key": "k" * 22})["Location"] == reverse("own_tokens")
    assert ask(token).status_code == 401
    p.token(p.person("chu_tich"))
    foreign = reverse("own_token_revoke", args=[ApiToken.objects.latest("pk").pk])
    assert client.get(foreign).status_code == 404
    assert client.post(foreign).status_code == 404
    assert ApiToken.objects.latest("pk").revoked_at is None


def test_only_what_one_may_do_is_offered(client: Client, officer: User) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    shown = client.get(reverse("own_token_new")).content.decode()
    assert 'value="dossiers.receive"' in shown
    assert 'value="step.leader"' not in shown
    answer = client.post(reverse("own_token_new"), {**NEW, "units": "khong-co, 27694"})
    assert answer.status_code == 422
    assert "Không có đơn vị mang mã «khong-co»" in words(answer)
    assert "phần mềm hộ tịch" in answer.content.decode()


def test_the_form_says_what_is_asked_and_where_codes_are_found(client: Client) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = client.post(reverse("own_token_new"), {**NEW, "name": "", "days": "0"})
    assert answer.status_code == 422
    shown = words(answer)
    assert "Mục đích sử dụng" in shown
    assert "Hãy ghi mục đích sử dụng." in shown
    assert "Số ngày từ 1 đến 3650." in shown
    assert "Mã ghi ở trang Tổ chức hoặc tại /api/v1/units, ví dụ 27694" in shown
    for days in ("", "mười", "3651"):
        assert "Số ngày từ 1 đến 3650." in words(client.post(reverse("own_token_new"), {**NEW, "days": days}))


# Limits ----------------------------------------------------------------------------------------------------


def test_a_token_for_reading_only_reads() -> None:
    user = p.person("mot_cua")
    token = p.token(user, permissions=["dossiers.view"])
    p.receive()
    assert len(ask(token, "/dossiers").json()["items"]) == 1
    me = ask(token).json()
    assert me["permissions"] == {"dossiers.view": [p.COMMUNE]}
    assert me["token"]["permissions"] == ["dossiers.view"]
    answer = Client().post(
        "/api/v1/visits",
        {"unit": p.COMMUNE},
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 403


def test_a_token_for_one_unit_ends_at_its_border() -> None:
    supervisor = p.person("giam_sat", p.PROVINCE)
    p.receive()
    here, there = (p.token(supervisor, units=[code]) for code in (p.COMMUNE, p.OTHER_COMMUNE))
    assert len(ask(here, "/dossiers").json()["items"]) == 1
    assert ask(there, "/dossiers").json()["items"] == []
    assert ask(there).json()["permissions"]["dossiers.view"] == [p.OTHER_COMMUNE]
    assert ask(there).json()["token"]["units"] == [p.OTHER_COMMUNE]


def test_a_limit_gives_nothing_that_the_person_has_not() -> None:
    token = p.token(p.person("mot_cua"), permissions=["step.leader"], units=[p.OTHER_COMMUNE])
    assert ask(token).json()["permissions"] == {}
    assert ask(token, "/dossiers").json().get("items", []) == []


def test_limits_are_given_by_page_and_api_and_are_on_record(client: Client, officer: User) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("own_token_new"), {**NEW, "permissions": ["dossiers.view"], "units": "27694; 27688"})
    made = ApiToken.objects.get()
    assert made.permissions == ["dossiers.view"]
    assert made.units == sorted([p.unit().pk, p.unit(p.OTHER_COMMUNE).pk])
    assert LedgerContent.objects.latest("pk").content["permissions"] == [None, ["dossiers.view"]]
    path = f"/api/v1/people/{officer.pk}/actions/issue_token"
    admin = Client(headers={"authorization": f"Bearer {p.token(p.person('quan_tri', p.PROVINCE))}"})
    body = {"name": "đọc", "permissions": ["dossiers.view"], "units": [p.COMMUNE]}
    answer = admin.post(path, body, content_type="application/json").json()
    assert (answer["permissions"], answer["units"], answer["signs"]) == (
        ["dossiers.view"],
        [p.COMMUNE],
        False,
    )
    for wrong in (
        {"permissions": ["dossiers.all"]},
        {"units": ["khong-co"]},
        {"units": ["\0"]},
        {"permissions": [""]},
    ):
        answer = admin.post(path, {"name": "x", **wrong}, content_type="application/json")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"].split(".")[0] in wrong


def test_limits_cost_no_statement() -> None:
    plain, limited = (
        p.token(p.person("mot_cua"), **limits)
        for limits in ({}, {"permissions": ["dossiers.view"], "units": [p.COMMUNE]})
    )
    counts = []
    for token in (plain, limited):
        ask(token, "/dossiers")
        with CaptureQueriesContext(connection) as asked:
            ask(token, "/dossiers")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_every_permission_has_a_name_and_no_name_is_of_one_that_has_gone() -> None:
    assert permissions().keys() == {name for role in roles().values() for name in role.permissions}


@pytest.mark.parametrize("wrong", [{"permissions": [""]}, {"expires_at": p.MONDAY}])
def test_the_database_refuses_what_is_no_limit_and_no_time(wrong: dict) -> None:
    p.token(p.person("mot_cua"))
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.update(**wrong)
