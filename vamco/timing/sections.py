"""What the calendar shows on the morning page."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.organisation.where import home_unit

from .models import CalendarDay, DayKind

AHEAD = 14
"""Days that one plans for in the morning."""


def morning(actor: Actor, _subject: None) -> dict[str, Any] | None:
    """The next day, today included, that is off or worked against its weekday at the actor's unit; two queries."""
    unit = home_unit(actor.known_id)
    today = clock.today()
    rows = CalendarDay.objects.filter(date__range=(today, today + timedelta(days=AHEAD)), removed=False)
    rows = rows.filter(Q(unit=None) | Q(unit_id__in=unit.path if unit else []))
    found = list(rows.select_related("unit").order_by("date"))
    if not found:
        return None
    # A unit's own day goes before those of the units above it.
    same = [row for row in found if row.date == found[0].date]
    nearest = max(same, key=lambda row: len(row.unit.path) if row.unit else 0)
    return {"day": nearest, "words": _words(nearest)}


def _words(day: CalendarDay) -> str:
    if day.kind == DayKind.HOLIDAY:
        return _("nghỉ lễ %(name)s") % {"name": day.name}
    if day.kind == DayKind.COMPENSATION:  # its name says that it makes up for something
        return _("nghỉ, %(name)s") % {"name": day.name}
    return f"{day.get_kind_display()}: {day.name}"
