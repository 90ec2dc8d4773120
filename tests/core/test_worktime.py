"""Working time on real days: Tết, swapped Saturdays, the cut-off, Friday evenings, supplements, words."""

from datetime import UTC, date, datetime, time

import pytest

from vamco.core import worktime as w
from vamco.core.worktime import CLOSED, OFFICE_DAY, TZ, Calendar, Limit, Regime


def regime(supplement="restart", **changes):
    values = {
        "key": "test", "cut_off": time(15, 0), "supplement": supplement, "supplements_max": 1,
        "supplement_within_days": 3, "new_dates_max": 1, "apology_days_before": 1,
        "wrong_authority": "forward", "valid_from": None, "valid_to": None,
    }  # fmt: skip
    return Regime(**(values | changes))


STOP, RESTART = regime("stop"), regime("restart")

DAYS_OFF = [
    # Tết Dương lịch and Tết Đinh Dậu 2017 (28 tháng Chạp to mùng 5)
    date(2017, 1, 2), date(2017, 1, 26), date(2017, 1, 27), date(2017, 1, 28), date(2017, 1, 29),
    date(2017, 1, 30), date(2017, 1, 31), date(2017, 2, 1),
    # 31/12/2018 off, Saturday 05/01/2019 worked instead
    date(2018, 12, 31), date(2019, 1, 1),
]  # fmt: skip
CALENDAR = Calendar(
    exceptions=dict.fromkeys(DAYS_OFF, CLOSED) | {date(2019, 1, 5): OFFICE_DAY},
)


def at(text):
    """ "2016-12-05 15:00" in Vietnam."""
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        ("2016-12-05 08:00", 3, "2016-12-08 17:00"),  # Monday morning
        ("2016-12-05 15:00", 3, "2016-12-08 17:00"),  # on the cut-off: still today
        ("2016-12-05 15:00:59", 3, "2016-12-08 17:00"),  # the slip says 15:00
        ("2016-12-05 15:01", 3, "2016-12-09 17:00"),  # a minute later: tomorrow
        ("2016-12-05 05:00", 3, "2016-12-08 17:00"),  # before the office opens (online)
        ("2016-12-05 12:15", 3, "2016-12-08 17:00"),  # over lunch (online)
        ("2016-12-09 19:30", 1, "2016-12-13 17:00"),  # Friday evening counts as Monday
        ("2016-12-10 09:00", 1, "2016-12-13 17:00"),  # Saturday too
        ("2016-12-09 10:00", 1, "2016-12-12 17:00"),  # Friday morning
        ("2017-01-25 09:00", 3, "2017-02-06 17:00"),  # last day before Tết
        ("2017-01-25 16:00", 3, "2017-02-07 17:00"),  # received on the first day after Tết
        ("2017-01-28 09:00", 0, "2017-02-02 17:00"),  # in Tết, same day: the day work begins again
        ("2018-12-28 09:00", 2, "2019-01-03 17:00"),  # over the swapped Monday
        ("2019-01-04 09:00", 1, "2019-01-05 17:00"),  # the swapped Saturday is a working day
        ("2019-01-04 16:00", 1, "2019-01-07 17:00"),
        ("2019-01-05 15:30", 0, "2019-01-07 17:00"),
        ("2016-12-05 14:59", 0, "2016-12-05 17:00"),  # same day
        ("2016-12-05 15:01", 0, "2016-12-06 17:00"),  # same day, after the cut-off
    ],
)
def test_days_end_with_the_office_hours_of_a_working_day(received, days, expected):
    assert w.due(at(received), days=days, calendar=CALENDAR, regime=RESTART) == at(expected)


@pytest.mark.parametrize(
    ("received", "hours", "expected"),
    [
        ("2016-12-05 08:00", 1, "2016-12-05 09:00"),
        ("2016-12-05 11:00", 1, "2016-12-05 14:00"),  # over lunch
        ("2016-12-05 16:00", 1, "2016-12-05 17:00"),  # ends when the office closes, not when it opens again
        ("2017-01-25 16:00", 1, "2017-01-25 17:00"),  # nor when Tết is over
        ("2019-01-05 16:00", 1, "2019-01-05 17:00"),  # also on a Saturday that is worked
        ("2016-12-09 16:30", 2, "2016-12-12 08:30"),  # over the weekend, cut-off or not
        ("2016-12-05 07:00", 16, "2016-12-06 17:00"),
        ("2017-01-25 16:59", 0.5, "2017-02-02 07:29"),
        ("2016-12-10 09:00", 4, "2016-12-12 11:00"),
    ],
)
def test_hours_end_to_the_minute(received, hours, expected):
    assert w.due(at(received), hours=hours, calendar=CALENDAR, regime=RESTART) == at(expected)


