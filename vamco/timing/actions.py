"""Everything that changes the calendar and the regimes. Due times already given stay as they were given."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Annotated, Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vamco.core.actions import action, audit_state
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.inputs import Input
from vamco.organisation.models import Unit
from vamco.organisation.where import of_province, of_unit_or_province

from . import queries
from .models import REGIME_VALUES, CalendarDay, DayKind, OfficeHours, Regime

HalfDay = tuple[time, time]
Row = TypeVar("Row", CalendarDay, OfficeHours)


@action("timing.edit", label=_("Ghi ngày trong lịch"), at=of_unit_or_province, locks=False)
def set_day(
    actor: Actor,
    unit: Unit | None,
    /,
    *,
    day: Annotated[date, Input(_("Ngày"))],
    kind: Annotated[DayKind, Input(_("Loại"))],
    name: Annotated[str, Input(_("Tên"), most=200, help=_("như Quốc khánh"))],
    source: Annotated[str, Input(_("Căn cứ"), most=300, help=_("thông báo hoặc quyết định nói về ngày này"))],
    verified: Annotated[bool, Input(_("Đã kiểm chứng"))] = False,
    replaces: Annotated[date | None, Input(_("Làm thay cho ngày"), help=_("chỉ với ngày làm bù"))] = None,
) -> CalendarDay:
    """Say that a date is off or worked, for a unit or (None) for the whole province; replaces what was said.

    `kind` is a `DayKind`; `replaces` only for a worked day: the day off that it makes up for. Each day needs
    its source (the announcement).
    """
    if kind not in DayKind.values:
        raise Invalid(_("Hãy chọn loại ngày."), field="kind")
    if replaces is not None and kind != DayKind.SWAP_WORK:
        raise Invalid(_("Chỉ ngày làm bù mới ghi ngày được thay."), field="replaces")
    values: dict[str, Any] = {"kind": kind, "replaces": replaces, "verified": verified, "removed": False}
    values |= {"name": _text(name, "name", 200), "source": _text(source, "source", 300)}
    return _put(CalendarDay, {"unit": unit, "date": day}, values)


@action("timing.edit", label=_("Bỏ ngày trong lịch"))
def remove_day(actor: Actor, day: CalendarDay, /) -> CalendarDay:
    """Take a date out of the calendar: it is again what its weekday says (or the units above)."""
    day.removed = True
    day.save(update_fields=["removed"])
    _changed()
    return day


@action("timing.edit", label=_("Đặt giờ làm việc"), at=of_unit_or_province, locks=False)
def set_hours(
    actor: Actor, unit: Unit | None, /, *, weekday: int, morning: HalfDay | None, afternoon: HalfDay | None
) -> OfficeHours:
    """Office hours of a weekday (0 = Monday) for a unit and those below, or (None) the whole province.

    Without morning and afternoon the office is closed on that weekday. At least one weekday stays open.
    """
    if not 0 <= weekday <= 6:
        raise Invalid(_("Hãy chọn thứ trong tuần."), field="weekday")
    for field, half in (("morning", morning), ("afternoon", afternoon)):
        if half and half[0] >= half[1]:
            raise Invalid(_("Giờ kết thúc phải sau giờ bắt đầu."), field=field)
    if morning and afternoon and morning[1] >= afternoon[0]:
        raise Invalid(_("Buổi chiều phải bắt đầu sau khi buổi sáng kết thúc."), field="afternoon")
    opens, closes = morning or (None, None)
    values = {"morning_opens": opens, "morning_closes": closes}
    opens, closes = afternoon or (None, None)
    values |= {"afternoon_opens": opens, "afternoon_closes": closes}
    row = _put(OfficeHours, {"unit": unit, "weekday": weekday}, values)
    _check_weeks()
    return row


@action("timing.edit", label=_("Thêm chế độ pháp lý"), at=of_province, locks=False)
def open_regime(
    actor: Actor,
    _none: None,
    /,
    *,
    key: str,
    name: str,
    name_en: str = "",
    sources: Mapping[str, tuple[str, bool]],
    **values: Any,
) -> Regime:
    """Add a regime: its values (`REGIME_VALUES`) and for each of them (source, verified).

    The regime before must have been closed (`set_regime(..., valid_to=...)`): a day has one regime.
    """
    if not re.fullmatch(r"[a-z0-9_]{1,40}", key):
        raise Invalid(_("Mã chỉ gồm chữ thường không dấu, chữ số và dấu gạch dưới."), field="key")
    missing = set(REGIME_VALUES) - values.keys()
    if missing:
        raise Invalid(_("Hãy ghi giá trị này."), field=min(missing))
    _check_sources(sources, values.keys(), set(REGIME_VALUES))
    return _save_regime(Regime(key=key, name=_text(name, "name", 200), name_en=name_en), values, sources)


@action("timing.edit", label=_("Sửa chế độ pháp lý"))
def set_regime(
    actor: Actor, regime: Regime, /, *, sources: Mapping[str, tuple[str, bool]], **values: Any
) -> Regime:
    """Change values of a regime, each with its (source, verified); or, without values, only their sources.

    A dossier keeps the due time it was given; what is reckoned from now on follows the new values.
    """
    _check_sources(sources, values.keys(), {name for name in values if name in REGIME_VALUES})
    return _save_regime(regime, values, sources)


def _save_regime(
    regime: Regime, values: Mapping[str, Any], sources: Mapping[str, tuple[str, bool]]
) -> Regime:
    for name, value in values.items():
        setattr(regime, name, value)
    _check_regime(regime)
    try:
        with transaction.atomic():
            regime.save()
    except IntegrityError as error:
        if "regime_one_a_day" in str(error) or "regime_validity" in str(error):
            message = _("Mỗi ngày chỉ có một chế độ pháp lý. Hãy ghi ngày hết áp dụng của chế độ trước.")
            raise Invalid(message, field="valid_from") from error
        raise Invalid(_("Mã chế độ pháp lý đã có. Hãy chọn mã khác."), field="key") from error
    for name, (source, verified) in sources.items():
        given = {"source": _text(source, name, 300), "verified": verified}
        regime.sources.update_or_create(field=name, defaults=given)
    regime.audit_extra = {"sources": {name: list(given) for name, given in sources.items()}}
    _changed()
    return regime


def _check_regime(regime: Regime) -> None:
    if regime.supplement not in ("stop", "restart"):
        raise Invalid(_("Hãy chọn cách tính thời gian khi yêu cầu bổ sung."), field="supplement")
    if regime.wrong_authority not in ("refuse", "forward"):
        raise Invalid(_("Hãy chọn cách xử lý hồ sơ không thuộc thẩm quyền."), field="wrong_authority")
    numbers = ("supplements_max", "supplement_within_days", "new_dates_max", "apology_days_before")
    for name in numbers:
        value = getattr(regime, name)
        if value is not None and not 0 <= value <= 365:
            raise Invalid(_("Hãy ghi một số từ 0 đến 365."), field=name)


def _check_sources(sources: Mapping[str, Any], given: Iterable[str], needed: set[str]) -> None:
    unknown = (set(given) - {"name", "name_en"} | set(sources)) - set(REGIME_VALUES)
    if unknown:
        raise Invalid(_("Không có mục này trong chế độ pháp lý."), field=min(unknown))
    missing = needed - set(sources)
    if missing:
        raise Invalid(_("Hãy ghi căn cứ của giá trị này."), field=min(missing))


def _put(model: type[Row], key: Mapping[str, Any], values: Mapping[str, Any]) -> Row:
    """Make the row or change it; the ledger is told what it held before."""
    before = model.objects.select_for_update().filter(**key).first()
    was = {} if before is None else audit_state(before)
    row = before or model(**key)
    for name, value in values.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Invalid(_("Có người vừa ghi mục này. Hãy tải lại trang rồi làm lại.")) from error
    if was:
        row.audit_extra = {"before": was}
    _changed()
    return row


def _check_weeks() -> None:
    """Every unit with rows of its own must still be open on one weekday."""
    ids = OfficeHours.objects.filter(unit__isnull=False).values_list("unit_id", flat=True).distinct()
    for unit_id in (None, *ids):
        try:
            queries.calendar_for(unit_id)
        except ValueError as error:
            raise Invalid(_("Đơn vị phải làm việc ít nhất một ngày trong tuần."), field="weekday") from error


def _text(value: str, field: str, length: int) -> str:
    value = value.strip()
    if not value:
        raise Invalid(_("Không được để trống."), field=field)
    if len(value) > length:
        raise Invalid(_("Không được dài quá %(length)s ký tự.") % {"length": length}, field=field)
    return value


def _changed() -> None:
    """This process looks again when the edit is committed, the others within seconds."""
    transaction.on_commit(queries.forget)
