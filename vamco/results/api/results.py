"""Results: listed, looked at, corrected, withdrawn; checked by whoever holds the paper."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from ninja.security import APIKeyHeader

from vamco.core import clock, files, result_text
from vamco.core.actors import Actor
from vamco.core.api import PDF, Id, Problem, Searched, caller, page_of
from vamco.core.errors import NotFound
from vamco.core.printing import answer
from vamco.organisation.api import BearerToken

from .. import actions, limits, paper, queries
from ..models import Result

router = Router(tags=["results"])
ResultNumber = Annotated[str, Field(min_length=1, max_length=80, examples=["12/2016/XNTTHN"])]
UnitOfNumber = Annotated[str, Field(max_length=40, description="code of the unit that issued it")]
ActionName = Annotated[
    Literal["withdraw", "correct", "sign_correction", "issue_correction", "drop_correction"],
    Field(examples=["withdraw"]),
]


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


class ResultOut(Schema):
    """A result as those see it who may; `values` and `history` only for one result."""

    id: int = Field(examples=[17])
    kind: str = Field(description="result or refusal", examples=["result"])
    number: str = Field(description="empty while it is a draft", examples=["12/2016/XNTTHN"])
    state: str = Field(description="draft, valid, replaced, withdrawn or lapsed", examples=["valid"])
    type: str = Field(examples=["gxn_tthn"])
    type_name: str = Field(examples=["Giấy xác nhận tình trạng hôn nhân"])
    unit: str = Field(description="code of the unit that issues it", examples=["27694"])
    dossier: str = Field(examples=["000.00.12.H39-161209-0007"])
    holder_name: str = Field(examples=["Nguyễn Văn Á"])
    issued_at: datetime | None
    expires_on: date | None
    signer: str = Field(examples=["Lê Văn Tám"])
    replaces: str | None = Field(description="number of the result it takes the place of", examples=[None])
    replaced_by: str | None = Field(examples=[None])
    paper_url: str | None = Field(
        description="where the paper is, with the same bearer token",
        examples=["https://dichvucong.longan.gov.vn/api/v1/results/17/paper"],
    )


class ResultDetail(ResultOut):
    """A result with its history; `values` are what a correction may change, for those who may correct it."""

    values: dict[str, Any] | None = Field(examples=[{"muc_dich": "Vay vốn ngân hàng"}])
    history: list[EventOut]


class StateOut(Schema):
    """What a paper's number and check code tell: the state and nothing else."""

    number: str = Field(examples=["12/2016/XNTTHN"])
    state: str = Field(description="valid, replaced, withdrawn or lapsed", examples=["valid"])
    replaced_by: str | None = Field(examples=[None])


