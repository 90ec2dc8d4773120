"""The bell: what came for a person, on their pages and in the daily mail.

Reading is no legal act and leaves no entry in the ledger: what marks notices as read is no action, on purpose, and
touches only the reader's own rows. What rings belongs to the transaction of the action that gives the reason.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vamco.core import clock, visibility
from vamco.core.actors import Actor
from vamco.core.errors import NotFound
from vamco.organisation.models import User

from .addresses import one_line
from .models import Notice

COUNTED = 99
"""The bell counts so far, and then says that there are more."""


def ring(user: User, text: str, *, url: str, kind: str, about: str = "", once: str = "") -> None:
    """Tell a person of something, in the caller's transaction. `url` is a path of ours, `about` a dossier's code.

    What the person was told before under the same `once` is not told again. It never fails the caller for that.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("ring needs a transaction: a notice without its cause would tell a lie")
    notice = Notice(
        user=user,
        kind=kind,
        text=one_line(text, 300),
        url=url,
        about=about,
        once=once,
        created_at=clock.now(),
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)


def notices(actor: Actor, *, unread: bool = False) -> "QuerySet[Notice]":
    """What came for the actor, newest first, without what is about a dossier that they may not see any more."""
    rows = _of(actor).order_by("-pk")
    if unread:
        rows = rows.filter(read_at__isnull=True)
    return rows.alias(closed=visibility.closed(actor, "about")).filter(closed=False)


def unread_count(actor: Actor) -> int:
    """How many notices wait for the actor, at most one more than `COUNTED`; one query, of their unread ones alone."""
    return notices(actor, unread=True)[: COUNTED + 1].count()


def notice(actor: Actor, pk: int) -> Notice:
    """One of the actor's notices. Raises `NotFound`, also for another's."""
    found = notices(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(
            _("Không có thông báo này, hoặc ông/bà không còn được xem. Hãy quay lại danh sách thông báo.")
        )
    return found


def mark_read(actor: Actor, *, ids: Collection[int] = (), upto: int | None = None) -> int:
    """Mark the actor's notices as read: those named, and all up to one of them; answers how many were new to them.

    What came after `upto` was not on the page that they read, and stays unread.
    """
    rows = _of(actor).filter(read_at__isnull=True)
    read = rows.filter(pk__in=list(ids)).update(read_at=clock.now()) if ids else 0
    return read + (rows.filter(pk__lte=upto).update(read_at=clock.now()) if upto is not None else 0)


def read_about(actor: Actor, about: str) -> None:
    """The actor has the dossier before them, or has dealt with it: what they were told of it is read."""
    _of(actor).filter(read_at__isnull=True, about=about).update(read_at=clock.now())


def people_told_since(when: datetime) -> set[int]:
    """The people (primary keys) for whom something came since then that they have not read."""
    rows = Notice.objects.filter(read_at__isnull=True, created_at__gte=when)
    return set(rows.order_by().values_list("user_id", flat=True).distinct())


def _of(actor: Actor) -> "QuerySet[Notice]":
    """All that came for a person; nothing comes for the system."""
    if actor.user_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(user_id=actor.user_id)
