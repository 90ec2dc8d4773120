"""What holds on a day: posts are held, and units are open, from their first day to the end of their last."""

from datetime import date

from django.db.models import Q


def held_on(day: date, at: str = "") -> Q:
    """Holdings in force on the day; `at` is the lookup prefix that leads to them, such as "holdings__".

    Conditions on the same holding must stand in the same `filter()`.
    """
    return _covers(day, f"{at}since", f"{at}until")


def open_on(day: date, at: str = "") -> Q:
    """Units, or versions of units, that exist on the day; `at` as in `held_on`."""
    return _covers(day, f"{at}valid_from", f"{at}valid_to")


def _covers(day: date, first: str, last: str) -> Q:
    return Q((f"{first}__lte", day)) & not_over(day, last)


def not_over(day: date, last: str) -> Q:
    """What has no last day, or whose last day (the field `last`) is not before the day: in force then or later."""
    return Q((f"{last}__isnull", True)) | Q((f"{last}__gte", day))
