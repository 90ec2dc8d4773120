"""People and businesses by the API: listed, looked up, registered, corrected."""

import logging
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from vamco.core import clock
from vamco.core.actors import SYSTEM, Actor
from vamco.core.models import LedgerContent
from vamco.organisation.actions import token_hash
from vamco.organisation.api import auth as organisation_api
from vamco.organisation.models import ApiToken, Unit, User
from vamco.parties import actions
from vamco.parties.models import LookUp, Party

pytestmark = pytest.mark.django_db
NUMBER = "080080001234"


@pytest.fixture
def caller(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Client]:
    """A client whose token has these permissions in these units."""

    def make(
        permissions: tuple[str, ...] = ("parties.search", "parties.look_up"), units: tuple[int, ...] = (1,)
    ) -> Client:
        user = User.objects.create_user("an", full_name="Lê An")
        now = clock.now()
        ApiToken.objects.create(
            user=user, name="t", hash=token_hash("t"), created_at=now, expires_at=now + timedelta(1)
        )
        actor = Actor(user.pk, "Lê An", {name: frozenset(units) for name in permissions}, via="api")
        monkeypatch.setattr(organisation_api, "actor_for", lambda *_, **__: actor)
        return Client(headers={"authorization": "Bearer t"})

    return make


@pytest.fixture
def commune() -> Unit:
    return Unit.objects.create(
        code="27694", name="Xã", level="commune", agency_code="000.00.12.H39", valid_from=date(2016, 1, 1)
    )


def register(name: str, number: str = "", unit_id: int = 1) -> None:
    actions.get_or_register(SYSTEM, name=name, id_number=number, unit_id=unit_id)


def test_lists_in_alphabetical_order_page_by_page(caller: Callable[..., Client]) -> None:
    names = ["Nguyễn Văn An", "Trần An", "Lê Ân", "Bùi Bình", "Lê Đào"]
    for name in reversed(names):
        register(name)
    register("Người Xã Khác", unit_id=2)
    client, found, cursor = caller(), [], ""
    while cursor is not None:
        answer = client.get("/api/v1/parties", {"limit": 2, "cursor": cursor}).json()
        found += [item["name"] for item in answer["items"]]
        cursor = answer["next"]
    assert found == names


def test_finds_by_words_and_masks_the_number(caller: Callable[..., Client]) -> None:
    register("Nguyễn Văn Á", NUMBER)
    answer = caller().get("/api/v1/parties", {"q": "van ng"})
    assert answer.status_code == 200
    (item,) = answer.json()["items"]
    assert (item["name"], item["number"], item["number_kind"]) == (
        "Nguyễn Văn Á",
        "0800••••1234",
        "citizen_id",
    )
    assert NUMBER not in answer.content.decode()


def test_a_long_name_still_makes_a_cursor(caller: Callable[..., Client]) -> None:
    register("Щ" * 250)
    register("ắ" * 250)
    register("z")
    client = caller()
    first = client.get("/api/v1/parties", {"limit": 1}).json()
    second = client.get("/api/v1/parties", {"limit": 1, "cursor": first["next"]})
    assert second.status_code == 200
    assert client.get("/api/v1/parties", {"limit": 1, "cursor": second.json()["next"]}).json()["next"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [({"q": NUMBER}, "q"), ({"q": "x" * 201}, "q"), ({"limit": 0}, "limit"), ({"cursor": "x"}, "cursor")],
)
def test_wrong_questions_name_the_field(
    caller: Callable[..., Client], query: dict[str, Any], field: str
) -> None:
    answer = caller().get("/api/v1/parties", query)
    assert answer.status_code == 422
    assert field in answer.json()["errors"][0]["field"]
    assert answer["Content-Type"].startswith("application/problem+json")


