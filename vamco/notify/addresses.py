"""Names and addresses as they may stand in the head of a message: one line, no control characters."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def one_line(text: str, most: int) -> str:
    """The text without line breaks and control characters, at most `most` characters: fit for a header."""
    shown = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    return " ".join(unicodedata.normalize("NFC", shown).split())[:most].rstrip()


def address(text: str) -> str:
    """An e-mail address that can be sent to (the domain in its ASCII form), or an empty string.

    Refuses everything that is not plainly one address: line breaks, several addresses, a local part outside
    ASCII (servers without SMTPUTF8 would bounce it).
    """
    text = text.strip(" ")
    local, at, domain = text.rpartition("@")
    if not at or not local.isascii() or len(text) > 254 or re.search(r"[\x00-\x20\x7f<>,;\"()\\]", text):
        return ""
    try:
        domain = domain.encode("idna").decode("ascii")
        validate_email(f"{local}@{domain}")
    except (UnicodeError, ValidationError):
        return ""
    return f"{local}@{domain}"
