"""Today's figures for the home page, from real rows in a few queries.

Counting rule: a dossier counts once, for the unit that received it; a district's share holds its own offices and its
communes. A result is on time when it was ready no later than its due time; what still waits to be collected counts
as decided. "Late" is computed from due times, never kept, and goes on while a supplement is waited for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Q

from vamco.core import clock
from vamco.organisation.models import Level, Unit
from vamco.organisation.validity import open_on
from vamco.procedures.compiled import in_force

from .models import Dossier, Stage
from .queries import late

FRESH = 60
"""Seconds for which figures stay in the cache."""
POPULAR_FRESH, POPULAR_DAYS, POPULAR = 900, 30, 8
USUAL = (
    "1.001193", "2.000815", "2.000889", "1.009994", "1.001612", "1.002809", "2.000488", "1.004873",
)  # fmt: skip
"""What people need most, as the counters report it; it fills the list while too few dossiers show it."""
DECIDED = (Stage.READY, Stage.REFUSED_READY, Stage.RETURNED)


@dataclass(frozen=True)
class Share:
    """What was decided in a month, and how much of it on time."""

    decided: int = 0
    on_time: int = 0

    @property
    def percent(self) -> float | None:
        """On time in per cent; None when nothing was decided."""
        return 100 * self.on_time / self.decided if self.decided else None


@dataclass(frozen=True)
class District:
    """A district with its month."""

    code: str
    name: str
    name_en: str
    share: Share


@dataclass(frozen=True)
class Figures:
    """The province today. `at` is when they were read."""

    at: datetime
    received_today: int
    returned_today: int
    month: Share
    late: int
    districts: tuple[District, ...]


@dataclass(frozen=True)
class Popular:
    """The procedures asked for most in the last weeks (version ids), and how many there are in all."""

    versions: tuple[int, ...]
    total: int


def home() -> tuple[Figures, Popular]:
    """The figures and the most wanted procedures; one query of the cache while they are fresh."""
    day = clock.today().isoformat()
    keys = {"figures": f"home.figures:{day}", "popular": f"home.popular:{day}"}
    kept = cache.get_many(keys.values())
    figures, popular = kept.get(keys["figures"]), kept.get(keys["popular"])
    if figures is None:
        figures = read()
        cache.set(keys["figures"], figures, FRESH)
    if popular is None:
        popular = most_asked()
        cache.set(keys["popular"], popular, POPULAR_FRESH)
    return figures, popular


def read() -> Figures:
    """The figures as they are now: three queries.

    Whatever was received, decided or returned since the month began was changed since then, so that one index
    (`dossier_changed`) leads to all of it.
    """
    now = clock.now()
    today = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    month = today.replace(day=1)
    decided = Q(stage__in=DECIDED, ready_at__gte=month, due_at__isnull=False)
    rows = (
        Dossier.objects.filter(changed_at__gte=month)
        .values(top=F("unit__path__1"))
        .annotate(
            received=Count("pk", filter=Q(received_at__gte=today)),
            returned=Count("pk", filter=Q(stage=Stage.RETURNED, ended_at__gte=today)),
            decided=Count("pk", filter=decided),
            on_time=Count("pk", filter=decided & Q(ready_at__lte=F("due_at"))),
        )
    )
    by_top = {row["top"]: row for row in rows.order_by()}
    districts = Unit.objects.filter(open_on(clock.today()), level=Level.DISTRICT).order_by("code")
    return Figures(
        at=now,
        received_today=sum(row["received"] for row in by_top.values()),
        returned_today=sum(row["returned"] for row in by_top.values()),
        month=Share(
            sum(row["decided"] for row in by_top.values()), sum(row["on_time"] for row in by_top.values())
        ),
        late=Dossier.objects.filter(late(now)).count(),
        districts=tuple(
            District(unit.code, unit.name, unit.name_en, _share(by_top.get(unit.pk))) for unit in districts
        ),
    )


def _share(row: Mapping[str, Any] | None) -> Share:
    return Share(row["decided"], row["on_time"]) if row else Share()


def most_asked() -> Popular:
    """The procedures received most in the last weeks, filled up with the usual ones."""
    since = clock.now() - timedelta(days=POPULAR_DAYS)
    rows = Dossier.objects.filter(received_at__gte=since).values("procedure").annotate(n=Count("pk"))
    received = list(rows.order_by("-n", "procedure").values_list("procedure", flat=True)[: 2 * POPULAR])
    current = in_force(clock.today()).select_related("procedure")
    found = {
        version.procedure_id: version
        for version in current.filter(Q(procedure__in=received) | Q(procedure__code__in=USUAL))
    }
    usual = sorted(
        (version for version in found.values() if version.procedure.code in USUAL),
        key=lambda version: USUAL.index(version.procedure.code),
    )
    order = dict.fromkeys(
        [pk for pk in received if pk in found] + [version.procedure_id for version in usual]
    )
    return Popular(tuple(found[pk].pk for pk in list(order)[:POPULAR]), current.count())
