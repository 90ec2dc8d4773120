"""Attached files as their readers may see them: the one rule for page, download and API."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vamco.core import things
from vamco.core.actors import Actor
from vamco.core.errors import NotFound
from vamco.web.action_forms import InputForm

from .actions import attach
from .models import Attachment


def may_read(actor: Actor, attachment: Attachment) -> bool:
    """Whether the actor may read the file: it is still on its thing, and they may read that."""
    return attachment.removed_at is None and things.may_read(actor, attachment.row)


def attached(actor: Actor, row: models.Model) -> QuerySet[Attachment]:
    """The files on a thing; none where the actor may not read it."""
    rows = Attachment.objects.select_related("file", "by")
    if not things.may_read(actor, row):
        return rows.none()
    return rows.filter(pk__in=things.on(Attachment, row).filter(removed_at=None)).order_by("pk")


def attachment(actor: Actor, pk: int, *, removed: bool = False) -> Attachment:
    """One file by its number, on record where reading its thing is. Raises `NotFound` alike for one that does not exist,
    one that is not for the actor and one that was taken off, unless it is that (`removed`) which is asked for."""
    found = (
        Attachment.objects.select_related("file", "by").filter(pk=pk, removed_at__isnull=not removed).first()
    )
    if found is None:
        raise NotFound(_("Không tìm thấy tệp này trong phần ông/bà được xem. Có thể tệp đã được gỡ."))
    things.get(actor, found.kind, found.thing)
    return found


def section(actor: Actor, row: Any) -> Mapping[str, Any] | None:
    """The files on a thing's page, with the form for one more; nothing for who may not read it."""
    if not things.may_read(actor, row):
        return None
    form = InputForm(attach, actor, row, auto_id="attach_%s") if things.may_write(actor, row) else None
    return {
        "thing": row,
        "kind": row._meta.label_lower,
        "attachments": list(attached(actor, row)),
        "form": form,
    }
