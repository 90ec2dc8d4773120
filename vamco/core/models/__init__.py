"""The tables of the core."""

from .files import File
from .imports import ImportCell, ImportColumn, ImportFault, ImportMapping, ImportRun, ImportState
from .installation import Installation
from .ledger import DoneRequest, LedgerContent, LedgerEntry, LedgerErasure, LedgerPending, LedgerSeal
from .limits import RateLimit
from .numbering import Serial, Series

__all__ = [
    "DoneRequest",
    "File",
    "ImportCell",
    "ImportColumn",
    "ImportFault",
    "ImportMapping",
    "ImportRun",
    "ImportState",
    "Installation",
    "LedgerContent",
    "LedgerEntry",
    "LedgerErasure",
    "LedgerPending",
    "LedgerSeal",
    "RateLimit",
    "Serial",
    "Series",
]
