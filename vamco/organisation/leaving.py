"""What is left when a person goes or a unit is closed: counted before, handed over by the rooms that know of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from vamco.core import rooms
from vamco.core.actors import SYSTEM, Actor
from vamco.core.errors import Refused
from vamco.core.inputs import Words
from vamco.core.rooms import HandOver

from .models import Holding, Unit, User


@dataclass(frozen=True)
class Left:
    """Something that hangs on who goes: how many there are, and what becomes of them or has to be done first."""

    name: Words
    count: int
    then: Words

    def __str__(self) -> str:
        return f"{self.count} {self.name} ({self.then})"


def left(about: User | Holding | Unit) -> list[Left]:
    """What hangs on a person, on the time in a post, or on a unit."""
    return [Left(kind.name, count, kind.then) for kind, count in _counted(about) if count]


def _counted(about: User | Holding | Unit) -> Iterator[tuple[HandOver, int]]:
    every: list[HandOver] = rooms.of_all("hand_overs")
    for kind in every:
        rows = kind.rows(about)
        if rows is not None:
            yield kind, rows.count()


def hand_over(actor: Actor, person: User) -> int:
    """Give what the person may not do any more to whoever takes it now; answers how much that was.

    It is done in the actor's name, but with the right of the system: who may end somebody's time in a post need not be
    allowed to touch the work itself.
    """
    by = replace(SYSTEM, user_id=actor.user_id, label=actor.label, via=actor.via)
    every: list[HandOver] = rooms.of_all("hand_overs")
    return sum(kind.release(by, person) for kind in every if kind.release is not None)


def still_holding() -> Q:
    """The people who have something that would be handed over."""
    every: list[HandOver] = rooms.of_all("hand_overs")
    found = Q(pk__in=[])
    for kind in every:
        if kind.holders is not None:
            found |= Q(pk__in=kind.holders())
    return found


def check_nothing_left(unit: Unit) -> None:
    """Raise `Refused`, with what has to be done first, while something hangs on the unit."""
    found = left(unit)
    if found:
        raise Refused(
            _(
                "Chưa đóng được đơn vị, vì còn: %(what)s. Hãy làm xong các việc này, hoặc chọn ngày cuối sau hôm nay để "
                "còn thời gian làm."
            )
            % {"what": "; ".join(map(str, found))}
        )
