"""People and their accounts, their tokens, and who the caller is."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core.actions import Action
from vamco.core.actors import EVERYWHERE
from vamco.core.api import Id, Page, Searched, caller, page_of
from vamco.core.api_actions import UnitCode, add_action
from vamco.core.errors import Invalid

from .. import actions, queries
from ..models import ApiToken, Unit, User
from .auth import token_of

router = Router(tags=["people"])


class HeldOut(Schema):
    """A post that a person holds."""

    post: int = Field(examples=[3])
    title: str = Field(examples=["Công chức một cửa"])
    unit: str = Field(examples=["27694"])
    since: date = Field(examples=["2016-01-01"])
    until: date | None = Field(examples=[None])


class PersonOut(Schema):
    """A person who works in the administration."""

    id: int = Field(examples=[5])
    username: str = Field(examples=["mot_cua.27694"])
    full_name: str = Field(examples=["Lê Thị Thu Cúc"])
    email: str = Field(examples=["cuc@example.vn"])
    phone: str = Field(examples=["0913000124"])
    is_active: bool = Field(examples=[True])
    posts: list[HeldOut] = Field(description="held today or later")


class PersonList(Schema):
    """A page of people."""

    items: list[PersonOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class TokenOut(Schema):
    """A bearer token; the token itself is kept nowhere."""

    id: int = Field(examples=[2])
    name: str = Field(examples=["phần mềm kế toán"])
    made_by: int | None = Field(
        description="id of who made it; null: the command line, or made before this was kept", examples=[5]
    )
    signs: bool = Field(
        description="whether it may sign, issue, withdraw and delegate: only what its holder made",
        examples=[False],
    )
    permissions: list[str] = Field(
        description="what it is limited to; empty: no limit", examples=[["dossiers.view"]]
    )
    units: list[str] = Field(
        description="codes of units that it is limited to; empty: no limit", examples=[["27694"]]
    )
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = Field(examples=[None])


class PersonDetail(PersonOut):
    """A person with the tokens of their account."""

    must_change_password: bool = Field(examples=[False])
    tokens: list[TokenOut]


class PersonFilter(Page):
    """Filters of the list of people."""

    q: str = Field("", max_length=200, description="beginnings of words of the name, or the user name")
    closed: bool = Field(False, description="closed accounts instead")


class PersonIn(Schema, extra="forbid"):
    """An account to be opened; without a password nobody can sign in with it yet."""

    unit: UnitCode
    username: str = Field(max_length=80, examples=["cuc.le"])
    full_name: str = Field(max_length=120, examples=["Lê Thị Thu Cúc"])
    email: str = Field("", max_length=254, examples=["cuc@example.vn"])
    phone: str = Field("", max_length=20, examples=["0913000124"])
    password: str | None = Field(None, max_length=200)
    one_time: bool = Field(True, description="whether the password must be changed at once")


class TokenIn(Schema, extra="forbid"):
    """What a token is for and how long it is good."""

    name: str = Field(min_length=1, max_length=80, examples=["phần mềm kế toán"])
    days: int = Field(365, ge=1, le=3650)
    permissions: list[Annotated[str, Field(max_length=60)]] = Field(
        [],
        max_length=100,
        description="only these of the person's permissions; empty: all",
        examples=[["dossiers.view"]],
    )
    units: list[UnitCode] = Field(
        [],
        max_length=400,
        description="only in these units, those below not included; empty: wherever the person may",
        examples=[["27694"]],
    )


class TokenMade(TokenOut):
    """A new token: shown here and never again."""

    token: str = Field(examples=["vc_…"])


class MeOut(Schema):
    """Who asks, and what they may do where."""

    id: int | None = Field(examples=[5])
    name: str = Field(examples=["Lê Thị Thu Cúc"])
    permissions: dict[str, list[str]] = Field(
        description="codes of units by permission; `*` is everywhere",
        examples=[{"dossiers.receive": ["27694"]}],
    )
    stands_in_for: list[int] = Field(description="ids of those who delegated to them", examples=[[]])
    token: TokenOut = Field(
        description="the token that this was asked with; `permissions` above are within its limits"
    )


@router.get("/me", response=MeOut, summary="Who I am and what I may do where")
def me(request: HttpRequest) -> dict[str, Any]:
    """The caller's rights today, delegated ones included."""
    actor = caller(request)
    ids = {pk for scope in actor.scope.values() if scope is not EVERYWHERE for pk in scope}
    codes = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "code"))
    rights = {
        name: ["*"] if scope is EVERYWHERE else sorted(codes[pk] for pk in scope)
        for name, scope in sorted(actor.scope.items())
    }
    return {
        "id": actor.user_id,
        "name": actor.label,
        "permissions": rights,
        "stands_in_for": list(actor.stands_in_for),
        "token": _tokens([token_of(request)])[0],
    }


