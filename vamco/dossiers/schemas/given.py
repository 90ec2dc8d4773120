"""What goes into several operations: an application as it was handed in, a period."""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Schema

from vamco.core.actors import Actor
from vamco.core.api import Day, Id
from vamco.core.api_actions import SHAPES, Shape
from vamco.core.errors import Invalid, NotFound
from vamco.organisation.api.units import known
from vamco.organisation.models import Unit
from vamco.parties import queries as parties

from ..models import Visit
from ..rules.application import Application, PaperInput, PartyInput
from ..rules.inputs import Item

DossierCode = Annotated[str, Field(min_length=1, max_length=60, examples=["000.01.21.H39-161209-0007"])]
Verdict = Literal["", "ok", "not_ok", "missing"]
FIELDS = {"tinh_trang": "chua_ket_hon", "muc_dich": "vay_von"}


class PartyIn(Schema, extra="forbid"):
    """A party of the dossier."""

    role: str = Field("applicant", max_length=20, examples=["applicant"])
    kind: Literal["person", "business", "organisation"] = Field("person", examples=["person"])
    name: str = Field(max_length=10_000, examples=["Nguyễn Thị Mỹ Hạnh"])
    id_number: str | None = Field(None, max_length=40, examples=["080161000412"])
    phone: str | None = Field(None, max_length=40, examples=["0913000124"])
    email: str | None = Field(None, max_length=300, examples=["hanh@example.vn"])
    address: str | None = Field(None, max_length=10_000, examples=["48/2 ấp 3, xã Thạnh Đức, huyện Bến Lức"])
    birth_date: Day | None = Field(None, examples=["1961-03-14"])
    gender: Literal["male", "female"] | None = Field(None, examples=["female"])
    groups: list[Annotated[str, Field(max_length=20)]] = Field([], max_length=20, examples=[[]])
    same_person: bool = Field(
        False,
        description="the number is known under another name, and the officer, who has looked it up today"
        " (`/parties/actions/look_up`), sees that it is this person's",
    )
    nationality: str = Field("VN", min_length=2, max_length=2, description="ISO 3166-1, of a passport")
    party: Id | None = Field(
        None, description="the record of somebody without a number who is known already", examples=[None]
    )


class DossierPaperIn(Schema, extra="forbid"):
    """A paper that was handed in."""

    code: str = Field(max_length=60, examples=["to_khai"])
    originals: int = Field(0, ge=0, le=999, examples=[1])
    copies: int = Field(0, ge=0, le=999, examples=[0])
    verdict: Verdict | None = Field(None, examples=["ok"])
    remark: str | None = Field(None, max_length=500)
    file: Id | None = Field(None, description="id of an uploaded file", examples=[None])
    more: list[Id] = Field([], max_length=20, description="ids of further sheets", examples=[[]])


_PAPERS = [
    {"code": "to_khai", "originals": 1, "copies": 0, "verdict": "ok"},
    {"code": "giay_to_tuy_than", "originals": 0, "copies": 1},
    {"code": "giay_to_cu_tru", "originals": 0, "copies": 1},
]


class ItemIn(Schema, extra="forbid"):
    """Something that must be brought or put right."""

    name: str = Field(max_length=500, examples=["Bản sao sổ hộ khẩu"])
    fault: str = Field("", max_length=500, examples=["Thiếu trang 2"])


class ApplicationIn(Schema, extra="forbid"):
    """An application for a procedure, as it was handed in."""

    procedure: str = Field(max_length=60, examples=["1.004873"])
    case: str | None = Field(None, max_length=60, description="the procedure's usual case if absent")
    channel: Literal["counter", "post", "online"] = Field("counter", examples=["counter"])
    parties: list[PartyIn] = Field(min_length=1, max_length=20)
    fields: dict[str, Any] = Field(
        {}, description="answers by field key; the procedure's JSON Schema describes them", examples=[FIELDS]
    )
    papers: list[DossierPaperIn] = Field([], max_length=100, examples=[_PAPERS])
    summary: str | None = Field(None, max_length=2000)
    pay: Literal["now", "on_return"] = "on_return"
    return_by: Literal["counter", "post"] = "counter"
    note: str | None = Field(None, max_length=4000)


def application(actor: Actor, body: ApplicationIn) -> Application:
    """The application as the actions take it."""
    return Application(
        procedure=body.procedure,
        parties=tuple(_party(actor, i, one) for i, one in enumerate(body.parties)),
        case=body.case or "",
        channel=body.channel,
        answers=body.fields,
        papers=papers_of(body.papers),
        summary=body.summary or "",
        return_by=body.return_by,
        pay=body.pay,
        note=body.note or "",
    )


def _party(actor: Actor, i: int, one: PartyIn) -> PartyInput:
    if one.party is not None:
        try:
            parties.get(actor, one.party)
        except NotFound as missing:
            raise Invalid(missing.message, field=f"parties.{i}.party") from None
    return PartyInput(
        name=one.name,
        role=one.role,
        kind=one.kind,
        id_number=one.id_number or "",
        phone=one.phone or "",
        email=one.email or "",
        address=one.address or "",
        birth_date=one.birth_date,
        gender=one.gender or "",
        groups=tuple(one.groups),
        same_person=one.same_person,
        nationality=one.nationality,
        party=one.party,
    )


def papers_of(given: list[DossierPaperIn]) -> tuple[PaperInput, ...]:
    """Papers as the actions take them."""
    return tuple(
        PaperInput(
            code=one.code,
            originals=one.originals,
            copies=one.copies,
            verdict=one.verdict or "",
            remark=one.remark or "",
            file=one.file,
            more=tuple(one.more),
        )
        for one in given
    )


def unit_at(code: str) -> Unit:
    """The unit that an address names. Raises `NotFound`."""
    try:
        return known(code)
    except Invalid as unknown:
        raise NotFound(unknown.message) from None


def visit_at(actor: Actor, pk: int) -> Visit:
    """A visit at a counter where the actor works. Raises `Invalid`."""
    found = Visit.objects.select_related("unit").filter(pk=pk).first()
    if found is None or not actor.may_at("dossiers.receive", [found.unit_id]):
        raise Invalid(_("Không có lượt nộp này ở quầy của ông/bà."), field="visit")
    return found


SHAPES |= {
    Application: Shape(ApplicationIn, application),
    PaperInput: Shape(DossierPaperIn, lambda _actor, paper: papers_of([paper])[0]),
    Item: Shape(ItemIn, lambda _actor, item: Item(item.name, item.fault)),
}


class Dated(Schema):
    """First and last day of a period."""

    first: Day = Field(examples=["2016-12-01"])
    last: Day = Field(examples=["2016-12-31"])
