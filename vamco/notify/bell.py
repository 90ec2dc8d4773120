"""Stub of the bell, to be replaced."""

from vamco.organisation.models import User


def ring(user: User, text: str, *, url: str, kind: str, about: str = "", once: str = "") -> None:
    """Tell a person of something."""
