"""The API of dossiers: everything a page does, under the same rules."""

from datetime import date, datetime
from typing import Any, Literal

from allauth.account.adapter import get_adapter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, File, Query, Router, Schema, UploadedFile

from vamco.core import clock, files
from vamco.core.actions import Actor
from vamco.core.api import Page, page_of
from vamco.core.errors import Invalid, NotAllowed, NotFound
from vamco.organisation.models import Unit

from . import actions, drafting, messages, offers, queries, timeline
from .models import Dossier
from .tracking import check_secret

router = Router(tags=["dossiers"])


class PartyIn(Schema):
    """A party of the dossier."""

    role: str = Field("applicant", max_length=20, examples=["applicant"])
    kind: Literal["person", "business", "organisation"] = Field("person", examples=["person"])
    name: str = Field(max_length=10_000, examples=["Nguyễn Thị Mỹ Hạnh"])
    id_number: str | None = Field(None, max_length=40, examples=["080161000412"])
    phone: str | None = Field(None, max_length=40, examples=["0913000124"])
    email: str | None = Field(None, max_length=300, examples=["hanh@example.vn"])
    address: str | None = Field(None, max_length=10_000, examples=["48/2 ấp 3, xã Thạnh Đức, huyện Bến Lức"])
    birth_date: date | None = Field(None, examples=["1961-03-14"])
    gender: Literal["male", "female"] | None = Field(None, examples=["female"])
    groups: list[str] = Field([], max_length=20, examples=[[]])
    same_person: bool = False
    nationality: str = Field("VN", max_length=2, examples=["VN"], description="ISO 3166-1, of a passport")


class PaperIn(Schema):
    """A paper that was handed in."""

    code: str = Field(max_length=60, examples=["to_khai"])
    originals: int = Field(0, ge=0, le=999, examples=[1])
    copies: int = Field(0, ge=0, le=999, examples=[0])
    verdict: Literal["", "ok", "not_ok", "missing"] | None = Field(None, examples=["ok"])
    remark: str | None = Field(None, max_length=500)
    file: int | None = Field(None, description="id of an uploaded file", examples=[None])


class DossierIn(Schema):
    """An application for a procedure at a unit."""

    procedure: str = Field(max_length=60, examples=["1.004873"])
    case: str | None = Field(None, max_length=60, description="the procedure's usual case if absent")
    unit: str = Field(max_length=40, description="code of the unit that receives", examples=["27694"])
    channel: Literal["counter", "post", "online"] = Field("counter", examples=["counter"])
    parties: list[PartyIn] = Field(min_length=1, max_length=20)
    fields: dict[str, Any] = Field(
        {}, description="answers by field key; the procedure's JSON Schema describes them"
    )
    papers: list[PaperIn] = Field([], max_length=100)
    summary: str | None = Field(None, max_length=2000)
    pay: Literal["now", "on_return"] = "on_return"
    return_by: Literal["counter", "post"] = "counter"
    note: str | None = Field(None, max_length=4000)


class DossierOut(Schema):
    """A received dossier."""

    code: str = Field(examples=["000.01.21.H39-161209-0007"])
    status: int = Field(examples=[4])
    step: str = Field(examples=["tham_tra"])
    received_at: datetime
    due_at: datetime | None
    tracking_url: str
    tracking_secret: str = Field(examples=["K7M4QX"])


class DossierRow(Schema):
    """A dossier in a list."""

    code: str
    procedure: str
    procedure_name: str
    case: str
    status: int
    stage: str
    step: str
    step_name: str
    unit: str
    holder_unit: str
    assignee: int | None
    assignee_name: str
    applicant: str
    channel: str
    received_at: datetime
    due_at: datetime | None
    changed_at: datetime
    version: int


class DossierList(Schema):
    """A page of dossiers."""

    items: list[DossierRow]
    next: str | None


class DossierFilter(Page):
    """Filters of the list of dossiers."""

    assignee: str = Field("", description="id of the person who has it, or `me`")
    unit: str = Field("", max_length=40, description="code of a unit that has to do with it")
    step: str = Field("", max_length=60)
    status: int | None = Field(None, ge=1, le=10)
    stage: str = Field("", max_length=14)
    procedure: str = Field("", max_length=60)
    due_before: datetime | None = None
    changed_since: datetime | None = None
    q: str = Field(
        "", max_length=200, description="code, or words of name and content; identity numbers are refused"
    )


