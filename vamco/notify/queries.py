"""The log of messages, as far as the reader may see it."""

import re

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vamco.core import search, visibility
from vamco.core.actors import Actor
from vamco.core.errors import NotFound

from . import digest
from .models import SEARCHED, Message


def log(actor: Actor) -> "QuerySet[Message]":
    """The messages of the units in which the actor may look at the log; texts are left out.

    A message about a dossier that the actor may not see is `closed`. It is in the list, since it may have to be sent
    again, but no search finds it, and `shown` takes away what tells whom and what it is about.
    """
    rows = Message.objects.annotate(**{"closed": visibility.closed(actor, "dossier")})
    return rows.select_related("unit", "user").defer("body").filter(actor.within("notify.view"))


def with_words(rows: "QuerySet[Message]", q: str) -> "QuerySet[Message]":
    """Those with the words in the receiver's name or address or in the dossier's code; none that is closed."""
    return search.found_by_index(rows.filter(("closed", False)), q, *SEARCHED)


def about_dossier(rows: "QuerySet[Message]", code: str) -> "QuerySet[Message]":
    """Those about a dossier; none that is closed."""
    return rows.filter(("closed", False), dossier=code.strip())


def message(actor: Actor, pk: int) -> Message:
    """One message with its text. Raises `NotFound` when there is none that the actor may see."""
    found: Message | None = log(actor).defer(None).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Không có tin này trong phần ông/bà được xem. Hãy quay lại danh sách tin gửi."))
    if not found.closed and found.dossier:
        visibility.record_opening(actor, found.dossier)
    if not may_read(actor, found):
        found.body = str(visibility.HIDDEN)
    return shown(found)


def attached(actor: Actor, message: Message) -> list[str]:
    """The names of the files that went with a message, for who may read its text."""
    return [file.name for file in message.attached()] if may_read(actor, message) else []


def shown(message: Message) -> Message:
    """A message from the log as its reader may see it; not to be saved."""
    _without_secret(message)
    if message.closed:
        message.last_error = _without_address(message.last_error, message.to_email)
        message.to_name = message.subject = str(visibility.HIDDEN)
        message.to_email = message.dossier = ""
    return message


def _without_secret(message: Message) -> Message:
    """Of a secret message its kind alone, also before it is erased."""
    if message.secret:
        message.subject = str(message.kind_name)
        message.body = _("Nội dung là mã riêng của người nhận: không hiện ở đây, và xóa ngay khi đã gửi.")
    return message


def _without_address(error: str, address: str) -> str:
    """What a mail server said, without the address that it repeats."""
    names = sorted({address, address.partition("@")[0]} - {""}, key=len, reverse=True)
    pattern = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names)
    return re.sub(pattern, "…", error, flags=re.IGNORECASE) if pattern else error


def may_read(actor: Actor, message: Message) -> bool:
    """Whether the actor may read the text: of a message about a dossier who may see that dossier, of the daily list of
    somebody's work that person. A secret one is read by nobody but its receiver, in their mail."""
    if message.secret:
        return False
    if message.kind == digest.KIND:
        return actor.everything or message.user_id == actor.user_id
    return not visibility.closed_among(actor, [message.dossier])


def of_dossier(code: str) -> list[Message]:
    """The messages about a dossier, oldest first: for the page of that dossier, which decides who may see it. Not to be
    saved."""
    return [_without_secret(message) for message in Message.objects.filter(dossier=code).order_by("pk")]
