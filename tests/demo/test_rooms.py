"""Each room may add to the demo."""

from types import SimpleNamespace

import pytest

from vamco.core import rooms
from vamco.core.rooms import Room
from vamco.demo import loading


@pytest.mark.django_db
def test_rooms_are_filled_after_the_month(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for name in ("load_units", "load_timing", "load_shipped", "load_templates"):
        monkeypatch.setattr(loading, name, lambda: None)
    monkeypatch.setattr(loading, "_staff", list)
    month = SimpleNamespace(received=0, events=0, refused=0, run=lambda number, told: done.append("month"))
    monkeypatch.setattr(loading, "Month", lambda *about: month)
    made = {"a": Room(), "b": Room(demo=lambda: done.append("b")), "c": Room(demo=lambda: done.append("c"))}
    monkeypatch.setattr(rooms, "rooms", lambda: made)

    loading.load(lambda said: None)

    assert done == ["month", "b", "c"]
