"""Papers on a shelf."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from vamco.core.rooms import Process, Room, Store


@contextmanager
def at_rest() -> Iterator[None]:
    """While it lasts, a paper lies on the shelf that says so."""
    paper = settings.HOME / "shelf" / "at-rest"
    paper.write_text("đang nghỉ")
    try:
        yield
    finally:
        paper.unlink()


ROOM = Room(
    stores=(Store("shelf", "Kệ giấy", at_rest),),
    processes=(Process("tidy", ["tidy", "--every", "1"]),),
)
