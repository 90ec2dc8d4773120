"""Money through the API: the same actions as the pages."""

from datetime import timedelta

import pytest
from django.test import Client

from vamco.core import clock
from vamco.organisation.actions import token_hash
from vamco.organisation.models import ApiToken
from vamco.payments.models import Receipt

from .conftest import make_charges, make_unit
from .test_pages import employ


def sign_in(unit, role):
    """A client whose bearer token is that of a person with the role in the unit."""
    user = employ(unit, role, f"{role}.{unit.code}")
    now = clock.now()
    token = f"t-{user.pk}"
    ApiToken.objects.create(
        user=user, name="t", hash=token_hash(token), created_at=now, expires_at=now + timedelta(days=1)
    )
    return Client(headers={"authorization": f"Bearer {token}"})


@pytest.fixture
def cashier(unit):
    return sign_in(unit, "cashier")


def post(client, path, body, **headers):
    return client.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def test_from_what_is_owed_to_the_closed_day(cashier, unit, book):
    make_charges(unit, 8000, 2000, subject="A-1")
    owed = cashier.get("/api/v1/charges", {"dossier": "A-1"}).json()
    assert owed["balance"] == 10_000
    sent = {"unit": unit.code, "charges": [line["id"] for line in owed["items"]], "total": 10_000}

    made = post(cashier, "/receipts", sent)
    assert made.status_code == 201
    receipt = made.json()
    assert (receipt["number"], [line["amount"] for line in receipt["lines"]]) == (1, [8000, 2000])
    new = post(
        cashier, f"/receipts/{receipt['id']}/actions/replace", {"reason": "Sai tên", "payer_name": "Lê Ba"}
    )
    assert (new.json()["number"], new.json()["payer_name"]) == (2, "Lê Ba")
    assert cashier.get(f"/api/v1/receipts/{receipt['id']}").json()["replaced_by"] == new.json()["id"]

    listed = cashier.get("/api/v1/receipts", {"unit": unit.code, "day": "2016-12-09", "limit": 1}).json()
    assert [one["state"] for one in listed["items"]] == ["replaced"]
    assert listed["next"]
    day = post(
        cashier, f"/units/{unit.code}/cash/2016-12-09/actions/close", {"counted": 10_000, "expected": 10_000}
    )
    assert day.json()["closed"]["difference"] == 0
    late = post(cashier, f"/receipts/{new.json()['id']}/actions/cancel", {"reason": "Nhầm"})
    assert late.status_code == 409
    assert "đã khóa" in late.json()["title"]


def test_a_repeat_with_the_same_key_answers_the_same(cashier, unit, book):
    (charge,) = make_charges(unit, 8000)
    sent = {"unit": unit.code, "charges": [charge.pk], "total": 8000}
    answers = [post(cashier, "/receipts", sent, **{"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert post(cashier, "/receipts", sent).status_code == 409
    assert Receipt.objects.count() == 1


def test_books_are_put_into_and_out_of_use(unit):
    client = sign_in(unit, "supervisor")
    sent = {"unit": unit.code, "symbol": "BL-17T", "first": 1, "last": 50}
    book = post(client, "/receipt_books", sent)
    assert book.status_code == 201
    twice = post(client, "/receipt_books", sent)
    assert (twice.status_code, twice.json()["errors"][0]["field"]) == (422, "first")
    assert post(client, f"/receipt_books/{book.json()['id']}/actions/close", {}).json()["state"] == "closed"
    listed = client.get("/api/v1/receipt_books", {"unit": unit.code}).json()
    assert [one["symbol"] for one in listed["items"]] == ["BL-17T"]


PATHS = [
    ("get", "/receipts?unit=80123"),
    ("get", "/receipts/{pk}"),
    ("get", "/receipt_books?unit=80123"),
    ("get", "/units/80123/cash/2016-12-09"),
    ("post", "/receipts"),
    ("post", "/receipts/{pk}/actions/cancel"),
    ("post", "/receipts/{pk}/actions/replace"),
    ("post", "/receipt_books"),
    ("post", "/units/80123/cash/2016-12-09/actions/close"),
]
BODIES = {
    "/receipts": {"unit": "80123", "charges": [1], "total": 8000},
    "/receipt_books": {"unit": "80123", "symbol": "X", "first": 1, "last": 2},
    "/units/80123/cash/2016-12-09/actions/close": {"counted": 1},
}


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_strangers_find_nothing(cashier, unit, book, method, path):
    (charge,) = make_charges(unit, 8000, subject="A-1")
    receipt = post(cashier, "/receipts", {"unit": unit.code, "charges": [charge.pk], "total": 8000}).json()
    other = make_unit("80124", "Phường 6")

    def call(client):
        url = path.format(pk=receipt["id"])
        if method == "get":
            return client.get(f"/api/v1{url}").status_code
        return post(client, url, BODIES.get(path, {"reason": "x"})).status_code

    assert call(sign_in(other, "cashier")) == 404
    assert call(sign_in(unit, "specialist")) == 404
    assert call(Client()) == 401
    assert Receipt.objects.get().state == "valid"


def test_what_a_dossier_of_others_owes_is_not_told(unit, book):
    make_charges(unit, 8000, subject="A-1")
    stranger = sign_in(make_unit("80124", "Phường 6"), "cashier")
    told = stranger.get("/api/v1/charges", {"dossier": "A-1"}).json()
    assert told == {"items": [], "next": None, "balance": 0}


@pytest.mark.parametrize(
    "change",
    [
        {"charges": []},
        {"charges": [2**63]},
        {"charges": ["x"]},
        {"total": -1},
        {"total": 10**30},
        {"charges": [0]},
    ],
)
def test_wrong_input_is_refused_and_nothing_is_taken(cashier, unit, book, change):
    assert (
        post(cashier, "/receipts", {"unit": unit.code, "charges": [1], "total": 1} | change).status_code
        == 422
    )
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("path", ["/receipts/99999999999999999999", "/units/8%00/cash/2016-12-09"])
def test_what_does_not_exist_is_not_found(cashier, path):
    assert cashier.get(f"/api/v1{path}").status_code in (404, 422)


def test_what_is_to_be_paid_at_the_unit_comes_in_pages(cashier, unit, book):
    for subject in ("A-1", "A-2"):
        make_charges(unit, 8000, subject=subject)
    seen, cursor = [], ""
    while cursor is not None:
        page = cashier.get(f"/api/v1/units/{unit.code}/dues", {"limit": 1, "cursor": cursor}).json()
        seen += [(one["dossier"], one["total"]) for one in page["items"]]
        cursor = page["next"]
    assert seen == [("A-1", 8000), ("A-2", 8000)]
    other = sign_in(make_unit("80124", "Phường 6"), "cashier")
    assert other.get(f"/api/v1/units/{unit.code}/dues").status_code == 404


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("dung hoa", ["A-2"]),
        ("ĐỖ DŨNG", ["A-2"]),
        ("a-1", ["A-1"]),
        ("khong ai", []),
        ("%", []),
        ("", ["A-1"]),
    ],
)
def test_what_is_to_be_paid_is_found_by_payer_or_code(cashier, unit, q, found):
    make_charges(unit, 8000, subject="A-1")
    make_charges(unit, 6000, subject="A-2", due="on_return", name="Đỗ Dũng Hòa")
    page = cashier.get(f"/api/v1/units/{unit.code}/dues", {"q": q}).json()
    assert [(one["dossier"], one["now"]) for one in page["items"]] == [
        (code, code == "A-1") for code in found
    ]
