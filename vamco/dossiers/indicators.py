"""The one-stop shop in figures, for the page of a unit.

Counting rule, as on the citizens' first page (`figures`): a dossier counts once, for the unit that received it.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Count, F, Q

from vamco.core import clock

from .figures import DECIDED
from .models import Dossier
from .sections import month_start

DAYS = 90
"""How far back decisions are looked at: a quarter, so that a small commune has some."""


def on_time(units: Collection[int]) -> tuple[int, int]:
    """How many dossiers were decided in the last days no later than their due time, and of how many; one query."""
    since = clock.now() - timedelta(days=DAYS)
    # What was decided since then was changed since then: the index of changes leads to it.
    decided = Dossier.objects.filter(
        unit_id__in=units, stage__in=DECIDED, changed_at__gte=since, ready_at__gte=since, due_at__isnull=False
    )
    found = decided.aggregate(of=Count("pk"), met=Count("pk", filter=Q(ready_at__lte=F("due_at"))))
    return found["met"], found["of"]


def received_month(units: Collection[int]) -> tuple[int, None]:
    """How many dossiers were received since the month began; one query."""
    return Dossier.objects.filter(unit_id__in=units, received_at__gte=month_start()).count(), None
