"""The one mail a day (thư nhắc việc): what falls due and what came, for officers and heads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vamco.core import clock
from vamco.organisation.models import Unit

from . import outbox
from .models import Message, Notice

if TYPE_CHECKING:
    from vamco.organisation.models import User

KIND = "digest"
MOST_NOTICES = 20
MOST = 40
"""Rows in one mail; of what is more, only the number."""


@dataclass(frozen=True)
class Row:
    """One dossier of the digest. `left` in words ("còn 3 giờ", "trễ 1 ngày"); `late` puts it on top."""

    code: str
    procedure: str
    due_at: datetime
    left: str
    holder: str = ""
    late: bool = False

    @property
    def due(self) -> str:
        """16:00 09/12/2016"""
        return f"{clock.local(self.due_at):%H:%M %d/%m/%Y}"


def digest_due(
    user: "User",
    rows: Sequence[Row],
    *,
    unit: Unit,
    notices: Sequence[Notice] = (),
    url: str = "",
    language: str = "vi",
) -> Message | None:
    """Queue the person's digest of the day: what is due, and the notices that they have not read, newest first. Nothing
    when there is neither, and once a day however often called.
    """
    if not (rows or notices) or not user.is_active:
        return None
    day = clock.today()
    rows = sorted(rows, key=lambda row: (not row.late, row.due_at, row.code))
    words = {
        "count": len(rows),
        "late_count": sum(row.late for row in rows),
        "late": [row for row in rows[:MOST] if row.late],
        "soon": [row for row in rows[:MOST] if not row.late],
        "more": max(len(rows) - MOST, 0),
        "notices": [_line(notice) for notice in notices[:MOST_NOTICES]],
        "unread": len(notices),
        "more_notices": max(len(notices) - MOST_NOTICES, 0),
        "day": day,
        "url": url,
    }
    with transaction.atomic():
        return outbox.tell(
            KIND,
            unit=unit,
            words=words,
            to_email=user.email,
            to_name=user.full_name,
            user=user,
            language=language,
            once=f"digest:{user.pk}:{day.isoformat()}",
        )


def _line(notice: Notice) -> str:
    return f"{clock.local(notice.created_at):%H:%M %d/%m} · {notice.text}"
