"""Rows made from a sheet by the action that makes one row. All or nothing.

A room declares in its `imports.py`:

    CALENDAR = SheetImport(set_day, aliases={"source": ("Số văn bản",)}, key="day", rows=days, stored={"day": "date"})

The columns are the declared inputs of the action. Each line is tried by really calling the action in a transaction that
is rolled back, so that every rule of it is told by its cell, and written by the same calls in one transaction.
"""

from .declared import IMPORTS, SheetImport, known

__all__ = ["IMPORTS", "SheetImport", "known"]
