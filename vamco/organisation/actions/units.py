"""Units (cơ quan, đơn vị): opened, changed, closed; what they were stays readable."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from operator import attrgetter
from typing import Annotated, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import EVERYWHERE, Actor
from vamco.core.errors import Invalid, NotAllowed, Refused
from vamco.core.inputs import Input

from .. import leaving
from ..models import Level, Unit, UnitVersion
from ..validity import not_over
from ..where import of_unit_or_province

_VERSIONED = ("name", "name_en", "level", "kind", "parent_id")

NAME = Input(_("Tên đơn vị"), most=200, example="Xã Bình Hòa Trung")
NAME_EN = Input(_("Tên tiếng Anh"), most=200)
LEVEL = Input(_("Cấp"), example="commune")
KIND = Input(_("Loại hình"), most=40, help=_("như Phường, Xã, Thị trấn, Phòng"), example="Xã")
PLACE = Input(_("Địa danh ghi trên giấy tờ"), most=80)
ADDRESS = Input(_("Địa chỉ"), most=200)
PHONE = Input(_("Điện thoại"), most=20)
CODE = Input(
    _("Mã đơn vị"),
    most=40,
    help=_("mã thống kê của xã, huyện; các đơn vị khác tự đặt, ví dụ 80-so_cong_thuong"),
    pattern=r"[A-Za-z0-9_-]{1,40}",
    wrong=_("Mã chỉ gồm chữ không dấu, chữ số, dấu gạch; không quá 40 ký tự."),
    example="27694",
)
AGENCY_CODE = Input(
    _("Mã định danh điện tử"), most=35, help=_("theo QCVN 102:2016/BTTTT"), example="000.99.01.H39"
)
KEY = Input(
    _("Khóa trong quy trình"),
    most=40,
    help=_("phòng chuyên môn cần có để quy trình chuyển hồ sơ đến, ví dụ tu_phap"),
)
PARENT = Input(
    _("Mã đơn vị cấp trên"),
    most=40,
    start=lambda unit: unit.parent.code if unit.parent else "",
    example="794",
)


def _present(declared: Input, column: str) -> Input:
    """The same input of a change: a form begins with what the unit has now."""
    read: Callable[[Any], Any] = attrgetter(column)
    return replace(declared, start=read)


@action(
    "organisation.edit",
    label=_("Mở đơn vị"),
    done=_("Đã mở đơn vị %(it)s."),
    at=of_unit_or_province,
    locks=False,
)
def create_unit(
    actor: Actor,
    parent: Unit | None,
    /,
    *,
    name: Annotated[str, NAME],
    name_en: Annotated[str, NAME_EN] = "",
    level: Annotated[Level, LEVEL],
    kind: Annotated[str, KIND] = "",
    code: Annotated[str, CODE],
    agency_code: Annotated[str, AGENCY_CODE],
    key: Annotated[str, KEY] = "",
    valid_from: Annotated[date, Input(_("Hoạt động từ ngày"), start=lambda _target: clock.today())],
    place: Annotated[str, PLACE] = "",
    address: Annotated[str, ADDRESS] = "",
    phone: Annotated[str, PHONE] = "",
) -> Unit:
    """Open a unit (thành lập đơn vị) below its parent from a day on."""
    if parent is None and actor.units("organisation.edit") is not EVERYWHERE:
        raise NotAllowed(_("Chỉ người quản trị của tỉnh mới mở được đơn vị không trực thuộc đơn vị nào."))
    if parent is not None and parent.valid_to is not None and parent.valid_to < valid_from:
        raise Refused(_("Đơn vị cấp trên đã đóng. Hãy chọn đơn vị khác."))
    unit = Unit(parent=parent, name=name, name_en=name_en, level=level, kind=kind, code=code, key=key)
    unit.agency_code, unit.valid_from = agency_code, valid_from
    unit.place, unit.address, unit.phone = place, address, phone
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        raise Invalid(_("Mã đơn vị hoặc mã định danh đã có. Hãy chọn mã khác."), field="code") from error
    unit.path = [*(parent.path if parent else []), unit.pk]
    unit.save(update_fields=["path"])
    _open_version(unit, valid_from)
    return unit


@action("organisation.edit", label=_("Sửa đơn vị"), done=_("Đã sửa %(it)s."))
def change_unit(
    actor: Actor,
    unit: Unit,
    /,
    *,
    name: Annotated[str | None, _present(NAME, "name")] = None,
    name_en: Annotated[str | None, _present(NAME_EN, "name_en")] = None,
    level: Annotated[Level | None, _present(LEVEL, "level")] = None,
    kind: Annotated[str | None, _present(KIND, "kind")] = None,
    place: Annotated[str | None, _present(PLACE, "place")] = None,
    address: Annotated[str | None, _present(ADDRESS, "address")] = None,
    phone: Annotated[str | None, _present(PHONE, "phone")] = None,
    parent: Annotated[str | None, PARENT] = None,
    on: Annotated[date, Input(_("Có hiệu lực từ ngày"), start=lambda _target: clock.today())],
) -> Unit:
    """Rename a unit, move it or change its level from a day on; what it was before stays readable.

    What is not given stays. `parent` is the code of the unit above; an empty one takes the unit out of all others.
    """
    if name == "":
        raise Invalid(_("Hãy ghi tên đơn vị."), field="name")
    current = _to_change(unit, on)
    given = {"name": name, "name_en": name_en, "level": level, "kind": kind}
    given |= {"place": place, "address": address, "phone": phone}
    for column, value in given.items():
        if value is not None:
            setattr(unit, column, value)
    moved = parent is not None and parent != (unit.parent.code if unit.parent else "")
    if moved:
        unit.parent = _above(actor, unit, parent or "")
    unit.save()
    if any(getattr(current, key) != getattr(unit, key) for key in _VERSIONED):
        if on == current.valid_from:
            current.delete()
        else:
            current.valid_to = on - timedelta(days=1)
            current.save(update_fields=["valid_to"])
        _open_version(unit, on)
    if moved:
        _set_path(unit)
    return unit


@action("organisation.edit", label=_("Đóng đơn vị"), done=_("Đã đóng %(it)s."))
def close_unit(
    actor: Actor,
    unit: Unit,
    /,
    *,
    last_day: Annotated[date, Input(_("Ngày cuối cùng"), start=lambda _target: clock.today())],
) -> Unit:
    """Close a unit (giải thể): its last day, which may lie ahead. Its history stays.

    Refused while other units are below it, and for today or earlier while something waits there to be finished: open
    dossiers, amounts due, receipt books in use. Whoever holds a post in the unit keeps its rights, so that work that is
    left there can still be found and finished.
    """
    current = _open_now(unit)
    if Unit.objects.filter(not_over(last_day + timedelta(days=1), "valid_to"), parent=unit).exists():
        raise Refused(_("Đơn vị còn đơn vị trực thuộc. Hãy đóng hoặc chuyển các đơn vị đó trước."))
    if last_day < current.valid_from:
        raise Invalid(
            _("Ngày cuối phải từ %(day)s trở đi.") % {"day": f"{current.valid_from:%d/%m/%Y}"},
            field="last_day",
        )
    if last_day <= clock.today():
        # What is being made there refers to the unit: it waits for this lock, or this one for it.
        Unit.objects.select_for_update().get(pk=unit.pk)
        leaving.check_nothing_left(unit)
    unit.valid_to = current.valid_to = last_day
    unit.save(update_fields=["valid_to"])
    current.save(update_fields=["valid_to"])
    return unit


def _open_now(unit: Unit) -> UnitVersion:
    """The newest version. Raises `Refused` when the unit's last day is over."""
    current = unit.versions.filter(not_over(clock.today(), "valid_to")).last()
    if current is None:
        raise Refused(_("Đơn vị này đã đóng; không sửa được nữa."))
    return current


