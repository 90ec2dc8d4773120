"""What somebody who goes, or a unit that is closed, leaves behind in the one-stop shop."""

from collections import Counter
from typing import Any

from django.db.models import Model, Q, QuerySet

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.transactions import atomic
from vamco.organisation.access import granted_at
from vamco.organisation.models import Holding, Unit, User
from vamco.organisation.roles import roles
from vamco.organisation.validity import held_on

from .models import HELD, OPEN, Consultation, Dossier
from .rules import moves
from .telling import notices


def dossiers_of(about: Model) -> QuerySet[Dossier] | None:
    """The open dossiers that a person has, or those of them that need this holding of a post."""
    if isinstance(about, User):
        return Dossier.objects.filter(holder=about, stage__in=OPEN)
    if isinstance(about, Holding):
        return Dossier.objects.filter(pk__in=[one.pk for one in _lost(about.user, without=about)])
    return None


def holders() -> QuerySet[Dossier, int | None]:
    """Who has an open dossier."""
    held = Dossier.objects.filter(holder__isnull=False, stage__in=OPEN)
    return held.order_by().values_list("holder", flat=True)


def _lost(person: User, *, without: Holding | None = None) -> list[Dossier]:
    """The open dossiers of a person whose step none of their posts lets them do, or none but that one."""
    known: dict[tuple[int, str], bool] = {}
    lost = []
    held = Dossier.objects.filter(holder=person, stage__in=OPEN).select_related("holder_unit")
    for dossier in held.order_by("pk"):
        role = moves.case_of(dossier).process.step(dossier.step).role
        key = (dossier.holder_unit_id, role)
        if key not in known:
            known[key] = person.is_active and _does(person, dossier.holder_unit, role, without)
        if not known[key]:
            lost.append(dossier)
    return lost


def _does(person: User, unit: Unit, step_role: str, without: Holding | None) -> bool:
    """Whether a post that the person holds today lets them do such a step at the unit."""
    carry = [key for key, role in roles().items() if f"step.{step_role}" in role.permissions]
    posts = person.holdings.exclude(pk=without.pk) if without else person.holdings
    return posts.filter(
        held_on(clock.today()), granted_at([unit], "post__grants__"), post__grants__role__in=carry
    ).exists()


def release(actor: Actor, person: User) -> int:
    """Put the dossiers that the person may not work on any more back into the pools of the units that have them, and tell
    the units' heads; answers how many."""
    from .work.actions.watch import back_to_pool

    lost = _lost(person)
    with atomic():
        for dossier in lost:
            back_to_pool(actor, dossier, person=person)
        counts = Counter(dossier.holder_unit_id for dossier in lost)
        for unit in Unit.objects.filter(pk__in=counts):
            notices.back_to_pool(unit, person, counts[unit.pk])
    return len(lost)


def dossiers_at(about: Model) -> QuerySet[Dossier] | None:
    """The dossiers that a unit received or has, and in which somebody still has to do something."""
    if not isinstance(about, Unit):
        return None
    return Dossier.objects.filter(Q(unit=about) | Q(holder_unit=about), stage__in=HELD)


def opinions_of(about: Model) -> QuerySet[Any] | None:
    """The opinions that a unit has been asked for and has not given."""
    if not isinstance(about, Unit):
        return None
    return Consultation.objects.filter(unit=about, answered_at__isnull=True, dossier__stage__in=OPEN)
