"""The check code (mã kiểm tra) printed on a result: short to type, too many to guess at the allowed rate."""

import secrets as random

from vamco.core import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 characters that are not mistaken for one another."""
LENGTH = 8
SECRET_KIND = "results.secret"  # noqa: S105 (what the hash is of, not a secret)
"""What the stored hash is of: the first argument of its key."""


def new() -> str:
    """A fresh code: 31^8, about 8 x 10^11 of them."""
    return "".join(random.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """As it is printed: ABCD-EFGH."""
    return f"{code[:4]}-{code[4:]}" if code else ""


def typed(text: str) -> str:
    """What a person typed, in the form in which codes are kept: spaces, hyphens and case do not matter."""
    return "".join(char for char in text.upper() if char.isalnum())[:40]


def hashes(text: str) -> list[bytes]:
    """The hashes under which a typed code may be stored (several while keys are changed)."""
    return secrets.lookups(SECRET_KIND, typed(text))