def _to_change(unit: Unit, on: date) -> UnitVersion:
    """The newest version, which a change on that day follows. Raises `Invalid`."""
    if on > clock.today():
        raise Invalid(
            _("Chưa đổi trước được cho ngày trong tương lai. Hãy làm vào đúng ngày có hiệu lực."), field="on"
        )
    current = _open_now(unit)
    if on < current.valid_from:
        raise Invalid(
            _("Ngày đổi phải sau lần đổi trước, từ %(day)s.") % {"day": f"{current.valid_from:%d/%m/%Y}"},
            field="on",
        )
    return current


def _open_version(unit: Unit, day: date) -> None:
    values = {key: getattr(unit, key) for key in (*_VERSIONED, "valid_to")}
    UnitVersion.objects.create(unit=unit, valid_from=day, **values)


def _above(actor: Actor, unit: Unit, code: str) -> Unit | None:
    """The unit below which the actor may move this one; none for no code."""
    if not code:
        if actor.units("organisation.edit") is not EVERYWHERE:
            raise NotAllowed(_("Chỉ người quản trị của tỉnh mới đưa được đơn vị ra khỏi mọi đơn vị khác."))
        return None
    parent = Unit.objects.filter(code=code).first()
    if parent is None:
        raise Invalid(_("Không có đơn vị với mã này."), field="parent")
    if not actor.may_at("organisation.edit", [parent.pk]):
        raise Invalid(_("Ông/bà không quản trị đơn vị cấp trên mới."), field="parent")
    if parent.valid_to is not None and parent.valid_to < clock.today():
        raise Invalid(_("Đơn vị cấp trên đã đóng. Hãy chọn đơn vị khác."), field="parent")
    if unit.pk in parent.path:
        raise Invalid(_("Đơn vị không thể trực thuộc chính đơn vị cấp dưới của mình."), field="parent")
    return parent


def _set_path(unit: Unit) -> None:
    old = list(unit.path)
    new = [*(unit.parent.path if unit.parent else []), unit.pk]
    for below in Unit.objects.filter(path__contains=[unit.pk]):
        below.path = new + below.path[len(old) :]
        below.save(update_fields=["path"])
    unit.path = new
