"""Everything that changes settings."""

from typing import Annotated, Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotFound, Refused
from vamco.core.inputs import Input
from vamco.core.rooms import Setting
from vamco.organisation.models import Unit
from vamco.organisation.where import of_unit_or_province

from . import values
from .models import Value

Key = Annotated[str, Input(_("Mục"), most=80)]


@action("configuration.edit", label=_("Đặt giá trị cấu hình"), at=of_unit_or_province, locks=False)
def set_value(actor: Actor, unit: Unit | None, /, *, key: Key, value: str) -> Value:
    """Say what a setting is, for a unit and those below, or (None) for the whole province (đặt giá trị cấu hình).

    `value` is the text of the value, as its kind is written. The ledger gets what held before and what holds now.
    """
    setting = _setting(key, unit)
    text = values.written(values.checked(setting, actor, value))
    return _put(actor, key, unit, {"text": text, "removed": False})


@action("configuration.edit", label=_("Trả cấu hình về mặc định"), at=of_unit_or_province, locks=False)
def reset_value(actor: Actor, unit: Unit | None, /, *, key: Key) -> Value:
    """Take back what was set for a unit, or for the province: what stands above holds again, or the default."""
    _setting(key, unit)
    if not Value.objects.filter(key=key, unit=unit, removed=False).exists():
        raise Refused(_("Mục này đang theo giá trị mặc định hoặc đơn vị cấp trên, không có gì để bỏ."))
    return _put(actor, key, unit, {"text": "", "removed": True})


def _setting(key: str, unit: Unit | None) -> Setting:
    """The setting of this key, if it may be set there. Raises `NotFound`, `Invalid`."""
    setting = values.declared().get(key)
    if setting is None:
        raise NotFound(_("Không có mục cấu hình này. Hãy chọn lại trong danh sách cấu hình."))
    if unit is not None and not setting.by_unit:
        raise Invalid(_("Mục này dùng chung cho cả tỉnh, không đặt riêng cho đơn vị được."), field="unit")
    return setting


def _put(actor: Actor, key: str, unit: Unit | None, given: dict[str, Any]) -> Value:
    """Write the row; the ledger is told what held before and what holds now."""
    with connection.cursor() as cursor:  # of two who set it at once one waits, also for the first row
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"configuration {key}"])
    transaction.on_commit(values.forget)  # first: from now on this transaction reads what is stored
    before = values.written(values.value(key, unit))
    stated = {**given, "since": clock.now(), "by_id": actor.user_id}
    row, _made = Value.objects.update_or_create(key=key, unit=unit, defaults=stated)
    row.audit_extra = {"before": before, "after": values.written(values.value(key, unit))}
    return row
