"""GET /api/v1/parties and the look-up by number."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from vamco.core import clock
from vamco.core.actors import SYSTEM, Actor
from vamco.organisation.actions import token_hash
from vamco.organisation.api import auth as organisation_api
from vamco.organisation.models import ApiToken, User
from vamco.parties import actions
from vamco.parties.models import LookUp

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
