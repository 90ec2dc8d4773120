"""Working time: when a dossier is due, how much office time was used, how much is left.

Pure functions over two values: a `Calendar` (office hours of a week and the days that differ from it) and a
`Regime` (what the law in force says about cut-off hour, supplements and new dates). No database, no clock.

How time is read, everywhere in this file:
- every datetime is aware; it is read in Asia/Ho_Chi_Minh, and what is returned is in Asia/Ho_Chi_Minh;
- seconds do not count: 15:00:59 is 15:00, as the receipt slip prints it;
- amounts are office minutes (int); a day in an amount is 8 office hours, whatever the calendar's own day is.

Rules (Decree 61/2018/NĐ-CP Art 18 and 19, and usual practice where the decree is silent):
- N working days end with the office hours of the N-th working day after the day of receipt;
- what comes after the cut-off hour, after hours or on a day off counts as received on the next working day;
- a limit in hours ends to the minute, counting office minutes from the receipt; it knows no cut-off.

Every question costs a few additions and a binary search over the exceptional days: the whole past and future
is a repeating week, corrected by the exceptions before the day in question.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import accumulate, pairwise
from typing import Literal
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Asia/Ho_Chi_Minh")
MINUTES_A_DAY = 480

Hours = tuple[tuple[time, time], ...]
"""Office hours of one day: (opens, closes) pairs in order; empty when the office is closed."""

Pause = tuple[datetime, datetime | None]
"""(the clock stopped, the clock went on again or None while it stands)."""

CLOSED: Hours = ()
OFFICE_DAY: Hours = ((time(7, 0), time(11, 30)), (time(13, 30), time(17, 0)))
"""Long An's office hours in 2015 (commune one-stop database of that year): 8 hours a day."""
OFFICE_WEEK: tuple[Hours, ...] = (OFFICE_DAY,) * 5 + (CLOSED,) * 2

