"""Working time against a count minute by minute and day by day, on made-up calendars."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.test_worktime import RESTART, STOP
from vamco.core import worktime as w
from vamco.core.worktime import CLOSED, OFFICE_DAY, OFFICE_WEEK, TZ, Calendar, Limit

FIRST = date(2018, 12, 20)
SPAN = 30  # days in which exceptions, receipts and supplements fall
MINUTE = timedelta(minutes=1)
MORNING = (OFFICE_DAY[0],)
SHORT = ((time(8, 15), time(9, 0)), (time(10, 0), time(10, 30)), (time(20, 0), time(23, 59)))

hours = st.sampled_from([CLOSED, CLOSED, OFFICE_DAY, MORNING, SHORT])
weeks = st.one_of(
    st.just(OFFICE_WEEK), st.lists(hours, min_size=7, max_size=7).map(tuple).filter(lambda week: any(week))
)
days = st.integers(0, SPAN).map(lambda n: FIRST + timedelta(days=n))
calendars = st.builds(Calendar, weeks, st.dictionaries(days, hours, max_size=12))
edges = st.sampled_from(
    [time(0, 0), time(7, 0), time(11, 30), time(15, 0), time(15, 1), time(17, 0), time(23, 59)]
)
moments = st.builds(lambda day, at: datetime.combine(day, at, TZ), days, st.one_of(edges, st.times())).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
rules = st.sampled_from([STOP, RESTART])
limits = st.one_of(
    st.integers(0, 12).map(lambda n: Limit(days=n)), st.integers(0, 2400).map(lambda n: Limit(minutes=n))
)


def is_open(calendar, minute):
    """Whether the minute that begins at an instant is office time."""
    return any(a <= minute.time() < b for a, b in calendar.hours(minute.date()))


def count(calendar, start, end):
    total = 0
    while start < end:
        total += is_open(calendar, start)
        start += MINUTE
    return total


def counted_add(calendar, start, minutes):
    while minutes:
        minutes -= is_open(calendar, start)
        start += MINUTE
    return start


def receipt_day(calendar, received):
    """The day of receipt, found by walking."""
    day, closing = received.date(), calendar.hours(received.date())
    if closing and received.time() <= min(closing[-1][1], time(15, 0)):
        return day
    day += timedelta(days=1)
    while not calendar.works(day):
        day += timedelta(days=1)
    return day


def walked_due(calendar, received, pauses, limit_days):
    """The due day under "stop": working days are ticked off one by one while the clock runs."""
    running = [(received, *[b for _, b in pauses])[i] for i in range(len(pauses) + 1)]
    stopped = [a for a, _ in pauses] + [None]
    ticked = 0
    for since, until in zip(running, stopped, strict=True):
        if since is None:
            return None
        day = first = receipt_day(calendar, since)
        closing = datetime.combine(day, calendar.hours(day)[-1][1], TZ)
        while ticked < limit_days:
            day += timedelta(days=1)
            if until is not None and day > until.date():
                break
            ticked += calendar.works(day)
        else:
            closing = datetime.combine(day, calendar.hours(day)[-1][1], TZ)
            # Asked for on the last day, after hours or on days off after it: whoever asks in time is in time.
            if until is None or until > closing:
                return closing
        assert day >= first
    raise AssertionError("the last run has no end")


@given(calendars, moments, moments)
@settings(max_examples=150)
def test_elapsed(calendar, one, other):
    start, end = min(one, other), max(one, other)
    expected = count(calendar, start, end)
    assert w.elapsed(start, end, calendar=calendar) == expected
    assert w.remaining(end, start, calendar=calendar) == -expected


@given(calendars, moments, st.integers(0, 3000))
@settings(max_examples=150)
def test_add_minutes(calendar, start, minutes):
    assert w.add_minutes(start, minutes, calendar=calendar) == counted_add(calendar, start, minutes)


@given(calendars, moments, moments)
@settings(max_examples=400)
def test_add_minutes_is_the_inverse_of_elapsed(calendar, one, other):
    """Also on the edges of days, where one closing and the next opening have the same amount before them."""
    start, end = min(one, other), max(one, other)
    minutes = w.elapsed(start, end, calendar=calendar)
    answer = w.add_minutes(start, minutes, calendar=calendar)
    assert start <= answer <= end
    assert w.elapsed(start, answer, calendar=calendar) == minutes
    assert minutes == 0 or is_open(calendar, answer - MINUTE)


@given(calendars, moments)
@settings(max_examples=150)
def test_next_working(calendar, start):
    expected = start
    while not is_open(calendar, expected):
        expected += MINUTE
    assert w.next_working(start, calendar=calendar) == expected


@given(calendars, moments, st.integers(0, 40), rules)
@settings(max_examples=400)
def test_due_in_days(calendar, received, number, regime):
    day = receipt_day(calendar, received)
    for _ in range(number):
        day += timedelta(days=1)
        while not calendar.works(day):
            day += timedelta(days=1)
    expected = datetime.combine(day, calendar.hours(day)[-1][1], TZ)
    assert w.due(received, days=number, calendar=calendar, regime=regime) == expected


@given(calendars, moments, moments, limits, rules)
@settings(max_examples=400)
def test_received_later_is_never_due_earlier(calendar, one, other, limit, regime):
    first, second = (
        w.due_by(moment, limit, calendar=calendar, regime=regime) for moment in sorted([one, other])
    )
    assert first <= second


@given(calendars, moments, st.integers(0, 40), st.integers(0, 40))
@settings(max_examples=200)
def test_a_longer_limit_is_never_due_earlier(calendar, received, one, other):
    first, second = (
        w.due(received, days=days, calendar=calendar, regime=STOP) for days in sorted([one, other])
    )
    assert first <= second


@given(calendars, moments, st.integers(0, 5000))
@settings(max_examples=300)
def test_what_is_added_has_elapsed(calendar, start, minutes):
    end = w.add_minutes(start, minutes, calendar=calendar)
    assert w.elapsed(start, end, calendar=calendar) == minutes


@st.composite
def histories(draw):
    """A receipt and up to four supplements after it, the last perhaps still awaited."""
    number = draw(st.integers(0, 4))
    times = sorted(draw(st.lists(moments, min_size=2 * number + 1, max_size=2 * number + 1)))
    pauses = [(times[i], times[i + 1]) for i in range(1, len(times), 2)]
    if pauses and draw(st.booleans()):
        pauses[-1] = (pauses[-1][0], None)
    return times[0], pauses


@given(calendars, histories(), st.integers(0, 12))
@settings(max_examples=800)
def test_days_that_stop_and_go_on(calendar, history, limit_days):
    received, pauses = history
    answer = w.due_with_pauses(received, Limit(days=limit_days), pauses, calendar=calendar, regime=STOP)
    assert answer == walked_due(calendar, received, pauses, limit_days)


@given(calendars, histories(), st.integers(0, 2400))
@settings(max_examples=200)
def test_minutes_that_stop_and_go_on(calendar, history, minutes):
    received, pauses = history
    expected, since, left = None, received, minutes
    for asked, came in [*pauses, (None, None)]:
        expected = counted_add(calendar, since, left)
        if asked is None or asked > expected:
            break
        left -= count(calendar, since, asked)
        since, expected = came, None
        if came is None:
            break
    answer = w.due_with_pauses(received, Limit(minutes=minutes), pauses, calendar=calendar, regime=STOP)
    assert answer == expected


@given(calendars, histories(), limits)
@settings(max_examples=400)
def test_a_limit_that_starts_anew(calendar, history, limit):
    received, pauses = history
    expected, since = None, received
    for asked, came in [*pauses, (None, None)]:
        expected = w.due_by(since, limit, calendar=calendar, regime=RESTART)
        if asked is None or asked > expected:
            break
        since, expected = came, None
        if came is None:
            break
    assert w.due_with_pauses(received, limit, pauses, calendar=calendar, regime=RESTART) == expected


@given(calendars, histories(), limits, rules)
@settings(max_examples=400)
def test_a_supplement_never_makes_a_dossier_due_earlier(calendar, history, limit, regime):
    received, pauses = history
    answer = w.due_with_pauses(received, limit, pauses, calendar=calendar, regime=regime)
    if answer is not None:
        assert answer >= w.due_by(received, limit, calendar=calendar, regime=regime)


@pytest.mark.parametrize("minutes", [0, 1, 479, 480, 481, -5000])
def test_parts_add_up(minutes):
    days_, hours_, rest = w.parts(minutes)
    assert days_ * 480 + hours_ * 60 + rest == abs(minutes)
