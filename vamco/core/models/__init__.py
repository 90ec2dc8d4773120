"""The tables of the core."""

from .files import File
from .ledger import DoneRequest, LedgerContent, LedgerEntry, LedgerErasure, LedgerPending, LedgerSeal
from .numbering import Serial, Series

__all__ = [
    "DoneRequest",
    "File",
    "LedgerContent",
    "LedgerEntry",
    "LedgerErasure",
    "LedgerPending",
    "LedgerSeal",
    "Serial",
    "Series",
]
