"""Posts: who holds one, which roles it carries where."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.web.access import Request, staff
from vamco.web.action_forms import ask_for
from vamco.web.asking import ask

from .. import actions, forms, leaving, queries
from ..models import Post
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
    found = queries.post(request.actor, pk)
    return ask_for(
        request,
        actions.change_post,
        found,
        title=_("Sửa chức vụ %(post)s") % {"post": found.title},
        up=(address(found), found.title),
        button=_("Lưu thay đổi"),
    )


@for_accounts
def grant(request: Request, pk: int) -> HttpResponse:
    """Give a post a role."""
    found = queries.post(request.actor, pk)
    return ask_for(
        request,
        actions.grant,
        found,
        title=_("Cấp vai trò cho %(post)s") % {"post": found.title},
        text=_("Mọi người đang giữ chức vụ này có quyền của vai trò ngay khi cấp."),
        up=(address(found), found.title),
    )


@staff("organisation.people")
def revoke(request: Request, pk: int) -> HttpResponse:
    """Take a role from a post."""
    given = queries.grant(request.actor, pk)
    found = given.post
    return ask_for(
        request,
        actions.revoke,
        given,
        title=_("Bỏ vai trò %(role)s") % {"role": given.role_name},
        text=_("Người giữ chức vụ %(post)s không còn vai trò này ở %(unit)s ngay sau khi bỏ.")
        % {"post": found.title, "unit": given.unit.name},
        up=(address(found), found.title),
    )


@for_accounts
def appoint(request: Request, pk: int) -> HttpResponse:
    """Let a person hold a post."""
    found = queries.post(request.actor, pk)
    form = forms.Appoint(request, found)
    return ask(
        request,
        form,
        lambda wanted: actions.appoint(request.actor, found, user=wanted["username"], **form.given),
        title=_("Phân công %(post)s, %(unit)s") % {"post": found.title, "unit": found.unit.name},
        up=(address(found), found.title),
        button=_("Phân công"),
        says=actions.appoint.says,
    )


@staff("organisation.people")
def end_holding(request: Request, pk: int) -> HttpResponse:
    """End a person's time in a post."""
    holding = queries.holding(request.actor, pk)
    found = holding.post
    return ask_for(
        request,
        actions.end_holding,
        holding,
        title=_("%(name)s thôi giữ chức vụ %(post)s") % {"name": holding.user.full_name, "post": found.title},
        text=_(
            "Người này giữ chức vụ đến hết ngày ghi dưới đây. Sau ngày đó, việc mà không chức vụ nào khác của người này "
            "cho làm tiếp được bàn giao."
        ),
        up=(address(found), found.title),
        button=_("Ghi ngày thôi giữ"),
        template="organisation/leave.html",
        left=leaving.left(holding),
    )
