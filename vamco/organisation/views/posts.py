"""Posts: who holds one, which roles it carries where."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.errors import Invalid, NotFound
from vamco.web.access import Request, staff
from vamco.web.asking import ask, posted

from .. import actions, forms, leaving, queries
from ..models import Grant, Holding, Post, Unit, User
from .shared import for_accounts, tabs


def address(post: Post) -> str:
    """The post's page."""
    return reverse("organisation_post", args=[post.pk])


@staff("organisation.edit")
def post(request: Request, pk: int) -> HttpResponse:
    """One post with its people of today and before, and its roles."""
    actor = request.actor
    found = queries.post(actor, pk)
    page = {
        "post": found,
        "holdings": list(found.holdings.select_related("user").order_by("-since", "-pk")[:100]),
        "grants": list(found.grants.select_related("unit").order_by("role", "unit__code")),
        "may_people": actor.may_at("organisation.people", [found.unit_id]),
        "today": clock.today(),
        **tabs(request, "organisation_admin"),
    }
    return render(request, "organisation/post.html", page)


@staff("organisation.edit")
def change(request: Request, pk: int) -> HttpResponse:
    """Rename a post."""
    actor = request.actor
    found = queries.post(actor, pk)
    start = {"title": found.title, "title_en": found.title_en, "rank": found.rank}
    return ask(
        request,
        forms.PostForm(posted(request), initial=start),
        lambda wanted: actions.change_post(actor, found, **wanted),
        title=_("Sửa chức vụ %(post)s") % {"post": found.title},
        up=(address(found), found.title),
        button=_("Lưu thay đổi"),
        says=_("Đã sửa chức vụ."),
    )


@for_accounts
def grant(request: Request, pk: int) -> HttpResponse:
    """Give a post a role."""
    actor = request.actor
    found = queries.post(actor, pk)

    def act(wanted: dict[str, Any]) -> Grant:
        unit = Unit.objects.filter(code=wanted.pop("unit").strip()).first()
        if unit is None:
            raise Invalid(_("Không có đơn vị với mã này."), field="unit")
        return actions.grant(actor, found, unit=unit, **wanted)

    return ask(
        request,
        forms.GrantForm(posted(request), initial={"unit": found.unit.code}),
        act,
        title=_("Cấp vai trò cho %(post)s") % {"post": found.title},
        text=_("Mọi người đang giữ chức vụ này có quyền của vai trò ngay khi cấp."),
        up=(address(found), found.title),
        button=_("Cấp vai trò"),
        says=lambda made: _("Đã cấp vai trò %(role)s.") % {"role": made.role_name},
    )


@staff("organisation.people")
def revoke(request: Request, pk: int) -> HttpResponse:
    """Take a role from a post."""
    actor = request.actor
    given = Grant.objects.select_related("post__unit", "unit").filter(pk=pk).first()
    if given is None:
        raise NotFound(_("Quyền này không còn. Hãy tải lại trang chức vụ."))
    found = queries.post(actor, given.post_id)
    role = given.role_name
    return ask(
        request,
        forms.Nothing(posted(request)),
        lambda wanted: actions.revoke(actor, given),
        title=_("Bỏ vai trò %(role)s") % {"role": role},
        text=_("Người giữ chức vụ %(post)s không còn vai trò này ở %(unit)s ngay sau khi bỏ.")
        % {"post": found.title, "unit": given.unit.name},
        up=(address(found), found.title),
        button=_("Bỏ vai trò"),
        says=_("Đã bỏ vai trò %(role)s.") % {"role": role},
    )


@for_accounts
def appoint(request: Request, pk: int) -> HttpResponse:
    """Let a person hold a post."""
    actor = request.actor
    found = queries.post(actor, pk)

    def act(wanted: dict[str, Any]) -> Holding:
        user = User.objects.get(username=wanted["username"])
        return actions.appoint(actor, found, user=user, since=wanted["since"])

    start = {"since": clock.today(), "username": request.GET.get("ten", "")[:80]}
    return ask(
        request,
        forms.Appoint(posted(request), initial=start),
        act,
        title=_("Phân công %(post)s, %(unit)s") % {"post": found.title, "unit": found.unit.name},
        up=(address(found), found.title),
        button=_("Phân công"),
        says=lambda made: _("Đã phân công %(name)s.") % {"name": made.user.full_name},
    )


@staff("organisation.people")
def end_holding(request: Request, pk: int) -> HttpResponse:
    """End a person's time in a post."""
    actor = request.actor
    holding = Holding.objects.select_related("post", "user").filter(pk=pk).first()
    if holding is None:
        raise NotFound(_("Không tìm thấy lần phân công này."))
    found = queries.post(actor, holding.post_id)
    names = {"name": holding.user.full_name, "post": found.title}
    return ask(
        request,
        forms.LastDay(posted(request), initial={"last_day": clock.today()}),
        lambda wanted: actions.end_holding(actor, holding, **wanted),
        title=_("%(name)s thôi giữ chức vụ %(post)s") % names,
        text=_(
            "Người này giữ chức vụ đến hết ngày ghi dưới đây. Sau ngày đó, việc mà không chức vụ nào khác của người này "
            "cho làm tiếp được bàn giao."
        ),
        up=(address(found), found.title),
        button=_("Ghi ngày thôi giữ"),
        says=_("Đã ghi ngày thôi giữ chức vụ của %(name)s.") % names,
        template="organisation/leave.html",
        left=leaving.left(holding),
    )
