"""The administrator's pages of settings: what holds where, and the forms that change it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vamco.core.errors import NotAllowed
from vamco.organisation.models import Unit
from vamco.web.access import Request, staff
from vamco.web.action_forms import InputForm, ask_for
from vamco.web.asking import ask

from . import actions, queries, values


def _address(unit: Unit | None) -> str:
    return reverse("settings") + _own(unit)


def _own(unit: Unit | None) -> str:
    return f"?don_vi={unit.code}" if unit else ""


def _unit(request: Request) -> Unit | None:
    return queries.unit(request.actor, request.GET.get("don_vi", ""))


def _row(request: Request, key: str) -> tuple[Unit | None, queries.Row]:
    """The unit and the setting that are to be changed. Raises `NotAllowed`, `NotFound`."""
    unit = _unit(request)
    if not queries.may_edit(request.actor, unit):
        raise NotAllowed(_("Chỉ người quản trị của tỉnh mới đổi được cấu hình dùng chung cho cả tỉnh."))
    return unit, queries.setting(request.actor, key, unit)


@require_safe
@staff(queries.EDIT)
def index(request: Request) -> HttpResponse:
    """All settings by room: what holds, where it comes from, since when and by whom."""
    unit = _unit(request)
    page = {
        "unit": unit,
        "units": list(queries.units(request.actor)),
        "own": _own(unit),
        "rooms": queries.by_room(queries.settings(request.actor, unit)),
    }
    return render(request, "configuration/settings.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(queries.EDIT)
def change(request: Request, key: str) -> HttpResponse:
    """Say what a setting is."""
    unit, row = _row(request, key)
    action, actor = actions.set_value, request.actor
    asked, initial = (values.parameter_of(row.setting),), {"value": row.value}
    form = InputForm(action, actor, unit, request=request, asked=asked, initial=initial)
    return ask(
        request,
        form,
        lambda _cleaned: action(actor, unit, key=key, value=values.written(form.given["value"])),
        title=str(row.setting.name),
        text=_where(unit) + " " + _("Mặc định: %(value)s.") % {"value": row.default or _("để trống")},
        up=(_address(unit), _("Cấu hình")),
        button=_("Lưu"),
        says=_("Đã lưu «%(name)s».") % {"name": row.setting.name},
    )


def _where(unit: Unit | None) -> str:
    if unit is None:
        return _("Dùng cho cả tỉnh, trừ đơn vị có giá trị riêng.")
    return _("Dùng cho %(unit)s và các đơn vị trực thuộc.") % {"unit": unit.name}


@require_http_methods(["GET", "HEAD", "POST"])
@staff(queries.EDIT)
def reset(request: Request, key: str) -> HttpResponse:
    """Take back what was set."""
    unit, row = _row(request, key)
    return ask_for(
        request,
        actions.reset_value,
        unit,
        fixed={"key": key},
        title=_("Bỏ giá trị đã đặt của «%(name)s»") % {"name": row.setting.name},
        text=_("Mục này lại theo giá trị của đơn vị cấp trên nếu có, nếu không thì theo mặc định: %(value)s.")
        % {"value": row.default or _("để trống")},
        up=(_address(unit), _("Cấu hình")),
        button=_("Bỏ giá trị đã đặt"),
        says=_("«%(name)s» đã về mặc định.") % {"name": row.setting.name},
    )
