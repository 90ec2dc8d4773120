"""Everything that is read of dossiers. Each function takes the actor and answers what that actor may see."""

from .readable import HANDLING, consultations, find, get, of_party, open_of_party, visible
from .rows import SOON, Row, name_of, row_of, standing, state_of, step_name, with_seen
from .searching import Filter, drafted_apology, drafted_closing, late, search, tab_counts

__all__ = [
    "HANDLING",
    "SOON",
    "Filter",
    "Row",
    "consultations",
    "drafted_apology",
    "drafted_closing",
    "find",
    "get",
    "late",
    "name_of",
    "of_party",
    "open_of_party",
    "row_of",
    "search",
    "standing",
    "state_of",
    "step_name",
    "tab_counts",
    "visible",
    "with_seen",
]
