"""Versions of procedures as those see them who edit the catalogue: drafts are changed, published, retired."""

from datetime import date, datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core import search
from vamco.core.api import Day, Id, Searched, caller, page_of
from vamco.core.errors import Invalid, NotAllowed, NotFound

from .. import actions, compiled, reading
from ..check import check
from ..models import Procedure, ProcedureVersion
from .guide import ProcedureCode

router = Router(tags=["catalogue"])
Values = dict[str, Any]
_TAKEN = frozenset({"case", "part", "step"})
Part = Literal["papers", "fields", "parties", "fees", "refusal_reasons"]


class VersionOut(Schema):
    """A version of a procedure."""

    id: int = Field(examples=[17])
    code: str = Field(examples=["1.004873"])
    number: int = Field(examples=[2])
    state: str = Field(description="draft or published", examples=["draft"])
    name: str = Field(examples=["Cấp Giấy xác nhận tình trạng hôn nhân"])
    valid_from: date = Field(examples=["2016-01-01"])
    valid_to: date | None = Field(examples=[None])
    published_at: datetime | None = Field(examples=[None])


class VersionList(Schema):
    """A page of versions."""

    items: list[VersionOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class VersionProblem(Schema):
    """Why a draft cannot be published yet."""

    where: str = Field(examples=["cases.thuong.process.ky_duyet"])
    message: str = Field(examples=["Bước này không có lối ra."])


class VersionDetail(VersionOut):
    """A version with its content, and what prevents publishing it."""

    definition: Values = Field(examples=[{"code": "1.004873", "name": "…", "cases": []}])
    problems: list[VersionProblem]


class VersionFilter(Searched):
    """Filters of the versions."""

    code: str = Field("", max_length=40, description="only of this procedure")
    state: Literal["", "draft", "published"] = ""


class DefinitionIn(Schema, extra="forbid"):
    """A whole procedure, in the form in which `GET /procedure_versions/{id}` gives it."""

    definition: Values = Field(examples=[{"code": "1.004873", "name": "…", "cases": []}])


class TextsIn(Schema, extra="forbid"):
    """Texts of the head: name, name_en, field_code (of a sector), decider, level, tiers, subject_kinds, sensitive, keywords, legal_basis, source."""

    texts: Values = Field(examples=[{"name": "Cấp Giấy xác nhận tình trạng hôn nhân"}])


class CaseIn(Schema, extra="forbid"):
    """Values of a case: name, name_en, limit, book, at_once, result, quantity, parties."""

    case: str = Field(max_length=60, examples=["thuong"])
    values: Values = Field(examples=[{"name": "Cấp lần đầu"}])


class PartIn(Schema, extra="forbid"):
    """A part of a case with its key (papers: code, parties: role); an equal key means that one."""

    case: str = Field(max_length=60, examples=["thuong"])
    part: Part = Field(examples=["refusal_reasons"])
    values: Values = Field(examples=[{"key": "khac", "text": "Lý do khác", "text_en": "Another reason"}])


class PartOutIn(Schema, extra="forbid"):
    """Which part goes."""

    case: str = Field(max_length=60, examples=["thuong"])
    part: Part = Field(examples=["papers"])
    key: str = Field(max_length=60, examples=["to_khai"])


class StepIn(Schema, extra="forbid"):
    """Values of a step: any but its key."""

    case: str = Field(max_length=60, examples=["thuong"])
    step: str = Field(max_length=60, examples=["tham_tra"])
    values: Values = Field(examples=[{"hours": 6}])


class PublishIn(Schema, extra="forbid"):
    """From when the version holds; the draft's own day if absent."""

    valid_from: Day | None = None


class RetireIn(Schema, extra="forbid"):
    """The last day on which something is received under the version."""

    last_day: Day


@router.get("/procedure_versions", response=VersionList, summary="Versions of procedures, drafts too")
def versions(request: HttpRequest, filters: Query[VersionFilter]) -> dict[str, Any]:
    """For those who edit the catalogue."""
    rows = _visible(request).filter(search.begins(filters.q, "search"))
    rows = rows.filter(procedure__code=filters.code) if filters.code else rows
    rows = rows.filter(state=filters.state) if filters.state else rows
    return page_of(rows, filters, render=_row)


@router.get(
    "/procedure_versions/{version_id}", response=VersionDetail, summary="One version with all that it says"
)
def version(request: HttpRequest, version_id: Id) -> dict[str, Any]:
    """And what stands against publishing it."""
    return detail(version_of(request, version_id))


@router.post(
    "/procedure_versions", response={201: VersionDetail}, summary="Make a draft of a whole procedure"
)
def create(request: HttpRequest, body: DefinitionIn) -> dict[str, Any]:
    """Replaces the procedure's draft; when the newest version says the same already, that version is the answer."""
    return detail(actions.import_definition(caller(request), None, data=body.definition))


@router.post(
    "/procedure_versions/{version_id}/actions/new_draft",
    response=VersionDetail,
    summary="A draft that says what this version says",
)
def new_draft(request: HttpRequest, version_id: Id) -> dict[str, Any]:
    """Refused while the procedure has a draft."""
    return detail(actions.new_draft(caller(request), version_of(request, version_id)))


@router.post("/procedures/{code}/actions/discard", response=VersionList, summary="Throw a draft away")
def discard(request: HttpRequest, code: ProcedureCode) -> dict[str, Any]:
    """The versions that are left."""
    rows = _visible(request).filter(procedure__code=code)
    found = Procedure.objects.filter(code=code).first()
    if found is None:
        raise NotFound(_("Không tìm thấy thủ tục này. Hãy tìm lại theo tên hoặc mã trong danh mục."))
    actions.discard(caller(request), found)
    return {"items": [_row(one) for one in rows.order_by("number")], "next": None}


@router.post(
    "/procedure_versions/{version_id}/actions/edit_texts",
    response=VersionDetail,
    summary="Change the procedure's own texts",
)
def edit_texts(request: HttpRequest, version_id: Id, body: TextsIn) -> dict[str, Any]:
    """In a draft."""
    return detail(actions.edit_texts(caller(request), version_of(request, version_id), **free(body.texts)))


@router.post(
    "/procedure_versions/{version_id}/actions/edit_case", response=VersionDetail, summary="Change a case"
)
def edit_case(request: HttpRequest, version_id: Id, body: CaseIn) -> dict[str, Any]:
    """In a draft."""
    draft = version_of(request, version_id)
    return detail(actions.edit_case(caller(request), draft, case=body.case, **free(body.values)))


@router.post(
    "/procedure_versions/{version_id}/actions/put",
    response=VersionDetail,
    summary="Add or change a paper, field, party, fee or reason",
)
def put(request: HttpRequest, version_id: Id, body: PartIn) -> dict[str, Any]:
    """In a draft."""
    draft, values = version_of(request, version_id), free(body.values)
    return detail(actions.put(caller(request), draft, case=body.case, part=body.part, **values))


@router.post(
    "/procedure_versions/{version_id}/actions/take_out",
    response=VersionDetail,
    summary="Take a paper, field, party, fee or reason out",
)
def take_out(request: HttpRequest, version_id: Id, body: PartOutIn) -> dict[str, Any]:
    """In a draft."""
    return detail(actions.take_out(caller(request), version_of(request, version_id), **body.dict()))


@router.post(
    "/procedure_versions/{version_id}/actions/edit_step", response=VersionDetail, summary="Change a step"
)
def edit_step(request: HttpRequest, version_id: Id, body: StepIn) -> dict[str, Any]:
    """In a draft; outcomes as a whole list."""
    draft, values = version_of(request, version_id), free(body.values)
    return detail(actions.edit_step(caller(request), draft, case=body.case, step=body.step, **values))


@router.post(
    "/procedure_versions/{version_id}/actions/publish", response=VersionDetail, summary="Put a draft in force"
)
def publish(request: HttpRequest, version_id: Id, body: PublishIn) -> dict[str, Any]:
    """Every problem is named at once; the version before ends the day before."""
    draft = version_of(request, version_id)
    return detail(actions.publish(caller(request), draft, valid_from=body.valid_from))


@router.post(
    "/procedure_versions/{version_id}/actions/retire",
    response=VersionDetail,
    summary="End a published version",
)
def retire(request: HttpRequest, version_id: Id, body: RetireIn) -> dict[str, Any]:
    """What was received under it goes on."""
    found = version_of(request, version_id)
    return detail(actions.retire(caller(request), found, last_day=body.last_day))


def _visible(request: HttpRequest) -> QuerySet[ProcedureVersion]:
    if not caller(request).may_anywhere("procedures.edit"):
        raise NotAllowed(_("Chỉ người biên tập danh mục mới xem được các phiên bản và bản nháp."))
    return ProcedureVersion.objects.select_related("procedure")


def version_of(request: HttpRequest, pk: int) -> ProcedureVersion:
    """The version of that number, for those who edit the catalogue. Raises `NotFound`."""
    found = _visible(request).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Không có phiên bản này. Hãy quay lại danh mục."))
    return found


def free(values: Values, taken: frozenset[str] = _TAKEN) -> Values:
    """Values that may be told by name beside those that are `taken`. Raises `Invalid`."""
    twice = {name: _("Không sửa được mục này.") for name in sorted(values.keys() & taken)}
    if twice:
        raise Invalid(_("Có mục không sửa được; hãy bỏ đi rồi làm lại."), fields=twice)
    return values


def _row(one: ProcedureVersion) -> dict[str, Any]:
    names = ("number", "state", "name", "valid_from", "valid_to", "published_at")
    return {"id": one.pk, "code": one.procedure.code} | {name: getattr(one, name) for name in names}


def detail(one: ProcedureVersion) -> dict[str, Any]:
    """A version as `VersionDetail`."""
    said = compiled.compile_version(one)
    problems = [{"where": problem.where, "message": problem.message} for problem in check(said)]
    return {**_row(one), "definition": reading.plain(said), "problems": problems}
