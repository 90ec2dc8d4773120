"""Papers of a dossier, requests to supplement them, and the slips that were printed."""

from collections.abc import Collection

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vamco.core.models import File
from vamco.organisation.models import User

from .codes import LONGEST
from .dossier import Dossier, Visit


class DossierPaper(models.Model):
    """A paper of the dossier (giấy tờ) with the verdict of who looked at it: ok, not_ok, missing, or not yet."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="papers")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=500)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(max_length=8, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    file = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["", "ok", "not_ok", "missing"]), name="paper_verdict"
            ),
        ]


class Supplement(models.Model):
    """A request to supplement the dossier (yêu cầu bổ sung, hoàn thiện hồ sơ), all faults at once."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="supplements")
    number = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    deadline = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closing_drafted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="supplement_number"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(answered_at__isnull=True), name="supplement_open_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=models.F("asked_at")),
                name="supplement_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deadline"], condition=Q(answered_at__isnull=True), name="supplement_waiting"
            )
        ]


class SupplementItem(models.Model):
    """One thing that must be brought or put right."""

    supplement = models.ForeignKey(Supplement, on_delete=models.CASCADE, related_name="items")
    name = models.CharField(max_length=500)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=500)


class Slip(models.Model):
    """A paper that was printed for a person (phiếu), kept as the data it was made from: printing again gives the
    same. A corrected one names the one it replaces (thay cho)."""

    KINDS = (
        "receipt",
        "supplement",
        "intake_refusal",
        "apology",
        "control",
        "closing",
        "stopped",
    )
    dossier = models.ForeignKey(Dossier, null=True, on_delete=models.PROTECT, related_name="slips")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="slips")
    kind = models.CharField(max_length=16)
    number = models.CharField(max_length=LONGEST, blank=True)
    data = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        verbose_name = _("phiếu")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dossier__isnull=False) | Q(visit__isnull=False), name="slip_of_something"
            ),
        ]

    def permission_units(self) -> Collection[int]:
        if self.dossier is not None:
            return self.dossier.permission_units()
        return [self.visit.unit_id] if self.visit is not None else []
