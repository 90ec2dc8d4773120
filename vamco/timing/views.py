"""The administrator's pages of time: days off and swap days, office hours, legal regimes with their sources."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import EVERYWHERE, Actor
from vamco.core.errors import NotAllowed, NotFound
from vamco.core.worktime import Hours
from vamco.organisation.models import Unit
from vamco.organisation.validity import open_on
from vamco.organisation.where import province_units
from vamco.web.access import Request, staff
from vamco.web.action_forms import ask_for
from vamco.web.asking import ask, posted
from vamco.web.sections import render_sections

from . import actions, queries
from .forms import WEEKDAYS, RegimeForm
from .models import CalendarDay, OfficeHours, Regime


@dataclass(frozen=True)
class Tab:
    """One of the room's pages."""

    label: str
    url: str
    current: bool


def _for_all(actor: Actor) -> bool:
    """Whether the actor may change what holds for the whole province."""
    return actor.everything or actor.may_at("timing.edit", province_units())


def _unit(request: Request) -> Unit | None:
    """The unit whose calendar is shown; None is the whole province's. Raises `NotFound` for others' units."""
    code = request.GET.get("don_vi", "")[:40].replace("\0", "")
    if not code:
        return None
    found = Unit.objects.filter(code=code).first()
    if found is None or not request.actor.may_at("timing.edit", [found.pk]):
        raise NotFound(_("Không tìm thấy đơn vị này trong các đơn vị ông/bà quản trị."))
    return found


def _must_for_all(actor: Actor) -> None:
    """Raise `NotAllowed` for who may not change what holds for the whole province."""
    if not _for_all(actor):
        raise NotAllowed(_("Chỉ người quản trị của tỉnh mới đổi được lịch và chế độ dùng chung cho cả tỉnh."))


def unit_to_change(request: Request) -> Unit | None:
    """The unit whose calendar is changed; the province's only by its administrators."""
    unit = _unit(request)
    if unit is None:
        _must_for_all(request.actor)
    return unit


def _units(actor: Actor) -> list[Unit]:
    """Units that one may choose: those with a calendar of their own, or the few that one administers."""
    open_now = Unit.objects.filter(open_on(clock.today()))
    if actor.units("timing.edit") is not EVERYWHERE:
        return list(open_now.filter(actor.within("timing.edit", unit="pk")).order_by("folded"))
    with_own = Q(pk__in=CalendarDay.objects.exclude(unit=None).values("unit")) | Q(
        pk__in=OfficeHours.objects.exclude(unit=None).values("unit")
    )
    wide = Q(level__in=("department", "centre", "district"))
    return list(open_now.filter(with_own | wide).order_by("folded"))


def _frame(request: Request, current: str, unit: Unit | None) -> dict[str, Any]:
    shown = (
        ("calendar_admin", _("Ngày nghỉ, ngày làm bù")),
        ("calendar_hours", _("Giờ làm việc")),
        ("calendar_regimes", _("Chế độ pháp lý")),
    )
    own = own_query(unit)
    tabs = [
        Tab(label, reverse(name) + ("" if name == "calendar_regimes" else own), name == current)
        for name, label in shown
    ]
    actor = request.actor
    return {
        "tabs": tabs,
        "unit": unit,
        "units": _units(actor),
        "own": own,
        "may": _for_all(actor) if unit is None else True,
    }


def own_query(unit: Unit | None) -> str:
    """The query by which a page shows a unit's own calendar."""
    return f"?don_vi={unit.code}" if unit else ""


# Days ------------------------------------------------------------------------------------------------------


@staff("timing.edit")
def days(request: Request) -> HttpResponse:
    """The dates of a year that differ from their weekday: the province's, and the unit's own."""
    unit = _unit(request)
    year = _year(request)
    rows = CalendarDay.objects.select_related("unit").filter(date__year=year, removed=False)
    rows = rows.filter(Q(unit=None) | Q(unit_id__in=unit.path)) if unit else rows.filter(unit=None)
    page = {
        "days": list(rows),
        "year": year,
        "today": clock.today(),
        **_frame(request, "calendar_admin", unit),
    }
    return render(request, "timing/days.html", page)


