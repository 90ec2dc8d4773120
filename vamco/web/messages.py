"""What a page says after an action, instead of asking "are you sure?" before it."""

from django.contrib import messages
from django.http import HttpRequest


def done(request: HttpRequest, text: str, *, undo: str = "", draft: str = "") -> None:
    """Tell the user on the next page that something has been done.

    `undo` is the address on this site whose POST takes it back (shown as a button); `draft` names the form
    (its data-draft) whose kept draft may now be thrown away.
    """
    tags = [f"undo:{undo}"] if undo.startswith("/") and not undo.startswith("//") else []
    if draft:
        tags.append(f"draft:{draft}")
    messages.success(request, text, extra_tags=" ".join(tags))


def refused(request: HttpRequest, text: str) -> None:
    """Tell the user on the next page that something has not been done, and what to do about it."""
    messages.error(request, text)
