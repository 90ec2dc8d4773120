"""Histories of a dossier with none to four supplements under each regime, against a count by hand."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import province as p
from vamco.core import clock, worktime
from vamco.core.actors import SYSTEM
from vamco.core.errors import Refused
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier, Stage
from vamco.timing import queries as timing
from vamco.timing.actions import set_regime
from vamco.timing.models import Regime
from vamco.timing.regime_inputs import Source, Sources

pytestmark = [pytest.mark.django_db(databases=["default", "serials"]), pytest.mark.usefixtures("province")]
STARTS = {"qd09_2015": date(2016, 11, 1), "nd61_2018": date(2019, 3, 1), "nd118_2025": date(2025, 9, 15)}
LIMIT = 3


def open_moment(start: date, offset: int) -> datetime:
    """An instant within office hours, so many office minutes after the start of a day."""
    calendar = timing.calendar_for(None)
    return worktime.add_minutes(datetime.combine(start, time(0), clock.HERE), offset + 1, calendar=calendar)


def receipt_day(when: datetime) -> date:
    """The day that counts as the day of receipt: after 15:00, or on a day off, the next working day."""
    day = clock.local(when).date()
    calendar = timing.calendar_for(None)
    if clock.local(when).time() > time(15) or not calendar.works(day):
        day += timedelta(days=1)
        while not calendar.works(day):
            day += timedelta(days=1)
    return day


def working_days_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= timing.calendar_for(None).works(day)
    return day


def working_days_between(first: date, last: date) -> int:
    days = (last - first).days
    return sum(timing.calendar_for(None).works(first + timedelta(days=i)) for i in range(1, days + 1))


def due_by_hand(received: datetime, pauses: list[tuple[datetime, datetime]], restart: bool) -> date:
    """The due day, counted day by day."""
    due = working_days_after(receipt_day(received), LIMIT)
    since = receipt_day(received)
    for asked, answered in pauses:
        if clock.local(asked) > datetime.combine(due, time(17), clock.HERE):
            return due
        if restart:
            due = working_days_after(receipt_day(answered), LIMIT)
        else:
            used = max(since, clock.local(asked).date())
            moved = working_days_between(used, receipt_day(answered)) if receipt_day(answered) > used else 0
            due = working_days_after(due, moved)
        since = receipt_day(answered)
    return due


@pytest.fixture
def many_allowed(db: None) -> None:
    """Rules that allow four supplements at any time: the regimes of today allow one, a law of tomorrow may more."""
    sources = Sources(supplements_max=Source("để thử"), supplement_within_days=Source("để thử"))
    for regime in Regime.objects.all():
        set_regime(SYSTEM, regime, sources=sources, supplements_max=4, supplement_within_days=None)


def live_through(regime: str, start: int, gaps: list[tuple[int, int]]) -> Dossier:
    """A dossier received so many office minutes after the regime's start; after each pair's minutes of work a
    supplement is asked for, which comes after its minutes of waiting. It is checked and led to its result."""
    calendar = timing.calendar_for(None)
    now = open_moment(STARTS[regime], start)
    with clock.told(now):
        dossier = p.receive(parties=(p.PartyInput(name="Trần Văn Nam"),))
    assert dossier.regime == regime
    received, pauses = now, []
    for work, wait in gaps:
        asked = now = worktime.add_minutes(now, work, calendar=calendar)
        with clock.told(now):
            dossier = ask(dossier)
        assert (dossier.stage, dossier.status) == (Stage.SUPPLEMENT, 5)
        now = worktime.add_minutes(now, wait, calendar=calendar)
        with clock.told(now):
            dossier = actions.resume(p.actor("mot_cua"), dossier)
        pauses.append((asked, now))
    dossier.refresh_from_db()
    check(dossier, received, pauses, restart=timing.regime(regime).supplement == "restart")
    with clock.told(now):
        assert p.decide(dossier).stage == Stage.READY
    return dossier


@pytest.mark.usefixtures("many_allowed")
@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    regime=st.sampled_from(sorted(STARTS)),
    start=st.integers(0, 8 * 60 * 10),
    gaps=st.lists(st.tuples(st.integers(1, 8 * 60 * 2), st.integers(1, 8 * 60 * 12)), max_size=4),
)
def test_a_history_ends_on_the_day_counted_by_hand(regime: str, start: int, gaps: list[tuple[int, int]]):
    live_through(regime, start, gaps)


@pytest.mark.usefixtures("many_allowed")
@pytest.mark.parametrize("count", range(5))
@pytest.mark.parametrize("regime", sorted(STARTS))
def test_so_many_supplements_under_each_regime(regime: str, count: int):
    """Chance need not give every number under every regime: here each of them is lived through."""
    dossier = live_through(regime, 300, [(100, 500), (450, 3000), (30, 60), (700, 1000)][:count])
    assert list(dossier.supplements.values_list("number", flat=True)) == list(range(1, count + 1))
    assert not dossier.supplements.filter(answered_at__isnull=True).exists()


@pytest.mark.usefixtures("many_allowed")
def test_a_fifth_is_refused_where_four_are_allowed():
    with pytest.raises(Refused, match="4 lần"):
        live_through("nd61_2018", 0, [(10, 20)] * 5)


@pytest.mark.parametrize("regime", sorted(STARTS))
def test_the_regimes_as_shipped_allow_one(regime: str):
    with pytest.raises(Refused, match="1 lần"):
        live_through(regime, 0, [(10, 20)] * 2)


@pytest.mark.parametrize(
    ("regime", "refused"), [("qd09_2015", False), ("nd61_2018", True), ("nd118_2025", True)]
)
def test_how_late_a_first_one_may_be_asked_for(regime: str, refused: bool):
    late = [(8 * 60 * 4, 60)]  # after the third working day that follows the receipt
    if refused:
        with pytest.raises(Refused, match="3 ngày"):
            live_through(regime, 0, late)
    else:
        live_through(regime, 0, late)


def ask(dossier: Dossier) -> Dossier:
    return actions.request_supplement(
        p.actor("tu_phap"), dossier, items=[("Tờ khai", "thiếu trang")], reason="Chưa đủ cơ sở.", days=30
    )


def check(
    dossier: Dossier, received: datetime, pauses: list[tuple[datetime, datetime]], *, restart: bool
) -> None:
    assert clock.local(dossier.due_at).date() == due_by_hand(received, pauses, restart)
    runs = list(dossier.runs.order_by("pk"))
    assert [run.left_at is None for run in runs] == [False] * len(pauses) + [True]
    used = sum(run.minutes for run in runs if run.minutes is not None)
    waited = sum(
        worktime.elapsed(asked, answered, calendar=timing.calendar_for(None)) for asked, answered in pauses
    )
    last = runs[-1].entered_at
    assert used == worktime.elapsed(received, last, calendar=timing.calendar_for(None)) - waited
    assert dossier.version == 1 + 2 * len(pauses)
