"""The outbox: every message that was to be sent, what became of it, and the text as it went."""

from collections.abc import Collection

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vamco.core.search import indexed
from vamco.organisation.models import Unit

SEARCHED = ("to_name", "to_email", "dossier")
"""What words are looked for in."""


class Kind(models.TextChoices):
    """What a message tells."""

    RECEIVED = "received", _("đã tiếp nhận")
    STEP = "step", _("đến bước cần biết")
    SUPPLEMENT = "supplement", _("cần bổ sung")
    NEW_DATE = "new_date", _("hẹn lại ngày trả")
    RESULT_READY = "result_ready", _("có kết quả")
    REFUSED = "refused", _("từ chối giải quyết")
    WITHDRAWN = "withdrawn", _("đã rút hồ sơ")
    CLOSING = "closing", _("sắp đóng hoặc đã đóng")
    MENTION = "mention", _("được nhắc đến trong ghi chú")
    WARNING = "warning", _("cảnh báo thời hạn")
    DIGEST = "digest", _("việc đến hạn trong ngày")


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
    next try of a queued message.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", help_text="who writes")
    kind = models.CharField(max_length=12, choices=Kind)
    language = models.CharField(max_length=2, choices=Language, default=Language.VI)
    to_email = models.CharField(max_length=254, blank=True)
    to_name = models.CharField(max_length=200, blank=True)
    party_id = models.BigIntegerField(null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    dossier = models.CharField(max_length=60, blank=True, db_index=True)
    subject = models.CharField(max_length=300)
    body = models.TextField()
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

    audit_exclude = {"to_email", "to_name", "subject", "body"}

    class Meta:
        verbose_name = _("tin")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="message_kind"),
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
        ]
        indexes = [
            models.Index(fields=["unit", "state", "id"], name="message_unit_state"),
            models.Index(fields=["next_at"], condition=Q(state="queued"), name="message_queued"),
            GinIndex(indexed(*SEARCHED), name="message_words"),
        ]

    def __str__(self) -> str:
        return self.subject

    def permission_units(self) -> Collection[int]:
        """The unit that writes."""
        return [self.unit_id]
