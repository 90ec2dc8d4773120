"""The whole number of a party, for a program."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from vamco.core.api import Id, caller

from .. import queries
from ..schemas.given import DossierCode
from . import actions, context

router = Router(tags=["dossiers"])


class RevealIn(Schema, extra="forbid"):
    """Whose number."""

    party: Id = Field(description="id of the party in the dossier", examples=[31])


class RevealOut(Schema):
    """A full identity number."""

    party: int = Field(examples=[31])
    number: str = Field(examples=["080161000412"])


@router.post(
    "/dossiers/{code}/actions/reveal_number",
    response=RevealOut,
    summary="See a party's whole number (on record)",
)
def reveal_number(request: HttpRequest, code: DossierCode, body: RevealIn) -> dict[str, Any]:
    """The person concerned and the auditor can see who did."""
    dossier = queries.get(caller(request), code)
    actions.reveal_number(caller(request), dossier, party=body.party)
    return {"party": body.party, "number": context.party(dossier, body.party).party.number}
