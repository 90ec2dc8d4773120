"""A dossier as a line of a list, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, FilteredRelation, Q, QuerySet

from vamco.core.actors import Actor
from vamco.procedures.definition import definition
from vamco.procedures.wording import said

from ..models import OPEN, Dossier, Stage
from ..rules import deadlines


@dataclass(frozen=True)
class Row:
    """A dossier as a line of a list. `left`: office minutes until due, negative when late, None while paused or
    decided. `seen`: the version that the reader saw last, None when they never opened it. `to_sign`, `to_close`: an
    apology, or the slip that closes it unanswered, waits for a person."""

    dossier: Dossier
    procedure: str
    step: str
    left: int | None
    state: str
    changed: bool
    paused_since: datetime | None = None
    seen: int | None = None
    to_sign: bool = False
    to_close: bool = False

    @property
    def minutes(self) -> int:
        """Office minutes between now and the due time, whichever comes first."""
        return abs(self.left or 0)


def with_seen(actor: Actor, dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """With what the actor saw of each last, for `row_of`."""
    mine = FilteredRelation("seen_by", condition=Q(seen_by__user_id=actor.known_id))
    return dossiers.annotate(seen=mine).annotate(seen_version=F("seen__version"))


def row_of(dossier: Dossier, now: datetime, actor: Actor | None = None) -> Row:
    """A dossier as a line."""
    left, state = standing(dossier, now)
    version = getattr(dossier, "seen_version", None)
    return Row(
        dossier,
        name_of(dossier),
        step_name(dossier),
        left,
        state,
        changed=actor is not None and (version is None or version < dossier.version),
        paused_since=dossier.changed_at if state == "paused" else None,
        seen=version,
        to_sign=getattr(dossier, "to_sign", False),
        to_close=getattr(dossier, "to_close", False),
    )


def standing(dossier: Dossier, now: datetime) -> tuple[int | None, str]:
    """Office minutes until a dossier is due, and what that means: ok, soon, late, paused, or "" when decided. Waiting for
    a supplement that was asked for too late is late, too."""
    if dossier.stage in OPEN and dossier.due_at is not None:
        left = deadlines.minutes_left(now, dossier.due_at, dossier.unit)
        return left, state_of(left, late=now > dossier.due_at)
    return None, "paused" if dossier.stage == Stage.SUPPLEMENT else ""


SOON = 8 * 60
"""Office minutes under which a due time is near."""


def state_of(left: int, *, late: bool) -> str:
    """ok, soon or late: the state's icon and colour."""
    return "late" if late else "soon" if left <= SOON else "ok"


def name_of(dossier: Dossier) -> str:
    """The procedure's name in the reader's language."""
    return said(definition(dossier.procedure_version_id))


def step_name(dossier: Dossier) -> str:
    """The step's name, or where the dossier is when it stands in none."""
    if dossier.stage == Stage.PROCESSING:
        return said(
            definition(dossier.procedure_version_id).case(dossier.case_key).process.step(dossier.step)
        )
    return dossier.get_stage_display()
