"""Changing the calendar and the regimes."""

from datetime import date, datetime, time

import pytest
from django.db import IntegrityError, connection, transaction

from vamco.core.actors import SYSTEM, Actor
from vamco.core.errors import Invalid, NotAllowed
from vamco.core.models import LedgerContent
from vamco.core.transactions import atomic
from vamco.core.worktime import TZ, due
from vamco.timing import actions, queries
from vamco.timing.models import CalendarDay, OfficeHours, Regime
from vamco.timing.regime_inputs import Source, Sources

FLOOD = {"day": date(2016, 12, 6), "kind": "closed", "name": "Ngập lụt", "source": "Công văn 1/UBND"}
MORNING = actions.HalfDay(time(7, 30), time(11, 30))
AFTERNOON = actions.HalfDay(time(13, 0), time(17, 0))


def editor(*units):
    return Actor(user_id=1, label="quản trị", scope={"timing.edit": frozenset(unit.pk for unit in units)})


def test_a_day_off_moves_what_is_due_at_that_unit_and_below_only(loaded, units):
    province, district, commune = units
    actions.set_day(SYSTEM, district, **FLOOD)
    start = datetime(2016, 12, 5, 9, tzinfo=TZ)
    regime = queries.regime_at(start)

    def due_day(unit):
        return due(start, days=1, calendar=queries.calendar_for(unit), regime=regime).day

    assert [due_day(unit) for unit in (None, province, district, commune)] == [6, 6, 7, 7]
    assert due_day(commune.pk) == 7


def test_units_without_days_of_their_own_share_one_calendar(loaded, units):
    province, district, commune = units
    assert queries.calendar_for(province).exceptions == queries.calendar_for(commune).exceptions
    queries.forget()
    actions.set_day(SYSTEM, district, **FLOOD)
    snapshot = queries._Snapshot(queries._read())
    assert queries._own_rows(snapshot, province) == ()
    assert queries._own_rows(snapshot, commune) == queries._own_rows(snapshot, commune.pk) == (district.pk,)


def test_a_unit_may_work_on_a_day_that_is_off_elsewhere(loaded, units):
    new_year = date(2016, 1, 1)
    values = FLOOD | {"day": new_year, "kind": "swap_work", "name": "Trực"}
    actions.set_day(SYSTEM, units[2], **values)
    assert queries.calendar_for(units[2]).works(new_year)
    assert not queries.calendar_for(units[1]).works(new_year)


def test_saying_it_again_replaces_and_the_ledger_keeps_what_was(db):
    actions.set_day(SYSTEM, None, **FLOOD)
    row = actions.set_day(SYSTEM, None, **FLOOD | {"name": "Ngập nặng"})
    assert CalendarDay.objects.get().name == "Ngập nặng"
    content = LedgerContent.objects.order_by("pk").last().content
    assert content["before"][1]["name"] == "Ngập lụt"
    assert content["name"][1] == row.name


def test_a_removed_day_is_a_day_again(db):
    day = actions.set_day(SYSTEM, None, **FLOOD)
    assert not queries.calendar_for().works(FLOOD["day"])
    actions.remove_day(SYSTEM, day)
    assert queries.calendar_for().works(FLOOD["day"])
    actions.set_day(SYSTEM, None, **FLOOD)
    assert not queries.calendar_for().works(FLOOD["day"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"name": "  "}, "name"),
        ({"source": ""}, "source"),
        ({"name": "x" * 201}, "name"),
        ({"replaces": date(2016, 12, 7)}, "replaces"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(db, changes, field):
    with pytest.raises(Invalid) as refused:
        actions.set_day(SYSTEM, None, **FLOOD | changes)
    assert refused.value.field == field
    assert not CalendarDay.objects.exists()


def test_the_province_is_not_changed_from_a_district(db, units):
    province, district, commune = units
    actions.set_day(editor(district), district, **FLOOD)
    with pytest.raises(NotAllowed):
        actions.set_day(editor(district), None, **FLOOD)
    with pytest.raises(NotAllowed):
        actions.set_hours(editor(district), None, weekday=0, morning=MORNING, afternoon=None)
    with pytest.raises(NotAllowed):
        actions.set_day(editor(district), commune, **FLOOD)
    whole = actions.set_day(editor(province), None, **FLOOD)
    with pytest.raises(NotAllowed):
        actions.remove_day(editor(district), whole)
    with pytest.raises(NotAllowed):
        actions.set_day(Actor(user_id=2, label="ai đó"), district, **FLOOD)


def test_hours_of_a_unit(loaded, units):
    actions.set_hours(SYSTEM, units[1], weekday=0, morning=MORNING, afternoon=AFTERNOON)
    actions.set_hours(SYSTEM, units[1], weekday=5, morning=MORNING, afternoon=None)
    actions.set_hours(SYSTEM, units[2], weekday=5, morning=None, afternoon=None)
    monday, saturday = date(2016, 12, 5), date(2016, 12, 10)
    assert queries.calendar_for(units[2]).hours(monday) == (
        (time(7, 30), time(11, 30)),
        (time(13, 0), time(17, 0)),
    )
    assert queries.calendar_for(units[1]).hours(saturday) == ((time(7, 30), time(11, 30)),)
    assert not queries.calendar_for(units[2]).works(saturday)
    assert queries.calendar_for(units[0]).hours(monday)[0][0] == time(7, 0)


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ({"weekday": 7, "morning": MORNING, "afternoon": None}, "weekday"),
        (
            {"weekday": 0, "morning": actions.HalfDay(time(11, 30), time(7, 30)), "afternoon": None},
            "morning.closes",
        ),
        (
            {"weekday": 0, "morning": None, "afternoon": actions.HalfDay(time(17), time(13))},
            "afternoon.closes",
        ),
        (
            {"weekday": 0, "morning": MORNING, "afternoon": actions.HalfDay(time(11), time(17))},
            "afternoon.opens",
        ),
    ],
)
def test_hours_that_make_no_sense_are_refused(db, hours, field):
    with pytest.raises(Invalid) as refused:
        actions.set_hours(SYSTEM, None, **hours)
    assert refused.value.field == field


