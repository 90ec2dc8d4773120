"""The API's view of the catalogue: public, and the same that the guide's pages show."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from vamco.core.api import Day, Page, page_of
from vamco.forms.schema import json_schema

from .. import definition as d
from .. import queries, reading
from ..models import ProcedureVersion

router = Router(tags=["procedures"])
ProcedureCode = Annotated[str, Field(min_length=1, max_length=40, examples=["1.004873"])]


class ProcedureOut(Schema):
    """A procedure in the list."""

    code: str = Field(examples=["1.004873"])
    name: str = Field(examples=["Cấp Giấy xác nhận tình trạng hôn nhân"])
    name_en: str = Field(examples=["Certificate of marital status"])
    field: str = Field(description="code of the sector", examples=["ho_tich"])
    field_name: str = Field(examples=["Hộ tịch"])
    level: int = Field(description="online service level, 1 to 4", examples=[2])
    tiers: list[str] = Field(description="who receives it", examples=[["commune"]])
    valid_from: date = Field(examples=["2016-01-01"])
    valid_to: date | None = Field(examples=[None])


class ProcedureList(Schema):
    """A page of procedures."""

    items: list[ProcedureOut]
    next: str | None = Field(examples=[None])


class ProcedureFilter(Page):
    """Filters of the list of procedures."""

    q: str = Field(
        "", max_length=400, description="beginnings of words, with or without accents; initials; code"
    )
    field: str = Field("", pattern="^[a-z0-9_]{0,40}$", description="code of the sector, such as ho_tich")
    tier: Literal["", "province", "district", "commune"] = Field("", description="who receives it")
    level: int | None = Field(None, ge=1, le=4, description="online service level")
    on: Day | None = Field(None, description="in force on that day; today if absent")


class SourceOut(Schema):
    """Where a value comes from; not verified is shown as «chưa kiểm chứng»."""

    text: str = Field(examples=["Thủ tục hành chính cấp xã của Long An năm 2015"])
    verified: bool = Field(examples=[True])


class LawOut(Schema):
    """A legal basis."""

    ref: str = Field(examples=["60/2014/QH13"])
    title: str = Field(examples=["Luật Hộ tịch"])
    title_en: str = Field(examples=["Law on Civil Status"])


class RequiredPaper(Schema):
    """A paper of the dossier."""

    code: str = Field(examples=["to_khai"])
    name: str = Field(examples=["Tờ khai theo mẫu"])
    name_en: str = Field(examples=["Declaration in the set form"])
    kind: str = Field(description="original, certified, copy or any", examples=["original"])
    count: int = Field(examples=[1])
    required: str = Field(description="always, when (the condition holds) or optional", examples=["always"])
    when: dict[str, Any] | None = Field(description="a condition on the fields", examples=[None])
    note: str = Field(examples=[""])
    source: SourceOut


class TierOut(Schema):
    """A price for units up to and including number `up_to` (null: all further ones)."""

    up_to: int | None = Field(examples=[2])
    price: int = Field(description="whole đồng", examples=[2000])


class FeeOut(Schema):
    """A fee or charge; `max_per`, prices: whole đồng."""

    key: str = Field(examples=["le_phi"])
    name: str = Field(examples=["Lệ phí cấp giấy"])
    name_en: str = Field(examples=["Charge for the certificate"])
    kind: str = Field(description="fee (phí) or charge (lệ phí)", examples=["charge"])
    tiers: list[TierOut]
    max_per: int | None = Field(examples=[200000])
    quantity_field: str = Field(description="the field that counts units", examples=["so_trang"])
    times_field: str = Field(description="the field that multiplies the sum", examples=["so_ban"])
    exempt: list[str] = Field(description="groups who pay nothing", examples=[["poor"]])
    only: list[str] = Field(description="groups for whom alone the line is", examples=[[]])
    channels: list[str] = Field(examples=[[]])
    when: dict[str, Any] | None = Field(examples=[None])
    valid_from: date | None = Field(examples=[None])
    valid_to: date | None = Field(examples=[None])
    legal_ref: str = Field(examples=["226/2016/TT-BTC"])
    source: SourceOut


class LimitOverrideOut(Schema):
    """Another limit for a channel or a condition."""

    amount: int = Field(examples=[2])
    unit: str = Field(examples=["working_day"])
    channel: str = Field(examples=["online"])
    when: dict[str, Any] | None = Field(examples=[None])


class LimitOut(Schema):
    """The time limit."""

    amount: int = Field(examples=[3])
    unit: str = Field(description="at_once, working_day or working_hour", examples=["working_day"])
    overrides: list[LimitOverrideOut]
    source: SourceOut


class PartyRoleOut(Schema):
    """A party the case needs."""

    role: str = Field(examples=["applicant"])
    required: bool = Field(examples=[True])
    kinds: list[str] = Field(examples=[["person"]])
    label: str = Field(examples=["Người yêu cầu"])
    label_en: str = Field(examples=["Applicant"])


class StepOut(Schema):
    """A step in the words that the applicant reads."""

    key: str = Field(examples=["tham_tra"])
    public_words: str = Field(examples=["Đang thẩm tra hồ sơ"])
    public_words_en: str = Field(examples=["Your dossier is being examined"])
    status: int = Field(description="national status, 1 to 10", examples=[4])


class ResultKindOut(Schema):
    """What the applicant gets."""

    name: str = Field(examples=["Giấy xác nhận tình trạng hôn nhân"])
    name_en: str = Field(examples=["Certificate of marital status"])
    validity_months: int | None = Field(examples=[6])


class CaseOut(Schema):
    """A case of the procedure; `fields` is the JSON Schema of the answers."""

    key: str = Field(examples=["thuong"])
    name: str = Field(examples=["Cấp giấy (không phải xác minh)"])
    name_en: str = Field(examples=["Without verification"])
    at_once: bool = Field(examples=[False])
    limit: LimitOut
    papers: list[RequiredPaper]
    fees: list[FeeOut]
    parties: list[PartyRoleOut]
    fields: dict[str, Any] = Field(examples=[{"type": "object", "properties": {}}])
    steps: list[StepOut]
    steps_source: SourceOut
    result: ResultKindOut | None


class GuideOut(ProcedureOut):
    """The whole guide of a procedure."""

    decider: str = Field(examples=["Ủy ban nhân dân cấp xã"])
    subject_kinds: list[str] = Field(examples=[["person"]])
    legal_basis: list[LawOut]
    source: SourceOut
    all_verified: bool = Field(
        description="whether every value was checked against its source", examples=[False]
    )
    cases: list[CaseOut]


@router.get("/procedures", response=ProcedureList, auth=None, summary="Procedures in force")
def procedures(request: HttpRequest, filters: Query[ProcedureFilter]) -> dict[str, Any]:
    """The catalogue in force on a day; with `q` those first that have the whole phrase, then by name."""
    rows = queries.search(
        filters.q, field=filters.field, tier=filters.tier, level=filters.level, on=filters.on
    )
    return page_of(rows, filters, key=queries.ORDER, render=_row)


class GuideFilter(Schema):
    """On which day, and in which language the fields' titles are."""

    on: Day | None = Field(None, description="in force on that day; today if absent")
    lang: str = Field("vi", pattern="^(vi|en)$")