def test_any_time_zone_is_understood_and_vietnam_is_answered():
    utc = datetime(2016, 12, 5, 8, 1, tzinfo=UTC)  # 15:01 in Vietnam
    answer = w.due(utc, days=0, calendar=CALENDAR, regime=RESTART)
    assert answer.isoformat() == "2016-12-06T17:00:00+07:00"


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="offset"):
        w.due(datetime(2016, 12, 5, 8), days=1, calendar=CALENDAR, regime=RESTART)


@pytest.mark.parametrize(
    "limit", [{}, {"days": 1, "hours": 2}, {"days": -1}, {"hours": -0.5}], ids=lambda limit: str(limit)
)
def test_a_limit_is_days_or_hours(limit):
    with pytest.raises(ValueError):
        w.due(at("2016-12-05 08:00"), **limit, calendar=CALENDAR, regime=RESTART)


def test_eight_hours_are_a_day():
    minutes = w.elapsed(at("2016-12-05 07:00"), at("2016-12-06 10:30"), calendar=CALENDAR)
    assert minutes == 480 + 210
    assert w.parts(minutes) == (1, 3, 30)


def test_remaining_is_negative_when_late_and_office_hours_only():
    due = at("2016-12-08 17:00")
    assert w.remaining(at("2016-12-08 16:12"), due, calendar=CALENDAR) == 48
    assert w.remaining(at("2016-12-08 22:00"), due, calendar=CALENDAR) == 0
    assert w.remaining(at("2016-12-09 10:42"), due, calendar=CALENDAR) == -222


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2016-12-05 08:00", "2016-12-05 08:00"),
        ("2016-12-05 06:00", "2016-12-05 07:00"),
        ("2016-12-05 11:30", "2016-12-05 13:30"),
        ("2016-12-09 17:00", "2016-12-12 07:00"),
        ("2017-01-26 09:00", "2017-02-02 07:00"),
        ("2019-01-04 18:00", "2019-01-05 07:00"),
    ],
)
def test_next_working(start, expected):
    assert w.next_working(at(start), calendar=CALENDAR) == at(expected)


def test_a_calendar_far_from_its_data_still_counts_weeks():
    assert w.due(at("1990-01-04 09:00"), days=2, calendar=CALENDAR, regime=STOP) == at("1990-01-08 17:00")
    assert w.due(at("2150-01-01 09:00"), days=10_000, calendar=CALENDAR, regime=STOP).year == 2188


def test_a_half_day_has_its_own_closing_hour():
    morning = (OFFICE_DAY[0],)
    calendar = Calendar((OFFICE_DAY,) * 5 + (morning, CLOSED))
    assert w.due(at("2016-12-09 09:00"), days=1, calendar=calendar, regime=STOP) == at("2016-12-10 11:30")
    assert w.due(at("2016-12-10 12:00"), days=0, calendar=calendar, regime=STOP) == at("2016-12-12 17:00")


@pytest.mark.parametrize(
    "week",
    [
        (CLOSED,) * 7,
        (OFFICE_DAY,) * 6,
        (((time(9), time(8)),), *(CLOSED,) * 6),
        (((time(7), time(12)), (time(11), time(17))), *(CLOSED,) * 6),
    ],
    ids=["never open", "six weekdays", "backwards", "overlapping"],
)
def test_an_impossible_week_is_refused(week):
    with pytest.raises(ValueError):
        Calendar(week)


# Supplements: received Monday 05/12/2016 at 8:00 with five working days, so due Monday 12/12.
MONDAY, FIVE_DAYS = at("2016-12-05 08:00"), Limit(days=5)


def due_after(*pauses, regime=STOP, limit=FIVE_DAYS, **more):
    times = [(at(a), at(b) if b else None) for a, b in pauses]
    return w.due_with_pauses(MONDAY, limit, times, calendar=CALENDAR, regime=regime, **more)


def test_while_a_supplement_is_awaited_nothing_is_due():
    assert due_after(("2016-12-06 09:00", None)) is None
    assert due_after(("2016-12-06 09:00", None), regime=RESTART) is None


@pytest.mark.parametrize(
    ("asked", "came", "expected"),
    [
        ("2016-12-06 09:00", "2016-12-06 14:00", "2016-12-12 17:00"),  # same day: nothing moves
        ("2016-12-06 09:00", "2016-12-07 09:00", "2016-12-13 17:00"),  # next day: one day
        (
            "2016-12-06 09:00",
            "2016-12-06 15:30",
            "2016-12-13 17:00",
        ),  # after the cut-off: counts as the next day
        ("2016-12-09 16:00", "2016-12-12 08:00", "2016-12-13 17:00"),  # over a weekend: one day
        (
            "2016-12-10 09:00",
            "2016-12-10 10:00",
            "2016-12-13 17:00",
        ),  # on a Saturday: Monday is a day of receipt
        (
            "2016-12-12 16:00",
            "2016-12-20 09:00",
            "2016-12-20 17:00",
        ),  # asked on the last day: due when it comes
    ],
)
def test_the_clock_stops_and_goes_on(asked, came, expected):
    assert due_after((asked, came)) == at(expected)


