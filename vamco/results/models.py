"""What was decided and issued, and the templates it was made from."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.fields import EncryptedTextField, LookupField
from vamco.core.models import File
from vamco.core.search import indexed
from vamco.organisation.models import Unit
from vamco.organisation.where import province_units
from vamco.parties.models import Party

from .secret import SECRET_KIND


class Template(models.Model):
    """One version of a template (mẫu kết quả); the newest is the valid one, drafts keep theirs.

    `text` is in the language of `core/result_text.py`. `shipped` is the SHA-256 of the shipped text that it was loaded
    from, empty when an administrator wrote it.
    """

    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    text = models.TextField()
    valid = models.BooleanField(default=True)
    shipped = models.CharField(max_length=64, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    named_by = "key"

    class Meta:
        verbose_name = _("mẫu kết quả")
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="result_template_version_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(valid=True), name="result_template_one_valid"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="result_template_version_from_one"),
            models.CheckConstraint(condition=Q(key__regex="^[a-z][a-z0-9_]*$"), name="result_template_key"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.version})"

    def permission_units(self) -> Collection[int]:
        """The province: its templates are everybody's."""
        return province_units()


class Kind(models.TextChoices):
    """What a result is."""

    RESULT = "result", _("kết quả")
    REFUSAL = "refusal", _("văn bản từ chối")


class State(models.TextChoices):
    """What was done with a result; `Standing` also has "lapsed", which comes with time."""

    DRAFT = "draft", _("dự thảo")
    VALID = "valid", _("còn hiệu lực")
    REPLACED = "replaced", _("đã được thay thế")
    WITHDRAWN = "withdrawn", _("đã thu hồi")


SEARCHED = ("holder_name", "number", "subject")
"""What words are looked for in."""


class Standing(models.TextChoices):
    """Where a result stands on a day: its state, or "lapsed" when its last day is over."""

    DRAFT = State.DRAFT.value, State.DRAFT.label
    VALID = State.VALID.value, State.VALID.label
    REPLACED = State.REPLACED.value, State.REPLACED.label
    WITHDRAWN = State.WITHDRAWN.value, State.WITHDRAWN.label
    LAPSED = "lapsed", _("đã hết hạn")


class Result(models.Model):
    """A result (kết quả giải quyết thủ tục hành chính), or the letter that refuses one.

    `subject` is the code of the dossier. `number` is as printed ("12/2016/XNTTHN"); `serial` counts without gaps in unit,
    series and year. `values` are the answers it was filled from, encrypted at rest since identity numbers may be among
    them. `secret` is the check code printed on the paper: with the number it opens the public check. `signer_title` holds
    the lines above the name ("TM. ỦY BAN NHÂN DÂN\\nCHỦ TỊCH"). `expires_on` is the last day of validity.
    """

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.RESULT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=60, db_index=True)
    procedure = models.CharField(max_length=60, blank=True)
    procedure_name = models.CharField(max_length=500, blank=True)
    sensitive = models.BooleanField(default=False)
    type_key = models.CharField(max_length=60)
    type_name = models.CharField(max_length=300)
    type_name_en = models.CharField(max_length=300, blank=True)
    series = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    serial = models.PositiveIntegerField(null=True, blank=True)
    number = models.CharField(max_length=80, blank=True)
    holder = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="results")
    holder_name = models.CharField(max_length=300)
    sealed_values = EncryptedTextField(default="", blank=True)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)
    drafted_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signer_name = models.CharField(max_length=120, blank=True)
    signer_title = models.CharField(max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    file = models.ForeignKey(File, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    secret = EncryptedTextField(default="", blank=True)
    secret_hash = LookupField(of="secret", kind="secret_kind")

    secret_kind = SECRET_KIND
    audit_exclude = {"sealed_values", "secret", "secret_hash"}

    class Meta:
        verbose_name = _("kết quả")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "series", "year", "serial"], name="result_number_once"),
            models.UniqueConstraint(fields=["number", "secret_hash"], name="result_secret_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="result_state"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="result_kind"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, number="", serial__isnull=True, issued_at__isnull=True)
                | (
                    ~Q(state=State.DRAFT)
                    & ~Q(number="")
                    & Q(
                        serial__isnull=False,
                        serial__gte=1,
                        year__isnull=False,
                        issued_at__isnull=False,
                        file__isnull=False,
                    )
                    & Q(signed_by__isnull=False, secret_hash__isnull=False)
                ),
                name="result_issued_whole",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")), name="result_replaces_another"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "id"], name="result_unit_state"),
            GinIndex(indexed(*SEARCHED), name="result_words"),
        ]

    def __str__(self) -> str:
        return self.number or self.type_name

    def permission_units(self) -> Collection[int]:
        """The unit that issues it."""
        return [self.unit_id]

    @property
    def values(self) -> dict[str, Any]:
        """The answers it is filled from: {field: text}."""
        return json.loads(self.sealed_values) if self.sealed_values else {}

    @values.setter
    def values(self, values: Mapping[str, Any]) -> None:
        self.sealed_values = json.dumps(dict(values), ensure_ascii=False)

    def standing(self) -> Standing:
        """Where it stands today."""
        if self.state == State.VALID and self.expires_on and self.expires_on < clock.today():
            return Standing.LAPSED
        return Standing(self.state)

    @property
    def standing_words(self) -> str:
        """Where it stands today, in the reader's language."""
        return str(self.standing().label)


class ResultEvent(models.Model):
    """One line of a result's history (lịch sử): who did what when."""

    class What(models.TextChoices):
        """What was done."""

        DRAFTED = "drafted", _("lập dự thảo")
        CHANGED = "changed", _("sửa dự thảo")
        APPROVED = "approved", _("ký duyệt")
        ISSUED = "issued", _("cấp số, phát hành")
        REPLACED = "replaced", _("được thay thế")
        WITHDRAWN = "withdrawn", _("thu hồi")

    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=10, choices=What)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
