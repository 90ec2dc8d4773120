"""The outbox (every message that was to be sent, what became of it, the text as it went) and the bell."""

from collections.abc import Collection

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vamco.core import rooms
from vamco.core.inputs import Words
from vamco.core.models import File
from vamco.core.search import indexed
from vamco.organisation.models import Unit

SEARCHED = ("to_name", "to_email", "dossier")
"""What words are looked for in."""


KIND = "^[a-z][a-z0-9_]{0,39}$"
"""The form of a kind's key; which there are is said by the rooms (`MessageKind`), not by the database."""


class State(models.TextChoices):
    """Where a message stands."""

    QUEUED = "queued", _("chờ gửi")
    SENT = "sent", _("đã gửi")
    FAILED = "failed", _("không gửi được")
    SKIPPED = "skipped", _("không có địa chỉ")


class Language(models.TextChoices):
    """The languages in which messages are written."""

    VI = "vi", "Tiếng Việt"
    EN = "en", "English"


class Message(models.Model):
    """One message to one person (tin gửi).

    `dossier` is a dossier's code, `party_id` and `user_id` say whom the message is for. `message_id` (RFC
    5322, section 3.6.4) stays the same over all tries, so that a copy after a crash can be recognised as
    such. `once` names what may be told one time only ("digest:17:2016-12-09"). `next_at` is the time of the
    next try of a queued message, `expires_at` that after which it is not sent any more. `files` go with it.

    The text of a `secret` one is there only until it has gone, or is given up: a code that lies about is a code for
    whoever finds it.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", help_text="who writes")
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=Language, default=Language.VI)
    to_email = models.CharField(max_length=254, blank=True)
    to_name = models.CharField(max_length=200, blank=True)
    party_id = models.BigIntegerField(null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    dossier = models.CharField(max_length=60, blank=True, db_index=True)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    secret = models.BooleanField(default=False)
    files = models.ManyToManyField(File, related_name="+", blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    once = models.CharField(max_length=120, null=True, blank=True, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    resend_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="resent"
    )
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    closed: bool = False
    """Whether it is about a dossier that its reader may not see; `queries` says so."""

    audit_exclude = {"to_email", "to_name", "subject", "body"}

    class Meta:
        verbose_name = _("tin")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__regex=KIND), name="message_kind"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="message_language"),
            models.CheckConstraint(
                condition=Q(state=State.SENT, sent_at__isnull=False)
                | ~Q(state=State.SENT) & Q(sent_at__isnull=True),
                name="message_sent_at",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SKIPPED) | ~Q(to_email=""), name="message_has_address"
            ),
            models.CheckConstraint(
                condition=Q(secret=False) | Q(state=State.QUEUED) | Q(subject="", body=""),
                name="message_secret_erased",
            ),
            models.CheckConstraint(
                condition=Q(secret=False) | Q(expires_at__isnull=False), name="message_secret_expires"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "id"], name="message_unit_state"),
            models.Index(fields=["next_at"], condition=Q(state="queued"), name="message_queued"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state="queued", expires_at__isnull=False),
                name="message_expiring",
            ),
            GinIndex(indexed(*SEARCHED), name="message_words"),
        ]

    def __str__(self) -> str:
        return str(self.kind_name) if self.secret else self.subject

    @property
    def kind_name(self) -> Words:
        """What kind of message it is, for people; its key where the room that wrote it is no more."""
        kind = rooms.message_kinds().get(self.kind)
        return kind.name if kind else self.kind

    def permission_units(self) -> Collection[int]:
        """The unit that writes."""
        return [self.unit_id]

    def attached(self) -> list[File]:
        """The files that go with it, in the order in which they were stored."""
        return list(self.files.order_by("pk"))

    def erase_secret(self) -> None:
        """Drop the text of a secret one, which must not outlive its being sent or given up. Does not save."""
        if self.secret:
            self.subject = self.body = ""


class Notice(models.Model):
    """Something that came for one person (thông báo), told by the bell on their pages and in the daily mail.

    `about` is the code of the dossier that it tells of: who may not see that any more is not shown it. `once` names
    what a person is told one time only. `url` leads to a page of ours and nowhere else, whatever a caller was given:
    browsers take `//` and `/\\` for another site and drop blanks and line breaks before they look.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300)
    about = models.CharField(max_length=60, blank=True)
    once = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("thông báo")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "once"], condition=~Q(once=""), name="notice_once"),
            models.CheckConstraint(condition=Q(kind__regex=KIND), name="notice_kind"),
            models.CheckConstraint(condition=~Q(text=""), name="notice_says_something"),
            models.CheckConstraint(
                condition=Q(url__regex=r"^/([^/\\[:space:][:cntrl:]][^\\[:space:][:cntrl:]]*)?$"),
                name="notice_url_is_ours",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of_user"),
            models.Index(fields=["user", "-id"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.text
