"""What makes procedures, sectors, cases and steps, takes cases and steps out, and orders the parts of a draft."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from vamco.core.api import Id, Searched, caller, page_of_few

from .. import actions
from ..models import Sector
from . import guide
from .guide import ProcedureCode
from .versions import Part, Values, VersionDetail, detail, free, version_of

router = Router(tags=["catalogue"])
_STEP = frozenset({"case", "key", "after", "outcome", "joined"})


class SectorOut(Schema):
    """A field of administration (lĩnh vực)."""

    code: str = Field(examples=["ho_tich"])
    name: str = Field(examples=["Hộ tịch"])
    name_en: str = Field(examples=["Civil status"])


class SectorList(Schema):
    """A page of sectors."""

    items: list[SectorOut]
    next: str | None = Field(examples=[None])


class SectorFilter(Searched):
    """Filters of the sectors."""

    code: str = Field("", max_length=40, description="only this one", examples=["ho_tich"])


class SectorIn(Schema, extra="forbid"):
    """A new sector."""

    code: str = Field(max_length=40, examples=["thu_y"])
    name: str = Field(max_length=150, examples=["Thú y"])
    name_en: str = Field(max_length=150, examples=["Veterinary matters"])


class ProcedureIn(Schema, extra="forbid"):
    """A new procedure: a copy of the procedure `like`, or blank; `field` is the code of its sector."""

    code: ProcedureCode
    name: str = Field(max_length=500, examples=["Cấp lại Giấy xác nhận tình trạng hôn nhân"])
    name_en: str = Field(max_length=500, examples=["Another certificate of marital status"])
    field: str = Field(
        "", max_length=40, description="of a copy: that of the original if absent", examples=["ho_tich"]
    )
    like: str = Field("", max_length=40, description="code of the procedure to copy", examples=["1.004873"])


class NewCaseIn(Schema, extra="forbid"):
    """A new case: a copy of the case `like`, or blank. Without a key the name makes one."""

    name: str = Field(max_length=300, examples=["Cấp lại"])
    name_en: str = Field(max_length=300, examples=["Again"])
    key: str = Field("", max_length=40, examples=["cap_lai"])
    like: str = Field("", max_length=40, examples=["thuong"])


class CaseKeyIn(Schema, extra="forbid"):
    """Which case."""

    case: str = Field(max_length=60, examples=["xac_minh"])


class ProcessIn(Schema, extra="forbid"):
    """Values of a process: first (key of a step), source."""

    case: str = Field(max_length=60, examples=["thuong"])
    values: Values = Field(examples=[{"first": "tham_tra"}])


class NewStepIn(Schema, extra="forbid"):
    """A new step, put between the way out `outcome` of the step `after` and where that leads.

    Without `after` it is the first step; without `outcome` the first way out forward is meant; not `joined`,
    nothing leads to it yet. `values`: name, name_en, role, unit_rule, hours, instruction, status, public_words,
    public_words_en, tell_applicant, may_supplement, may_consult.
    """

    case: str = Field(max_length=60, examples=["thuong"])
    key: str = Field("", max_length=40, examples=["kiem_tra_thuc_te"])
    after: str = Field("", max_length=60, examples=["tham_tra"])
    outcome: str = Field("", max_length=60, examples=["trinh_ky"])
    joined: bool = Field(True, examples=[True])
    values: Values = Field(
        examples=[
            {
                "name": "Kiểm tra thực tế",
                "name_en": "Look at the place",
                "role": "specialist",
                "unit_rule": "receiving",
                "hours": 4,
                "public_words": "Đang kiểm tra thực tế",
                "public_words_en": "The place is being looked at",
            }
        ]
    )


class StepOutIn(Schema, extra="forbid"):
    """Which step goes, and what then happens with what refers to it.

    `instead`: "step.outcome" of each way out that leads to it, and where that shall lead ("" drops the way out);
    for the first step also "first". `fields_at`: the step at which its fields are filled then, "" for intake.
    """

    case: str = Field(max_length=60, examples=["thuong"])
    step: str = Field(max_length=60, examples=["vao_so"])
    instead: dict[str, str] = Field({}, max_length=200, examples=[{"ky_duyet.ky": "ready"}])
    fields_at: str | None = Field(None, max_length=60, examples=[None])


class MoveIn(Schema, extra="forbid"):
    """One place up or down; `case`: whose part or step it is, for all but cases."""

    part: Part | Literal["cases", "steps"] = Field(examples=["papers"])
    key: str = Field(max_length=60, examples=["to_khai"])
    up: bool = Field(examples=[False])
    case: str = Field("", max_length=60, examples=["thuong"])


@router.get("/sectors", response=SectorList, auth=None, summary="Fields of administration")
def sectors(request: HttpRequest, filters: Query[SectorFilter]) -> dict[str, Any]:
    """In the order of their codes."""
    rows = Sector.objects.order_by("code")
    rows = rows.filter(code=filters.code) if filters.code else rows
    found = [_sector(one) for one in rows]
    return page_of_few(found, filters, key="code", words=("code", "name", "name_en"))


@router.post("/sectors", response={201: SectorOut}, summary="Add a field of administration")
def add_sector(request: HttpRequest, body: SectorIn) -> dict[str, Any]:
    """For procedures to be filed under."""
    return _sector(actions.add_sector(caller(request), None, **body.dict()))


@guide.router.post(
    "/procedures", tags=["catalogue"], response={201: VersionDetail}, summary="Add a procedure, as a draft"
)
def new_procedure(request: HttpRequest, body: ProcedureIn) -> dict[str, Any]:
    """Nothing that is copied counts as checked against its source."""
    said = body.dict()
    return detail(actions.new_procedure(caller(request), None, field_code=said.pop("field"), **said))


@router.post(
    "/procedure_versions/{version_id}/actions/add_case", response=VersionDetail, summary="Add a case"
)
def add_case(request: HttpRequest, version_id: Id, body: NewCaseIn) -> dict[str, Any]:
    """To a draft, after its other cases."""
    return detail(actions.add_case(caller(request), version_of(request, version_id), **body.dict()))


@router.post(
    "/procedure_versions/{version_id}/actions/take_out_case",
    response=VersionDetail,
    summary="Take a case out",
)
def take_out_case(request: HttpRequest, version_id: Id, body: CaseKeyIn) -> dict[str, Any]:
    """Of a draft; the last case stays."""
    return detail(actions.take_out_case(caller(request), version_of(request, version_id), case=body.case))


@router.post(
    "/procedure_versions/{version_id}/actions/edit_process",
    response=VersionDetail,
    summary="Change a process",
)
def edit_process(request: HttpRequest, version_id: Id, body: ProcessIn) -> dict[str, Any]:
    """Which step is the first, and where the process comes from; in a draft."""
    draft = version_of(request, version_id)
    return detail(actions.edit_process(caller(request), draft, case=body.case, **free(body.values)))


@router.post(
    "/procedure_versions/{version_id}/actions/add_step", response=VersionDetail, summary="Add a step"
)
def add_step(request: HttpRequest, version_id: Id, body: NewStepIn) -> dict[str, Any]:
    """To a case's process, in a draft; its ways out are changed with `edit_step`."""
    said, draft = body.dict(), version_of(request, version_id)
    values = free(said.pop("values"), _STEP)
    return detail(actions.add_step(caller(request), draft, **said, **values))


@router.post(
    "/procedure_versions/{version_id}/actions/take_out_step",
    response=VersionDetail,
    summary="Take a step out",
)
def take_out_step(request: HttpRequest, version_id: Id, body: StepOutIn) -> dict[str, Any]:
    """Of a case's process, in a draft; refused while a way out leads to it of which nothing is said."""
    return detail(actions.take_out_step(caller(request), version_of(request, version_id), **body.dict()))


@router.post(
    "/procedure_versions/{version_id}/actions/move", response=VersionDetail, summary="Move a part up or down"
)
def move(request: HttpRequest, version_id: Id, body: MoveIn) -> dict[str, Any]:
    """In a draft: a case among the cases, a step or another part of a case among its like."""
    return detail(actions.move(caller(request), version_of(request, version_id), **body.dict()))


def _sector(one: Sector) -> dict[str, Any]:
    return {"code": one.code, "name": one.name, "name_en": one.name_en}
