"""Putting a message into the outbox: plain functions, called inside the action that gives the reason to
write.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Required, TypedDict, Unpack

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer

from vamco.core import clock
from vamco.core.errors import Invalid
from vamco.core.jobs import app
from vamco.core.models import File
from vamco.core.rows import insert
from vamco.organisation.models import Unit

from . import texts
from .addresses import address, one_line
from .models import Language, Message, State

if TYPE_CHECKING:
    from vamco.organisation.models import User

MOST_BYTES: Final = 10 * 1024 * 1024
"""Of all files of one message: they grow by a third on the way, and many mail servers take 20 MB or less."""
SECRET_FOR: Final = timedelta(days=1)
"""How long the text of a secret message waits to be sent, unless its writer says otherwise."""


class Envelope(TypedDict, total=False):
    """Whom a message goes to and what goes with it."""

    to_email: Required[str]
    to_name: str
    dossier: str
    party_id: int | None
    user: "User | None"
    language: str
    once: str
    files: Sequence[File]
    expires_at: datetime | None


def queue(kind: str, *, unit: Unit, subject: str, body: str, **envelope: Unpack[Envelope]) -> Message:
    """Write a message and its job, both in the caller's transaction: neither is there without the other.

    Without an address that can be written to, the message is kept as skipped, so that the log says so. `once`
    names what may be told one time only: a second call answers the first message. `files` go with it as attachments;
    after `expires_at` it is not sent any more. Raises `Invalid` for more than `MOST_BYTES` of files, `ValueError` for a
    kind that no room declares.
    """
    secret = texts.declared(kind).secret
    if not connection.in_atomic_block:
        raise RuntimeError("queue needs a transaction: a message without its cause would tell a lie")
    once, files, language = (
        envelope.get("once", ""),
        envelope.get("files", ()),
        envelope.get("language", "vi"),
    )
    if once and (earlier := Message.objects.filter(once=once).first()):
        return earlier
    check_size(files)
    at, to = clock.now(), address(envelope["to_email"])
    kept = bool(to) or not secret  # a secret that nobody can be sent is not kept
    message = Message(
        unit=unit,
        kind=kind,
        secret=secret,
        language=language if language in Language.values else Language.VI,
        to_email=to,
        to_name=one_line(envelope.get("to_name", ""), 200),
        party_id=envelope.get("party_id"),
        user=envelope.get("user"),
        dossier=envelope.get("dossier", ""),
        subject=one_line(subject, 300) if kept else "",
        body=body if kept else "",
        message_id=new_message_id(),
        once=once or None,
        state=State.QUEUED if to else State.SKIPPED,
        last_error="" if to else _why_skipped(envelope["to_email"]),
        created_at=at,
        next_at=at if to else None,
        expires_at=envelope.get("expires_at") or (at + SECRET_FOR if secret else None),
    )
    return _put(message, files)


def copy(message: Message, to_email: str) -> Message:
    """Put a copy of a message that went, or that is to go elsewhere, into the outbox, with its files."""
    at = clock.now()
    fields = (
        "unit", "kind", "language", "to_name", "party_id", "user", "dossier", "subject", "body", "secret",
    )  # fmt: skip
    made = Message(
        **{name: getattr(message, name) for name in fields},
        to_email=to_email,
        message_id=new_message_id(),
        resend_of=message,
        created_at=at,
        next_at=at,
    )
    return _put(made, message.attached())


def check_size(files: Sequence[File]) -> None:
    """Refuse more than one message carries. Raises `Invalid`."""
    total = sum(file.size for file in files)
    if total > MOST_BYTES:
        raise Invalid(
            _(
                "Các tệp kèm theo nặng %(total)s MB, một thư chỉ gửi được %(most)s MB. Hãy gửi ít tệp hơn, hoặc ghi trong thư nơi nhận tệp."
            )
            % {"total": -(-total // 1024**2), "most": MOST_BYTES // 1024**2},
            field="files",
        )


def _put(message: Message, files: Sequence[File]) -> Message:
    """Write the message, its files and its job; or find the one that was told before under its `once`."""
    if message.once:
        try:
            with transaction.atomic():
                insert(message)
        except IntegrityError:
            return Message.objects.get(once=message.once)
    else:
        insert(message)
    if files:
        message.files.set(files)
    if message.state == State.QUEUED:
        _job(message).defer(message_id=message.pk)
    return message


def tell(kind: str, *, unit: Unit, words: Mapping[str, object], **envelope: Unpack[Envelope]) -> Message:
    """`queue` with the text of the kind's template; `words` as `texts.compose` describes them."""
    usual = {
        "name": one_line(envelope.get("to_name", ""), 200),
        "code": envelope.get("dossier", ""),
        "unit": unit.agency,
        "phone": unit.phone,
    }
    subject, body = texts.compose(kind, envelope.get("language", "vi"), {**usual, **words})
    return queue(kind, unit=unit, subject=subject, body=body, **envelope)


def enqueue(message: Message, *, delay: timedelta | None = None) -> None:
    """One waiting job for the message; where one waits already, nothing."""
    try:
        with transaction.atomic():
            _job(message, delay).defer(message_id=message.pk)
    except AlreadyEnqueued:
        pass


def _job(message: Message, delay: timedelta | None = None) -> JobDeferrer:
    """The job that sends it. Named, not imported: `jobs` imports this module."""
    return app.configure_task(
        "notify.send",
        queueing_lock=f"notify.message:{message.pk}",
        schedule_in={"seconds": int(delay.total_seconds())} if delay else None,
    )


def new_message_id() -> str:
    """A Message-ID of RFC 5322, section 3.6.4: unique in the world, under the domain of the sender."""
    domain = one_line(settings.MAIL_FROM.rpartition("@")[2].strip("> "), 80) or "localhost"
    return f"<{uuid.uuid4().hex}@{domain}>"


def _why_skipped(to_email: str) -> str:
    return (
        gettext_noop("Địa chỉ thư điện tử không đúng.")
        if to_email.strip()
        else gettext_noop("Người nhận không có địa chỉ thư điện tử.")
    )
