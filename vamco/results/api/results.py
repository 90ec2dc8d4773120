"""Results: listed, looked at, corrected, withdrawn; checked by whoever holds the paper."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.security import APIKeyHeader
from pydantic import create_model

from vamco.core import clock, files
from vamco.core.actors import Actor
from vamco.core.api import PDF, Id, Problem, caller
from vamco.core.api_actions import add_action, body_of, taken
from vamco.core.api_lists import add_list, item_of, shown_as
from vamco.core.errors import NotFound
from vamco.core.printing import answer
from vamco.organisation.api import BearerToken

from .. import actions, limits, lists, paper, queries
from ..models import Result

router = Router(tags=["results"])
ResultNumber = Annotated[str, Field(min_length=1, max_length=80, examples=["12/2016/XNTTHN"])]
UnitOfNumber = Annotated[str, Field(max_length=40, description="code of the unit that issued it")]


class CheckCode(APIKeyHeader):
    """The check code printed on the paper; opens the state of that result and nothing else."""

    param_name = "X-Result-Secret"

    def authenticate(self, request: HttpRequest, key: str | None) -> str | None:
        """Any code that was given; whether it fits is the operation's business."""
        return key or None


class EventOut(Schema):
    """One line of a result's history."""

    what: str = Field(
        description="drafted, changed, approved, issued, replaced or withdrawn", examples=["issued"]
    )
    at: datetime
    by: str | None = Field(examples=["Nguyễn Thị Lụa"])
    note: str = Field(examples=["12/2016/XNTTHN"])


ResultDetail: Any = create_model(
    "ResultDetail",
    __base__=item_of(lists.RESULTS),
    __doc__="A result with its history; `values` are what a correction may change, for those who may correct it.",
    values=(dict[str, Any] | None, Field(examples=[{"muc_dich": "Vay vốn ngân hàng"}])),
    history=(list[EventOut], ...),
)


class StateOut(Schema):
    """What a paper's number and check code tell: the state and nothing else."""

    number: str = Field(examples=["12/2016/XNTTHN"])
    state: str = Field(description="valid, replaced, withdrawn or lapsed", examples=["valid"])
    replaced_by: str | None = Field(examples=[None])


add_list(
    router,
    "/results",
    lists.RESULTS,
    tags=["results"],
    summary="Results of the caller's units",
    export=lists.export_results,
)


def _detail(actor: Actor, result: Result) -> dict[str, Any]:
    """The result as it is now, if the caller may read it."""
    return _whole(actor, queries.one(actor, result.pk))


for act in (actions.withdraw, actions.sign_correction, actions.issue_correction):
    add_action(
        router,
        f"/results/{{result_id}}/actions/{act.key}",
        act,
        find=lambda actor, result_id: queries.one(actor, result_id),
        render=_detail,
        response=ResultDetail,
    )
add_action(
    router,
    "/results/{result_id}/actions/drop_correction",
    actions.drop_correction,
    find=lambda actor, result_id: queries.one(actor, result_id),
    render=lambda actor, dropped: _detail(actor, dropped.replaces),
    response=ResultDetail,
)

_VALUES: Any = Field(
    default_factory=dict,
    description="what is to be different, by the keys of the result's `values`",
    examples=[{"muc_dich": "Vay vốn ngân hàng"}],
)
CorrectIn: Any = body_of(actions.correct, values=(dict[str, str], _VALUES))


@router.post(
    "/results/{result_id}/actions/correct",
    response=ResultDetail,
    summary="Draft what replaces an issued result",
)
def correct(request: HttpRequest, result_id: Id, body: CorrectIn) -> dict[str, Any]:
    """Answers the draft. The old result stays valid until the new one is signed and numbered."""
    actor = caller(request)
    old = queries.one(actor, result_id)
    given = taken(actions.correct, actor, old, body)
    return _detail(actor, actions.correct(actor, old, **given, values=body.values))


@router.get("/results/{int:result_id}/paper", summary="The paper of a result", openapi_extra=PDF)
def result_paper(request: HttpRequest, result_id: Id) -> HttpResponseBase:
    """The issued paper; of a draft, how it would look."""
    found = queries.one(caller(request), result_id)
    if found.file is not None:
        return files.response(found.file)
    return answer(request, paper.draft(found, at=clock.now()))


@router.get(
    "/results/{path:number}",
    response={200: ResultDetail | StateOut, 429: Problem},
    auth=[BearerToken(), CheckCode()],
    summary="One result by its number",
)
def result(request: HttpRequest, number: ResultNumber, unit: UnitOfNumber = "") -> dict[str, Any]:
    """With a bearer token everything that the caller may see (`unit` distinguishes equal numbers of several units); with
    the paper's check code in X-Result-Secret its state only. A wrong code and a number that does not exist get the same
    answer."""
    auth: Any = getattr(request, "auth", None)  # an actor, or the code of the paper
    if isinstance(auth, Actor):
        return _whole(auth, queries.by_number(auth, number, unit))
    limits.count_try(request)
    found = queries.check(number, str(auth))
    if found is None:
        raise NotFound(_("Số và mã kiểm tra không khớp với kết quả nào. Hãy xem lại trên giấy."))
    return {"number": found.number, "state": found.state, "replaced_by": found.replaced_by or None}


def _whole(actor: Actor, result: Result) -> dict[str, Any]:
    history = [
        {
            "what": event.what,
            "at": event.at,
            "by": event.by.full_name if event.by else None,
            "note": event.note,
        }
        for event in result.events.select_related("by")
    ]
    may_correct = actor.may_at("results.draft", result.permission_units())
    values = queries.printed(result) if may_correct else None
    return {**shown_as(lists.RESULTS, result), "values": values, "history": history}
