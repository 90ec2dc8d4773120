"""Words that code writes into the database or on paper: Vietnamese there, shown in the reader's language.

Code marks single words with `gettext_noop`, which leaves them Vietnamese whatever the language of who acts, and
makes whole papers in functions that are `in_vietnamese`. Where stored words are shown, `said` translates them.
"""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.utils import translation

P = ParamSpec("P")
R = TypeVar("R")


def in_vietnamese(make: Callable[P, R]) -> Callable[P, R]:
    """Make what the function makes in Vietnamese: a slip, a letter, a book."""

    @functools.wraps(make)
    def made(*args: P.args, **inputs: P.kwargs) -> R:
        # Not `override` as a decorator: its one instance would be shared by all threads.
        with translation.override("vi"):
            return make(*args, **inputs)

    return made


def said(stored: str) -> str:
    """Stored words in the reader's language; what a person wrote stays as it is."""
    return translation.gettext(stored) if stored else ""
