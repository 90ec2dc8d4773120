"""Sending what the outbox holds."""

from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_noop
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from vamco.core import clock
from vamco.core.jobs import app

from . import outbox, smtp
from .models import Message, Notice, State

WAITS = (60, 300, 900, 3_600, 10_800, 21_600, 43_200)
"""Seconds between one try and the next: eight tries over about a day."""
TRIES = len(WAITS) + 1
GIVEN_UP_ON = timedelta(minutes=10)
"""A message whose try is overdue by so much has lost its job (a killed worker): it gets a new one."""
KEPT_FOR = timedelta(days=3)
"""When a mail server is set for the first time, only messages as young as this go out by themselves."""

TOO_LATE = gettext_noop("Đã quá thời hạn của tin nên không gửi nữa.")
CHANGED = ("attempts", "state", "last_error", "next_at", "sent_at", "subject", "body")
"""What a try changes."""


class NotSent(Exception):
    """This try failed; there will be another."""


class Again(BaseRetryStrategy):
    """Tries again when the message says it wants to."""

    def get_retry_decision(self, *, exception: BaseException, job: object) -> RetryDecision | None:
        """The next try of a message that is still queued, and when the database was lost meanwhile; none for faults
        of the program."""
        if isinstance(exception, OperationalError | InterfaceError):
            return RetryDecision(retry_in={"seconds": 10})
        if not isinstance(exception, NotSent):
            return None
        return RetryDecision(retry_in={"seconds": exception.args[0]})


@app.task(name="notify.send", retry=Again())
def send(message_id: int) -> None:
    """Send one message, unless it has gone already.

    The row stays locked while the server is spoken to, so no two workers send it. If this process is killed
    between the server's yes and the commit, the next try sends a second copy with the same Message-ID: at
    least once, never lost. Without VAMCO_SMTP_URL the message stays queued.
    """
    if not settings.SMTP_URL:
        return
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(of=("self",)).filter(pk=message_id, state=State.QUEUED).first()
        )
        if message is None:
            return
        wait = _try(message)
    if wait:
        raise NotSent(wait)


def _try(message: Message) -> int:
    """One try; answers after how many seconds to try again, 0 for not at all. The text of a secret one is erased in the
    statement that says that it has gone or is given up."""
    at = clock.now()
    if message.expires_at is not None and message.expires_at <= at:
        _give_up(message, TOO_LATE)
        return 0
    wait = 0
    message.attempts += 1
    message.next_at = None
    try:
        smtp.send(message)
    except smtp.Failed as failed:
        # What a mail server says may repeat what it was sent.
        message.last_error = failed.brief if message.secret else failed.reason
        if failed.final or message.attempts >= TRIES:
            message.state = State.FAILED
        else:
            wait = WAITS[message.attempts - 1]
            message.next_at = at + timedelta(seconds=wait)
    else:
        message.state, message.sent_at, message.last_error = State.SENT, clock.now(), ""
    if message.state != State.QUEUED:
        message.erase_secret()
    message.save(update_fields=CHANGED)
    return wait


def _give_up(message: Message, why: str) -> None:
    message.state, message.next_at, message.last_error = State.FAILED, None, why
    message.erase_secret()
    message.save(update_fields=CHANGED)


@app.periodic(cron="*/5 * * * *")
@app.task(name="notify.sweep", queueing_lock="notify.sweep")
def sweep(timestamp: int) -> None:
    """Give up what is too late to be sent, also while there is no mail server, and give every queued message that has
    lost its job a new one: after a crash, or once a mail server is set.
    """
    _give_up_the_late()
    if not settings.SMTP_URL:
        return
    at = clock.now()
    waiting = Message.objects.filter(
        state=State.QUEUED, next_at__lt=at - GIVEN_UP_ON, created_at__gt=at - KEPT_FOR
    ).order_by("pk")[:500]
    for message in waiting:
        with transaction.atomic():
            outbox.enqueue(message)


def _give_up_the_late() -> None:
    late = Message.objects.filter(state=State.QUEUED, expires_at__lte=clock.now())
    with transaction.atomic():
        for message in late.select_for_update(of=("self",), skip_locked=True)[:500]:
            _give_up(message, TOO_LATE)


NOTICES_KEPT = timedelta(days=180)


@app.periodic(cron="40 18 * * *")  # 01:40 in Viet Nam
@app.task(name="notify.forget_notices", queueing_lock="notify.forget_notices")
def forget_notices(timestamp: int) -> None:
    """Throw old notices away, read or not: they say what is new, and are no evidence."""
    Notice.objects.filter(created_at__lt=clock.now() - NOTICES_KEPT).delete()
