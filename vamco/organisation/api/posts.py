"""Posts, who holds them, and the roles granted to them."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from ninja import Field, Query, Router, Schema

from vamco.core import search
from vamco.core.actors import Actor
from vamco.core.api import Day, Id, Searched, caller, page_of_few
from vamco.core.api_actions import add_action, body_of
from vamco.core.api_lists import add_list, item_of, shown_as
from vamco.core.listing import Column, Filter, Listing

from .. import actions, queries, roles
from ..models import Grant, Holding, Post, Unit
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


def _holders(post: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": held.pk,
            "person": held.user_id,
            "name": held.user.full_name,
            "since": held.since,
            "until": held.until,
        }
        for held in post.held
    ]


def _grants(post: Any) -> list[dict[str, Any]]:
    return [
        {"id": grant.pk, "role": grant.role, "unit": grant.unit.code, "below": grant.below}
        for grant in post.given
    ]


POSTS = Listing(
    name="posts",
    title=gettext_lazy("Chức vụ"),
    model=Post,
    visible=queries.posts_with_people,
    order=("pk",),
    words=search.in_columns("title", "title_en"),
    words_label=gettext_lazy("tên chức vụ"),
    columns=(
        Column("unit", gettext_lazy("Mã đơn vị"), "unit.code", example="27694"),
        Column("key", gettext_lazy("Khóa"), example="mot_cua"),
        Column("title", gettext_lazy("Tên chức vụ"), sort="title", example="Công chức một cửa"),
        Column("title_en", gettext_lazy("Tên tiếng Anh"), example="One-stop officer"),
        Column("rank", gettext_lazy("Thứ tự"), kind=int, sort="rank", example=50),
        Column(
            "holders",
            gettext_lazy("Người giữ chức vụ hôm nay hoặc sau này"),
            _holders,
            kind=list[HoldingOut],
            example=[{"id": 17, "person": 5, "name": "Lê Thị Thu Cúc", "since": "2016-01-01", "until": None}],
        ),
        Column(
            "grants",
            gettext_lazy("Vai trò"),
            _grants,
            kind=list[GrantOut],
            example=[{"id": 9, "role": "intake", "unit": "27694", "below": False}],
        ),
    ),
    filters=(
        Filter("unit", gettext_lazy("Mã đơn vị"), where="unit__code", example="27694"),
        Filter("key", gettext_lazy("Khóa"), example="mot_cua"),
    ),
)
"""The posts with who holds them and what they may do: for programs; on pages they stand at their unit."""
PostOut = item_of(POSTS)


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


add_list(router, "/posts", POSTS, tags=["posts"], summary="Posts of the units that the caller administers")


@router.post("/posts/{post_id}/actions/appoint", response=PostOut, summary="Let a person hold a post")
def appoint(request: HttpRequest, post_id: Id, body: AppointIn) -> dict[str, Any]:
    """From a day on."""
    actor = caller(request)
    post = queries.post(actor, post_id)
    actions.appoint(actor, post, user=official(body.person, "person"), since=body.since)
    return _shown(actor, post)


def _shown(actor: Actor, post: Post) -> dict[str, Any]:
    return shown_as(POSTS, POSTS.readable(actor).get(pk=post.pk))


def _place(actor: Actor, unit: str) -> Unit:
    return queries.unit(actor, unit)


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
    find=lambda actor, grant_id: queries.grant(actor, grant_id),
    render=_of_post,
    response=PostOut,
)
add_action(
    router,
    "/holdings/{holding_id}/actions/end",
    actions.end_holding,
    find=lambda actor, holding_id: queries.holding(actor, holding_id),
    render=_of_post,
    response=PostOut,
)
