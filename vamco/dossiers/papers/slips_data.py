"""The slips of a dossier: what is written on each is kept as data when it is made, and rendered when it is printed.

Slips are Vietnamese whatever the language of the officer who makes them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import TypeAdapter

from vamco.core import clock
from vamco.core.actions import check_signs
from vamco.core.actors import Actor
from vamco.core.papers import Office, Person, Signer
from vamco.core.rows import insert
from vamco.core.stored import in_vietnamese
from vamco.organisation.models import Level, Unit
from vamco.organisation.where import first_post
from vamco.payments import queries as payments
from vamco.payments.models import Charge

from ..models import Dossier, NewDate, Slip, Supplement, Visit
from ..rules import moves
from . import slips

FORMS: dict[str, tuple[type, Callable[[Any], bytes]]] = {
    "receipt": (slips.Receipt, slips.receipt),
    "supplement": (slips.Supplement, slips.supplement),
    "intake_refusal": (slips.Refusal, slips.refusal),
    "apology": (slips.Apology, slips.apology),
    "control": (slips.Control, slips.control),
    "closing": (slips.Closing, slips.closing),
    "stopped": (slips.Closing, slips.closing),
}


@cache
def _adapter(form: type) -> TypeAdapter[Any]:
    return TypeAdapter(form)


def dump(form: object) -> dict[str, Any]:
    """A form as plain JSON values."""
    kind: type = type(form)
    return cast(dict[str, Any], _adapter(kind).dump_python(form, mode="json"))


def form_of(slip: Slip) -> Any:
    """The form that a slip was made from, with what is never kept in plain: the second secret."""
    form = _adapter(FORMS[slip.kind][0]).validate_python(slip.data)
    if slip.kind == "receipt":
        secrets = dict(
            Dossier.objects.filter(code__in=[item.code for item in form.items]).values_list("code", "secret")
        )
        form = replace(form, items=[replace(item, secret=secrets.get(item.code, "")) for item in form.items])
    return form


def pdf(slip: Slip) -> bytes:
    """The slip as PDF/A. Printing again gives the same."""
    return FORMS[slip.kind][1](form_of(slip))


def _keep(
    actor: Actor,
    kind: str,
    form: object,
    *,
    dossier: Dossier | None = None,
    visit: Visit | None = None,
    number: str = "",
    replaces: Slip | None = None,
) -> Slip:
    slip = Slip(
        dossier=dossier,
        visit=visit,
        kind=kind,
        number=number,
        data=dump(form),
        made_at=clock.now(),
        made_by_id=actor.user_id,
        replaces=replaces,
    )
    return insert(slip)


# What stands at the head of every slip ---------------------------------------------------------------------


UNANSWERED = gettext_noop("Quá thời hạn bổ sung, người nộp không bổ sung hồ sơ.")
"""The reason on a closing slip when nobody gives another; Vietnamese, as the slip is."""


def tracking_url(code: str) -> str:
    """The public address where a code can be looked up."""
    return settings.BASE_URL + reverse("tracking", args=[code])


@in_vietnamese
def office(unit: Unit) -> Office:
    """The one-stop unit as letters name it."""
    parent = "" if unit.level == Level.CENTRE else unit.agency.upper()
    name = unit.name if unit.level == Level.CENTRE else _("Bộ phận Tiếp nhận và Trả kết quả")
    site = settings.BASE_URL.partition("://")[2]
    return Office(
        name=name, place=unit.place, parent=parent, address=unit.address, phone=unit.phone, site=site
    )


def person(dossier: Dossier) -> Person:
    """The applicant as the slips name them."""
    party = next((one for one in dossier.parties.all() if one.role == "applicant"), None)
    if party is None:
        return Person(name=dossier.applicant_name)
    return Person(name=party.name, address=party.address, phone=party.phone, email=party.email)


def signer(actor: Actor) -> Signer:
    """The officer with the post they hold, who signs the slip. Raises `NotAllowed` for an actor that may not."""
    check_signs(actor)
    post = first_post(actor.known_id)
    return Signer(name=actor.label, title=post.title if post else "")


def content(dossier: Dossier) -> str:
    """What was asked for, in a line."""
    return dossier.summary or moves.definition_of(dossier).name


def limit_words(amount: int, unit: str) -> str:
    """A time limit in words: «15 ngày làm việc»."""
    if unit == "at_once":
        return _("trong ngày")
    return (
        _("%(count)d giờ làm việc") % {"count": amount}
        if unit == "working_hour"
        else _("%(count)d ngày làm việc") % {"count": amount}
    )


# The slips -------------------------------------------------------------------------------------------------


@in_vietnamese
def receipt(
    actor: Actor,
    *dossiers: Dossier,
    visit: Visit | None = None,
    replaces: Slip | None = None,
    again: str = "",
    owed: Mapping[str, Sequence[Charge]] | None = None,
) -> Slip:
    """Form 01: giấy tiếp nhận hồ sơ và hẹn trả kết quả, for one dossier or all of a visit. `owed`: the charges by code,
    when the caller knows them."""
    first = dossiers[0]
    owed = payments.charges_for([one.code for one in dossiers]) if owed is None else owed
    submitter = next((one.name for one in first.parties.all() if one.role == "submitter"), "")
    form = slips.Receipt(
        office=office(first.unit),
        applicant=person(first),
        receiver=actor.label,
        received_at=first.received_at,
        items=[_receipt_item(one, owed[one.code]) for one in dossiers],
        submitter=submitter,
        replaces=f"{replaces.number or first.code} ngày {clock.local(replaces.made_at):%d/%m/%Y}"
        if replaces
        else "",
        printed_at=clock.now(),
        verdict=again or "đủ hồ sơ",
    )
    return _keep(
        actor,
        "receipt",
        form,
        dossier=first if len(dossiers) == 1 else None,
        visit=visit or (first.visit if len(dossiers) > 1 else None),
        number=first.code,
        replaces=replaces,
    )


def receipt_again(actor: Actor, dossier: Dossier) -> Slip:
    """The receipt slip anew after a correction, instead of the one that the applicant has (thay cho): that of the
    dossier, or that of the whole visit when several dossiers share one."""
    own = dossier.slips.filter(kind="receipt", replaced_by__isnull=True).last()
    shared = (
        dossier.visit.slips.filter(kind="receipt", replaced_by__isnull=True).last()
        if dossier.visit and own is None
        else None
    )
    if dossier.visit is None or shared is None:
        return receipt(actor, dossier, replaces=own)
    together = (
        dossier.visit.dossiers.select_related("unit").prefetch_related("parties", "papers").order_by("pk")
    )
    return receipt(actor, *together, visit=dossier.visit, replaces=shared)


def _fee_note(charges: Sequence[Charge]) -> str:
    now = any(charge.state == "due" and charge.due == "now" for charge in charges)
    return _("nộp tại quầy thu") if now else _("nộp khi nhận kết quả")


def _papers(dossier: Dossier) -> list[slips.Paper]:
    """The papers as slips list them: further sheets of one belong to its first line."""
    listed, seen = [], set()
    for one in dossier.papers.all():
        further = one.code in seen and not one.originals and not one.copies
        seen.add(one.code)
        if one.verdict != "missing" and not further:
            listed.append(
                slips.Paper(name=one.name, originals=one.originals, copies=one.copies, remark=one.remark)
            )
    return listed


def _receipt_item(dossier: Dossier, charges: Sequence[Charge]) -> slips.ReceiptItem:
    amount = sum(charge.amount for charge in charges)
    paid = amount and not any(charge.state == "due" for charge in charges)
    return slips.ReceiptItem(
        code=dossier.code,
        procedure=moves.definition_of(dossier).name,
        due=dossier.due_at,
        limit=limit_words(dossier.limit_amount, dossier.limit_unit),
        content=dossier.summary,
        fee=amount if charges else None,
        fee_note=_("đã nộp") if paid else _fee_note(charges) if amount else "",
        where=_("tại %(unit)s") % {"unit": office(dossier.unit).name},
        tracking_url=tracking_url(dossier.code),
        papers=_papers(dossier),
    )


@in_vietnamese
def supplement(actor: Actor, dossier: Dossier, asked: Supplement) -> Slip:
    """Form 02: phiếu yêu cầu bổ sung, hoàn thiện hồ sơ, all faults at once."""
    items = list(asked.items.all())
    form = slips.Supplement(
        office=office(dossier.unit),
        applicant=person(dossier),
        content=content(dossier),
        signer=signer(actor),
        at=asked.asked_at,
        papers=[
            slips.Paper(name=item.name, originals=item.originals, copies=item.copies, remark=item.fault)
            for item in items
        ],
        reason=asked.reason,
        code=dossier.code,
        number=f"{asked.number:02d}/{dossier.code.rpartition('-')[2]}",
        contact=actor.label,
        deadline=asked.deadline,
    )
    return _keep(actor, "supplement", form, dossier=dossier, number=form.number)


@in_vietnamese
def apology(actor: Actor, dossier: Dossier, signed: NewDate) -> Slip:
    """Form 04: phiếu xin lỗi và hẹn lại ngày trả kết quả."""
    form = slips.Apology(
        office=office(dossier.unit),
        applicant=person(dossier),
        code=dossier.code,
        content=content(dossier),
        received_at=dossier.received_at,
        old_due=signed.old_due_at,
        new_due=signed.new_due_at,
        reason=signed.reason,
        signer=signer(actor),
        at=signed.signed_at or clock.now(),
    )
    return _keep(actor, "apology", form, dossier=dossier)


@in_vietnamese
def closing(actor: Actor, dossier: Dossier, reason: str, kind: str = "closing") -> Slip:
    """Thông báo trả hồ sơ: what was asked for never came, or the dossier was withdrawn or stopped."""
    asked = dossier.supplements.last() if kind == "closing" else None
    form = slips.Closing(
        office=office(dossier.unit),
        applicant=person(dossier),
        code=dossier.code,
        content=content(dossier),
        received_at=dossier.received_at,
        signer=signer(actor),
        at=clock.now(),
        asked_at=asked.asked_at if asked else None,
        deadline=asked.deadline if asked else None,
        reason=reason,
        papers=[
            slips.Paper(name=p.name, originals=p.originals, copies=p.copies)
            for p in dossier.papers.all()
            if p.originals or p.copies
        ],
    )
    return _keep(actor, kind, form, dossier=dossier)


def stopped(actor: Actor, dossier: Dossier, reason: str) -> Slip:
    """Thông báo dừng giải quyết hồ sơ (form 05 of 2025)."""
    return closing(actor, dossier, reason, "stopped")


@in_vietnamese
def control(actor: Actor, dossier: Dossier) -> Slip:
    """Form 05 of 2018: phiếu kiểm soát quá trình giải quyết hồ sơ, every hand-over with its time."""
    runs = list(dossier.runs.select_related("unit", "person").order_by("pk"))
    overs = []
    for before, after in zip([None, *runs], [*runs, None], strict=True):
        giver = before.unit.agency if before else dossier.unit.agency
        receiver = after.unit.agency if after else dossier.unit.agency
        at = after.entered_at if after else (before.left_at if before else None)
        if at is None:
            continue
        result = ""
        if before is not None and before.due_at and before.left_at:
            result = (
                "quá hạn"
                if before.left_at > before.due_at
                else "trước hạn"
                if clock.local(before.left_at).date() < clock.local(before.due_at).date()
                else "đúng hạn"
            )
        overs.append(
            slips.HandOver(
                giver=giver,
                receiver=receiver,
                at=at,
                result=result,
                note=before.outcome_name if before else "",
                giver_name=before.person.full_name if before and before.person else "",
                receiver_name=after.person.full_name if after and after.person else "",
            )
        )
    form = slips.Control(
        office=office(dossier.unit),
        applicant=dossier.applicant_name,
        code=dossier.code,
        content=content(dossier),
        received_at=dossier.received_at,
        due=dossier.due_at,
        hand_overs=overs,
        at=clock.now(),
    )
    return _keep(actor, "control", form, dossier=dossier)


@in_vietnamese
def intake_refusal(
    actor: Actor,
    dossier: Dossier,
    applicant: Person,
    what: str,
    reasons: list[str],
    basis: list[str],
    directions: str,
) -> Slip:
    """Form 03: phiếu từ chối tiếp nhận giải quyết hồ sơ, with directions where to go."""
    form = slips.Refusal(
        office=office(dossier.unit),
        applicant=applicant,
        content=what,
        reasons=reasons,
        officer=signer(actor).name,
        at=clock.now(),
        basis=basis,
        directions=directions,
    )
    return _keep(actor, "intake_refusal", form, dossier=dossier, number=dossier.code)


@in_vietnamese
def intake_supplement(
    actor: Actor,
    unit: Unit,
    visit: Visit,
    applicant: Person,
    what: str,
    faults: list[tuple[str, str]],
    reason: str,
) -> Slip:
    """Form 02 at the counter, before anything was received: made from the verdicts, all faults at once."""
    form = slips.Supplement(
        office=office(unit),
        applicant=applicant,
        content=what,
        signer=signer(actor),
        at=clock.now(),
        papers=[slips.Paper(name=name, remark=fault) for name, fault in faults],
        reason=reason,
        contact=actor.label,
    )
    return _keep(actor, "supplement", form, visit=visit)
