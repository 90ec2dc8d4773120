"""The tables of the one-stop shop."""

from .dossier import EARLIEST, HELD, OPEN, TO_COLLECT, Dossier, DossierParty, DossierUnit, Stage, Visit
from .exports import Export
from .papers import DossierPaper, Slip, Supplement, SupplementItem
from .registers import RegisterBook, RegisterEntry
from .work import Consultation, Event, NewDate, Note, SavedFilter, Seen, StepRun

__all__ = [
    "EARLIEST",
    "HELD",
    "OPEN",
    "TO_COLLECT",
    "Consultation",
    "Dossier",
    "DossierPaper",
    "DossierParty",
    "DossierUnit",
    "Event",
    "Export",
    "NewDate",
    "Note",
    "RegisterBook",
    "RegisterEntry",
    "SavedFilter",
    "Seen",
    "Slip",
    "Stage",
    "StepRun",
    "Supplement",
    "SupplementItem",
    "Visit",
]
