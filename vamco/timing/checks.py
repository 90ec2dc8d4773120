"""What `vamco doctor` looks at: whether due times can be reckoned, this year and soon the next."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from vamco.core import clock, worktime
from vamco.core.findings import Finding

from . import queries
from .models import CalendarDay, DayKind

ANNOUNCED = 11
"""The month from which next year's days off should be there: due times reach into it by then."""


def days_off() -> Iterator[Finding]:
    """The public holidays of the years that due times fall into are in the calendar."""
    today, name = clock.today(), _("Lịch nghỉ lễ, tết")
    years = [today.year, today.year + 1] if today.month >= ANNOUNCED else [today.year]
    known = CalendarDay.objects.filter(unit=None, removed=False, kind=DayKind.HOLIDAY, date__year__in=years)
    counts = {year: known.filter(date__year=year).count() for year in years}
    missing = [year for year, count in counts.items() if not count]
    if missing:
        yield Finding(
            name,
            "warn",
            _("chưa có ngày nghỉ nào của năm %(years)s: ngày hẹn trả có thể rơi vào ngày nghỉ")
            % {"years": ", ".join(map(str, missing))},
            _("Người quản trị mở trang «Lịch», thêm các ngày nghỉ lễ, tết theo thông báo của năm đó."),
        )
        return
    yield Finding(
        name,
        "ok",
        ", ".join(
            _("năm %(year)s: %(count)s ngày") % {"year": year, "count": count}
            for year, count in counts.items()
        ),
    )


def regime() -> Iterator[Finding]:
    """Dossiers can be received today: legal rules are in force."""
    name = _("Chế độ pháp lý")
    found = worktime.regime_in_force(queries.regimes(), clock.now())
    if found is None:
        yield Finding(
            name,
            "wrong",
            _("hôm nay không có chế độ nào có hiệu lực: không tiếp nhận được hồ sơ"),
            _(
                "Nơi mới cài: vamco load_province. Nơi đang dùng: người quản trị mở trang «Lịch», "
                "thêm chế độ mới hoặc sửa ngày hết hiệu lực."
            ),
        )
    else:
        yield Finding(name, "ok", found.key)
