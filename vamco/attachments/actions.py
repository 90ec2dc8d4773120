"""Putting a file on a thing of any room, taking it off, putting it back.

Every role holds the permission; the room of the thing says who may add to it (`Room.things`), and that is asked inside.
"""

from typing import Annotated

from django.db import models
from django.utils.translation import gettext_lazy as _

from vamco.core import clock, files, things
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Refused
from vamco.core.inputs import Input
from vamco.core.models import File

from .models import Attachment

MOST = 200
"""So many files a thing may have: its page lists them all."""


@action("attachments.attach", label=_("Đính kèm tệp"), done=_("Đã đính kèm tệp %(name)s."), locks=False)
def attach(
    actor: Actor,
    thing: models.Model,
    /,
    *,
    file: Annotated[File, Input(_("Tệp"))],  # type: ignore[valid-type]  # its plugin takes it for annotated rows
    name: Annotated[str, Input(_("Tên"), most=200, help=_("để trống thì lấy tên tệp"))] = "",
    note: Annotated[str, Input(_("Ghi chú"), most=500, help=_("tệp này là gì, từ đâu"))] = "",
) -> Attachment:
    """Put a file on a thing (đính kèm tệp): one that the actor has just uploaded, for nothing else. Raises `Invalid`."""
    things.check_write(actor, thing)
    if things.on(Attachment, thing).filter(removed_at=None).count() >= MOST:
        raise Refused(_("Mục này đã có %(most)s tệp. Hãy gỡ tệp không cần trước khi thêm.") % {"most": MOST})
    taken = files.take(file, user_id=actor.user_id)
    return Attachment.objects.create(
        kind=thing._meta.label_lower,
        thing=thing.pk,
        file=taken,
        name=name or taken.name,
        note=note,
        at=clock.now(),
        by_id=actor.user_id,
    )


@action("attachments.attach", label=_("Gỡ tệp đính kèm"), done=_("Đã gỡ tệp %(name)s."))
def remove(actor: Actor, attachment: Attachment, /) -> Attachment:
    """Take a file off its thing (gỡ tệp): from now on nobody reads it."""
    things.check_write(actor, attachment.row)
    if attachment.removed_at is not None:
        raise Refused(_("Tệp này đã gỡ rồi. Hãy tải lại trang."))
    attachment.removed_at, attachment.removed_by_id = clock.now(), actor.user_id
    attachment.save(update_fields=["removed_at", "removed_by"])
    return attachment


@action("attachments.attach", label=_("Lấy lại tệp đã gỡ"), done=_("Đã lấy lại tệp %(name)s."))
def put_back(actor: Actor, attachment: Attachment, /) -> Attachment:
    """Put a file back that was taken off (lấy lại tệp)."""
    things.check_write(actor, attachment.row)
    if attachment.removed_at is None:
        raise Refused(_("Tệp này chưa gỡ. Hãy tải lại trang."))
    attachment.removed_at = attachment.removed_by = None
    attachment.save(update_fields=["removed_at", "removed_by"])
    return attachment
