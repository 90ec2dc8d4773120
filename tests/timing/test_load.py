"""The shipped calendar and regimes."""

from datetime import date, time, timedelta
from itertools import pairwise

import holidays
import pytest

from vamco.core.actors import SYSTEM
from vamco.timing import actions, load, queries
from vamco.timing.models import REGIME_VALUES, CalendarDay, Regime, RegimeSource
from vamco.timing.regime_inputs import Source, Sources


def test_loading_twice_changes_nothing(db):
    assert load.load_timing() == (len(load.shipped_days()), 3)
    before = list(CalendarDay.objects.values()), list(RegimeSource.objects.values())
    assert load.load_timing() == (0, 0)
    assert (list(CalendarDay.objects.values()), list(RegimeSource.objects.values())) == before


def test_loading_leaves_what_an_administrator_did(loaded):
    culture_day = CalendarDay.objects.get(date=date(2026, 11, 24))
    actions.remove_day(SYSTEM, culture_day)
    actions.set_day(
        SYSTEM, None, day=date(2027, 2, 3), kind="holiday", name="28 Tết", source="Thông báo 2027"
    )
    actions.set_regime(
        SYSTEM,
        Regime.objects.get(key="qd09_2015"),
        cut_off=time(16, 0),
        sources=Sources(cut_off=Source("QĐ", True)),
    )
    assert load.load_timing() == (0, 0)
    calendar = queries.calendar_for()
    assert calendar.works(date(2026, 11, 24))
    assert not calendar.works(date(2027, 2, 3))
    assert queries.regime("qd09_2015").cut_off == time(16, 0)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2016-02-08", "2016-02-12"),
        ("2017-01-26", "2017-02-01"),
        ("2018-02-14", "2018-02-20"),
        ("2020-01-23", "2020-01-29"),
        ("2023-01-20", "2023-01-26"),
        ("2025-01-27", "2025-01-31"),
        ("2026-02-16", "2026-02-20"),
    ],
)
def test_tet_is_off(loaded, first, last):
    calendar = queries.calendar_for()
    day, last = date.fromisoformat(first), date.fromisoformat(last)
    before, after = day - timedelta(days=1), last + timedelta(days=1)
    while day <= last:
        assert not calendar.works(day), day
        day += timedelta(days=1)
    assert calendar.works(before) or before.weekday() > 4
    assert calendar.works(after) or after.weekday() > 4


@pytest.mark.parametrize(
    ("off", "work"),
    [
        ("2018-12-31", "2019-01-05"),
        ("2019-04-29", "2019-05-04"),
        ("2024-04-29", "2024-05-04"),
        ("2025-05-02", "2025-04-26"),
        ("2026-01-02", "2026-01-10"),
        ("2026-08-31", "2026-08-22"),
    ],
)
def test_a_moved_day_is_off_and_its_saturday_is_worked(loaded, off, work):
    calendar = queries.calendar_for()
    assert not calendar.works(date.fromisoformat(off))
    assert date.fromisoformat(work).weekday() == 5
    assert (
        sum(
            b.hour * 60 + b.minute - a.hour * 60 - a.minute
            for a, b in calendar.hours(date.fromisoformat(work))
        )
        == 480
    )


def test_every_moved_day_that_the_library_knows_has_its_saturday():
    """A new version of the library must not take a day off without the Saturday that makes up for it."""
    known = holidays.country_holidays("VN", years=range(load.FIRST_YEAR, load.LAST_YEAR + 1), language="vi")
    moved = {day for day, name in known.items() if "thay cho ngày" in name}
    assert moved
    assert moved <= {swap["day_off"] for swap in load._read("swaps.yaml")}


def test_days_that_were_only_computed_are_not_verified(loaded):
    assert not CalendarDay.objects.filter(date__year=2027, verified=True).exists()
    assert not CalendarDay.objects.filter(source="").exists()


def test_each_value_of_each_regime_has_its_source(loaded):
    for regime in Regime.objects.all():
        assert set(regime.sources.values_list("field", flat=True)) == set(REGIME_VALUES)
    assert not RegimeSource.objects.get(regime__key="nd118_2025", field="cut_off").verified
    assert RegimeSource.objects.get(regime__key="nd61_2018", field="supplement").verified


def test_the_regimes_follow_each_other_without_a_gap(loaded):
    known = queries.regimes()
    assert [regime.key for regime in known] == ["qd09_2015", "nd61_2018", "nd118_2025"]
    for earlier, later in pairwise(known):
        assert earlier.valid_to + timedelta(days=1) == later.valid_from
    assert known[0].supplement == "stop"
    assert known[1].supplement == known[2].supplement == "restart"
