"""GET /units: the province's units as they were on a day, without signing in."""

from typing import Any

import pytest
from django.test import Client

from tests.province import CENTRE, COMMUNE, DISTRICT, PROVINCE, unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province", "monday")]


def units(**asked: Any) -> list[dict[str, Any]]:
    """All units that the API answers, page after page."""
    found, cursor = [], ""
    while True:
        answer = Client().get("/api/v1/units", {"limit": 100, "cursor": cursor, **asked})
        assert answer.status_code == 200, answer.content
        page = answer.json()
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


@pytest.mark.parametrize(
    ("level", "count"), [("province", 1), ("district", 15), ("commune", 192), ("centre", 1)]
)
def test_long_an_at_the_end_of_2016(level: str, count: int) -> None:
    found = units(level=level, on="2016-12-01")
    assert len({one["code"] for one in found}) == len(found) == count
    assert {one["level"] for one in found} == {level}


def test_the_centre_is_there_from_the_day_it_opened() -> None:
    assert units(level="centre", on="2016-10-16") == []
    (centre,) = units(level="centre", on="2016-10-17")
    assert centre == {
        "code": CENTRE,
        "name": "Trung tâm Phục vụ hành chính công tỉnh",
        "level": "centre",
        "parent": PROVINCE,
        "valid_from": "2016-10-17",
        "valid_to": None,
    }
    assert len(units(level="district", on="2016-10-16")) == 15


def test_every_commune_is_below_a_district() -> None:
    districts = {one["code"] for one in units(level="district", on="2016-12-01")}
    assert {one["parent"] for one in units(level="commune", on="2016-12-01")} == districts


@pytest.fixture
def change(call: Any) -> Any:
    """A change of the commune by the province's administrator."""
    return lambda **body: call("quan_tri", PROVINCE).post(
        f"/units/{COMMUNE}/actions/change", {"on": "2016-12-05", **body}
    )


def test_a_change_leaves_alone_what_it_does_not_name(change: Any) -> None:
    before = unit()
    changed = change(phone="0272 3 826 123").json()
    assert changed["phone"] == "0272 3 826 123"
    assert (changed["name"], changed["level"], changed["place"]) == (before.name, "commune", before.place)
    assert changed["parent"] == before.parent.code  # type: ignore[union-attr]
    assert change(phone="").json()["phone"] == ""
    assert change(name="").status_code == 422


def test_a_unit_moves_below_another_and_out_of_all(change: Any) -> None:
    assert change(parent=DISTRICT).json()["parent"] == DISTRICT
    assert unit().path == [unit(PROVINCE).pk, unit(DISTRICT).pk, unit().pk]
    assert change(parent=None).json()["parent"] == DISTRICT
    assert change(parent="khong-co").status_code == 422
    assert change(parent="").json()["parent"] is None
    assert unit().path == [unit().pk]


def test_a_unit_is_opened_with_the_key_by_which_processes_find_it(call: Any) -> None:
    body = {
        "code": "803-moi", "name": "Phòng Mới", "level": "room", "parent": DISTRICT, "key": "moi",
        "agency_code": "H39.803.M", "valid_from": "2016-12-05",
    }  # fmt: skip
    assert call("quan_tri", PROVINCE).post("/units", body).status_code == 201
    assert unit("803-moi").key == "moi"
