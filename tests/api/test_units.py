"""GET /units: the province's units as they were on a day, without signing in."""

from typing import Any

import pytest
from django.test import Client

from tests.province import CENTRE, PROVINCE

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
