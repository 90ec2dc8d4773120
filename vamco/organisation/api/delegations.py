"""Delegations: somebody does a person's work for a period."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from vamco.core import search
from vamco.core.api import Day, Id, Problem, Searched, caller, page_of
from vamco.core.api_actions import add_action

from .. import actions, queries
from ..models import Delegation, User
from .people import official

router = Router(tags=["delegations"])


class DelegationOut(Schema):
    """A delegation (ủy quyền)."""

    id: int = Field(examples=[4])
    giver: int = Field(examples=[5])
    giver_name: str = Field(examples=["Lê Thị Thu Cúc"])
    receiver: int = Field(examples=[6])
    receiver_name: str = Field(examples=["Nguyễn Văn Tám"])
    since: date = Field(examples=["2016-12-05"])
    until: date = Field(description="the last day", examples=["2016-12-09"])
    reason: str = Field(examples=["Nghỉ phép"])
    revoked_at: datetime | None = Field(examples=[None])


class DelegationList(Schema):
    """A page of delegations."""

    items: list[DelegationOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class DelegationFilter(Searched):
    """Whose delegations; `q` is looked for in both names and the reason."""

    person: Id | None = Field(
        None, description="id of a person whom the caller administers; the caller if absent"
    )
    giver: Id | None = Field(None, description="only those given by this person", examples=[None])
    receiver: Id | None = Field(None, description="only those received by this person", examples=[None])
    on: Day | None = Field(None, description="only those that hold on this day", examples=[None])


class DelegationIn(Schema, extra="forbid"):
    """Who does whose work from when to when."""

    giver: Id | None = Field(None, description="the caller if absent", examples=[None])
    receiver: Id
    since: Day
    until: Day
    reason: str = Field(max_length=300, examples=["Nghỉ phép"])


@router.get(
    "/delegations", response={200: DelegationList, 404: Problem}, summary="Delegations given and received"
)
def delegations(request: HttpRequest, filters: Query[DelegationFilter]) -> dict[str, Any]:
    """One's own, or those of a person whom one administers."""
    pk = filters.person or caller(request).user_id
    if pk != caller(request).user_id:
        pk = queries.person(caller(request), pk or 0).pk
    rows = Delegation.objects.select_related("giver", "receiver").filter(Q(giver_id=pk) | Q(receiver_id=pk))
    fields: dict[str, int | date | None] = {"giver": filters.giver, "receiver": filters.receiver}
    fields |= {"since__lte": filters.on, "until__gte": filters.on}
    rows = rows.filter(**{name: value for name, value in fields.items() if value})
    rows = rows.filter(revoked_at__isnull=True) if filters.on else rows
    rows = search.matching(rows, filters.q, "giver__full_name", "receiver__full_name", "reason")
    return page_of(rows, filters, render=_render)


@router.post("/delegations", response={201: DelegationOut}, summary="Let a stand-in do a person's work")
def create(request: HttpRequest, body: DelegationIn) -> dict[str, Any]:
    """One's own work, or that of a person whom one administers."""
    actor = caller(request)
    own = body.giver in (None, actor.user_id)
    giver = User.objects.get(pk=actor.known_id) if own else queries.person(actor, body.giver or 0)
    made = actions.delegate(
        actor,
        giver,
        receiver=official(body.receiver, "receiver"),
        since=body.since,
        until=body.until,
        reason=body.reason,
    )
    return _render(made)


def _render(delegation: Delegation) -> dict[str, Any]:
    names = ("since", "until", "reason", "revoked_at")
    return {
        "id": delegation.pk,
        "giver": delegation.giver_id,
        "giver_name": delegation.giver.full_name,
        "receiver": delegation.receiver_id,
        "receiver_name": delegation.receiver.full_name,
    } | {name: getattr(delegation, name) for name in names}


add_action(
    router,
    "/delegations/{delegation_id}/actions/revoke",
    actions.revoke_delegation,
    find=lambda actor, delegation_id: queries.delegation(actor, delegation_id),
    render=lambda _actor, ended: _render(ended),
    response=DelegationOut,
)
