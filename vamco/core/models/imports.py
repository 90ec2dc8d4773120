"""The tables of `core/import_runs.py`: working data of the person who imports, deleted after a day."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..fields import EncryptedTextField
from .files import File


class ImportState(models.TextChoices):
    """How far an import has come."""

    MAPPING = "mapping", _("chờ ghép cột")
    CHECKING = "checking", _("đang đối chiếu")
    CHECKED = "checked", _("đã đối chiếu")
    WRITING = "writing", _("đang ghi")
    WRITTEN = "written", _("đã ghi")
    FAILED = "failed", _("không chạy được")
    CANCELLED = "cancelled", _("đã hủy")


RUNNING = (ImportState.CHECKING, ImportState.WRITING)


class ImportRun(models.Model):
    """One sheet on its way in (lượt nhập bảng tính): seen by whoever sent it, nobody else."""

    name = models.CharField(max_length=80, help_text="the import, by the name of its action")
    target_kind = models.CharField(max_length=80, blank=True)
    target_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    request_key = models.CharField(max_length=200)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    sheet = models.CharField(max_length=100, blank=True, help_text="the worksheet that was read")
    first = models.PositiveIntegerField(default=1, help_text="the first row of the headings")
    last = models.PositiveIntegerField(default=1, help_text="the last row of the headings")
    dropped = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    state = models.CharField(max_length=10, choices=ImportState)
    message = models.CharField(max_length=1000, blank=True, help_text="why it did not run")
    total = models.PositiveIntegerField(default=0, help_text="lines")
    done = models.PositiveIntegerField(default=0, help_text="lines that were checked or written so far")
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_index=True)
    moved_at = models.DateTimeField(help_text="when something was last done")

    class Meta:
        verbose_name = _("lượt nhập bảng tính")
        constraints = [
            models.UniqueConstraint(fields=["by", "name", "request_key"], name="import_run_once"),
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_run_state"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="import_run_headings"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="import_run_done"),
            models.CheckConstraint(
                condition=~Q(state="written") | Q(wrong=0, total=F("new") + F("changed") + F("same")),
                name="import_run_all_or_nothing",
            ),
            models.CheckConstraint(
                condition=Q(target_kind="", target_id__isnull=True)
                | Q(target_id__isnull=False) & ~Q(target_kind=""),
                name="import_run_target",
            ),
        ]

    @property
    def running(self) -> bool:
        """Whether it is being checked or written."""
        return self.state in RUNNING

    def target(self) -> Any:
        """What the rows are made in; None where it is nothing. Raises DoesNotExist when that has gone."""
        if not self.target_kind:
            return None
        return apps.get_model(self.target_kind)._default_manager.get(pk=self.target_id)


class ImportColumn(models.Model):
    """A column of the sheet and the input that it holds; none when it is left out."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="columns")
    index = models.PositiveSmallIntegerField(help_text="from 0")
    heading = models.CharField(max_length=300)
    input = models.CharField(max_length=60, blank=True)
    doubtful = models.BooleanField(default=False, help_text="it may mean several inputs: a person says which")

    class Meta:
        ordering = ["run_id", "index"]
        constraints = [
            models.UniqueConstraint(fields=["run", "index"], name="import_column_once"),
            models.UniqueConstraint(
                fields=["run", "input"], condition=~Q(input=""), name="import_input_once"
            ),
        ]


class ImportFault(models.Model):
    """What is wrong in a cell. Its value may be a person's, so it is encrypted."""

    audit_exclude = frozenset({"value"})
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="faults")
    row = models.PositiveIntegerField()
    cell = models.CharField(max_length=12)
    column = models.CharField(max_length=300, blank=True)
    value = EncryptedTextField()
    message = models.CharField(max_length=1000)

    class Meta:
        ordering = ["row", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "cell"], name="import_fault_once")]


class ImportCell(models.Model):
    """What a line would make or change, cell by cell, for the preview. Encrypted as the faults are."""

    audit_exclude = frozenset({"before", "after"})
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="cells")
    row = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    input = models.CharField(max_length=60)
    before = EncryptedTextField()
    after = EncryptedTextField()

    class Meta:
        ordering = ["row", "pk"]
        indexes = [models.Index(fields=["run", "kind", "row"], name="import_cell_shown")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["new", "changed", "same"]), name="import_cell_kind")
        ]


class ImportMapping(models.Model):
    """What a heading meant to a person the time before (cách ghép cột đã nhớ); no input: the column is left out."""

    name = models.CharField(max_length=80)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    heading = models.CharField(max_length=300, help_text="folded")
    input = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "by", "heading"], name="import_mapping_once")]
