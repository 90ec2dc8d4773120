"""Noting something on a thing of any room.

Every role holds the permission; the room of the thing decides who may add to it (`Room.things`), and the action checks that.
"""

from typing import Annotated

from django.db import models
from django.utils.translation import gettext_lazy as _

from vamco.core import clock, things
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.inputs import Input
from vamco.organisation import mentions

from . import notices
from .models import Note


@action("history.note", label=_("Ghi chú"), done=_("Đã ghi chú."), locks=False)
def note(
    actor: Actor,
    thing: models.Model,
    /,
    *,
    text: Annotated[
        str,
        Input(
            _("Ghi chú nội bộ"),
            most=4000,
            long=True,
            help=_("ghi @ liền với tên đăng nhập hoặc họ tên để báo cho người đó"),
            example="Đã gọi điện cho người nộp.",
        ),
    ],
) -> Note:
    """Write an internal note on a thing (ghi chú nội bộ); who is named by «@» is told. Raises `Invalid` for a name that
    nobody has who may read the thing."""
    things.check_write(actor, thing)
    people = mentions.mentioned(text, lambda reader: things.may_read(reader, thing))
    written = Note.objects.create(
        kind=thing._meta.label_lower, thing=thing.pk, text=text, at=clock.now(), by_id=actor.user_id
    )
    written.mentions.set(people)
    notices.mentioned(actor, thing, written, people)
    return written
