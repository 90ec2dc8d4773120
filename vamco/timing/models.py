"""Days that differ from the week, office hours, and the legal regimes with the source of each value.

A row without a unit holds for the whole province; a unit's own row goes before those of the units above it.
"""

from collections.abc import Collection
from datetime import time
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from vamco.core import worktime
from vamco.organisation.models import Unit
from vamco.organisation.where import province_units


class DayKind(models.TextChoices):
    """Why a day differs from its weekday."""

    HOLIDAY = "holiday", _("nghỉ lễ, tết")
    COMPENSATION = "compensation", _("nghỉ bù")
    SWAP_OFF = "swap_off", _("nghỉ hoán đổi")
    SWAP_WORK = "swap_work", _("làm việc hoán đổi")
    CLOSED = "closed", _("nghỉ đột xuất")


class ForUnits(models.Model):
    """Something that holds for a unit and those below it, or for the whole province."""

    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("đơn vị")
    )
    audit_extra: dict[str, Any] | None = None

    class Meta:
        abstract = True

    def permission_units(self) -> Collection[int]:
        """The unit, or the province."""
        return [self.unit_id] if self.unit_id else province_units()


class CalendarDay(ForUnits):
    """A date on which the office is closed or open against its weekday (ngày nghỉ, ngày làm việc bù).

    A removed day stays as a row, so that loading the shipped data again does not bring it back.
    """

    date = models.DateField(_("ngày"))
    kind = models.CharField(_("loại"), max_length=12, choices=DayKind)
    replaces = models.DateField(
        _("làm thay cho ngày"),
        null=True,
        blank=True,
        help_text=_("ngày nghỉ được làm bù; giờ làm việc lấy theo thứ của ngày đó"),
    )
    name = models.CharField(_("tên"), max_length=200)
    source = models.CharField(_("nguồn"), max_length=300)
    verified = models.BooleanField(_("đã kiểm chứng"), default=False)
    removed = models.BooleanField(_("đã bỏ"), default=False)

    class Meta:
        verbose_name = _("ngày trong lịch")
        ordering = ["date", "unit_id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "date"], nulls_distinct=False, name="calendar_day_once"),
            models.CheckConstraint(condition=Q(kind__in=DayKind.values), name="calendar_day_kind"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | Q(kind=DayKind.SWAP_WORK), name="calendar_day_replaces"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"


class OfficeHours(ForUnits):
    """Office hours of one weekday (giờ làm việc): morning and afternoon, each may be empty."""

    weekday = models.PositiveSmallIntegerField(_("thứ"), help_text="0 = Monday")
    morning_opens = models.TimeField(_("buổi sáng từ"), null=True, blank=True)
    morning_closes = models.TimeField(_("buổi sáng đến"), null=True, blank=True)
    afternoon_opens = models.TimeField(_("buổi chiều từ"), null=True, blank=True)
    afternoon_closes = models.TimeField(_("buổi chiều đến"), null=True, blank=True)

    class Meta:
        verbose_name = _("giờ làm việc")
        ordering = ["unit_id", "weekday"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "weekday"], nulls_distinct=False, name="office_hours_once"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="office_hours_weekday"),
            models.CheckConstraint(
                condition=Q(morning_opens__isnull=True, morning_closes__isnull=True)
                | Q(morning_opens__isnull=False, morning_closes__gt=F("morning_opens")),
                name="office_hours_morning",
            ),
            models.CheckConstraint(
                condition=Q(afternoon_opens__isnull=True, afternoon_closes__isnull=True)
                | Q(afternoon_opens__isnull=False, afternoon_closes__gt=F("afternoon_opens")),
                name="office_hours_afternoon",
            ),
            models.CheckConstraint(
                condition=Q(morning_closes__isnull=True)
                | Q(afternoon_opens__isnull=True)
                | Q(afternoon_opens__gt=F("morning_closes")),
                name="office_hours_order",
            ),
        ]

    def hours(self) -> worktime.Hours:
        """As `core.worktime` reckons with them."""
        pairs = (
            (self.morning_opens, self.morning_closes),
            (self.afternoon_opens, self.afternoon_closes),
        )
        return tuple((opens, closes) for opens, closes in pairs if opens is not None and closes is not None)


class Supplement(models.TextChoices):
    """What asking for a supplement does to the time."""

    STOP = "stop", _("tạm dừng thời gian")
    RESTART = "restart", _("tính lại từ đầu")


class WrongAuthority(models.TextChoices):
    """What is done with a dossier that belongs elsewhere."""

    REFUSE = "refuse", _("từ chối, hướng dẫn")
    FORWARD = "forward", _("chuyển đến nơi có thẩm quyền")


class Regime(models.Model):
    """A dated set of legal rules for dossiers (chế độ pháp lý); see `core.worktime.Regime` for its values."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    cut_off = models.TimeField(_("giờ chốt nhận trong ngày"), default=time(15, 0))
    supplement = models.CharField(_("khi yêu cầu bổ sung"), max_length=8, choices=Supplement)
    supplements_max = models.PositiveSmallIntegerField(
        _("số lần yêu cầu bổ sung tối đa"), null=True, blank=True
    )
    supplement_within_days = models.PositiveSmallIntegerField(
        _("số ngày làm việc được yêu cầu bổ sung"), null=True, blank=True
    )
    new_dates_max = models.PositiveSmallIntegerField(_("số lần hẹn lại tối đa"), null=True, blank=True)
    apology_days_before = models.PositiveSmallIntegerField(
        _("số ngày làm việc trước hạn phải xin lỗi"), default=0
    )
    wrong_authority = models.CharField(
        _("hồ sơ không thuộc thẩm quyền"), max_length=8, choices=WrongAuthority
    )
    valid_from = models.DateField(_("áp dụng cho hồ sơ nhận từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    audit_extra: dict[str, Any] | None = None

    class Meta:
        verbose_name = _("chế độ pháp lý")
        ordering = [F("valid_from").asc(nulls_first=True)]
        constraints = [
            models.CheckConstraint(condition=Q(supplement__in=["stop", "restart"]), name="regime_supplement"),
            models.CheckConstraint(
                condition=Q(wrong_authority__in=["refuse", "forward"]), name="regime_wrong_authority"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="regime_validity",
            ),
            ExclusionConstraint(
                name="regime_one_a_day",
                expressions=[
                    (
                        Func(
                            "valid_from",
                            "valid_to",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def permission_units(self) -> Collection[int]:
        """Regimes concern the whole province."""
        return province_units()

    def rules(self) -> worktime.Regime:
        """As `core.worktime` reckons with it."""
        return worktime.Regime(**{name: getattr(self, name) for name in REGIME_VALUES}, key=self.key)


REGIME_VALUES = (
    "cut_off",
    "supplement",
    "supplements_max",
    "supplement_within_days",
    "new_dates_max",
    "apology_days_before",
    "wrong_authority",
    "valid_from",
    "valid_to",
)
"""The values of a regime, each of which has a source."""


class RegimeSource(models.Model):
    """Where one value of a regime comes from (căn cứ), and whether someone has read it there."""

    regime = models.ForeignKey(Regime, on_delete=models.CASCADE, related_name="sources")
    field = models.CharField(max_length=30)
    source = models.CharField(_("căn cứ"), max_length=300)
    verified = models.BooleanField(_("đã kiểm chứng"), default=False)

    class Meta:
        ordering = ["regime_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["regime", "field"], name="regime_source_once"),
            models.CheckConstraint(condition=Q(field__in=REGIME_VALUES), name="regime_source_field"),
        ]
