"""Posts, who holds them, and the roles granted to them."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core import clock, search
from vamco.core.actors import Actor
from vamco.core.api import Day, Id, Searched, caller, page_of, page_of_few
from vamco.core.api_actions import add_action, body_of
from vamco.core.errors import NotFound

from .. import actions, queries, roles
from ..models import Grant, Holding, Post, Unit
from ..validity import not_over
from .people import official
from .units import UNIT

router = Router(tags=["posts"])


class HoldingOut(Schema):
    """Who holds the post from when to when."""

    id: int = Field(examples=[17])
    person: int = Field(description="id of the person", examples=[5])
    name: str = Field(examples=["Lê Thị Thu Cúc"])
    since: date = Field(examples=["2016-01-01"])
    until: date | None = Field(examples=[None])


class GrantOut(Schema):
    """A role granted to the post for a unit."""

    id: int = Field(examples=[9])
    role: str = Field(examples=["intake"])
    unit: str = Field(examples=["27694"])
    below: bool = Field(description="for all units below as well", examples=[False])


class PostOut(Schema):
    """A post of a unit."""

    id: int = Field(examples=[3])
    unit: str = Field(examples=["27694"])
    key: str = Field(examples=["mot_cua"])
    title: str = Field(examples=["Công chức một cửa"])
    title_en: str = Field(examples=["One-stop officer"])
    rank: int = Field(description="order in the unit; heads first", examples=[50])
    holders: list[HoldingOut] = Field(description="today or later")
    grants: list[GrantOut]


class PostList(Schema):
    """A page of posts."""

    items: list[PostOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class PostFilter(Searched):
    """Filters of the list of posts; `q` is looked for in the title."""

    unit: str = Field("", max_length=40, description="code of the unit")
    key: str = Field("", max_length=40, examples=["mot_cua"])


class AppointIn(Schema, extra="forbid"):
    """Who holds the post from when on."""

    person: Id
    since: Day


class RoleOut(Schema):
    """A role with what it allows."""

    key: str = Field(examples=["intake"])
    name: str = Field(examples=["Tiếp nhận và trả kết quả"])
    permissions: list[str] = Field(examples=[["dossiers.receive"]])


class RoleFilter(Searched):
    """Filters of the roles; `q` is looked for in key and name."""

    permission: str = Field(
        "", max_length=80, description="only roles that carry it", examples=["dossiers.receive"]
    )


class RoleList(Schema):
    """A page of roles."""

    items: list[RoleOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


@router.get("/roles", response=RoleList, summary="Roles and what each allows")
def role_list(request: HttpRequest, filters: Query[RoleFilter]) -> dict[str, Any]:
    """The roles that can be granted to posts."""
    items = [
        {"key": key, "name": str(role.name), "permissions": sorted(role.permissions)}
        for key, role in roles.roles().items()
        if not filters.permission or filters.permission in role.permissions
    ]
    return page_of_few(items, filters, key="key", words=("key", "name"))


@router.get("/posts", response=PostList, summary="Posts of the units that the caller administers")
def posts(request: HttpRequest, filters: Query[PostFilter]) -> dict[str, Any]:
    """With holders and roles, in the order in which they were set up."""
    rows = _visible(caller(request))
    if filters.unit:
        rows = rows.filter(unit__code=filters.unit)
    if filters.key:
        rows = rows.filter(key=filters.key)
    rows = search.matching(rows, filters.q, "title", "title_en")
    return page_of(rows, filters, render=_render)


@router.post("/posts/{post_id}/actions/appoint", response=PostOut, summary="Let a person hold a post")
def appoint(request: HttpRequest, post_id: Id, body: AppointIn) -> dict[str, Any]:
    """From a day on."""
    actor = caller(request)
    post = queries.post(actor, post_id)
    actions.appoint(actor, post, user=official(body.person, "person"), since=body.since)
    return _shown(actor, post)


def _visible(actor: Actor) -> QuerySet[Post]:
    today = clock.today()
    held = Holding.objects.select_related("user").filter(not_over(today, "until"))
    given = Grant.objects.select_related("unit").order_by("role", "pk")
    return (
        Post.objects.filter(unit__in=queries.units(actor))
        .select_related("unit")
        .prefetch_related(
            Prefetch("holdings", held.order_by("since", "pk"), to_attr="held"),
            Prefetch("grants", given, to_attr="given"),
        )
    )


def _shown(actor: Actor, post: Post) -> dict[str, Any]:
    return _render(_visible(actor).get(pk=post.pk))


def _render(post: Any) -> dict[str, Any]:
    return {
        "id": post.pk,
        "unit": post.unit.code,
        "key": post.key,
        "title": post.title,
        "title_en": post.title_en,
        "rank": post.rank,
        "holders": [
            {
                "id": one.pk,
                "person": one.user_id,
                "name": one.user.full_name,
                "since": one.since,
                "until": one.until,
            }
            for one in post.held
        ],
        "grants": [
            {"id": one.pk, "role": one.role, "unit": one.unit.code, "below": one.below} for one in post.given
        ],
    }


def _place(actor: Actor, unit: str) -> Unit:
    return queries.unit(actor, unit)


def _grant(actor: Actor, grant_id: int) -> Grant:
    rows = Grant.objects.select_related("post").filter(post__unit__in=queries.units(actor))
    found = rows.filter(pk=grant_id).first()
    if found is None:
        raise NotFound(_("Không tìm thấy quyền này trong các đơn vị ông/bà quản trị."))
    return found


def _holding(actor: Actor, holding_id: int) -> Holding:
    rows = Holding.objects.select_related("post").filter(post__unit__in=queries.units(actor))
    found = rows.filter(pk=holding_id).first()
    if found is None:
        raise NotFound(_("Không tìm thấy người giữ chức vụ này trong các đơn vị ông/bà quản trị."))
    return found


def _of_post(actor: Actor, done: Grant | Holding) -> dict[str, Any]:
    return _shown(actor, done.post)


add_action(
    router,
    "/posts",
    actions.create_post,
    find=_place,
    body=body_of(actions.create_post, unit=UNIT),
    render=_shown,
    response=PostOut,
    status=201,
)
add_action(
    router,
    "/posts/{post_id}/actions/change",
    actions.change_post,
    find=lambda actor, post_id: queries.post(actor, post_id),
    render=_shown,
    response=PostOut,
)
add_action(
    router,
    "/posts/{post_id}/actions/grant",
    actions.grant,
    find=lambda actor, post_id: queries.post(actor, post_id),
    render=_of_post,
    response=PostOut,
)
add_action(
    router,
    "/grants/{grant_id}/actions/revoke",
    actions.revoke,
    find=_grant,
    render=_of_post,
    response=PostOut,
)
add_action(
    router,
    "/holdings/{holding_id}/actions/end",
    actions.end_holding,
    find=_holding,
    render=_of_post,
    response=PostOut,
)