@router.get("/procedures/{code}", response=GuideOut, auth=None, summary="The guide of a procedure")
def procedure(request: HttpRequest, code: ProcedureCode, filters: Query[GuideFilter]) -> dict[str, Any]:
    """Cases with papers, fees, time limit, steps in public words, and the JSON Schema of the fields."""
    return guide(queries.guide(code, filters.on), english=filters.lang == "en")


def guide(said: d.Definition, *, english: bool = False) -> dict[str, Any]:
    """The guide of a definition as plain data (`GuideOut`)."""
    return {
        "code": said.code,
        "name": said.name,
        "name_en": said.name_en,
        "field": said.field_code,
        "field_name": said.field,
        "level": said.level,
        "tiers": list(said.tiers),
        "valid_from": said.valid_from,
        "valid_to": said.valid_to,
        "decider": said.decider,
        "subject_kinds": list(said.subject_kinds),
        "legal_basis": reading.plain(said.legal_basis),
        "source": reading.plain(said.source),
        "all_verified": all(source.verified for source in said.sources()),
        "cases": [_case(case, english) for case in said.cases],
    }


def _case(case: d.Case, english: bool) -> dict[str, Any]:
    shown = ("key", "public_words", "public_words_en", "status")
    steps = reading.plain(case.process.steps)
    return {
        "key": case.key,
        "name": case.name,
        "name_en": case.name_en,
        "at_once": case.at_once,
        "limit": reading.plain(case.limit),
        "papers": reading.plain(case.papers),
        "fees": reading.plain(case.fees),
        "parties": reading.plain(case.parties),
        "fields": json_schema(
            case.intake_fields(), title=case.name_en if english else case.name, english=english
        ),
        "steps": [{name: step[name] for name in shown} for step in steps],
        "steps_source": reading.plain(case.process.source),
        "result": reading.plain(case.result),
    }


def _row(version: ProcedureVersion) -> dict[str, Any]:
    return {
        "code": version.procedure.code,
        "name": version.name,
        "name_en": version.name_en,
        "field": version.sector.code,
        "field_name": version.sector.name,
        "level": version.level,
        "tiers": version.tiers,
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
    }
