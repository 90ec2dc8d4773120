"""Units (cơ quan, đơn vị): opened, changed, closed; what they were stays readable."""

import re
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import EVERYWHERE, Actor
from vamco.core.errors import Invalid, NotAllowed, Refused

from .. import leaving
from ..models import Unit, UnitVersion
from ..validity import not_over
from ..where import of_unit_or_province
from .checks import fits, one_line

_VERSIONED = ("name", "name_en", "level", "kind", "parent_id")
_CHANGEABLE = ("name", "name_en", "level", "kind", "parent", "place", "address", "phone")
_TEXTS = ("code", "key", "name", "name_en", "level", "kind", "agency_code", "place", "address", "phone")


@action("organisation.edit", label=_("Mở đơn vị"), at=of_unit_or_province, locks=False)
def create_unit(
    actor: Actor,
    parent: Unit | None,
    /,
    *,
    code: str,
    name: str,
    level: str,
    agency_code: str,
    valid_from: date,
    **fields: object,
) -> Unit:
    """Open a unit (thành lập đơn vị) below its parent from a day on."""
    if parent is None and actor.units("organisation.edit") is not EVERYWHERE:
        raise NotAllowed(_("Chỉ người quản trị của tỉnh mới mở được đơn vị không trực thuộc đơn vị nào."))
    if parent is not None and parent.valid_to is not None and parent.valid_to < valid_from:
        raise Refused(_("Đơn vị cấp trên đã đóng. Hãy chọn đơn vị khác."))
    name = one_line(name)
    if not name:
        raise Invalid(_("Hãy ghi tên đơn vị."), field="name")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", code):
        raise Invalid(_("Mã chỉ gồm chữ không dấu, chữ số, dấu gạch; không quá 40 ký tự."), field="code")
    given = {"code": code, "name": name, "level": level, "agency_code": agency_code, **fields}
    unit = Unit(parent=parent, valid_from=valid_from, **given)
    fits(unit, *_TEXTS)
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        raise Invalid(_("Mã đơn vị hoặc mã định danh đã có. Hãy chọn mã khác."), field="code") from error
    unit.path = [*(parent.path if parent else []), unit.pk]
    unit.save(update_fields=["path"])
    _open_version(unit, valid_from)
    return unit


@action("organisation.edit", label=_("Sửa đơn vị"))
def change_unit(actor: Actor, unit: Unit, /, *, on: date, **changes: object) -> Unit:
    """Rename a unit, move it or change its level from a day on; what it was before stays readable."""
    unknown = set(changes) - set(_CHANGEABLE)
    if unknown:
        raise Invalid(_("Không đổi được mục này."), field=min(unknown))
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
    moved = "parent" in changes and changes["parent"] != unit.parent
    for key, value in changes.items():
        setattr(unit, key, one_line(value) if isinstance(value, str) else value)
    if not unit.name:
        raise Invalid(_("Hãy ghi tên đơn vị."), field="name")
    fits(unit, *_TEXTS)
    if moved:
        _may_move(actor, unit)
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


@action("organisation.edit", label=_("Đóng đơn vị"))
def close_unit(actor: Actor, unit: Unit, /, *, last_day: date) -> Unit:
    """Close a unit (giải thể): its last day, which may lie ahead. Its history stays.

    While something waits there for somebody, the last day must lie ahead: until then it is finished or moved. Whoever holds a post in it keeps its rights, so that work that is left there can still be found and finished.
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


def _open_version(unit: Unit, day: date) -> None:
    values = {key: getattr(unit, key) for key in (*_VERSIONED, "valid_to")}
    UnitVersion.objects.create(unit=unit, valid_from=day, **values)


def _may_move(actor: Actor, unit: Unit) -> None:
    parent = unit.parent
    if parent is None:
        if actor.units("organisation.edit") is not EVERYWHERE:
            raise NotAllowed(_("Chỉ người quản trị của tỉnh mới đưa được đơn vị ra khỏi mọi đơn vị khác."))
        return
    if not actor.may_at("organisation.edit", [parent.pk]):
        raise Invalid(_("Ông/bà không quản trị đơn vị cấp trên mới."), field="parent")
    if parent.valid_to is not None and parent.valid_to < clock.today():
        raise Invalid(_("Đơn vị cấp trên đã đóng. Hãy chọn đơn vị khác."), field="parent")
    if unit.pk in parent.path:
        raise Invalid(_("Đơn vị không thể trực thuộc chính đơn vị cấp dưới của mình."), field="parent")


def _set_path(unit: Unit) -> None:
    old = list(unit.path)
    new = [*(unit.parent.path if unit.parent else []), unit.pk]
    for below in Unit.objects.filter(path__contains=[unit.pk]):
        below.path = new + below.path[len(old) :]
        below.save(update_fields=["path"])
    unit.path = new
