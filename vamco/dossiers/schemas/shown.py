"""What comes out of several operations: a dossier in a list, a line of its timeline, a slip."""

from datetime import datetime
from typing import Any

from django.conf import settings
from ninja import Field, Schema

from vamco.procedures.definition import definition
from vamco.web import words

from .. import queries
from ..models import Dossier, Slip
from ..rules.addresses import tracking_url


class DossierOut(Schema):
    """A received dossier."""

    code: str = Field(examples=["000.01.21.H39-161209-0007"])
    status: int = Field(description="national status, 1 to 10", examples=[2])
    step: str = Field(examples=["tham_tra"])
    received_at: datetime
    due_at: datetime | None
    tracking_url: str = Field(
        examples=["https://dichvucong.longan.gov.vn/tra-cuu/000.01.21.H39-161209-0007/"]
    )
    tracking_secret: str = Field(description="second secret, printed on the slip", examples=["K7M4QX"])


def received(dossier: Dossier) -> dict[str, Any]:
    """A dossier as `DossierOut`."""
    return {
        "code": dossier.code,
        "status": dossier.status,
        "step": dossier.step,
        "received_at": dossier.received_at,
        "due_at": dossier.due_at,
        "tracking_url": tracking_url(dossier.code),
        "tracking_secret": dossier.secret,
    }


class DossierHead(Schema):
    """What is told of a dossier in lists and beside the whole."""

    code: str = Field(examples=["000.01.21.H39-161209-0007"])
    procedure: str = Field(examples=["1.004873"])
    procedure_name: str = Field(examples=["Cấp Giấy xác nhận tình trạng hôn nhân"])
    case: str = Field(examples=["thuong"])
    status: int = Field(description="national status, 1 to 10", examples=[4])
    stage: str = Field(
        description="processing, supplement, ready, refused_ready, returned, withdrawn, stopped or refused",
        examples=["processing"],
    )
    step: str = Field(examples=["tham_tra"])
    step_name: str = Field(examples=["Thẩm tra hồ sơ"])
    unit: str = Field(description="code of the unit that received it", examples=["27694"])
    holder_unit: str = Field(description="code of the unit that has it now", examples=["27694"])
    assignee: int | None = Field(examples=[5])
    assignee_name: str = Field(examples=["Nguyễn Văn Tám"])
    applicant: str = Field(examples=["Nguyễn Thị Mỹ Hạnh"])
    channel: str = Field(examples=["counter"])
    received_at: datetime
    due_at: datetime | None
    changed_at: datetime
    version: int = Field(
        description="send it along, so that a stale form is told from a fresh one", examples=[3]
    )
    left: int | None = Field(
        description="office minutes until it is due, negative when late; null while it is paused or decided",
        examples=[930],
    )
    left_words: str = Field(description="the same in words", examples=["còn 1 ngày 7 giờ 30 phút"])
    standing: str = Field(description="ok, soon, late, paused, or empty when decided", examples=["ok"])


class DossierRow(DossierHead):
    """A dossier in a list."""

    changed: bool = Field(
        description="whether the caller has not looked since it last changed", examples=[True]
    )
    seen: int | None = Field(description="the `version` that the caller saw last; null: none", examples=[2])


def row(line: queries.Row) -> dict[str, Any]:
    """A line of a list as `DossierRow`."""
    return head(line) | {"changed": line.changed, "seen": line.seen}


def head(line: queries.Row) -> dict[str, Any]:
    """A line of a list as `DossierHead`."""
    one = line.dossier
    return {
        "code": one.code,
        "procedure": definition(one.procedure_version_id).code,
        "procedure_name": line.procedure,
        "case": one.case_key,
        "status": one.status,
        "stage": one.stage,
        "step": one.step,
        "step_name": line.step,
        "unit": one.unit.code,
        "holder_unit": one.holder_unit.code,
        "assignee": one.holder_id,
        "assignee_name": one.holder.full_name if one.holder else "",
        "applicant": one.applicant_name,
        "channel": one.channel,
        "received_at": one.received_at,
        "due_at": one.due_at,
        "changed_at": one.changed_at,
        "version": one.version,
        "left": line.left,
        "left_words": words.time_left(line.left),
        "standing": line.state,
    }


class PutRightOut(Schema):
    """One thing that was put right; old and new are empty where the values may not be shown."""

    label: str = Field(examples=["Mục đích sử dụng"])
    old: str = Field(examples=["Vay vốn ngân hàng"])
    new: str = Field(examples=["Để đăng ký kết hôn"])


class TimelineOut(Schema):
    """One line of the timeline."""

    at: datetime
    kind: str = Field(examples=["received"])
    text: str = Field(examples=["Tiếp nhận hồ sơ tại UBND xã Thạnh Đức"])
    detail: str = Field(examples=[""])
    actor: str = Field(examples=["Lê Thị Thu Cúc"])
    unit: str = Field(examples=["UBND xã Thạnh Đức"])
    changes: list[PutRightOut] = []


class SlipOut(Schema):
    """A paper that was printed for a person."""

    id: int = Field(examples=[8])
    kind: str = Field(
        description="receipt, supplement, intake_refusal, apology, control, closing or stopped",
        examples=["receipt"],
    )
    number: str = Field(examples=["000.01.21.H39-161209-0007"])
    dossier: str | None = Field(examples=["000.01.21.H39-161209-0007"])
    visit: int | None = Field(examples=[None])
    made_at: datetime
    replaces: int | None = Field(description="id of the slip that it stands for", examples=[None])
    paper_url: str = Field(examples=["https://dichvucong.longan.gov.vn/api/v1/slips/8/paper"])


def slip_out(slip: Slip) -> dict[str, Any]:
    """A slip as `SlipOut`."""
    return {
        "id": slip.pk,
        "kind": slip.kind,
        "number": slip.number,
        "dossier": slip.dossier.code if slip.dossier else None,
        "visit": slip.visit_id,
        "made_at": slip.made_at,
        "replaces": slip.replaces_id,
        "paper_url": f"{settings.BASE_URL}/api/v1/slips/{slip.pk}/paper",
    }