def test_a_unit_stays_open_one_day_a_week(db, units):
    for weekday in range(4):
        actions.set_hours(SYSTEM, units[2], weekday=weekday, morning=None, afternoon=None)
    with pytest.raises(Invalid):
        actions.set_hours(SYSTEM, units[2], weekday=4, morning=None, afternoon=None)
    assert OfficeHours.objects.count() == 4


def test_a_regime_is_changed_with_its_source(loaded):
    regime = Regime.objects.get(key="nd61_2018")
    with pytest.raises(Invalid) as refused:
        actions.set_regime(SYSTEM, regime, new_dates_max=2)
    assert refused.value.field == "sources.new_dates_max.source"
    actions.set_regime(SYSTEM, regime, new_dates_max=2, sources=Sources(new_dates_max=Source("Nghị quyết 1")))
    assert queries.regime("nd61_2018").new_dates_max == 2
    assert not regime.sources.get(field="new_dates_max").verified


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"supplement": "pause"}, "supplement"),
        ({"wrong_authority": "burn"}, "wrong_authority"),
        ({"apology_days_before": -1}, "apology_days_before"),
        ({"valid_to": date(2025, 7, 1)}, "valid_from"),
    ],
)
def test_a_regime_that_makes_no_sense_is_refused(loaded, values, field):
    with pytest.raises(Invalid) as refused:
        actions.set_regime(
            SYSTEM,
            Regime.objects.get(key="nd61_2018"),
            **values,
            sources=Sources(**dict.fromkeys(values, Source("x"))),
        )
    assert refused.value.field == field


def test_the_database_itself_keeps_one_regime_a_day(loaded):
    with pytest.raises(IntegrityError), transaction.atomic():
        Regime.objects.filter(key="nd61_2018").update(valid_to=None)


def test_a_day_without_a_regime_is_refused(db):
    with pytest.raises(Invalid):
        queries.regime_at(datetime(2016, 12, 5, 9, tzinfo=TZ))


def test_what_is_kept_costs_no_query(loaded, django_assert_num_queries):
    # As if what the fixture loaded were committed.
    connection.run_on_commit.clear()
    queries.calendar_for()
    with django_assert_num_queries(0):
        queries.calendar_for()
        queries.regime_at(datetime(2016, 12, 5, 9, tzinfo=TZ))


def test_an_edit_by_another_process_is_seen_in_seconds(loaded, monkeypatch):
    connection.run_on_commit.clear()
    now = [100.0]
    monkeypatch.setattr(queries.time, "monotonic", lambda: now[0])
    first = queries.calendar_for()
    CalendarDay.objects.filter(date=date(2016, 9, 2)).update(removed=True)
    assert queries.calendar_for() is first
    now[0] += queries.FRESH_SECONDS + 0.1
    assert queries.calendar_for().works(date(2016, 9, 2))
    second = queries.calendar_for()
    now[0] += queries.FRESH_SECONDS + 0.1
    assert queries.calendar_for() is second  # nothing changed: the same calendar


def test_an_edit_that_is_rolled_back_leaves_nothing_behind(loaded):
    connection.run_on_commit.clear()
    with atomic():
        actions.set_day(SYSTEM, None, **FLOOD)
        assert not queries.calendar_for().works(FLOOD["day"])
        transaction.set_rollback(True)
    assert queries.calendar_for().works(FLOOD["day"])
