"""The administrator's pages of time: days off and swap days, office hours, legal regimes with their sources."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actions import Action
from vamco.core.actors import Actor
from vamco.core.errors import NotAllowed, NotFound
from vamco.core.inputs import YEARS, plain_number
from vamco.core.worktime import Hours
from vamco.organisation.models import Unit
from vamco.organisation.pickers import unit_by_code, units_to_choose
from vamco.organisation.where import province_units
from vamco.web import words
from vamco.web.access import Request, staff
from vamco.web.action_forms import InputForm, ask_for
from vamco.web.asking import ask
from vamco.web.lists import Button, list_page
from vamco.web.sections import render_sections
from vamco.web.tabs import Tab

from . import actions, queries
from .lists import DAYS, export_days
from .models import REGIME_VALUES, CalendarDay, OfficeHours, Regime

EDIT = "timing.edit"
MONDAY = date(2016, 12, 5)


def _for_all(actor: Actor) -> bool:
    """Whether the actor may change what holds for the whole province."""
    return actor.everything or actor.may_at(EDIT, province_units())


def _unit(request: Request) -> Unit | None:
    """The unit whose calendar is looked at; None is the whole province's. Raises `NotFound` for others' units."""
    return unit_by_code(request.actor, _sent(request, "don_vi"), EDIT)


def _sent(request: Request, name: str) -> str:
    """A part of the address; a file is asked for by a form that repeats it."""
    return request.GET.get(name) or request.POST.get(name) or ""


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


def _frame(request: Request, current: str, unit: Unit | None) -> dict[str, Any]:
    """What every page of the room has: the tabs, and the units to choose from."""
    own = own_query(unit)
    pages = (
        ("calendar_admin", _("Ngày nghỉ, ngày làm bù"), own),
        ("calendar_hours", _("Giờ làm việc"), own),
        ("calendar_regimes", _("Chế độ pháp lý"), ""),
    )
    with_own = Q(pk__in=CalendarDay.objects.exclude(unit=None).values("unit"))
    with_own |= Q(pk__in=OfficeHours.objects.exclude(unit=None).values("unit"))
    return {
        "tabs": [Tab(label, reverse(name) + query, name == current) for name, label, query in pages],
        "unit": unit,
        "units": list(units_to_choose(request.actor, EDIT, with_own)),
        "own": own,
        "may": unit is not None or _for_all(request.actor),
    }


def own_query(unit: Unit | None) -> str:
    """The query by which a page shows a unit's own calendar."""
    return f"?don_vi={unit.code}" if unit else ""


# Days ------------------------------------------------------------------------------------------------------


@staff(EDIT)
def days(request: Request) -> HttpResponse:
    """The dates of a year that differ from their weekday: the province's, and those of the unit and of units above it."""
    unit, year = _unit(request), _year(request)
    frame = _frame(request, "calendar_admin", unit)
    buttons = (
        Button(_("Nhập bảng tính"), reverse("calendar_import") + own_query(unit)),
        Button(_("Thêm ngày"), reverse("calendar_day_new") + own_query(unit), key="n", main=True),
    )
    return list_page(
        request,
        DAYS,
        export=export_days,
        known={"year": year, "holds_for": unit.code if unit else ""},
        keep=("nam", "don_vi"),
        buttons=buttons if frame["may"] else (),
        context={"year": year, **frame},
        template="timing/days.html",
    )


def _year(request: Request) -> int:
    year = plain_number(_sent(request, "nam"))
    return year if year and year in YEARS else clock.today().year


@staff(EDIT)
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


@staff(EDIT)
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


@staff(EDIT)
def hours(request: Request) -> HttpResponse:
    """The office hours of each weekday as they hold for the unit."""
    unit = _unit(request)
    week = queries.calendar_for(unit).hours_by_weekday
    own = set(OfficeHours.objects.filter(unit=unit).values_list("weekday", flat=True))
    rows = [
        {"weekday": number, "name": _weekday(number), "hours": week[number], "own": number in own}
        for number in range(7)
    ]
    page = {"rows": rows, **_frame(request, "calendar_hours", unit)}
    return render(request, "timing/hours.html", page)


