"""A receipt with a history."""

import pytest

from tests.attachments.conftest import dossier, receipt
from vamco.organisation.models import User

assert dossier
assert receipt


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[User, str, str]]:
    """For whom the bell rang, with text and address."""
    rung: list[tuple[User, str, str]] = []

    def ring(user: User, text: str, *, url: str, kind: str, about: str = "", once: str = "") -> None:
        rung.append((user, text, url))

    monkeypatch.setattr("vamco.notify.bell.ring", ring)
    return rung