class ResultList(Schema):
    """A page of results."""

    items: list[ResultOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class ResultFilter(Searched):
    """Filters of the list of results; `q` is looked for in the holder's name, the number and the dossier's code."""

    unit: str = Field("", max_length=40, description="code of the unit that issues", examples=["27694"])
    dossier: str = Field("", max_length=60, description="code of the dossier")
    state: str = Field("", description="draft, valid, replaced, withdrawn or lapsed", examples=["valid"])
    kind: Literal["", "result", "refusal"] = Field("", examples=["result"])
    type: str = Field("", max_length=60, examples=["gxn_tthn"])
    number: str = Field("", max_length=80, examples=["12/2016/XNTTHN"])
    holder: Id | None = Field(None, description="id of the party that holds it", examples=[None])


class ResultActionIn(Schema, extra="forbid"):
    """What an action needs: `reason` to withdraw and correct, `values` and `holder_name` to correct, `title`
    (the lines over the name) to sign a correction."""

    reason: str = Field("", max_length=1000, examples=["Sai năm sinh"])
    values: dict[str, str] = Field(default_factory=dict, examples=[{"muc_dich": "Vay vốn ngân hàng"}])
    holder_name: str = Field("", max_length=300)
    title: str = Field("", max_length=300, examples=["TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"])


_EXAMPLES: dict[str, Any] = {
    "requestBody": {
        "content": {
            "application/json": {
                "examples": {
                    "withdraw": {"value": {"reason": "Giấy tờ đã nộp không đúng sự thật"}},
                    "correct": {
                        "value": {"reason": "Sai mục đích", "values": {"muc_dich": "Vay vốn ngân hàng"}}
                    },
                    "sign_correction": {"value": {"title": "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"}},
                    "issue_correction": {"value": {}},
                    "drop_correction": {"value": {}},
                }
            }
        }
    }
}


@router.get("/results", response=ResultList, summary="Results of the caller's units")
def results(request: HttpRequest, filters: Query[ResultFilter]) -> dict[str, Any]:
    """In the order in which they were drafted."""
    asked = {"unit": filters.unit, "subject": filters.dossier, "state": filters.state, "q": filters.q}
    rows = queries.listed(caller(request), **asked)
    fields = {"kind": "kind", "type_key": "type", "number": "number", "holder": "holder"}
    given = {name: getattr(filters, own) for name, own in fields.items() if getattr(filters, own)}
    rows = rows.filter(**given)
    return page_of(rows, filters, render=_render)


@router.post(
    "/results/{result_id}/actions/{action}",
    response=ResultDetail,
    summary="Do something with a result",
    openapi_extra=_EXAMPLES,
)
def act(request: HttpRequest, result_id: Id, action: ActionName, body: ResultActionIn) -> dict[str, Any]:
    """withdraw, correct (answers the new draft), sign_correction, issue_correction or drop_correction (answers the
    old result)."""
    actor = caller(request)
    one = queries.one(actor, result_id)
    match action:
        case "withdraw":
            done = actions.withdraw(actor, one, reason=body.reason)
        case "correct":
            done = actions.correct(
                actor, one, reason=body.reason, values=body.values, holder_name=body.holder_name
            )
        case "sign_correction":
            done = actions.sign_correction(actor, one, title=body.title)
        case "issue_correction":
            done = actions.issue_correction(actor, one)
        case "drop_correction":
            done = actions.drop_correction(actor, one).replaces or one
    return _whole(actor, queries.one(actor, done.pk))


@router.get("/results/{int:result_id}/paper", summary="The paper of a result", openapi_extra=PDF)
def result_paper(request: HttpRequest, result_id: Id) -> HttpResponseBase:
    """The issued paper; of a draft, how it would look."""
    one = queries.one(caller(request), result_id)
    if one.file is not None:
        return files.response(one.file)
    return answer(request, paper.draft(one, at=clock.now()))


@router.get(
    "/results/{path:number}",
    response={200: ResultDetail | StateOut, 429: Problem},
    auth=[BearerToken(), CheckCode()],
    summary="One result by its number",
)
def result(request: HttpRequest, number: ResultNumber, unit: UnitOfNumber = "") -> dict[str, Any]:
    """With a bearer token the whole, as far as the caller may see it (`unit` tells apart equal numbers of
    several units); with the paper's check code in X-Result-Secret its state only. A wrong code and a number
    that does not exist get the same answer."""
    asked: Any = request  # what `auth` found: an actor, or the code of the paper
    if isinstance(asked.auth, Actor):
        return _whole(asked.auth, queries.by_number(asked.auth, number, unit))
    limits.count_try(request)
    found = queries.check(number, str(asked.auth))
    if found is None:
        raise NotFound(_("Số và mã kiểm tra không khớp với kết quả nào. Hãy xem lại trên giấy."))
    return {"number": found.number, "state": found.state, "replaced_by": found.replaced_by or None}


def _whole(actor: Actor, one: Result) -> dict[str, Any]:
    events = one.events.select_related("by")
    history = [
        {
            "what": event.what,
            "at": event.at,
            "by": event.by.full_name if event.by else None,
            "note": event.note,
        }
        for event in events
    ]
    may_correct = actor.may_at("results.draft", one.permission_units())
    return {**_render(one), "values": _printed(one) if may_correct else None, "history": history}


def _printed(one: Result) -> dict[str, Any]:
    """The values that stand on the paper."""
    keys = result_text.keys(one.template.text)
    return {key: value for key, value in one.values.items() if key in keys}


def _render(one: Result) -> dict[str, Any]:
    after = getattr(one, "replaced_by", None)
    return {
        "id": one.pk,
        "kind": one.kind,
        "number": one.number,
        "state": one.standing(),
        "type": one.type_key,
        "type_name": one.type_name,
        "unit": one.unit.code,
        "dossier": one.subject,
        "holder_name": one.holder_name,
        "issued_at": one.issued_at,
        "expires_on": one.expires_on,
        "signer": one.signer_name,
        "replaces": one.replaces.number if one.replaces else None,
        "replaced_by": after.number or None if after else None,
        "paper_url": f"{settings.BASE_URL}/api/v1/results/{one.pk}/paper" if one.file_id else None,
    }
