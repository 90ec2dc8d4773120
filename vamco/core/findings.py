"""What `vamco doctor` says of one thing that it, or a room's check, has looked at."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "warn", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, in words, and what to do about it."""

    name: str
    verdict: Verdict
    says: str
    do: str = ""
