"""What the doctor says of calendar and regimes."""

from datetime import date, datetime

import pytest

from vamco.core import clock
from vamco.timing import checks
from vamco.timing.models import CalendarDay, DayKind, Regime

pytestmark = pytest.mark.django_db


def told(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=clock.HERE)


def holiday(year: int, **more: object) -> None:
    CalendarDay.objects.create(
        **{"date": date(year, 9, 2), "kind": DayKind.HOLIDAY, "name": "Quốc khánh", "source": "x", **more}
    )


@pytest.mark.parametrize(
    ("day", "years", "missing"),
    [
        (date(2031, 10, 31), [], "2031"),
        (date(2031, 10, 31), [2031], ""),
        (date(2031, 11, 1), [2031], "2032"),
        (date(2031, 11, 1), [2031, 2032], ""),
        (date(2031, 11, 1), [], "2031, 2032"),
    ],
)
def test_days_off_of_this_year_and_from_november_of_the_next(
    day: date, years: list[int], missing: str
) -> None:
    for year in years:
        holiday(year)
    with clock.told(told(day)):
        (found,) = checks.days_off()
    assert (found.verdict, bool(found.do)) == (("warn", True) if missing else ("ok", False))
    if missing:
        assert f"của năm {missing}:" in found.says


def test_a_removed_day_and_a_day_of_another_kind_are_no_holidays() -> None:
    holiday(2031, removed=True)
    holiday(2031, date=date(2031, 5, 4), kind=DayKind.CLOSED)
    with clock.told(told(date(2031, 3, 1))):
        (found,) = checks.days_off()
    assert found.verdict == "warn"


def test_without_a_regime_of_today_nothing_can_be_received() -> None:
    Regime.objects.all().delete()
    Regime.objects.create(
        key="cu", name="Cũ", supplement="stop", wrong_authority="refuse", valid_to=date(2031, 3, 1)
    )
    with clock.told(told(date(2031, 3, 1))):
        assert [one.verdict for one in checks.regime()] == ["ok"]
    with clock.told(told(date(2031, 3, 2))):
        (found,) = checks.regime()
    assert found.verdict == "wrong"
    assert "Lịch" in found.do
