"""Views of the inbox that a person keeps under names."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core import search
from vamco.core.api import Id, Searched, caller, page_of
from vamco.core.errors import NotFound

from ...models import SavedFilter
from .. import actions
from .. import sent as lists
from ..sent import PARAMETERS
from .narrowed import KeptView, not_a_number

router = Router(tags=["saved filters"])


class SavedFilterIn(KeptView, extra="forbid"):
    """A view and its name."""

    name: str = Field(max_length=80, examples=["Hôn nhân, đang thẩm tra"])


class SavedFilterOut(KeptView):
    """A saved filter."""

    id: int = Field(examples=[4])
    name: str = Field(examples=["Hôn nhân, đang thẩm tra"])


class SavedFilterList(Schema):
    """A page of saved filters."""

    items: list[SavedFilterOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


@router.get("/filters", response=SavedFilterList, summary="The caller's saved filters")
def filters(request: HttpRequest, asked: Query[Searched]) -> dict[str, Any]:
    """In the order in which they were first saved; nobody sees those of others."""
    rows = SavedFilter.objects.filter(user_id=caller(request).known_id)
    return page_of(search.matching(rows, asked.q, "name"), asked, render=_render)


@router.post("/filters", response={201: SavedFilterOut}, summary="Keep a view of the inbox under a name")
def save(request: HttpRequest, body: SavedFilterIn) -> dict[str, Any]:
    """The same name keeps the newer view. The inbox's page shows it too."""
    not_a_number(body.q)
    given = {theirs: str(getattr(body, ours) or "") for ours, theirs in PARAMETERS.items()}
    query = lists.read(given).kept
    return _render(actions.save_filter(caller(request), None, name=body.name, query=query))


@router.post(
    "/filters/{filter_id}/actions/delete", response=SavedFilterOut, summary="Throw a saved filter away"
)
def delete(request: HttpRequest, filter_id: Id) -> dict[str, Any]:
    """One of the caller's own."""
    found = SavedFilter.objects.filter(pk=filter_id, user_id=caller(request).known_id).first()
    if found is None:
        raise NotFound(_("Không có bộ lọc này trong các bộ lọc của ông/bà."))
    return _render(actions.delete_filter(caller(request), found))


def _render(saved: SavedFilter) -> dict[str, Any]:
    listed = lists.parse(saved.query)
    view = {name: getattr(listed.wanted, name) for name in PARAMETERS} if listed else {}
    return {"id": saved.pk, "name": saved.name} | view
