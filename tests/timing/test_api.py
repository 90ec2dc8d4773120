"""GET /api/v1/worktime/due and /elapsed, without signing in."""

import json
from datetime import date

import pytest

from vamco.core.actors import SYSTEM
from vamco.timing import actions

START = "2016-12-05T08:00:00+07:00"


@pytest.fixture
def ask(client, loaded):
    def ask(what, **query):
        answer = client.get(f"/api/v1/worktime/{what}", query)
        return answer.status_code, answer.json()

    return ask


def test_due_in_days(ask):
    assert ask("due", start=START, days=3) == (
        200,
        {"due_at": "2016-12-08T17:00:00+07:00", "regime": "qd09_2015"},
    )


def test_due_in_hours(ask):
    status, answer = ask("due", start="2016-12-09T16:30:00+07:00", hours="2.5")
    assert (status, answer["due_at"]) == (200, "2016-12-12T09:00:00+07:00")


@pytest.mark.parametrize(
    ("start", "due_at", "regime"),
    [
        ("2017-01-25T09:00:00+07:00", "2017-02-02T17:00:00+07:00", "qd09_2015"),
        ("2018-06-20T23:59:00+07:00", "2018-06-22T17:00:00+07:00", "qd09_2015"),
        ("2018-06-20T17:00:00Z", "2018-06-22T17:00:00+07:00", "nd61_2018"),
        ("2018-12-28T09:00:00+07:00", "2019-01-02T17:00:00+07:00", "nd61_2018"),
        ("2019-01-04T09:00:00+07:00", "2019-01-05T17:00:00+07:00", "nd61_2018"),
        ("2025-07-01T09:00:00+07:00", "2025-07-02T17:00:00+07:00", "nd118_2025"),
        ("1999-01-04T09:00:00+07:00", "1999-01-05T17:00:00+07:00", "qd09_2015"),
        ("2100-01-04T09:00:00+07:00", "2100-01-05T17:00:00+07:00", "nd118_2025"),
    ],
)
def test_the_regime_is_the_one_in_force_at_the_start(ask, start, due_at, regime):
    assert ask("due", start=start, days=1) == (200, {"due_at": due_at, "regime": regime})


def test_a_regime_may_be_named(ask):
    assert ask("due", start=START, days=1, regime="nd118_2025")[1]["regime"] == "nd118_2025"


def test_a_plus_sign_lost_on_the_way_is_understood(client, loaded):
    answer = client.get(f"/api/v1/worktime/due?days=3&start={START}")
    assert answer.status_code == 200


def test_a_unit_has_its_own_calendar(ask, units):
    actions.set_day(SYSTEM, units[1], day=date(2016, 12, 6), kind="closed", name="Lũ", source="Công văn")
    assert ask("due", start=START, days=1, unit="28000")[1]["due_at"] == "2016-12-07T17:00:00+07:00"
    assert ask("due", start=START, days=1, unit="80")[1]["due_at"] == "2016-12-06T17:00:00+07:00"


def test_elapsed(ask):
    answer = ask("elapsed", start=START, end="2016-12-06T10:00:00+07:00")
    assert answer == (200, {"hours": 10.0, "days": 1.25})
    assert ask("elapsed", start=START, end=START) == (200, {"hours": 0.0, "days": 0.0})


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"days": 3}, "start"),
        ({"start": "2016-12-05T08:00:00", "days": 3}, "start"),
        ({"start": "2016-12-05", "days": 3}, "start"),
        ({"start": "hôm nay", "days": 3}, "start"),
        ({"start": "2016-12-05T08:00:00\0+07:00", "days": 3}, "start"),
        ({"start": "9999-12-31T23:59:59+00:00", "days": 3}, "start"),
        ({"start": "0001-01-01T00:00:00+14:00", "days": 3}, "start"),
        ({"start": START}, "days"),
        ({"start": START, "days": 3, "hours": 3}, "days"),
        ({"start": START, "days": 10_001}, "days"),
        ({"start": START, "days": -1}, "days"),
        ({"start": START, "days": "1.5"}, "days"),
        ({"start": START, "days": "9" * 5000}, "days"),
        ({"start": START, "hours": "nan"}, "hours"),
        ({"start": START, "hours": "inf"}, "hours"),
        ({"start": START, "hours": 80_001}, "hours"),
        ({"start": START, "days": 3, "unit": "không có"}, "unit"),
        ({"start": START, "days": 3, "unit": "80\0"}, "unit"),
        ({"start": START, "days": 3, "unit": "' OR 1=1 --"}, "unit"),
        ({"start": START, "days": 3, "regime": "qd93_2007"}, "regime"),
    ],
)
def test_what_cannot_be_answered_names_its_field(client, loaded, query, field):
    answer = client.get("/api/v1/worktime/due", query)
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"start": START}, "end"),
        ({"end": START}, "start"),
        ({"start": START, "end": "2016-12-05T07:59:00+07:00"}, "end"),
        ({"start": START, "end": START, "unit": "x" * 10_000}, "unit"),
    ],
)
def test_elapsed_that_cannot_be_answered_names_its_field(ask, query, field):
    status, answer = ask("elapsed", **query)
    assert (status, answer["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize("days", [10_000, 0])
def test_the_ends_of_what_is_answered(ask, days):
    for year in (1980, 2200):
        assert ask("due", start=f"{year}-01-04T09:00:00+07:00", days=days)[0] == 200
        assert ask("due", start=f"{year}-12-31T23:59:59-12:00", hours=80_000)[0] == 200


def test_the_description_has_examples_and_true_types(client, db):
    described = json.loads(client.get("/api/v1/openapi.json").content)
    for path in ("/api/v1/worktime/due", "/api/v1/worktime/elapsed"):
        operation = described["paths"][path]["get"]
        parameters = {parameter["name"]: parameter["schema"] for parameter in operation["parameters"]}
        assert parameters["start"]["format"] == "date-time"
        assert parameters["start"]["examples"]
        assert "security" not in operation
    days = {p["name"]: p["schema"] for p in described["paths"]["/api/v1/worktime/due"]["get"]["parameters"]}[
        "days"
    ]
    assert (days["type"], days["minimum"], days["maximum"]) == ("integer", 0, 10_000)
    for name in ("DueOut", "ElapsedOut"):
        assert all(
            value["examples"] for value in described["components"]["schemas"][name]["properties"].values()
        )
