"""The lists of the calendar: anyone may read them."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import Schema

from vamco.core import search
from vamco.core.actors import Actor
from vamco.core.api import Hour
from vamco.core.exporting import exports
from vamco.core.inputs import Words
from vamco.core.listing import Column, Filter, Listing
from vamco.organisation.models import Unit
from vamco.web import words

from .models import CalendarDay, DayKind, ForUnits, OfficeHours

FIRST_YEAR, LAST_YEAR = 1980, 2200


def calendar_days(actor: Actor) -> QuerySet[CalendarDay]:
    """The days that differ from their weekday, each with its unit."""
    return CalendarDay.objects.filter(removed=False).select_related("unit")


def office_hours(actor: Actor) -> QuerySet[OfficeHours]:
    """The office hours of the province, and of units with hours of their own."""
    return OfficeHours.objects.select_related("unit")


def _holding_for(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    """What holds for a unit: its own rows, those of the units above it, and the province's; without a code only those."""
    unit = Unit.objects.filter(code=code).first() if code else None
    return rows.filter(Q(unit=None) | Q(unit_id__in=unit.path if unit else []))


def _unit(row: ForUnits) -> Words:
    return row.unit.name if row.unit else gettext("cả tỉnh")


def _code(row: ForUnits) -> str | None:
    return row.unit.code if row.unit else None


def _instead_of(row: CalendarDay) -> str:
    return gettext("thay cho %(day)s") % {"day": words.day(row.replaces)} if row.replaces else ""


UNIT = Column("unit", _("Dùng cho"), _unit, api_value=_code, optional=True, example=None)
OF_UNIT = Filter(
    "unit",
    _("Đơn vị"),
    where="unit__code",
    help=_("mã đơn vị: chỉ những gì đặt riêng cho đơn vị"),
    api_only=True,
)

DAYS = Listing(
    name="calendar_days",
    title=_("Ngày nghỉ, ngày làm bù"),
    model=CalendarDay,
    visible=calendar_days,
    order=("date",),
    words=search.in_columns("name", "source"),
    words_label=_("tên ngày, căn cứ"),
    empty=(
        _("Năm này chưa có ngày nào khác thường"),
        _(
            "Thêm ngày nghỉ lễ, nghỉ bù và ngày làm việc hoán đổi theo thông báo hằng năm; "
            "nếu thiếu, ngày hẹn trả sẽ sai."
        ),
    ),
    columns=(
        Column(
            "weekday",
            _("Ngày"),
            lambda row: f"{words.weekday(row.date, capital=True)} {words.day(row.date)}",
            api=False,
            sheet=False,
            sort="date",
            example="",
        ),
        Column("day", _("Ngày"), "date", date, page=False, sort="date", example="2016-04-30"),
        Column("kind", _("Loại"), kind=DayKind, sub=_instead_of, example="holiday"),
        Column(
            "replaces",
            _("Làm thay cho ngày"),
            kind=date,
            optional=True,
            page=False,
            example=None,
        ),
        Column("name", _("Tên"), example="Ngày Chiến thắng"),
        Column(
            "source",
            _("Căn cứ"),
            sub=lambda row: "" if row.verified else gettext("chưa kiểm chứng"),
            example="Bộ luật Lao động, điều 115",
        ),
        Column("verified", _("Đã kiểm chứng"), kind=bool, page=False, example=True),
        UNIT,
    ),
    filters=(
        OF_UNIT,
        Filter(
            "holds_for",
            _("Đơn vị"),
            where=_holding_for,
            help=_("mã đơn vị: cả những gì đặt cho đơn vị cấp trên và cho cả tỉnh"),
            api_only=True,
        ),
        Filter(
            "year",
            _("Năm"),
            int,
            where="date__year",
            api_only=True,
            least=FIRST_YEAR,
            most=LAST_YEAR,
            example=2016,
        ),
        Filter("kind", _("Loại"), DayKind, example="holiday"),
        Filter("verified", _("Đã kiểm chứng"), bool),
    ),
)


class HalfOut(Schema):
    """Half a day."""

    opens: Hour
    closes: Hour


def _half(opens: Any, closes: Any) -> dict[str, Any] | None:
    return {"opens": opens, "closes": closes} if opens else None


HOURS = Listing(
    name="office_hours",
    title=_("Giờ làm việc"),
    model=OfficeHours,
    visible=office_hours,
    order=("pk",),
    words=search.in_columns("unit__name"),
    words_label=_("tên đơn vị"),
    columns=(
        UNIT,
        Column("weekday", _("Thứ"), kind=int, help=_("0 là thứ Hai"), example=0),
        Column(
            "morning",
            _("Buổi sáng"),
            lambda row: _half(row.morning_opens, row.morning_closes),
            HalfOut,
            optional=True,
            example={"opens": "07:00:00", "closes": "11:30:00"},
        ),
        Column(
            "afternoon",
            _("Buổi chiều"),
            lambda row: _half(row.afternoon_opens, row.afternoon_closes),
            HalfOut,
            optional=True,
            example={"opens": "13:30:00", "closes": "17:00:00"},
        ),
    ),
    filters=(
        OF_UNIT,
        Filter("weekday", _("Thứ"), int, api_only=True, least=0, most=6, example=5),
    ),
)

export_days = exports(DAYS, "timing.edit")
