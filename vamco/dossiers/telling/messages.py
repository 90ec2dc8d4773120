"""What the applicant and officers are told by message: composed here, put into the outbox in the same transaction."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.notify import outbox
from vamco.organisation.models import Delegation, Unit, User
from vamco.organisation.validity import held_on
from vamco.payments import queries as payments
from vamco.results import paper

from ..models import Dossier, NewDate, Supplement
from ..papers import drafting, slips_data
from ..rules import moves
from . import notices


def _tell(kind: str, dossier: Dossier, **words: object) -> None:
    """Tell the applicant, and who submitted for them when that is somebody else."""
    common = {
        "procedure": moves.definition_of(dossier).name,
        "url": slips_data.tracking_url(dossier.code),
        "place": dossier.unit.agency,
    }
    told: set[str] = set()
    for party in dossier.parties.all():
        if party.role not in ("applicant", "submitter") or party.email.lower() in told:
            continue
        told.add(party.email.lower())
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
    """The dossier is in, with its code and date."""
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


def supplement(dossier: Dossier, asked: Supplement) -> None:
    """Papers are wanted: all of them, with the deadline."""
    _tell("supplement", dossier, items=_items(asked), deadline=asked.deadline, reason=asked.reason)


def _items(asked: Supplement) -> list[str]:
    return [f"{item.name}: {item.fault}" if item.fault else item.name for item in asked.items.all()]


def reminder(dossier: Dossier, asked: Supplement) -> None:
    """The deadline is near: what is wanted, until when, and what happens then."""
    _tell("closing", dossier, items=_items(asked), deadline=asked.deadline, reason=asked.reason)


def resumed(dossier: Dossier) -> None:
    """The supplement came in; the new date."""
    _tell("received", dossier, due=dossier.due_at)


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


def closed(dossier: Dossier, reason: str) -> None:
    """The supplement never came; the dossier is closed."""
    _tell("closing", dossier, reason=reason)


def ended(dossier: Dossier, kind: str, reason: str) -> None:
    """Withdrawn or stopped."""
    _tell("withdrawn" if kind == "withdrawn" else "closing", dossier, reason=reason)


def mentioned(dossier: Dossier, person: User, actor: Actor) -> None:
    """An internal note mentions a colleague."""
    note = dossier.notes.last()
    outbox.tell(
        "mention",
        unit=dossier.unit,
        words={
            "who": actor.label,
            "note": note.text if note else "",
            "procedure": moves.definition_of(dossier).name,
            "url": settings.BASE_URL + reverse("dossier", args=[dossier.code]),
        },
        to_email=person.email,
        to_name=person.full_name,
        dossier=dossier.code,
        user=person,
    )


HEADS = ("head", "leader")
"""Roles of those who head a unit: its deputies, too, since a chair is often away."""


def back_to_pool(unit: Unit, person: User, count: int) -> None:
    """Somebody who goes left dossiers behind: those who head the unit assign them. No dossier is named, since not
    everybody who reads the message may see each."""
    url = f"{settings.BASE_URL}{reverse('inbox')}?tab=unassigned"
    for head in _holders(unit.pk, HEADS):
        if head.pk == person.pk:
            continue
        outbox.tell(
            "back_to_pool",
            unit=unit,
            words={"who": person.full_name, "count": count, "url": url},
            to_email=head.email,
            to_name=head.full_name,
            user=head,
        )
        notices.back_to_pool(head, unit, person, count)


def warning(dossier: Dossier, share: int) -> None:
    """Warn of the due time: the holder and who stands in for them, or while nobody has it those who may do the step;
    from 90 % of the time also the unit's heads; when late also the one-stop unit."""
    if dossier.holder:
        people = [dossier.holder, *_stand_ins(dossier.holder)]
    else:
        people = _holders(dossier.holder_unit_id, (moves.step_of(dossier).role,))
    if share >= 90:
        people += _holders(dossier.holder_unit_id, HEADS)
    if share >= 100:
        people += _holders(dossier.unit_id, ("supervisor", "intake"))
    for person in dict.fromkeys(people):
        outbox.tell(
            "warning",
            unit=dossier.unit,
            to_email=person.email,
            to_name=person.full_name,
            dossier=dossier.code,
            user=person,
            words={
                "procedure": moves.definition_of(dossier).name,
                "share": share,
                "late": share >= 100,
                "due": dossier.due_at,
                "step": moves.step_of(dossier).name,
                "holder": dossier.holder.full_name if dossier.holder else "",
                "url": settings.BASE_URL + reverse("dossier", args=[dossier.code]),
            },
        )


def _stand_ins(person: User) -> list[User]:
    """Who does the person's work today (ủy quyền)."""
    day = clock.today()
    valid = Delegation.objects.filter(giver=person, revoked_at__isnull=True, since__lte=day, until__gte=day)
    return [one.receiver for one in valid.select_related("receiver") if one.receiver.is_active]


def _holders(unit_id: int, roles: tuple[str, ...]) -> list[User]:
    return list(
        User.objects.filter(
            held_on(clock.today(), "holdings__"),
            is_active=True,
            holdings__post__grants__unit_id=unit_id,
            holdings__post__grants__role__in=roles,
        ).distinct()
    )
