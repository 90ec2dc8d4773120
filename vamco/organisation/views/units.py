"""Units: the tree, one unit, and the forms that open, change and close one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.web.access import Request, staff
from vamco.web.action_forms import ask_for
from vamco.web.sections import render_sections

from .. import actions, leaving, queries
from ..models import Unit
from .shared import tabs


def address(unit: Unit) -> str:
    """The unit's page."""
    return reverse("organisation_unit", args=[unit.code])


@staff("organisation.edit")
def index(request: Request) -> HttpResponse:
    """The units that the actor administers, as a tree or as what a search found."""
    actor = request.actor
    q = request.GET.get("q", "")[:100].replace("\0", "")
    page: dict[str, Any] = {"q": q, **tabs(request, "organisation_admin")}
    page |= {"found": queries.find_units(actor, q)} if q.strip() else {"tree": queries.tree(actor)}
    return render(request, "organisation/units.html", page)


@staff("organisation.edit")
def unit(request: Request, code: str) -> HttpResponse:
    """One unit: what it is and was, its posts with people and roles, what may be done."""
    actor = request.actor
    found = queries.unit(actor, code)
    page = {
        "unit": found,
        "versions": list(found.versions.select_related("parent").order_by("-valid_from")),
        "posts": queries.posts_with_people(actor).filter(unit=found),
        "below": list(queries.units(actor).filter(parent=found).order_by("valid_to", "folded")),
        "today": clock.today(),
        "closed": found.valid_to is not None and found.valid_to < clock.today(),
        "may_people": actor.may_at("organisation.people", [found.pk]),
        "sections": render_sections(request, "unit", found),
        **tabs(request, "organisation_admin"),
    }
    return render(request, "organisation/unit.html", page)


@staff("organisation.edit")
def new(request: Request, code: str) -> HttpResponse:
    """Open a unit below this one."""
    parent = queries.unit(request.actor, code)
    return ask_for(
        request,
        actions.create_unit,
        parent,
        title=_("Mở đơn vị trực thuộc %(unit)s") % {"unit": parent.name},
        up=(address(parent), parent.name),
        to=address,
    )


@staff("organisation.edit")
def change(request: Request, code: str) -> HttpResponse:
    """Rename a unit, move it, change its level or address from a day on."""
    found = queries.unit(request.actor, code)
    return ask_for(
        request,
        actions.change_unit,
        found,
        title=_("Sửa %(unit)s") % {"unit": found.name},
        text=_(
            "Tên, cấp, loại hình và đơn vị cấp trên cũ vẫn giữ trong lịch sử; giấy tờ đã cấp không thay đổi."
        ),
        up=(address(found), found.name),
        button=_("Lưu thay đổi"),
    )


@staff("organisation.edit")
def close(request: Request, code: str) -> HttpResponse:
    """Close a unit."""
    found = queries.unit(request.actor, code)
    return ask_for(
        request,
        actions.close_unit,
        found,
        title=_("Đóng %(unit)s") % {"unit": found.name},
        text=_("Sau ngày này đơn vị không còn trong danh sách. Lịch sử và hồ sơ cũ vẫn xem được."),
        up=(address(found), found.name),
        template="organisation/leave.html",
        left=leaving.left(found),
    )


@staff("organisation.edit")
def new_post(request: Request, code: str) -> HttpResponse:
    """Set up a post in a unit."""
    found = queries.unit(request.actor, code)
    return ask_for(
        request,
        actions.create_post,
        found,
        title=_("Thêm chức vụ ở %(unit)s") % {"unit": found.name},
        text=_("Quyền gắn với chức vụ: thêm xong, hãy cấp vai trò rồi phân công người."),
        up=(address(found), found.name),
        to=lambda made: reverse("organisation_post", args=[made.pk]),
    )
