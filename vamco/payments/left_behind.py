"""What a unit that is closed leaves behind at its till."""

from typing import Any

from django.db.models import Model, QuerySet

from vamco.organisation.models import Unit

from .models import BookState, Charge, ChargeState, ReceiptBook


def dues_of(about: Model) -> QuerySet[Any] | None:
    """What is still to be paid at a unit."""
    return Charge.objects.filter(unit=about, state=ChargeState.DUE) if isinstance(about, Unit) else None


def books_of(about: Model) -> QuerySet[Any] | None:
    """The receipt books that a unit has in use."""
    return ReceiptBook.objects.filter(unit=about, state=BookState.OPEN) if isinstance(about, Unit) else None