@router.get("/people", response=PersonList, summary="People of the units that the caller administers")
def people(request: HttpRequest, filters: Query[PersonFilter]) -> dict[str, Any]:
    """In Vietnamese alphabetical order."""
    rows = queries.people(caller(request), filters.q, closed=filters.closed)
    return _page(rows, filters)


@router.get("/colleagues", response=PersonList, summary="Officials by name, to choose a stand-in")
def colleagues(request: HttpRequest, filters: Query[Searched]) -> dict[str, Any]:
    """In Vietnamese alphabetical order, without addresses; `q` is looked for in the name."""
    rows = queries.officials(filters.q, but=caller(request).known_id)
    found = _page(rows, filters)
    return {**found, "items": [person | {"email": "", "phone": ""} for person in found["items"]]}


@router.post("/people", response={201: PersonDetail}, summary="Open an account")
def create(request: HttpRequest, body: PersonIn) -> dict[str, Any]:
    """For a person who works in the unit; let them hold a post with `POST /posts/{id}/actions/appoint`."""
    unit = queries.unit(caller(request), body.unit)
    return _detail(actions.create_person(caller(request), unit, **body.dict(exclude={"unit"})))


@router.get("/people/{person_id}", response=PersonDetail, summary="One person")
def person(request: HttpRequest, person_id: Id) -> dict[str, Any]:
    """With posts and tokens."""
    return _detail(queries.person(caller(request), person_id))


@router.post(
    "/people/{person_id}/actions/issue_token", response=TokenMade, summary="Issue a bearer token of the API"
)
def issue_token(request: HttpRequest, person_id: Id, body: TokenIn) -> dict[str, Any]:
    """For another person; the token is in this answer and nowhere else. It does not sign: only tokens do that their
    holders make on their own page."""
    actor = caller(request)
    made, token = actions.issue_token(actor, queries.person(actor, person_id), **body.dict())
    return _tokens([made])[0] | {"token": token}


def official(pk: int, field: str) -> User:
    """An active official by id. Raises `Invalid` that names the field."""
    found = User.objects.filter(pk=pk, is_active=True).first()
    if found is None:
        raise Invalid(_("Không có người này, hoặc tài khoản đã ngừng."), field=field)
    return found


def _page(rows: "QuerySet[User]", page: Page) -> dict[str, Any]:
    found = page_of(rows, page, key=("sort_key", "pk"), render=lambda person: person)
    return {**found, "items": [_render(person) for person in queries.with_posts(found["items"])]}


def _render(person: Any) -> dict[str, Any]:
    names = ("username", "full_name", "email", "phone", "is_active")
    posts = [
        {
            "post": held.post_id,
            "title": held.post.title,
            "unit": held.post.unit.code,
            "since": held.since,
            "until": held.until,
        }
        for held in person.holdings_now
    ]
    return {"id": person.pk, "posts": posts} | {name: getattr(person, name) for name in names}


def _detail(user: User) -> dict[str, Any]:
    (person,) = queries.with_posts([user])
    tokens = _tokens(user.tokens.order_by("pk"))
    return _render(person) | {"must_change_password": user.must_change_password, "tokens": tokens}


def _tokens(rows: Iterable[ApiToken]) -> list[dict[str, Any]]:
    names = ("name", "signs", "permissions", "created_at", "expires_at", "revoked_at")
    found = queries.with_units(rows)
    return [
        {"id": token.pk, "made_by": token.made_by_id, "units": [unit.code for unit in token.limited_units]}
        | {name: getattr(token, name) for name in names}
        for token in found
    ]


_OF_PERSON: dict[str, Action[User, Any, User]] = {
    "change": actions.change_person,
    "reset_password": actions.reset_password,
    "reset_second_step": actions.reset_second_step,
    "deactivate": actions.deactivate,
    "reactivate": actions.reactivate,
}
for key, done in _OF_PERSON.items():
    add_action(
        router,
        f"/people/{{person_id}}/actions/{key}",
        done,
        find=lambda actor, person_id: queries.person(actor, person_id),
        render=lambda _actor, user: _detail(user),
        response=PersonDetail,
    )
add_action(
    router,
    "/tokens/{token_id}/actions/revoke",
    actions.revoke_token,
    find=lambda actor, token_id: queries.token(actor, token_id),
    render=lambda _actor, token: _tokens([token])[0],
    response=TokenOut,
)