_TIMES = tuple(time(minute // 60, minute % 60, tzinfo=TZ) for minute in range(24 * 60))
_Spans = tuple[tuple[int, int], ...]


def _spans(hours: Hours) -> _Spans:
    """Office hours as minutes of the day. ValueError when they are out of order, empty or overlapping."""
    spans = tuple((a.hour * 60 + a.minute, b.hour * 60 + b.minute) for a, b in hours)
    edges = [edge for span in spans for edge in span]
    if any(later <= earlier for earlier, later in pairwise(edges)):
        raise ValueError(f"office hours must be in order, apart and not empty: {hours}")
    return spans


def _length(spans: _Spans) -> int:
    return sum(b - a for a, b in spans)


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The office calendar (lịch làm việc): hours of each weekday (Monday first), and the days that differ.

    `exceptions` gives for a date its hours: `CLOSED` for a holiday, hours for a Saturday that is worked.
    At least one weekday must be worked. Calendars are compared by identity.
    """

    hours_by_weekday: Sequence[Hours] = OFFICE_WEEK
    exceptions: Mapping[date, Hours] = field(default_factory=dict)

    # The week: spans, minutes and worked days before each weekday (7 = of a whole week), worked weekdays.
    _week: tuple[_Spans, ...] = field(init=False, repr=False)
    _week_minutes: tuple[int, ...] = field(init=False, repr=False)
    _week_days: tuple[int, ...] = field(init=False, repr=False)
    _worked: tuple[int, ...] = field(init=False, repr=False)
    # Exceptions in order: their ordinals and spans; what they add to the pattern, summed over those before
    # index i; and the counts of worked days and of minutes that lie before each.
    _at: tuple[int, ...] = field(init=False, repr=False)
    _odd: dict[int, _Spans] = field(init=False, repr=False)
    _more_days: tuple[int, ...] = field(init=False, repr=False)
    _more_minutes: tuple[int, ...] = field(init=False, repr=False)
    _days_at: tuple[int, ...] = field(init=False, repr=False)
    _minutes_at: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.hours_by_weekday) != 7:
            raise ValueError("a calendar needs the hours of seven weekdays")
        week = tuple(_spans(hours) for hours in self.hours_by_weekday)
        worked = tuple(weekday for weekday in range(7) if week[weekday])
        if not worked:
            raise ValueError("a calendar needs at least one working day a week")
        odd = {day.toordinal(): _spans(hours) for day, hours in sorted(self.exceptions.items())}
        usual = [week[(ordinal - 1) % 7] for ordinal in odd]
        pairs = list(zip(odd.values(), usual, strict=True))
        set_ = object.__setattr__
        set_(self, "_week", week)
        set_(self, "_worked", worked)
        set_(self, "_week_minutes", tuple(accumulate(map(_length, week), initial=0)))
        set_(self, "_week_days", tuple(accumulate((bool(s) for s in week), initial=0)))
        set_(self, "_at", tuple(odd))
        set_(self, "_odd", odd)
        set_(self, "_more_days", tuple(accumulate((bool(s) - bool(u) for s, u in pairs), initial=0)))
        set_(self, "_more_minutes", tuple(accumulate((_length(s) - _length(u) for s, u in pairs), initial=0)))
        set_(self, "_days_at", tuple(map(self._days_before, odd)))
        set_(self, "_minutes_at", tuple(map(self._minutes_before, odd)))

    def hours(self, day: date) -> Hours:
        """Office hours of a date; empty when it is a day off."""
        known = self.exceptions.get(day)
        return self.hours_by_weekday[day.weekday()] if known is None else known

    def works(self, day: date) -> bool:
        """Whether the office is open on a date."""
        return bool(self.hours(day))

    def _day(self, ordinal: int) -> _Spans:
        spans = self._odd.get(ordinal)
        return self._week[(ordinal - 1) % 7] if spans is None else spans

    def _days_before(self, ordinal: int) -> int:
        """Worked days before a day, since year 1."""
        weeks, weekday = divmod(ordinal - 1, 7)
        return (
            weeks * self._week_days[7]
            + self._week_days[weekday]
            + self._more_days[bisect_left(self._at, ordinal)]
        )

    def _minutes_before(self, ordinal: int) -> int:
        """Office minutes before a day, since year 1."""
        weeks, weekday = divmod(ordinal - 1, 7)
        return (
            weeks * self._week_minutes[7]
            + self._week_minutes[weekday]
            + self._more_minutes[bisect_left(self._at, ordinal)]
        )

    def _worked_day(self, number: int) -> int:
        """The ordinal of the worked day with `number` worked days before it (inverse of `_days_before`)."""
        i = bisect_right(self._days_at, number)
        # Of the exceptions at or before the answer only the last can be the answer itself: those before it
        # that share its count are days off.
        if i and self._days_at[i - 1] == number and self._odd[self._at[i - 1]]:
            return self._at[i - 1]
        weeks, index = divmod(number - self._more_days[i], len(self._worked))
        return weeks * 7 + self._worked[index] + 1

    def _position(self, when: datetime) -> int:
        """Office minutes before an instant, since year 1."""
        local = _local(when)
        minute = local.hour * 60 + local.minute
        ordinal = local.toordinal()
        position = self._minutes_before(ordinal)
        for opens, closes in self._day(ordinal):
            if minute <= opens:
                break
            position += min(minute, closes) - opens
        return position

    def _earliest(self, position: int) -> datetime:
        """The earliest instant with `position` office minutes before it: the inverse of `_position`."""
        i = bisect_left(self._minutes_at, position)
        last = self._at[i - 1] if i else 0
        if i and position <= self._minutes_at[i - 1] + _length(self._odd[last]):
            ordinal, left = last, position - self._minutes_at[i - 1]
        else:
            weeks, rest = divmod(position - self._more_minutes[i] - 1, self._week_minutes[7])
            weekday = bisect_right(self._week_minutes, rest) - 1
            ordinal, left = weeks * 7 + weekday + 1, rest + 1 - self._week_minutes[weekday]
        for opens, closes in self._day(ordinal):
            if left <= closes - opens:
                return _instant(ordinal, opens + left)
            left -= closes - opens
        raise AssertionError("a position lies within the office hours of its day")

    def _closing(self, ordinal: int) -> datetime:
        return _instant(ordinal, self._day(ordinal)[-1][1])

    def _receipt_day(self, when: datetime, cut_off: time) -> int:
        """Number (see `_worked_day`) of the working day on which something counts as received."""
        local = _local(when)
        ordinal = local.toordinal()
        number = self._days_before(ordinal)
        spans = self._day(ordinal)
        minute = local.hour * 60 + local.minute
        if spans and (minute > spans[-1][1] or minute > cut_off.hour * 60 + cut_off.minute):
            number += 1
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """A dated set of legal rules for dossiers (chế độ pháp lý).

    The one in force at receipt stays with the dossier. Which text says which value, and how sure that is, is
    kept beside the data (`vamco.timing`).
    """

    key: str
    cut_off: time
    """Received later than this counts as received on the next working day."""
    supplement: Literal["stop", "restart"]
    """What a request for more papers does to the clock: it stands and goes on, or starts anew."""
    supplements_max: int | None
    """How often more papers may be asked for; None = the law names no number."""
    supplement_within_days: int | None
    """Within how many working days of receipt they may be asked for; None = the law names none."""
    new_dates_max: int | None
    """How often a new date may be given; None = the law names no number."""
    apology_days_before: int
    """How many working days before the due day the apology with its new date must be out."""
    wrong_authority: Literal["refuse", "forward"]
    """What happens to a dossier brought to the wrong authority."""
    valid_from: date | None
    """First day of receipt under it; None = as far back as there are dossiers."""
    valid_to: date | None
    """Last day of receipt under it; None = still in force."""

    def covers(self, day: date) -> bool:
        """Whether a dossier received on this day falls under the regime."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit (thời hạn giải quyết): working days (0 = the same day) or office minutes, never both."""

    days: int | None = None
    minutes: int | None = None

    def __post_init__(self) -> None:
        given = [amount for amount in (self.days, self.minutes) if amount is not None]
        if len(given) != 1 or given[0] < 0:
            raise ValueError("a limit is given in days or in minutes, one of the two, and is not negative")

    @classmethod
    def of(cls, *, days: int | None = None, hours: float | None = None) -> Limit:
        """A limit as procedures give it; hours are rounded to the minute."""
        return cls(days=days, minutes=None if hours is None else round(hours * 60))


def _local(when: datetime) -> datetime:
    if when.tzinfo is TZ:
        return when
    if when.utcoffset() is None:
        raise ValueError("working time needs a datetime with its offset")
    return when.astimezone(TZ)


def _instant(ordinal: int, minute: int) -> datetime:
    return datetime.combine(date.fromordinal(ordinal), _TIMES[minute])


def _minute(when: datetime) -> datetime:
    """An instant as it is read here: local, without its seconds."""
    return _local(when).replace(second=0, microsecond=0)


def regime_in_force(regimes: Sequence[Regime], when: datetime) -> Regime | None:
    """The regime for what is received at an instant (its day in Vietnam); the latest where two overlap."""
    day = _local(when).date()
    fitting = [regime for regime in regimes if regime.covers(day)]
    return max(fitting, key=lambda regime: regime.valid_from or date.min, default=None)


def elapsed(start: datetime, end: datetime, *, calendar: Calendar) -> int:
    """Office minutes from `start` to `end`; negative when `end` lies before `start`."""
    return calendar._position(end) - calendar._position(start)


def remaining(now: datetime, due: datetime, *, calendar: Calendar) -> int:
    """Office minutes until a due time; negative when late.

    0 on both sides of a due time as long as the office is closed: whether something is late is `now > due`.
    """
    return elapsed(now, due, calendar=calendar)


def add_minutes(start: datetime, minutes: int, *, calendar: Calendar) -> datetime:
    """The earliest instant with `minutes` of office time since `start`; `start` itself (to the minute) for 0.

    One hour from Friday 16:00 is Friday 17:00, not Monday 7:00. OverflowError or ValueError past year 9999.
    """
    if minutes < 0:
        raise ValueError("only forward")
    if minutes == 0:
        return _minute(start)
    return calendar._earliest(calendar._position(start) + minutes)


def next_working(start: datetime, *, calendar: Calendar) -> datetime:
    """`start` when the office is open then (closing time is closed), else the next time it opens."""
    local = _minute(start)
    ordinal = local.toordinal()
    minute = local.hour * 60 + local.minute
    for opens, closes in calendar._day(ordinal):
        if minute < closes:
            return local if minute >= opens else _instant(ordinal, opens)
    following = calendar._worked_day(calendar._days_before(ordinal + 1))
    return _instant(following, calendar._day(following)[0][0])


def due(
    start: datetime,
    *,
    days: int | None = None,
    hours: float | None = None,
    calendar: Calendar,
    regime: Regime,
) -> datetime:
    """When something received at `start` is due, in `days` working days or `hours` of office time.

    0 days is the same day; after the cut-off, the end of the next working day.
    """
    if days is not None and hours is None and days >= 0:
        return calendar._closing(calendar._worked_day(calendar._receipt_day(start, regime.cut_off) + days))
    return due_by(start, Limit.of(days=days, hours=hours), calendar=calendar, regime=regime)


def due_by(start: datetime, limit: Limit, *, calendar: Calendar, regime: Regime) -> datetime:
    """As `due`, for a `Limit`."""
    if limit.days is not None:
        return due(start, days=limit.days, calendar=calendar, regime=regime)
    return add_minutes(start, limit.minutes or 0, calendar=calendar)


def due_with_pauses(
    received_at: datetime,
    limit: Limit,
    pauses: Sequence[Pause],
    *,
    calendar: Calendar,
    regime: Regime,
    new_dates: Sequence[tuple[datetime, datetime]] = (),
) -> datetime | None:
    """When a dossier is due after supplements were asked for and came in; None while one is awaited.

    Under "restart" (Decree 61/2018 Art 19.4) the whole limit runs from the last supplement, as from a
    receipt.

    Under "stop" (Decision 09/2015) the time used counts and the clock goes on from where it stood:
    - a limit in hours moves by the office minutes of the pause;
    - a limit in days keeps ending with the office hours of a working day. The day of the request counts as
      used; the day of the supplement is a day of receipt (cut-off included) and does not count. So the due
      day moves by as many working days as lie from the one to the other: by none when papers come in the same
      day, by one when they come in the next. What the office loses of the day of the request it has back on
      the day of the supplement, and no one needs to reckon in parts of days.

    Under both, a due time that had passed when the supplement was asked for stands: asking late does not undo
    being late (and then the due time is known even while the clock stands).

    `new_dates` are new dates given with an apology and accepted under the regime, as (given at, new due
    time): each takes the place of the due time that ran until then. How many there may be is not judged here,
    nor is the number of supplements. ValueError when pauses overlap, run backwards or follow an open one.
    """
    since = received_at
    current = due_by(since, limit, calendar=calendar, regime=regime)
    events = sorted(new_dates, key=lambda new: new[0])
    _check_order(received_at, pauses)
    for paused_at, resumed_at in pauses:
        while events and events[0][0] <= paused_at:
            current = _minute(events.pop(0)[1])
        if _minute(paused_at) > current:
            return current
        if resumed_at is None:
            return None
        if regime.supplement == "restart":
            current = due_by(resumed_at, limit, calendar=calendar, regime=regime)
        elif limit.days is None:
            left = elapsed(paused_at, current, calendar=calendar)
            current = add_minutes(resumed_at, left, calendar=calendar)
        else:
            current = _moved(current, since, paused_at, resumed_at, calendar, regime)
        since = resumed_at
    return _minute(events[-1][1]) if events else current


def _check_order(received_at: datetime, pauses: Sequence[Pause]) -> None:
    before: datetime | None = received_at
    for paused_at, resumed_at in pauses:
        if before is None or paused_at < before or (resumed_at is not None and resumed_at < paused_at):
            raise ValueError("pauses must follow each other, and only the last may be open")
        before = resumed_at


def _moved(
    current: datetime,
    since: datetime,
    paused_at: datetime,
    resumed_at: datetime,
    calendar: Calendar,
    regime: Regime,
) -> datetime:
    """A due time in days, moved by the working days from a request to its supplement (see `due_with_pauses`).

    The clock cannot have used days before the day of receipt, so a request made before that day took nothing.
    """
    used = max(calendar._receipt_day(since, regime.cut_off), _last_worked(calendar, paused_at))
    days = calendar._receipt_day(resumed_at, regime.cut_off) - used
    return calendar._closing(calendar._worked_day(_last_worked(calendar, current) + max(days, 0)))


def _last_worked(calendar: Calendar, when: datetime) -> int:
    """Number of the last working day that is not after an instant's day."""
    return calendar._days_before(_local(when).toordinal() + 1) - 1


def apology_by(due_at: datetime, *, calendar: Calendar, regime: Regime) -> datetime:
    """Until when the apology with a new date must be out.

    The closing hour of the day that lies the regime's number of working days before the due day. Decree
    61/2018 Art 19.9 says "one day before": counted in working days, since nobody can sign on a Sunday.
    """
    if regime.apology_days_before == 0:
        return _minute(due_at)
    number = _last_worked(calendar, due_at) - regime.apology_days_before
    return calendar._closing(calendar._worked_day(number))


def supplement_by(received_at: datetime, *, calendar: Calendar, regime: Regime) -> datetime | None:
    """Until when more papers may be asked for; None when the regime names no time."""
    if regime.supplement_within_days is None:
        return None
    return due(received_at, days=regime.supplement_within_days, calendar=calendar, regime=regime)


def parts(minutes: int) -> tuple[int, int, int]:
    """Days of eight hours, hours and minutes of an amount; its sign does not count."""
    days, rest = divmod(abs(minutes), MINUTES_A_DAY)
    return days, *divmod(rest, 60)


_UNITS = {
    "vi": (("ngày", "ngày"), ("giờ", "giờ"), ("phút", "phút")),
    "en": (("day", "days"), ("hour", "hours"), ("minute", "minutes")),
}


def duration_in_words(minutes: int, language: str = "vi") -> str:
    """An amount of office time: "2 ngày 3 giờ", "3 giờ 42 phút", "48 phút".

    From one day on, minutes are left out. `language` is "vi", or anything else for English.
    """
    days, hours, rest = parts(minutes)
    units = _UNITS["vi" if language.startswith("vi") else "en"]
    amounts = (days, hours, 0 if days else rest)
    given = [f"{n} {one if n == 1 else many}" for n, (one, many) in zip(amounts, units, strict=True) if n]
    return " ".join(given) or f"0 {units[2][1]}"


def in_words(minutes: int, language: str = "vi") -> str:
    """What `remaining` gives, for people: "còn 2 ngày 3 giờ", "trễ 3 giờ 42 phút", "đến hạn" for 0."""
    vietnamese = language.startswith("vi")
    if minutes == 0:
        return "đến hạn" if vietnamese else "due now"
    given = duration_in_words(minutes, language)
    if vietnamese:
        return f"{'còn' if minutes > 0 else 'trễ'} {given}"
    return f"{given} {'left' if minutes > 0 else 'late'}"