def test_the_clock_starts_anew():
    assert due_after(("2016-12-07 09:00", "2016-12-14 10:00"), regime=RESTART) == at("2016-12-21 17:00")
    twice = [("2016-12-07 09:00", "2016-12-14 10:00"), ("2016-12-15 09:00", "2016-12-15 16:00")]
    assert due_after(*twice, regime=RESTART) == at("2016-12-23 17:00")


def test_hours_go_on_to_the_minute():
    eight = Limit.of(hours=8)
    pause = ("2016-12-05 10:00", "2016-12-06 16:00")  # two hours used, six left
    assert due_after(pause, limit=eight) == at("2016-12-07 14:00")
    assert due_after(pause, limit=eight, regime=RESTART) == at("2016-12-07 16:00")


@pytest.mark.parametrize("rules", [STOP, RESTART], ids=["stop", "restart"])
def test_asking_late_does_not_undo_being_late(rules):
    assert due_after(("2016-12-13 08:00", "2016-12-20 08:00"), regime=rules) == at("2016-12-12 17:00")
    assert due_after(("2016-12-13 08:00", None), regime=rules) == at("2016-12-12 17:00")


def test_a_new_date_takes_the_place_of_the_due_time_and_moves_with_later_pauses():
    new = [(at("2016-12-09 09:00"), at("2016-12-16 17:00"))]
    assert due_after(new_dates=new) == at("2016-12-16 17:00")
    assert due_after(("2016-12-14 09:00", "2016-12-15 09:00"), new_dates=new) == at("2016-12-19 17:00")
    assert due_after(("2016-12-06 09:00", "2016-12-07 09:00"), new_dates=new) == at("2016-12-16 17:00")


@pytest.mark.parametrize(
    "pauses",
    [
        [("2016-12-07 09:00", "2016-12-06 09:00")],
        [("2016-12-02 09:00", "2016-12-06 09:00")],
        [("2016-12-06 09:00", None), ("2016-12-07 09:00", "2016-12-08 09:00")],
        [("2016-12-06 09:00", "2016-12-08 09:00"), ("2016-12-07 09:00", "2016-12-09 09:00")],
    ],
    ids=["backwards", "before receipt", "after an open one", "overlapping"],
)
def test_impossible_pauses_are_refused(pauses):
    with pytest.raises(ValueError, match="pauses"):
        due_after(*pauses)


def test_the_apology_is_out_a_working_day_before():
    assert w.apology_by(at("2016-12-12 17:00"), calendar=CALENDAR, regime=RESTART) == at("2016-12-09 17:00")
    never = regime(apology_days_before=0)
    assert w.apology_by(at("2016-12-12 17:00"), calendar=CALENDAR, regime=never) == at("2016-12-12 17:00")


def test_more_papers_may_be_asked_for_within_the_regimes_days():
    assert w.supplement_by(MONDAY, calendar=CALENDAR, regime=RESTART) == at("2016-12-08 17:00")
    assert w.supplement_by(MONDAY, calendar=CALENDAR, regime=regime(supplement_within_days=None)) is None


def test_the_regime_is_that_of_the_day_in_vietnam():
    old = regime(key="old", valid_to=date(2018, 6, 20))
    new = regime(key="new", valid_from=date(2018, 6, 21))
    newest = regime(key="newest", valid_from=date(2025, 7, 1))
    known = [old, new, newest]
    assert w.regime_in_force(known, at("2018-06-20 23:59")) is old
    assert w.regime_in_force(known, datetime(2018, 6, 20, 17, 0, tzinfo=UTC)) is new  # midnight in Vietnam
    assert w.regime_in_force(known, at("2026-01-05 08:00")) is newest  # the later of two that cover the day
    assert w.regime_in_force([new], at("2016-12-05 08:00")) is None


@pytest.mark.parametrize(
    ("minutes", "vietnamese", "english"),
    [
        (2 * 480 + 3 * 60 + 20, "còn 2 ngày 3 giờ", "2 days 3 hours left"),
        (-(3 * 60 + 42), "trễ 3 giờ 42 phút", "3 hours 42 minutes late"),
        (48, "còn 48 phút", "48 minutes left"),
        (-(480 + 180), "trễ 1 ngày 3 giờ", "1 day 3 hours late"),
        (480, "còn 1 ngày", "1 day left"),
        (1, "còn 1 phút", "1 minute left"),
        (60, "còn 1 giờ", "1 hour left"),
        (0, "đến hạn", "due now"),
    ],
)
def test_in_words(minutes, vietnamese, english):
    assert w.in_words(minutes) == vietnamese
    assert w.in_words(minutes, "en") == english


def test_a_duration_in_words():
    assert w.duration_in_words(0) == "0 phút"
    assert w.duration_in_words(0, "en") == "0 minutes"
    assert w.duration_in_words(1000, "vi") == "2 ngày"
