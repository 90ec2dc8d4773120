"""An entry of the ledger in words: who did it, by which door, and the values before and after."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .inputs import Words
from .models import LedgerEntry
from .stored import said
from .values import written

DOORS: Final[Mapping[str, Words]] = {
    "page": gettext_lazy("trang web"),
    "api": "API",
    "cli": gettext_lazy("dòng lệnh"),
    "job": gettext_lazy("việc tự động"),
}
"""By which door something was done; by any other it was the system."""


def who(entry: LedgerEntry) -> str:
    """Who did it: a person's name as it was then, or what the system calls itself in the reader's language."""
    return entry.actor_label if entry.actor_id else said(entry.actor_label)


def door(entry: LedgerEntry) -> str:
    """By which door."""
    return str(DOORS.get(entry.via) or _("hệ thống"))


def pair(value: Any) -> tuple[Any, Any]:
    """What stands in the content for a column, as it was before and after."""
    return (value[0], value[1]) if isinstance(value, list) and len(value) == 2 else (None, value)


def readable(value: Any) -> Any:
    """A stored value for people, where nothing more is known of its column."""
    if isinstance(value, bool):
        return written(value)
    return json.dumps(value, ensure_ascii=False, indent=1) if isinstance(value, dict | list) else value
