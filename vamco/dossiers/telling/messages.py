"""What the applicant is told by message: composed here, put into the outbox in the same transaction.

The kinds are declared in `room.py`; what each says stands in `templates/notify/<language>/<kind>.txt`.
"""

from datetime import datetime

from vamco.core.actors import Actor
from vamco.notify import outbox
from vamco.payments import queries as payments
from vamco.results import paper

from ..models import Dossier, NewDate, Supplement
from ..papers import drafting
from ..rules import moves
from ..rules.addresses import tracking_url


def _tell(kind: str, dossier: Dossier, **words: object) -> None:
    """Tell the applicant, and who submitted for them when that is somebody else."""
    common = {
        "procedure": moves.definition_of(dossier).name,
        "url": tracking_url(dossier.code),
        "place": dossier.unit.agency,
    }
    written_to: set[str] = set()
    for party in dossier.parties.all():
        address = party.email.lower()
        if party.role not in ("applicant", "submitter") or address in written_to:
            continue
        written_to.add(address)
        outbox.tell(
            kind,
            unit=dossier.unit,
            words={**common, **words},
            to_email=party.email,
            to_name=party.name,
            dossier=dossier.code,
            party_id=party.party_id,
        )


def received(dossier: Dossier) -> None:
    """The dossier is in, or its supplement: its code and its date."""
    _tell("received", dossier, due=dossier.due_at)


def reached(dossier: Dossier, actor: Actor, at: datetime) -> None:
    """The dossier came to its step: where the applicant is to be told of it, in the step's public words, by a line on
    the tracking page and a message."""
    step = moves.step_of(dossier)
    if not step.tell_applicant:
        return
    moves.tell(
        dossier,
        actor,
        "step_reached",
        public=True,
        at=at,
        step=step.name,
        public_words=step.public_words,
        public_words_en=step.public_words_en,
    )
    _tell("step", dossier, step=step.public_words, due=dossier.due_at)


def supplement(dossier: Dossier, request: Supplement) -> None:
    """Papers are wanted: all of them, with the deadline."""
    _wanted("supplement", dossier, request)


def reminder(dossier: Dossier, request: Supplement) -> None:
    """The deadline is near: what is wanted, until when, and what happens then."""
    _wanted("closing", dossier, request)


def _wanted(kind: str, dossier: Dossier, request: Supplement) -> None:
    items = [f"{item.name}: {item.fault}" if item.fault else item.name for item in request.items.all()]
    _tell(kind, dossier, items=items, deadline=request.deadline, reason=request.reason)


def new_date(dossier: Dossier, signed: NewDate) -> None:
    """The apology with the new date."""
    _tell("new_date", dossier, due=signed.new_due_at, old_due=signed.old_due_at, reason=signed.reason)


def decided(dossier: Dossier) -> None:
    """The result is ready, or the refusal with the same text as the letter."""
    letter = drafting.refusal_of(dossier)
    if letter is not None:
        _tell("refused", dossier, text=paper.letter_text(letter))
        return
    result = drafting.current(dossier)
    owed = payments.balance(dossier.code)
    fee = f"{owed:,} đ".replace(",", ".") if owed > 0 else ""
    _tell("result_ready", dossier, number=result.number if result else "", fee=fee)


def ended(dossier: Dossier, reason: str, *, withdrawn: bool = False) -> None:
    """The dossier ends without a result: its supplement never came, or it was stopped or withdrawn."""
    _tell("withdrawn" if withdrawn else "closing", dossier, reason=reason)
