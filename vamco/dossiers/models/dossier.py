"""The dossier itself, who its parties are and which units have to do with it."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vamco.core.fields import EncryptedTextField, WordsField
from vamco.organisation.models import Unit, User
from vamco.parties.models import Party
from vamco.procedures.models import Procedure, ProcedureVersion

from .codes import FORM, LONGEST

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""When a dossier can have been received: a time that Python cannot read would end every list that has it."""


class Stage(models.TextChoices):
    """Where in its life a dossier is. The national status (1 to 10) and the public words follow from it and,
    while it is processed, from the step."""

    PROCESSING = "processing", _("đang giải quyết")
    SUPPLEMENT = "supplement", _("chờ bổ sung")
    READY = "ready", _("chờ trả kết quả")
    REFUSED_READY = "refused_ready", _("chờ trả văn bản từ chối")
    RETURNED = "returned", _("đã trả kết quả")
    WITHDRAWN = "withdrawn", _("đã được rút theo đề nghị")
    STOPPED = "stopped", _("đã dừng giải quyết")
    REFUSED = "refused", _("không được tiếp nhận")


OPEN = (Stage.PROCESSING, Stage.SUPPLEMENT)
"""Stages in which the time limit matters."""

TO_COLLECT = (Stage.READY, Stage.REFUSED_READY)
"""Stages in which what was decided waits to be collected (chờ trả)."""

HELD = (*OPEN, *TO_COLLECT)
"""Stages in which somebody still has to do something."""


class Visit(models.Model):
    """One person at the counter (lượt nộp): several dossiers, one payment, one slip."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("lượt tiếp")

    def permission_units(self) -> Collection[int]:
        return [self.unit_id]


class Dossier(models.Model):
    """A dossier (hồ sơ): a procedure asked for at a unit, under one version, case and legal regime.

    `due_at` is empty while the clock stands for a supplement that was asked for in time: one that has passed stays, so
    that every open dossier with a past `due_at` is late. `version` counts the changes, so that a stale form
    is told from a fresh one. `holder_unit` and `holder` say who has it now; `lead` is the officer who examined it.
    """

    code = models.CharField(max_length=LONGEST, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="dossiers")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="dossiers")
    procedure_version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+")
    case_key = models.CharField(max_length=60)
    channel = models.CharField(max_length=8)
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="dossiers")
    sensitive = models.BooleanField(default=False)

    stage = models.CharField(max_length=14, choices=Stage, default=Stage.PROCESSING)
    status = models.PositiveSmallIntegerField(default=2)
    step = models.CharField(max_length=60, blank=True)
    holder_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="held")
    holder = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="held")
    lead = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="led")

    applicant = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="dossiers")
    applicant_name = models.CharField(max_length=250)
    summary = models.CharField(max_length=1000, blank=True)
    answers = models.JSONField(default=dict)
    secret_answers = EncryptedTextField(default="", help_text="answers that are identity numbers, as JSON")

    regime = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    limit_amount = models.PositiveSmallIntegerField()
    limit_unit = models.CharField(max_length=12)
    due_at = models.DateTimeField(null=True)
    first_due_at = models.DateTimeField()
    step_due_at = models.DateTimeField(null=True)
    warned = models.PositiveSmallIntegerField(
        default=0, help_text="percent of the time at which was warned last"
    )
    warn_at = models.DateTimeField(null=True, help_text="when to warn next")
    ready_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    secret = EncryptedTextField(help_text="second secret, printed on the slip")
    return_by = models.CharField(max_length=8, default="counter")
    search = WordsField()

    audit_exclude = {"search", "secret", "secret_answers", "answers", "applicant_name", "summary"}
    audit_extra: dict[str, Any] | None = None
    on_behalf_of: User | None = None
    """Within an action of a stand-in: the person who has the dossier, for whom it is done."""

    been: list[str]
    """The steps in which it stood, in their order; `tracking.progress.track` sets it."""
    title: str
    """What its procedure is called in the reader's language; the counter's pages set it."""

    named_by = "code"

    class Meta:
        verbose_name = _("hồ sơ")
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=f"^{FORM}$"), name="dossier_code_form"),
            models.CheckConstraint(
                condition=Q(received_at__gte=EARLIEST, received_at__lt=LATEST), name="dossier_received_at"
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="dossier_stage"),
            models.CheckConstraint(condition=Q(status__gte=1, status__lte=10), name="dossier_status"),
            models.CheckConstraint(
                condition=Q(channel__in=["counter", "post", "online"]), name="dossier_channel"
            ),
            models.CheckConstraint(
                condition=~Q(stage="processing") | (~Q(step="") & Q(due_at__isnull=False)),
                name="dossier_processing_has_due",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["ready", "refused_ready", "returned"]) | Q(ready_at__isnull=False),
                name="dossier_ready_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["returned", "withdrawn", "stopped", "refused"])
                | Q(ended_at__isnull=False),
                name="dossier_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("received_at")), name="dossier_times"
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="dossier_search"),
            models.Index(fields=["holder", "due_at", "id"], name="dossier_mine", condition=Q(stage__in=HELD)),
            models.Index(  # with what the tabs count, so that counting reads the index alone
                fields=["holder_unit", "due_at", "id"],
                include=["stage", "holder", "sensitive"],
                name="dossier_unit_work",
                condition=Q(stage__in=HELD),
            ),
            models.Index(
                fields=["holder_unit", "ready_at", "id"],
                name="dossier_unit_ready",
                condition=Q(stage__in=TO_COLLECT),
            ),
            models.Index(fields=["ready_at", "id"], name="dossier_ready", condition=Q(stage__in=TO_COLLECT)),
            models.Index(
                fields=["holder_unit", "changed_at", "id"],
                name="dossier_unit_waiting",
                condition=Q(stage="supplement"),
            ),
            models.Index(fields=["step", "id"], name="dossier_step", condition=Q(stage__in=OPEN)),
            models.Index(fields=["unit", "received_at"], name="dossier_received"),
            models.Index(fields=["applicant", "id"], name="dossier_applicant"),
            models.Index(fields=["procedure", "id"], name="dossier_procedure"),
            models.Index(fields=["changed_at", "id"], name="dossier_changed"),
            models.Index(fields=["due_at", "id"], name="dossier_open_due", condition=Q(stage__in=OPEN)),
            models.Index(fields=["warn_at"], name="dossier_warn", condition=Q(stage="processing")),
        ]

    def __str__(self) -> str:
        return self.code

    def permission_units(self) -> Collection[int]:
        """The unit that received it and the one that has it now."""
        return {self.unit_id, self.holder_unit_id}

    @property
    def is_open(self) -> bool:
        """Whether the time limit still matters."""
        return self.stage in OPEN


class DossierParty(models.Model):
    """A party of the dossier in its role, as it was written on the day (người nộp, người đại diện ...)."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="parties")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    name = models.CharField(max_length=250)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "party", "role"], name="dossier_party_once")
        ]


class DossierUnit(models.Model):
    """A unit that has to do with the dossier: its people may read it, and it counts once for the unit.

    `part`: received, handled, consulted.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=10)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "dossier", "part"], name="dossier_unit_once")]
        indexes = [models.Index(fields=["dossier"], name="dossier_unit_dossier")]
