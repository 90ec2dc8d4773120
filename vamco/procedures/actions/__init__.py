"""Everything that changes the catalogue.

Published versions stay as they are; a change makes a new version. `versions`: whole versions, from the first
draft of a new procedure to its end; `content`: what a draft says and asks for; `process`: the steps of a draft.
"""

from .content import (
    TEXTS,
    add_case,
    add_sector,
    edit_case,
    edit_texts,
    move,
    put,
    take_out,
    take_out_case,
)
from .process import add_step, edit_process, edit_step, take_out_step
from .versions import discard, import_definition, new_draft, new_procedure, publish, retire

__all__ = [
    "TEXTS",
    "add_case",
    "add_sector",
    "add_step",
    "discard",
    "edit_case",
    "edit_process",
    "edit_step",
    "edit_texts",
    "import_definition",
    "move",
    "new_draft",
    "new_procedure",
    "publish",
    "put",
    "retire",
    "take_out",
    "take_out_case",
    "take_out_step",
]
