"""A dossier as a whole for a program, with what its caller may do now."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from ninja import Field, Schema

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.inputs import Parameter
from vamco.parties.models import masked

from ... import queries, timeline
from ...models import Dossier
from ...papers import drafting
from ...schemas.given import FIELDS
from ...schemas.shown import DossierHead, TimelineOut, head
from .. import offers


class ChoiceOut(Schema):
    """One of the values that an input may have; for `answers`, one of the keys."""

    value: int | str = Field(examples=[5])
    label: str = Field(examples=["Nguyễn Văn Tám"])


class InputOut(Schema):
    """An input of an action."""

    name: str = Field(examples=["reason"])
    type: str = Field(
        description="text, longtext, integer, date-time, file, person, run, step, unit, items, papers, answers, reasons "
        "or application",
        examples=["longtext"],
    )
    required: bool
    label: str = Field(examples=["Lý do"])
    choices: list[ChoiceOut] = Field(description="empty where anything may be typed", examples=[[]])


class OfferOut(Schema):
    """An action that the caller may do now."""

    action: str = Field(examples=["advance"])
    outcome: str = Field(description="for `advance`: the way out of the step", examples=["trinh_ky"])
    label: str = Field(examples=["Trình ký"])
    inputs: list[InputOut]


class DossierPartyOut(Schema):
    """A party of the dossier as it was written on the day; the number is masked."""

    id: int = Field(description="for `reveal_number`", examples=[31])
    party: int = Field(description="the record of the person", examples=[17])
    role: str = Field(examples=["applicant"])
    name: str = Field(examples=["Nguyễn Thị Mỹ Hạnh"])
    number: str = Field(examples=["0801••••0412"])
    phone: str = Field(examples=["0913000124"])
    email: str = Field(examples=["hanh@example.vn"])
    address: str = Field(examples=["48/2 ấp 3"])


class DossierPaperOut(Schema):
    """A paper of the dossier; `file` is read with `GET /files/{id}`."""

    code: str = Field(examples=["to_khai"])
    name: str = Field(examples=["Tờ khai theo mẫu"])
    originals: int = Field(examples=[1])
    copies: int = Field(examples=[0])
    verdict: str = Field(examples=["ok"])
    remark: str = Field(examples=[""])
    file: int | None = Field(examples=[None])


class StayOut(Schema):
    """One stay in a step; `id` is what `send_back` calls `run`."""

    id: int = Field(examples=[9])
    step: str = Field(examples=["tham_tra"])
    name: str = Field(examples=["Thẩm tra hồ sơ"])
    unit: str = Field(examples=["27694"])
    person: str = Field(examples=["Nguyễn Văn Tám"])
    entered_at: datetime
    left_at: datetime | None
    minutes: int | None = Field(description="office minutes used", examples=[95])


class DossierResultOut(Schema):
    """The dossier's result."""

    id: int = Field(examples=[17])
    number: str = Field(examples=["12/2016/XNTTHN"])
    state: str = Field(examples=["valid"])
    type: str = Field(examples=["Giấy xác nhận tình trạng hôn nhân"])


class DossierDetail(DossierHead):
    """A dossier with its papers, timeline and the actions allowed to the caller now, each with the input it needs."""

    fields: dict[str, Any] = Field(examples=[FIELDS])
    summary: str = Field(examples=[""])
    visit: int | None = Field(examples=[None])
    parties: list[DossierPartyOut]
    papers: list[DossierPaperOut]
    runs: list[StayOut]
    timeline: list[TimelineOut]
    actions: list[OfferOut]
    result: DossierResultOut | None


def _input(parameter: Parameter, actor: Actor, dossier: Dossier) -> dict[str, Any]:
    """An input as `InputOut`. Lists in groups are of the page: programs have a list of units of their own."""
    choices = parameter.offered(actor, dossier) or ()
    return {
        "name": parameter.name,
        "type": parameter.type_name,
        "required": not parameter.optional,
        "label": str(parameter.input.label),
        "choices": [
            {"value": value, "label": str(label)} for value, label in choices if not isinstance(label, list)
        ],
    }


def detail(actor: Actor, dossier: Dossier) -> dict[str, Any]:
    """A dossier as `DossierDetail`."""
    result = drafting.current(dossier)
    names = ("code", "name", "originals", "copies", "verdict", "remark")
    return {
        **head(queries.row_of(dossier, clock.now())),
        "fields": dossier.answers,
        "summary": dossier.summary,
        "visit": dossier.visit_id,
        "parties": _parties(dossier),
        "papers": [
            {"file": one.file_id} | {name: getattr(one, name) for name in names}
            for one in dossier.papers.all()
        ],
        "runs": _runs(dossier),
        "timeline": [asdict(line) for line in timeline.lines(dossier)],
        "actions": [
            {
                "action": one.key,
                "outcome": one.outcome,
                "label": str(one.label),
                "inputs": [_input(parameter, actor, dossier) for parameter in one.inputs],
            }
            for one in offers.offers(actor, dossier)
        ],
        "result": result
        and {"id": result.pk, "number": result.number, "state": result.standing(), "type": result.type_name},
    }


def _parties(dossier: Dossier) -> list[dict[str, Any]]:
    names = ("role", "name", "phone", "email", "address")
    return [
        {"id": one.pk, "party": one.party_id, "number": masked(one.party.number)}
        | {name: getattr(one, name) for name in names}
        for one in dossier.parties.select_related("party")
    ]


def _runs(dossier: Dossier) -> list[dict[str, Any]]:
    names = ("step", "name", "entered_at", "left_at", "minutes")
    return [
        {"id": one.pk, "unit": one.unit.code, "person": one.person.full_name if one.person else ""}
        | {name: getattr(one, name) for name in names}
        for one in dossier.runs.select_related("unit", "person")
    ]