def _weekday(number: int) -> str:
    """The name of a weekday; 0 is Monday."""
    return words.weekday(MONDAY + timedelta(days=number), capital=True)


@staff(EDIT)
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
        title=_("Giờ làm việc %(day)s của %(unit)s") % {"day": _weekday(weekday), "unit": where},
        text=_("Để trống cả bốn ô nếu nghỉ cả ngày. Giờ này dùng cho đơn vị và các đơn vị trực thuộc."),
        up=(reverse("calendar_hours") + own_query(unit), _("Giờ làm việc")),
        button=_("Lưu giờ làm việc"),
        says=_("Đã đặt giờ làm việc %(day)s.") % {"day": _weekday(weekday)},
    )


def _halves(hours: Hours) -> dict[str, actions.HalfDay]:
    """The hours of a day as the action takes them: a half that is closed is not there."""
    return {
        "afternoon" if opens.hour >= 12 else "morning": actions.HalfDay(opens, closes)
        for opens, closes in hours
    }


# Regimes ---------------------------------------------------------------------------------------------------


@staff(EDIT)
def regimes(request: Request) -> HttpResponse:
    """The legal regimes, the newest first, each value with its source."""
    rows = Regime.objects.prefetch_related("sources")
    newest = sorted(rows, key=lambda regime: regime.valid_from or date.min, reverse=True)
    page = {"regimes": [{"regime": regime, "values": _values(regime)} for regime in newest]}
    return render(request, "timing/regimes.html", {**page, **_frame(request, "calendar_regimes", None)})


def _values(regime: Regime) -> list[dict[str, Any]]:
    """Each value of a regime with its label and its source."""
    sources = {row.field: row for row in regime.sources.all()}
    labels = {parameter.name: parameter.input.label for parameter in actions.set_regime.inputs}
    return [
        {"label": labels[name], "value": _value_in_words(regime, name), "source": sources.get(name)}
        for name in REGIME_VALUES
    ]


def _value_in_words(regime: Regime, name: str) -> str:
    value = getattr(regime, name)
    if hasattr(regime, f"get_{name}_display"):
        return str(getattr(regime, f"get_{name}_display")())
    if value is None:
        return _("không giới hạn") if name in ("valid_from", "valid_to") else _("không quy định")
    return words.value(value)


@staff(EDIT)
def new_regime(request: Request) -> HttpResponse:
    """Add a regime."""
    text = _("Trước đó hãy ghi ngày hết áp dụng của chế độ đang dùng: mỗi ngày chỉ có một chế độ.")
    title = _("Thêm chế độ pháp lý")
    return _ask_regime(request, actions.open_regime, None, title=title, text=text, button=_("Thêm chế độ"))


@staff(EDIT)
def change_regime(request: Request, key: str) -> HttpResponse:
    """Change a regime's values and their sources."""
    found = Regime.objects.filter(key=key).first()
    if found is None:
        raise NotFound(_("Không có chế độ pháp lý này."))
    return _ask_regime(
        request,
        actions.set_regime,
        found,
        title=_("Sửa %(name)s") % {"name": found.name},
        text=_("Hồ sơ đã nhận giữ chế độ và ngày hẹn cũ. Mỗi giá trị cần căn cứ: điều, khoản của văn bản."),
        button=_("Lưu chế độ"),
        sections=render_sections(request, "record", found),
    )


def _ask_regime(
    request: Request, action: Action[Any, Any, Regime], regime: Regime | None, **page: Any
) -> HttpResponse:
    """The page of a regime's values, each beside its source."""
    _must_for_all(request.actor)
    form = InputForm(action, request.actor, regime, request=request)
    rows = [
        {
            "value": form[name],
            "source": form[f"sources.{name}.source"],
            "verified": form[f"sources.{name}.verified"],
        }
        for name in REGIME_VALUES
    ]
    return ask(
        request,
        form,
        lambda _cleaned: action(request.actor, regime, **form.given),
        up=(reverse("calendar_regimes"), _("Chế độ pháp lý")),
        says=action.says,
        template="timing/regime.html",
        rows=rows,
        **page,
    )
