"""What happens to a dossier: its way through the steps, consultations, new dates, notes, and the timeline."""

from collections.abc import Collection

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vamco.core.models import File
from vamco.organisation.models import Unit, User

from .dossier import Dossier


class StepRun(models.Model):
    """One stay of a dossier in a step (lượt xử lý): who had it, from when to when, and how it left.

    `opened_at` is when the receiver first looked: until then the sender may take it back. `minutes` is office
    time used, written when it leaves.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="runs")
    step = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    outcome_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    minutes = models.IntegerField(null=True)
    back = models.BooleanField(default=False, help_text="came back from a later step")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(left_at__isnull=True), name="step_run_open_once"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("entered_at")), name="step_run_order"
            ),
        ]
        indexes = [models.Index(fields=["unit", "entered_at"], name="step_run_unit")]


class Consultation(models.Model):
    """A question to another unit (lấy ý kiến), with its own time."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="consultations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("ý kiến")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["unit", "due_at"], condition=Q(answered_at__isnull=True), name="consultation_open"
            )
        ]

    def permission_units(self) -> Collection[int]:
        return [self.unit_id]


class NewDate(models.Model):
    """A new date with apology (phiếu xin lỗi và hẹn lại): drafted, then signed with its reason."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="new_dates")
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(signed_at__isnull=True), name="new_date_draft_once"
            ),
            models.CheckConstraint(condition=Q(new_due_at__gt=F("old_due_at")), name="new_date_later"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | ~Q(reason=""), name="new_date_has_reason"
            ),
        ]

    def permission_units(self) -> Collection[int]:
        return self.dossier.permission_units()


class Note(models.Model):
    """An internal note (ghi chú nội bộ); the people it mentions are told."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    mentions = models.ManyToManyField(User, related_name="+")

    class Meta:
        ordering = ["pk"]


class Event(models.Model):
    """One line of the timeline (diễn biến). `kind` chooses the words, `data` fills them; `public` lines are also
    read by the applicant."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    data = models.JSONField(default=dict)
    public = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["dossier", "at", "id"], name="event_dossier")]


class Seen(models.Model):
    """What a person saw of a dossier last, and when: what changed since is marked in the inbox, and who else has it
    open is told on its page."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="seen_by")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "dossier"], name="seen_once")]


class SavedFilter(models.Model):
    """A person's saved view of the inbox (bộ lọc đã lưu)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="filters")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000)

    class Meta:
        verbose_name = _("bộ lọc")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_once")]

    def permission_units(self) -> Collection[int]:
        return self.user.permission_units()
