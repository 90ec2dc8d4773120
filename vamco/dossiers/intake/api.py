"""The counter: done at once, not received, several in one visit."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from vamco.core.actors import Actor
from vamco.core.api import Id, caller
from vamco.core.errors import Invalid, NotFound
from vamco.organisation.api.units import UnitCode, known

from .. import queries
from ..models import Dossier, Visit
from ..schemas.given import ApplicationIn, DossierCode, application, unit_at, visit_at
from ..schemas.shown import DossierOut, SlipOut, received, slip_out
from .actions import not_received, receiving, visits
from .actions.at_once import at_once as do_at_once

router = Router(tags=["counter"])
Sum = Field(None, ge=0, lt=10**12, description="đồng that was asked of the applicant", examples=[2000])


class AtOnceIn(ApplicationIn, extra="forbid"):
    """A same-day procedure, done on the spot."""

    signer: Id | None = Field(
        None, description="who signed; the unit's first leader if absent", examples=[None]
    )
    visit: Id | None = Field(None, examples=[None])
    expected: int | None = Sum
    slip: bool = Field(False, description="whether a receipt slip is wanted")


class AtOnceOut(DossierOut):
    """A dossier that is done."""

    entry: int | None = Field(description="its number in the register book", examples=[131])
    result: str = Field(description="number of the paper", examples=[""])


class RefuseIn(ApplicationIn, extra="forbid"):
    """Why it is not received, and where to go instead."""

    reason: str = Field(max_length=10_000, examples=["Không thuộc thẩm quyền của xã"])
    directions: str = Field(max_length=10_000, examples=["UBND huyện Bến Lức, 213 Quốc lộ 1"])


class AskIn(ApplicationIn, extra="forbid"):
    """An incomplete application: the verdicts of the papers say what is missing."""

    reason: str = Field("", max_length=2000)


class ForwardIn(ApplicationIn, extra="forbid"):
    """An application for another one-stop unit."""

    to: UnitCode


class VisitIn(Schema, extra="forbid"):
    """At which counter."""

    unit: UnitCode


class VisitOut(Schema):
    """One person at the counter: several dossiers, one payment, one slip."""

    id: int = Field(examples=[6])
    unit: str = Field(examples=["27694"])
    at: datetime
    dossiers: list[str] = Field(examples=[["000.01.21.H39-161209-0007"]])
    slip: int | None = Field(description="id of the slip over all of them", examples=[None])


class CloseVisitIn(Schema, extra="forbid"):
    """With the sum that was asked, what is due now is collected on one receipt."""

    expected: int | None = Sum


@router.post(
    "/units/{code}/actions/at_once", response=AtOnceOut, summary="Do a same-day procedure on the spot"
)
def at_once(request: HttpRequest, code: UnitCode, body: AtOnceIn) -> dict[str, Any]:
    """Received, paid, decided, entered in its book and handed over, or nothing of all that."""
    actor = caller(request)
    dossier = do_at_once(
        actor,
        unit_at(code),
        application=application(actor, body),
        signer=body.signer,
        visit=visit_at(actor, body.visit) if body.visit is not None else None,
        expected=body.expected,
        slip=body.slip,
    )
    entry = getattr(dossier, "entry", None)
    return received(dossier) | {
        "entry": entry.number if entry else None,
        "result": entry.result_number if entry else "",
    }


@router.post("/units/{code}/actions/refuse_intake", response=SlipOut, summary="Refuse to receive")
def refuse_intake(request: HttpRequest, code: UnitCode, body: RefuseIn) -> dict[str, Any]:
    """The slip says why, and where to go instead. On record as a dossier that was not accepted."""
    actor, asked = caller(request), application(caller(request), body)
    inputs = {"reason": body.reason, "directions": body.directions}
    return slip_out(not_received.refuse_intake(actor, unit_at(code), application=asked, **inputs))


@router.post(
    "/units/{code}/actions/ask_before_intake",
    response=SlipOut,
    summary="Ask for what is missing, receive nothing",
)
def ask_before_intake(request: HttpRequest, code: UnitCode, body: AskIn) -> dict[str, Any]:
    """The slip lists every fault found in the verdicts."""
    actor, asked = caller(request), application(caller(request), body)
    return slip_out(
        not_received.ask_before_intake(actor, unit_at(code), application=asked, reason=body.reason)
    )


@router.post(
    "/units/{code}/actions/forward", response=DossierOut, summary="Receive for the right one-stop unit"
)
def forward(request: HttpRequest, code: UnitCode, body: ForwardIn) -> dict[str, Any]:
    """Where the legal regime says so: the wrong authority sends it on, on the same day."""
    actor, asked = caller(request), application(caller(request), body)
    done = receiving.forward(
        actor, unit_at(code), application=asked, to=body.to, note=(body.note or "")[:500]
    )
    return received(done)


@router.post("/visits", response={201: VisitOut}, summary="Somebody came to the counter")
def open_visit(request: HttpRequest, body: VisitIn) -> dict[str, Any]:
    """Its dossiers share one payment and one slip: give its id to `POST /dossiers`."""
    return _visit(visits.open_visit(caller(request), known(body.unit)))


@router.get("/visits/{visit_id}", response=VisitOut, summary="One visit")
def visit(request: HttpRequest, visit_id: Id) -> dict[str, Any]:
    """At a counter of the caller."""
    return _visit(_found(caller(request), visit_id))


@router.post(
    "/visits/{visit_id}/actions/close", response=SlipOut, summary="The slip over all dossiers of a visit"
)
def close_visit(request: HttpRequest, visit_id: Id, body: CloseVisitIn) -> dict[str, Any]:
    """With `expected`, what is due now is collected first."""
    found = _found(caller(request), visit_id)
    return slip_out(visits.close_visit(caller(request), found, expected=body.expected))


def _found(actor: Actor, pk: int) -> Visit:
    try:
        return visit_at(actor, pk)
    except Invalid as unknown:
        raise NotFound(unknown.message) from None


def _codes(found: Visit) -> list[str]:
    return list(Dossier.objects.filter(visit=found).order_by("pk").values_list("code", flat=True))


def _visit(found: Visit) -> dict[str, Any]:
    slip = found.slips.filter(kind="receipt").last()
    codes = _codes(found)
    return {
        "id": found.pk,
        "unit": found.unit.code,
        "at": found.at,
        "dossiers": codes,
        "slip": slip.pk if slip else None,
    }


@router.post(
    "/dossiers/{code}/actions/slip_on_request",
    response=SlipOut,
    summary="The receipt slip of a dossier that got none",
)
def slip_on_request(request: HttpRequest, code: DossierCode) -> dict[str, Any]:
    """Because the applicant waited for the result."""
    return slip_out(visits.slip_on_request(caller(request), queries.get(caller(request), code)))