@router.post("/dossiers", response={201: DossierOut}, summary="Receive a dossier")
def create(request: HttpRequest, body: DossierIn) -> tuple[int, dict[str, Any]]:
    """Receive a dossier at a unit. With an `Idempotency-Key` header a repeated request answers the same dossier."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    unit = Unit.objects.filter(code=body.unit, valid_to__isnull=True).first()
    if unit is None:
        raise Invalid(_("Không có đơn vị mang mã này."), field="unit")
    application = offers.application_input(body.dict())
    dossier = actions.receive(actor, unit, application=application, strict=True)
    return 201, _received(dossier)


def _received(dossier: Dossier) -> dict[str, Any]:
    return {
        "code": dossier.code,
        "status": dossier.status,
        "step": dossier.step,
        "received_at": clock.local(dossier.received_at),
        "due_at": dossier.due_at and clock.local(dossier.due_at),
        "tracking_url": messages.tracking_url(dossier.code),
        "tracking_secret": dossier.secret,
    }


@router.get("/dossiers", response=DossierList, summary="Dossiers that the caller may see")
def index(request: HttpRequest, filters: Query[DossierFilter]) -> dict[str, Any]:
    """The visible dossiers, oldest first."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    if filters.q.strip().isdigit() and len(filters.q.strip()) >= 9:
        raise Invalid(
            _(
                "Số định danh không được đặt trong địa chỉ. Hãy tra cứu người bằng POST /api/v1/parties/look-up."
            ),
            field="q",
        )
    wanted = queries.Filter(
        assignee=_person(filters.assignee, actor),
        unit=filters.unit,
        step=filters.step,
        status=filters.status,
        stage=filters.stage,
        procedure=filters.procedure,
        due_before=_aware(filters.due_before, "due_before"),
        changed_since=_aware(filters.changed_since, "changed_since"),
        q=filters.q,
    )
    rows: QuerySet[Dossier] = queries.search(actor, wanted).select_related(
        "unit", "holder_unit", "holder", "procedure"
    )
    return page_of(rows, filters, render=_row)


def _person(value: str, actor: Actor) -> int | None:
    if value == "me":
        return actor.user_id
    if value and not (value.isascii() and value.isdigit() and len(value) < 18):
        raise Invalid(_("Hãy ghi mã số của người giữ hồ sơ, hoặc `me`."), field="assignee")
    return int(value) if value else None


def _aware(when: datetime | None, field: str) -> datetime | None:
    if when is not None and when.tzinfo is None:
        raise Invalid(_("Thời điểm phải kèm múi giờ, ví dụ 2016-12-09T10:42:00+07:00."), field=field)
    return when


def _row(one: Dossier) -> dict[str, Any]:
    return {
        "code": one.code,
        "procedure": one.procedure.code,
        "procedure_name": queries.name_of(one),
        "case": one.case_key,
        "status": one.status,
        "stage": one.stage,
        "step": one.step,
        "step_name": queries.step_name(one),
        "unit": one.unit.code,
        "holder_unit": one.holder_unit.code,
        "assignee": one.holder_id,
        "assignee_name": one.holder.full_name if one.holder else "",
        "applicant": one.applicant_name,
        "channel": one.channel,
        "received_at": clock.local(one.received_at),
        "due_at": one.due_at and clock.local(one.due_at),
        "changed_at": clock.local(one.changed_at),
        "version": one.version,
    }


class InputOut(Schema):
    """An input of an action."""

    name: str
    type: str
    required: bool
    label: str


class OfferOut(Schema):
    """An action that the caller may do now."""

    action: str = Field(examples=["advance"])
    outcome: str = Field(examples=["trinh_ky"])
    label: str
    inputs: list[InputOut]


class TimelineOut(Schema):
    """One line of the timeline."""

    at: datetime
    kind: str
    text: str
    detail: str
    actor: str
    unit: str


class PaperOut(Schema):
    """A paper of the dossier."""

    code: str
    name: str
    originals: int
    copies: int
    verdict: str
    remark: str
    file: int | None


class ResultOut(Schema):
    """The dossier's result."""

    number: str
    state: str
    type: str


class DossierDetail(DossierRow):
    """A dossier with its papers, timeline and the actions allowed to the caller now."""

    fields: dict[str, Any]
    summary: str
    papers: list[PaperOut]
    timeline: list[TimelineOut]
    actions: list[OfferOut]
    result: ResultOut | None


