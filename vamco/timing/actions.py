"""Everything that changes the calendar and the regimes. Due times already given stay as they were given."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Annotated, Any, TypeVar, Unpack

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
from .regime_inputs import RegimeChange, Sources

Row = TypeVar("Row", CalendarDay, OfficeHours)


@dataclass(frozen=True)
class HalfDay:
    """Office hours of a morning or an afternoon."""

    opens: Annotated[time, Input(_("từ"))]
    closes: Annotated[time, Input(_("đến"))]


def _written_down(day: CalendarDay) -> str:
    """What was done; of a day of which something was said before also what that was."""
    before = (day.audit_extra or {}).get("before", {})
    values = {"date": f"{day.date:%d/%m/%Y}", "name": before.get("name", "")}
    if before and not before.get("removed"):
        return _("Đã ghi ngày %(date)s, thay cho «%(name)s» ghi trước đó.") % values
    return _("Đã ghi ngày %(date)s.") % values


@action(
    "timing.edit",
    label=_("Ghi ngày trong lịch"),
    done=_written_down,
    at=of_unit_or_province,
    locks=False,
)
def set_day(
    actor: Actor,
    unit: Unit | None,
    /,
    *,
    day: Annotated[date, Input(_("Ngày"))],
    kind: Annotated[DayKind, Input(_("Loại"), example="closed")],
    name: Annotated[
        str, Input(_("Tên"), most=200, help=_("như Quốc khánh, nghỉ hoán đổi 30/4"), example="Lũ")
    ],
    source: Annotated[
        str,
        Input(_("Căn cứ"), most=300, help=_("số, ngày và cơ quan của thông báo"), example="Công văn 12/UBND"),
    ],
    verified: Annotated[bool, Input(_("Đã đọc trong văn bản"))] = False,
    replaces: Annotated[
        date | None,
        Input(
            _("Làm thay cho ngày"),
            help=_(
                "chỉ cho ngày làm việc hoán đổi: giờ làm việc lấy theo thứ của ngày đó; để trống thì theo giờ ngày thường"
            ),
        ),
    ] = None,
) -> CalendarDay:
    """Say that a date is off or worked, for a unit or (None) for the whole province; replaces what was said.

    `replaces` only for a worked day: the day off that it makes up for. Each day needs its source (the announcement).
    Due times already given stay as they were given.
    """
    if replaces is not None and kind != DayKind.SWAP_WORK:
        raise Invalid(_("Chỉ ngày làm việc hoán đổi mới ghi ngày được thay."), field="replaces")
    values = {"kind": kind, "replaces": replaces, "verified": verified, "removed": False}
    return _put(CalendarDay, {"unit": unit, "date": day}, values | {"name": name, "source": source})


@action("timing.edit", label=_("Bỏ ngày trong lịch"), done=_("Đã bỏ ngày %(date)s khỏi lịch."))
def remove_day(actor: Actor, day: CalendarDay, /) -> CalendarDay:
    """Take a date out of the calendar: it is again what its weekday says (or the units above)."""
    day.removed = True
    day.save(update_fields=["removed"])
    _changed()
    return day


@action("timing.edit", label=_("Đặt giờ làm việc"), at=of_unit_or_province, locks=False)
def set_hours(
    actor: Actor,
    unit: Unit | None,
    /,
    *,
    weekday: Annotated[int, Input(_("Thứ"), least=0, most=6, help=_("0 là thứ Hai"), example=5)],
    morning: Annotated[HalfDay | None, Input(_("Buổi sáng"))] = None,
    afternoon: Annotated[HalfDay | None, Input(_("Buổi chiều"))] = None,
) -> OfficeHours:
    """Office hours of a weekday (0 = Monday) for a unit and those below, or (None) the whole province.

    Without morning and afternoon the office is closed on that weekday. At least one weekday stays open.
    """
    for field, half in (("morning", morning), ("afternoon", afternoon)):
        if half and half.opens >= half.closes:
            raise Invalid(_("Giờ kết thúc phải sau giờ bắt đầu."), field=f"{field}.closes")
    if morning and afternoon and morning.closes >= afternoon.opens:
        raise Invalid(_("Buổi chiều phải bắt đầu sau khi buổi sáng kết thúc."), field="afternoon.opens")
    values = {
        "morning_opens": morning and morning.opens,
        "morning_closes": morning and morning.closes,
        "afternoon_opens": afternoon and afternoon.opens,
        "afternoon_closes": afternoon and afternoon.closes,
    }
    row = _put(OfficeHours, {"unit": unit, "weekday": weekday}, values)
    _check_weeks()
    return row


@action("timing.edit", label=_("Thêm chế độ pháp lý"), done=_("Đã thêm %(it)s."), at=of_province, locks=False)
def open_regime(
    actor: Actor,
    _none: None,
    /,
    *,
    key: Annotated[
        str,
        Input(
            _("Mã"),
            most=40,
            pattern="[a-z0-9_]{1,40}",
            wrong=_("Mã chỉ gồm chữ thường không dấu, chữ số và dấu gạch dưới."),
            help=_("như nd61_2018; không đổi được về sau"),
            example="nd61_2018",
        ),
    ],
    **values: Unpack[RegimeChange],
) -> Regime:
    """Add a legal regime: each of its values, and the source of each.

    The one before must have been closed (`set_regime(..., valid_to=...)`): a day has one regime.
    """
    missing = {"name", *REGIME_VALUES} - values.keys()
    if missing:
        raise Invalid(_("Hãy ghi giá trị này."), field=min(missing))
    return _save_regime(Regime(key=key), values)


@action("timing.edit", label=_("Sửa chế độ pháp lý"), done=_("Đã lưu %(it)s."))
def set_regime(actor: Actor, regime: Regime, /, **values: Unpack[RegimeChange]) -> Regime:
    """Change values of a legal regime, each with its source; or, without values, only their sources.

    A dossier keeps the due time it was given; what is reckoned from now on follows the new values.
    """
    return _save_regime(regime, values)


def _save_regime(regime: Regime, given: RegimeChange) -> Regime:
    sources = given.get("sources", Sources())
    for name, value in given.items():
        if name in REGIME_VALUES and getattr(sources, name) is None:
            raise Invalid(_("Hãy ghi căn cứ của giá trị này."), field=f"sources.{name}.source")
        if name in (*REGIME_VALUES, "name"):
            setattr(regime, name, value)
    regime.name_en = given.get("name_en", regime.name_en) or ""
    try:
        with transaction.atomic():
            regime.save()
    except IntegrityError as error:
        if "regime_one_a_day" in str(error) or "regime_validity" in str(error):
            message = _("Mỗi ngày chỉ có một chế độ pháp lý. Hãy ghi ngày hết áp dụng của chế độ trước.")
            raise Invalid(message, field="valid_from") from error
        raise Invalid(_("Mã chế độ pháp lý đã có. Hãy chọn mã khác."), field="key") from error
    changed = {name: asdict(source) for name in REGIME_VALUES if (source := getattr(sources, name))}
    for name, source in changed.items():
        regime.sources.update_or_create(field=name, defaults=source)
    regime.audit_extra = {"sources": {name: list(source.values()) for name, source in changed.items()}}
    _changed()
    return regime


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


def _changed() -> None:
    """This process looks again when the edit is committed, the others within seconds."""
    transaction.on_commit(queries.forget)
