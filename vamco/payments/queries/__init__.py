"""Everything about money that is read."""

from .day import DaySummary, closing, day_summary, receipts_of_day
from .owed import Owed, balance, balances, charges_for, charges_shown, due, due_lines
from .receipts import (
    all_books,
    books,
    lines_of,
    of_dossier,
    open_receipts,
    receipt,
    receipts,
    receipts_of,
    record_opening,
    shown,
    written,
)
from .scope import VIEW, may_see, may_see_at, units

__all__ = [
    "VIEW",
    "DaySummary",
    "Owed",
    "all_books",
    "balance",
    "balances",
    "books",
    "charges_for",
    "charges_shown",
    "closing",
    "day_summary",
    "due",
    "due_lines",
    "lines_of",
    "may_see",
    "may_see_at",
    "of_dossier",
    "open_receipts",
    "receipt",
    "receipts",
    "receipts_of",
    "receipts_of_day",
    "record_opening",
    "shown",
    "units",
    "written",
]
