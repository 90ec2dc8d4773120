"""A dossier's due time from its history: receipt, supplements and new dates, under its own regime."""

from datetime import datetime

from django.db.models import F

from vamco.core import worktime
from vamco.organisation.models import Unit
from vamco.timing import queries as timing

from ..models import Dossier


def limit_of(amount: int, unit: str) -> worktime.Limit:
    """A procedure's limit as working time: `at_once` is the same day."""
    if unit == "working_hour":
        return worktime.Limit.of(hours=amount)
    return worktime.Limit.of(days=0 if unit == "at_once" else amount)


def first_due(
    received_at: datetime, amount: int, unit: str, *, office: Unit, regime: worktime.Regime
) -> datetime:
    """When something received now is due if nothing comes between."""
    return worktime.due_by(
        received_at, limit_of(amount, unit), calendar=timing.calendar_for(office), regime=regime
    )


def due_at(dossier: Dossier) -> datetime | None:
    """When the dossier is due by its history; None while a supplement is awaited.

    A new date that was signed after the due time had passed moves nothing: what was late stays late.
    """
    pauses = list(dossier.supplements.order_by("number").values_list("asked_at", "answered_at"))
    promises = dossier.new_dates.filter(signed_at__lte=F("old_due_at"))
    signed = promises.order_by("signed_at").values_list("signed_at", "new_due_at")
    new_dates = [(at, new) for at, new in signed if at is not None]
    return worktime.due_with_pauses(
        dossier.received_at,
        limit_of(dossier.limit_amount, dossier.limit_unit),
        pauses,
        calendar=timing.calendar_for(dossier.unit),
        regime=timing.regime(dossier.regime),
        new_dates=new_dates,
    )


def used_minutes(start: datetime, end: datetime, office: Unit) -> int:
    """Office minutes between two instants at a unit."""
    return worktime.elapsed(start, end, calendar=timing.calendar_for(office))


def after_hours(start: datetime, hours: int, office: Unit) -> datetime:
    """The instant after so many office hours."""
    return worktime.add_minutes(start, hours * 60, calendar=timing.calendar_for(office))


def after_days(start: datetime, days: int, office: Unit, regime: str) -> datetime:
    """The end of the n-th working day after."""
    return worktime.due(start, days=days, calendar=timing.calendar_for(office), regime=timing.regime(regime))


def minutes_left(now: datetime, due: datetime, office: Unit) -> int:
    """Office minutes until a due time; negative when late."""
    return worktime.remaining(now, due, calendar=timing.calendar_for(office))


WARN_AT = (70, 90, 100)
"""Percent of the time after which the holder, then the head of the unit, then the one-stop unit are warned."""


def plan_warning(dossier: Dossier, since: datetime) -> None:
    """Set when to warn next: the first share of the time between `since` and the due time not warned of yet."""
    dossier.warn_at = None
    share = next((percent for percent in WARN_AT if percent > dossier.warned), None)
    if share is None or dossier.due_at is None:
        return
    calendar = timing.calendar_for(dossier.unit)
    total = max(worktime.elapsed(since, dossier.due_at, calendar=calendar), 0)
    dossier.warn_at = (
        dossier.due_at
        if share == 100
        else worktime.add_minutes(since, total * share // 100, calendar=calendar)
    )


def counting_since(dossier: Dossier) -> datetime:
    """Since when the present time limit runs: the receipt, or the last supplement under a regime that starts anew."""
    last = dossier.supplements.filter(answered_at__isnull=False).last()
    if last is not None and last.answered_at and timing.regime(dossier.regime).supplement == "restart":
        return last.answered_at
    return dossier.received_at