@router.get("/dossiers/{code}", response=DossierDetail, summary="One dossier")
def show(request: HttpRequest, code: str) -> dict[str, Any]:
    """One dossier that the caller may see; for any other the answer is 404."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    dossier = queries.get(actor, code)
    actions.opened(actor, dossier)
    return _detail(actor, dossier)


def _detail(actor: Actor, dossier: Dossier) -> dict[str, Any]:
    result = drafting.current(dossier)
    papers = [
        {
            "code": p.code,
            "name": p.name,
            "originals": p.originals,
            "copies": p.copies,
            "verdict": p.verdict,
            "remark": p.remark,
            "file": p.file_id,
        }
        for p in dossier.papers.all()
    ]
    return {
        **_row(dossier),
        "fields": dossier.answers,
        "summary": dossier.summary,
        "papers": papers,
        "timeline": [{**vars(line), "at": clock.local(line.at)} for line in timeline.lines(dossier)],
        "actions": [
            {
                "action": o.key,
                "outcome": o.outcome,
                "label": str(o.label),
                "inputs": [vars(i) for i in o.inputs],
            }
            for o in offers.offers(actor, dossier)
        ],
        "result": {"number": result.number, "state": result.standing(), "type": result.type_name}
        if result
        else None,
    }


class ActionIn(Schema, extra="allow"):
    """The inputs of an action, by name, as `actions` of the dossier lists them; `version` guards against stale forms."""

    version: int | None = Field(None, examples=[3])


@router.post(
    "/dossiers/{code}/actions/{action}", response=DossierDetail, summary="Do something with a dossier"
)
def act(request: HttpRequest, code: str, action: str, body: ActionIn) -> dict[str, Any]:
    """Do an action with a dossier; `GET /dossiers/{code}` lists those allowed now with the input each needs."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    dossier = queries.get(actor, code)
    offers.perform(
        actor,
        dossier,
        action,
        {key: value for key, value in body.dict().items() if not (key == "version" and value is None)},
    )
    return _detail(actor, queries.get(actor, code))


class FileOut(Schema):
    """An uploaded file."""

    id: int
    name: str
    size: int
    media_type: str
    sha256: str


@router.post("/files", response={201: FileOut}, summary="Upload a file")
def upload(request: HttpRequest, file: File[UploadedFile]) -> tuple[int, dict[str, Any]]:
    """Upload a file (multipart, field `file`); the id goes into `papers` of a dossier."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    if not actor.may("files.upload"):
        raise NotAllowed(_("Ông/bà không có quyền tải tệp lên."))
    kept = files.store(file, name=file.name or "", uploaded_by=actor.user_id)
    return 201, {
        "id": kept.pk,
        "name": kept.name,
        "size": kept.size,
        "media_type": kept.media_type,
        "sha256": kept.sha256,
    }


# Tracking --------------------------------------------------------------------------------------------------


class RouteOut(Schema):
    """One station of the dossier's way."""

    words: str
    state: str


class TrackingOut(Schema):
    """What anyone may know of a dossier; with the second secret also names and papers."""

    code: str
    procedure: str
    status: int
    words: str = Field(description="where the dossier is, in public words")
    unit: str
    received_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    route: list[RouteOut]
    applicant: str | None = None
    papers: list[str] | None = None
    timeline: list[TimelineOut] | None = None


@router.get(
    "/tracking/{code}", response=TrackingOut, auth=None, summary="Where a dossier is", exclude_none=True
)
def tracking(request: HttpRequest, code: str, response: HttpResponse) -> dict[str, Any]:
    """Where a dossier is, for anyone who has its code. The second secret goes in the header `X-Tracking-Secret`, never in
    the address."""
    dossier = queries.track(code)
    seen = queries.tracking(dossier)
    answer: dict[str, Any] = {
        "code": seen.code,
        "procedure": seen.procedure,
        "status": seen.status,
        "words": seen.words,
        "unit": seen.unit,
        "received_at": clock.local(seen.received_at),
        "due_at": seen.due_at and clock.local(seen.due_at),
        "ended_at": seen.ended_at and clock.local(seen.ended_at),
        "route": [{"words": one.words, "state": one.state} for one in seen.route],
    }
    secret = request.headers.get("X-Tracking-Secret", "")
    if secret:
        response["Cache-Control"] = "no-store"
        if not check_secret(dossier, secret, get_adapter().get_client_ip(request)):
            raise NotFound(
                _("Mã riêng không đúng. Hãy xem lại 6 ký tự in dưới mã QR của giấy tiếp nhận."),
                field="X-Tracking-Secret",
            )
        answer |= {
            "applicant": dossier.applicant_name,
            "papers": [paper.name for paper in dossier.papers.all()],
            "timeline": [
                {**vars(line), "at": clock.local(line.at)} for line in timeline.lines(dossier, public=True)
            ],
        }
    return answer