def test_without_token_or_permission_nothing_is_told(caller: Callable[..., Client]) -> None:
    register("Nguyễn Văn Á", NUMBER)
    assert Client().get("/api/v1/parties").status_code == 401
    client = caller(permissions=())
    assert client.get("/api/v1/parties", {"q": "nguyen"}).status_code == 403
    body = {"number": NUMBER}
    assert (
        client.post("/api/v1/parties/actions/look_up", body, content_type="application/json").status_code
        == 403
    )
    assert not LookUp.objects.filter(kind="asked").exists()


def test_a_look_up_finds_beyond_the_own_units_and_is_on_record(caller: Callable[..., Client]) -> None:
    register("Nguyễn Văn Á", NUMBER, unit_id=2)
    client = caller()
    for number, name in [(NUMBER, "Nguyễn Văn Á"), ("301234567", None)]:
        body = {"number": number, "purpose": "Tiếp nhận"}
        answer = client.post("/api/v1/parties/actions/look_up", body, content_type="application/json")
        assert answer.status_code == 200
        assert (answer.json()["party"] or {}).get("name") == name
    assert LookUp.objects.filter(kind="asked").count() == 2
    assert client.get("/api/v1/parties").json()["items"] == []


def send(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/parties{path}", body, content_type="application/json")


EVERY = ("parties.search", "parties.look_up", "parties.register", "parties.correct")


def test_the_number_stands_in_no_log_and_no_ledger_whatever_is_done(
    caller: Callable[..., Client], caplog: pytest.LogCaptureFixture, commune: Unit
) -> None:
    caplog.set_level(logging.DEBUG)
    client, other = caller(EVERY, (commune.pk,)), "080180005678"
    made = send(client, "", unit=commune.code, name="Nguyễn Văn Á", id_number=NUMBER)
    pk = made.json()["id"]
    answers = [
        made,
        send(client, "", unit=commune.code, name="Trần Thị B", id_number=NUMBER),
        send(client, "/actions/look_up", number=NUMBER, number_kind="citizen_id", purpose="Tiếp nhận"),
        send(client, f"/{pk}/actions/update", phone="0913 000 125"),
        send(client, f"/{pk}/actions/correct", reason="Gõ nhầm số", id_number=other),
        send(client, f"/{pk}/actions/correct", reason="Gõ nhầm số", id_number=f"{other}9"),
    ]
    assert [answer.status_code for answer in answers] == [201, 422, 200, 200, 200, 422]
    shown = send(client, f"/{pk}/actions/reveal", purpose="đối chiếu")
    assert shown.json() == {"number": other}
    ledger = str(list(LedgerContent.objects.values_list("content", flat=True)))
    for number in (NUMBER, other):
        assert number not in caplog.text
        assert number not in ledger
        assert not any(number in answer.content.decode() for answer in answers)
    kinds = LookUp.objects.values_list("kind", flat=True)
    assert {"asked", "compared", "revealed"} <= set(kinds)


def test_what_is_left_out_stays_and_what_is_given_empty_is_emptied(
    caller: Callable[..., Client], commune: Unit
) -> None:
    client = caller(EVERY, (commune.pk,))
    stated = {"name": "Nguyễn Văn Á", "phone": "0912345678", "birth_date": "1980-02-28", "groups": ["poor"]}
    pk = send(client, "", unit=commune.code, **stated).json()["id"]
    corrected = send(client, f"/{pk}/actions/correct", reason="Sai ngày sinh", birth_date=None).json()
    assert (corrected["birth_date"], corrected["phone"]) == (None, "0912345678")
    send(client, f"/{pk}/actions/update", phone="")
    party = Party.objects.get()
    assert (party.phone, party.groups) == ("", ["poor"])
    send(client, f"/{pk}/actions/correct", reason="Không thuộc diện", groups=[])
    assert Party.objects.get().groups == []
    refused = send(client, f"/{pk}/actions/update", phone="gọi sau", name="X")
    assert {fault["field"] for fault in refused.json()["errors"]} == {"name"}
    refused = send(client, f"/{pk}/actions/update", phone="gọi sau")
    assert [fault["field"] for fault in refused.json()["errors"]] == ["phone"]
