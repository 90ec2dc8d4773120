"""What is done with a dossier: one operation, with the inputs that `actions` of the dossier lists."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema

from vamco.core.api import Code, Id, Moment, caller
from vamco.core.errors import Refused

from ... import actions, queries
from ...page import whole
from ...schemas.given import ApplicationIn, DossierCode, DossierPaperIn, application, papers_of
from ...schemas.shown import DossierDetail, SlipOut, detail, slip_out
from .. import offers

router = Router(tags=["dossiers"])
ActionName = Annotated[
    Literal[
        "advance",
        "take",
        "assign",
        "draft",
        "send_back",
        "take_back",
        "consult",
        "note",
        "request_supplement",
        "resume",
        "close_unanswered",
        "draft_new_date",
        "sign_new_date",
        "hand_over",
        "withdraw",
        "stop",
        "correct",
        "correct_applicant",
        "move",
        "add_papers",
    ],
    Field(examples=["advance"]),
]
MOST_AT_ONCE = 200


class ItemIn(Schema, extra="forbid"):
    """Something that must be brought or put right."""

    name: str = Field(max_length=500, examples=["Bản sao sổ hộ khẩu"])
    fault: str = Field("", max_length=500, examples=["Thiếu trang 2"])


class DossierActionIn(Schema, extra="forbid"):
    """The inputs of an action by name; `version` guards against stale forms. Which of them an action takes, `actions`
    of the dossier tells."""

    version: int | None = Field(None, ge=0, le=2**31, examples=[3])
    outcome: str = Field("", max_length=60, examples=["trinh_ky"])
    reason: str = Field("", max_length=10_000)
    reasons: list[Code] = Field([], max_length=50, description="keys of the procedure's reasons for refusal")
    answers: dict[str, Any] = Field({}, description="fields that officers fill at this step")
    file: Id | None = None
    to_person: Id | None = Field(None, description="who is to get it next")
    person: Id | None = None
    run: Id | None = Field(None, description="the stay to return to, of `runs`")
    step: str = Field("", max_length=60)
    unit: str = Field("", max_length=40, description="code of the unit that is asked")
    question: str = Field("", max_length=10_000)
    days: int | None = Field(None, ge=0, le=10_000, description="working days")
    new_due_at: Moment | None = Field(None, examples=[None])
    items: list[ItemIn] = Field([], max_length=100)
    papers: list[DossierPaperIn] = Field([], max_length=100)
    text: str = Field("", max_length=10_000)
    note: str = Field("", max_length=10_000)
    collector: str = Field("", max_length=10_000)
    collector_number: str = Field("", max_length=40)
    proof: str = Field("", max_length=10_000)
    name: str = Field("", max_length=10_000)
    id_number: str = Field("", max_length=40, description="of the right applicant, for `correct_applicant`")
    phone: str = Field("", max_length=40)
    email: str = Field("", max_length=300)
    address: str = Field("", max_length=10_000)
    application: ApplicationIn | None = None


class ManyIn(DossierActionIn, extra="forbid"):
    """The same action with several dossiers."""

    codes: list[DossierCode] = Field(min_length=1, max_length=MOST_AT_ONCE)


class OneDone(Schema):
    """How it went with one dossier."""

    code: str = Field(examples=["000.01.21.H39-161209-0007"])
    done: bool = Field(examples=[True])
    problem: str = Field(description="why not", examples=[""])


class ManyDone(Schema):
    """How it went with each."""

    items: list[OneDone]


class RevealIn(Schema, extra="forbid"):
    """Whose number."""

    party: Id = Field(description="id of the party in the dossier", examples=[31])


class RevealOut(Schema):
    """A whole identity number."""

    party: int = Field(examples=[31])
    number: str = Field(examples=["080161000412"])


def _example(**bodies: Mapping[str, Any]) -> dict[str, Any]:
    examples = {name: {"value": value} for name, value in bodies.items()}
    return {"requestBody": {"content": {"application/json": {"examples": examples}}}}


_REASON = {"version": 3, "reason": "Người nộp đề nghị bằng đơn ngày 09/12/2016"}
EXAMPLES = _example(
    advance={
        "version": 3,
        "outcome": "trinh_ky",
        "answers": {"ket_qua_doi_chieu": "Chưa đăng ký kết hôn với ai."},
    },
    take={},
    assign={"version": 3, "person": 5, "reason": "Phụ trách địa bàn"},
    draft={"version": 3, "answers": {"ket_qua_doi_chieu": "Đang đối chiếu"}},
    send_back={"version": 3, "run": 9, "reason": "Cần xác minh thêm"},
    take_back={},
    consult={"version": 3, "unit": "803-tu_phap", "question": "Đề nghị xác minh nơi cư trú cũ.", "days": 3},
    note={"text": "Đã gọi điện cho người nộp."},
    request_supplement={
        "version": 3,
        "items": [{"name": "Bản sao sổ hộ khẩu", "fault": "Thiếu trang 2"}],
        "reason": "Giấy tờ chưa đủ",
        "days": 10,
    },
    resume={"version": 4, "papers": [{"code": "giay_to_cu_tru", "copies": 1}]},
    close_unanswered=_REASON,
    draft_new_date={"version": 3, "days": 3, "reason": "Chờ kết quả xác minh"},
    sign_new_date={"version": 3, "reason": "Chờ kết quả xác minh", "new_due_at": "2016-12-16T17:00:00+07:00"},
    hand_over={
        "version": 6,
        "collector": "Nguyễn Văn Bình",
        "collector_number": "080090000015",
        "proof": "Giấy ủy quyền ngày 09/12/2016",
    },
    withdraw=_REASON,
    stop=_REASON,
    correct={
        "version": 1,
        "reason": "Sai mục đích",
        "application": {"procedure": "1.004873", "parties": [{"name": "Nguyễn Thị Mỹ Hạnh"}]},
    },
    correct_applicant={"version": 3, "name": "Nguyễn Thị Mỹ Hạnh", "reason": "Sai họ tên"},
    move={"version": 3, "step": "tham_tra", "reason": "Người giữ hồ sơ nghỉ ốm"},
    add_papers={"version": 3, "papers": [{"code": "to_khai", "originals": 1}]},
)


@router.post(
    "/dossiers/{code}/actions/reveal_number",
    response=RevealOut,
    summary="See a party's whole number (on record)",
)
def reveal_number(request: HttpRequest, code: DossierCode, body: RevealIn) -> dict[str, Any]:
    """The person concerned and the auditor can see who did."""
    dossier = queries.get(caller(request), code)
    actions.reveal_number(caller(request), dossier, party=body.party)
    return {"party": body.party, "number": whole.party(dossier, body.party).party.number}


@router.post(
    "/dossiers/{code}/actions/slip_on_request",
    response=SlipOut,
    summary="The receipt slip of a dossier that got none",
)
def slip_on_request(request: HttpRequest, code: DossierCode) -> dict[str, Any]:
    """Because the applicant waited for the result."""
    return slip_out(actions.slip_on_request(caller(request), queries.get(caller(request), code)))


@router.post(
    "/dossiers/{code}/actions/{action}",
    response=DossierDetail,
    summary="Do something with a dossier",
    openapi_extra=EXAMPLES,
)
def act(request: HttpRequest, code: DossierCode, action: ActionName, body: DossierActionIn) -> dict[str, Any]:
    """`GET /dossiers/{code}` lists the actions allowed now with the input each needs."""
    actor = caller(request)
    dossier = queries.get(actor, code)
    done = offers.perform(actor, dossier, action, _inputs(request, body))
    return detail(actor, queries.get(actor, done.code))


@router.post("/dossiers/actions/{action}", response=ManyDone, summary="Do the same with several dossiers")
def act_on_many(request: HttpRequest, action: ActionName, body: ManyIn) -> dict[str, Any]:
    """Each by itself: what is refused for one does not hold up the others."""
    actor = caller(request)
    inputs = _inputs(request, body)
    told = []
    for code in dict.fromkeys(body.codes):
        key = f"{code}:{actor.request_key}" if actor.request_key else None
        try:
            offers.perform(actor.once(key), queries.find(actor, code), action, inputs)
            told.append({"code": code, "done": True, "problem": ""})
        except Refused as refusal:
            told.append({"code": code, "done": False, "problem": refusal.message})
    return {"items": told}


def _inputs(request: HttpRequest, body: DossierActionIn) -> dict[str, Any]:
    """What was given, as the actions take it."""
    given = body.dict(exclude_unset=True, exclude={"codes", "application", "papers", "items"})
    given = {name: value for name, value in given.items() if value is not None}
    if body.application is not None:
        given["application"] = application(caller(request), body.application)
    if "papers" in body.model_fields_set:
        given["papers"] = papers_of(body.papers)
    if "items" in body.model_fields_set:
        given["items"] = [one.dict() for one in body.items]
    return given
