"""The tables of the one-stop shop."""

from .dossier import OPEN, Dossier, DossierParty, DossierUnit, Stage, Visit
from .papers import DossierPaper, Slip, Supplement, SupplementItem
from .work import Consultation, Event, NewDate, Note, SavedFilter, Seen, StepRun

__all__ = [
    "OPEN",
    "Consultation",
    "Dossier",
    "DossierPaper",
    "DossierParty",
    "DossierUnit",
    "Event",
    "NewDate",
    "Note",
    "SavedFilter",
    "Seen",
    "Slip",
    "Stage",
    "StepRun",
    "Supplement",
    "SupplementItem",
    "Visit",
]