def _year(request: Request) -> int:
    text = request.GET.get("nam", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if 2000 <= year <= 2100 else clock.today().year


@staff("timing.edit")
def new_day(request: Request) -> HttpResponse:
    """Say that a date is off or worked."""
    unit = unit_to_change(request)
    return ask_for(
        request,
        actions.set_day,
        unit,
        title=_("Thêm ngày cho %(unit)s") % {"unit": unit.name} if unit else _("Thêm ngày cho cả tỉnh"),
        text=_("Hồ sơ đã hẹn trả giữ nguyên ngày hẹn; hồ sơ nhận từ bây giờ tính theo lịch mới."),
        up=(reverse("calendar_admin") + own_query(unit), _("Lịch")),
        button=_("Thêm ngày"),
        to=lambda made: _year_of(made.date, unit),
    )


def _year_of(day: date, unit: Unit | None) -> str:
    """The calendar's page on which the day stands."""
    return f"{reverse('calendar_admin')}?nam={day.year}{own_query(unit).replace('?', '&')}"


@staff("timing.edit")
def remove_day(request: Request, pk: int) -> HttpResponse:
    """Take a date out of the calendar."""
    found = CalendarDay.objects.select_related("unit").filter(pk=pk, removed=False).first()
    if found is None or not actions.remove_day.allowed(request.actor, found):
        raise NotFound(_("Không tìm thấy ngày này trong lịch ông/bà quản trị."))
    return ask_for(
        request,
        actions.remove_day,
        found,
        title=_("Bỏ ngày %(day)s khỏi lịch") % {"day": f"{found.date:%d/%m/%Y}"},
        text=_("Ngày này lại tính theo thứ của nó. Hồ sơ đã hẹn trả giữ nguyên ngày hẹn."),
        up=(_year_of(found.date, found.unit), _("Lịch")),
        button=_("Bỏ ngày"),
    )


# Hours -----------------------------------------------------------------------------------------------------


@staff("timing.edit")
def hours(request: Request) -> HttpResponse:
    """The office hours of each weekday as they hold for the unit."""
    unit = _unit(request)
    week = queries.calendar_for(unit).hours_by_weekday
    own = set(OfficeHours.objects.filter(unit=unit).values_list("weekday", flat=True))
    rows = [
        {"weekday": number, "name": WEEKDAYS[number], "hours": week[number], "own": number in own}
        for number in range(7)
    ]
    page = {"rows": rows, **_frame(request, "calendar_hours", unit)}
    return render(request, "timing/hours.html", page)


@staff("timing.edit")
def change_hours(request: Request, weekday: int) -> HttpResponse:
    """Set the office hours of a weekday."""
    unit = unit_to_change(request)
    if weekday > 6:
        raise NotFound(_("Tuần chỉ có bảy ngày."))
    where = unit.name if unit else _("cả tỉnh")
    return ask_for(
        request,
        actions.set_hours,
        unit,
        fixed={"weekday": weekday},
        initial=_halves(queries.calendar_for(unit).hours_by_weekday[weekday]),
        title=_("Giờ làm việc %(day)s của %(unit)s") % {"day": WEEKDAYS[weekday], "unit": where},
        text=_("Để trống cả bốn ô nếu nghỉ cả ngày. Giờ này dùng cho đơn vị và các đơn vị trực thuộc."),
        up=(reverse("calendar_hours") + own_query(unit), _("Giờ làm việc")),
        button=_("Lưu giờ làm việc"),
        says=_("Đã đặt giờ làm việc %(day)s.") % {"day": WEEKDAYS[weekday]},
    )


def _halves(hours: Hours) -> dict[str, actions.HalfDay]:
    """The hours of a day as the action takes them: a half that is closed is not there."""
    return {
        "afternoon" if opens.hour >= 12 else "morning": actions.HalfDay(opens, closes)
        for opens, closes in hours
    }


# Regimes ---------------------------------------------------------------------------------------------------


@staff("timing.edit")
def regimes(request: Request) -> HttpResponse:
    """The legal regimes, the newest first, each value with its source."""
    rows = sorted(
        Regime.objects.prefetch_related("sources"), key=lambda one: one.valid_from or date.min, reverse=True
    )
    shown = [{"regime": one, "values": _values(one)} for one in rows]
    page = {"regimes": shown, "today": clock.today(), **_frame(request, "calendar_regimes", None)}
    return render(request, "timing/regimes.html", page)


def _values(regime: Regime) -> list[dict[str, Any]]:
    form = RegimeForm(initial=RegimeForm.start(regime))
    given = {one.field: one for one in regime.sources.all()}
    return [
        {
            "label": row["value"].label,
            "value": _shown(regime, row["value"].name),
            "source": given.get(row["value"].name),
        }
        for row in form.rows()
    ]


def _shown(regime: Regime, name: str) -> str:
    value = getattr(regime, name)
    if hasattr(regime, f"get_{name}_display"):
        return str(getattr(regime, f"get_{name}_display")())
    if value is None:
        return _("không giới hạn") if name in ("valid_from", "valid_to") else _("không quy định")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return f"{value:%H:%M}" if name == "cut_off" else str(value)


@staff("timing.edit")
def new_regime(request: Request) -> HttpResponse:
    """Add a regime."""
    actor = request.actor
    _must_for_all(actor)
    form = RegimeForm(posted(request), new=True)
    return ask(
        request,
        form,
        lambda wanted: actions.open_regime(actor, None, key=wanted["key"], **form.values()),
        title=_("Thêm chế độ pháp lý"),
        text=_("Trước đó hãy ghi ngày hết áp dụng của chế độ đang dùng: mỗi ngày chỉ có một chế độ."),
        up=(reverse("calendar_regimes"), _("Chế độ pháp lý")),
        button=_("Thêm chế độ"),
        says=lambda made: _("Đã thêm %(name)s.") % {"name": made.name},
        template="timing/regime.html",
    )


@staff("timing.edit")
def change_regime(request: Request, key: str) -> HttpResponse:
    """Change a regime's values and their sources."""
    actor = request.actor
    _must_for_all(actor)
    found = Regime.objects.filter(key=key).first()
    if found is None:
        raise NotFound(_("Không có chế độ pháp lý này."))
    form = RegimeForm(posted(request), initial=RegimeForm.start(found))
    return ask(
        request,
        form,
        lambda wanted: actions.set_regime(actor, found, **form.values()),
        title=_("Sửa %(name)s") % {"name": found.name},
        text=_("Hồ sơ đã nhận giữ chế độ và ngày hẹn cũ. Mỗi giá trị cần căn cứ: điều, khoản của văn bản."),
        up=(reverse("calendar_regimes"), _("Chế độ pháp lý")),
        button=_("Lưu chế độ"),
        says=lambda made: _("Đã lưu %(name)s.") % {"name": made.name},
        template="timing/regime.html",
        sections=render_sections(request, "record", found),
    )
