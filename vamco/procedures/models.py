"""The catalogue's rows. The rooms above read `definition.py` instead.

A version that was published never changes but for its last day: a trigger sees to it (migration 0002), in
this table and in every table of its parts. Two published versions of a procedure never hold on the same
day. JSON holds only conditions and the options of a field; everything else has its column.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from vamco.organisation.where import province_units


def keys() -> "ArrayField[list[str], list[str]]":
    """A column of keys."""
    return ArrayField(models.CharField(max_length=40), default=list, blank=True)


def condition() -> models.JSONField:
    """A column for a condition (`forms/conditions.py`)."""
    return models.JSONField(null=True, blank=True)


class Sector(models.Model):
    """A field of administration (lĩnh vực)."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("lĩnh vực")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Procedure(models.Model):
    """An administrative procedure (thủ tục hành chính): its identity. What it says is in its versions."""

    code = models.CharField(max_length=40, unique=True)

    audit_extra: dict[str, Any] | None = None
    named_by = "code"

    class Meta:
        verbose_name = _("thủ tục")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    def permission_units(self) -> Collection[int]:
        """The catalogue is the province's."""
        return province_units()


class State(models.TextChoices):
    """Whether a version is a draft or published."""

    DRAFT = "draft", _("bản nháp")
    PUBLISHED = "published", _("đã công bố")


class ProcedureVersion(models.Model):
    """A version of a procedure (phiên bản). A dossier keeps the one under which it was received.

    `valid_from` and `valid_to` are the first and the last day. `digest`: SHA-256 of what it says. `search` is
    folded text that begins and ends with a space; `initials` the first letters of the name's words.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField(null=True, blank=True)
    name = models.CharField(max_length=500)
    name_en = models.CharField(max_length=500)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    tiers = keys()
    decider = models.CharField(max_length=300)
    subject_kinds = keys()
    keywords = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    sensitive = models.BooleanField(default=False)
    source_text = models.CharField(max_length=1000)
    source_verified = models.BooleanField(default=False)
    search = models.TextField(default=" ")
    initials = models.CharField(max_length=200, default="", blank=True)
    sort_name = models.CharField(max_length=700, default="", blank=True, db_collation="C")

    audit_exclude = {"search", "initials", "sort_name"}

    class Meta:
        verbose_name = _("phiên bản thủ tục")
        ordering = ["procedure_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(state="draft"), name="version_one_draft"
            ),
            # Ranges on both sides, so that no extension (btree_gist) is needed.
            ExclusionConstraint(
                name="version_published_once_a_day",
                expressions=[
                    (
                        Func(F("procedure"), F("procedure"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("valid_from"), F("valid_to"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state="published"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="version_validity"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="version_state"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True)
                | Q(state="published", published_at__isnull=False),
                name="version_published_at",
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="version_level"),
        ]
        indexes = [models.Index(fields=["sort_name", "id"], name="version_sort_name")]

    audit_extra: dict[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    def permission_units(self) -> Collection[int]:
        """The catalogue is the province's."""
        return province_units()


class Part(models.Model):
    """A row of a version, in its order."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="+")
    order = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ["order"]


class CasePart(Part):
    """A row of a case, in its order."""

    case = models.ForeignKey("CaseRow", on_delete=models.CASCADE, related_name="+")

    class Meta(Part.Meta):
        abstract = True


class LegalBasis(Part):
    """A law that the procedure rests on (căn cứ pháp lý)."""

    ref = models.CharField(max_length=200)
    title = models.CharField(max_length=1000)
    title_en = models.CharField(max_length=1000, blank=True)

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["version", "ref"], name="law_once")]


class ProcessRow(Part):
    """The inner process of a case (quy trình nội bộ)."""

    key = models.CharField(max_length=40)
    first = models.CharField(max_length=40)
    source_text = models.CharField(max_length=1000)
    source_verified = models.BooleanField(default=False)


class ResultRow(Part):
    """What the applicant gets (kết quả)."""

    key = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    template = models.CharField(max_length=80, blank=True)
    series = models.CharField(max_length=80, blank=True)
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Part.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(validity_months__isnull=True) | Q(validity_months__gte=1), name="result_validity"
            )
        ]


class CaseRow(Part):
    """A case (trường hợp) with its time limit (thời hạn)."""

    key = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    at_once = models.BooleanField(default=False)
    book = models.CharField(max_length=40, blank=True)
    quantity = keys()
    limit_amount = models.PositiveSmallIntegerField()
    limit_unit = models.CharField(max_length=12)
    limit_source_text = models.CharField(max_length=1000)
    limit_source_verified = models.BooleanField(default=False)
    process = models.ForeignKey(ProcessRow, on_delete=models.CASCADE, related_name="+")
    result = models.ForeignKey(ResultRow, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="case_key_once"),
            models.CheckConstraint(
                condition=Q(limit_unit="at_once", limit_amount=0, at_once=True)
                | Q(limit_unit__in=["working_day", "working_hour"], limit_amount__gte=1, at_once=False),
                name="case_limit",
            ),
        ]


class LimitOverrideRow(CasePart):
    """Another time limit of a case, for a channel or a condition."""

    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=12)
    channel = models.CharField(max_length=10, blank=True)
    when = condition()

    class Meta(CasePart.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(unit="at_once", amount=0)
                | Q(unit__in=["working_day", "working_hour"], amount__gte=1),
                name="override_limit",
            )
        ]


class PaperRow(CasePart):
    """A paper of the dossier (thành phần hồ sơ)."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=1000)
    name_en = models.CharField(max_length=1000)
    kind = models.CharField(max_length=10)
    count = models.PositiveSmallIntegerField()
    required = models.CharField(max_length=10)
    when = condition()
    note = models.CharField(max_length=1000, blank=True)
    source_text = models.CharField(max_length=1000)
    source_verified = models.BooleanField(default=False)

    class Meta(CasePart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], name="paper_code_once"),
            models.CheckConstraint(condition=Q(count__gte=1), name="paper_count"),
            models.CheckConstraint(
                condition=Q(kind__in=["original", "certified", "copy", "any"]), name="paper_kind"
            ),
            models.CheckConstraint(
                condition=Q(required="when", when__isnull=False)
                | Q(required__in=["always", "optional"], when__isnull=True),
                name="paper_required",
            ),
        ]


class FieldRow(CasePart):
    """A field of the form (trường dữ liệu); `options` is a list of {value, label, label_en}."""

    key = models.CharField(max_length=40)
    type = models.CharField(max_length=20)
    label = models.CharField(max_length=300)
    label_en = models.CharField(max_length=300)
    required = models.BooleanField(default=False)
    options = models.JSONField(default=list, blank=True)
    min = models.DecimalField(max_digits=21, decimal_places=6, null=True, blank=True)
    max = models.DecimalField(max_digits=21, decimal_places=6, null=True, blank=True)
    min_date = models.CharField(max_length=10, blank=True)
    max_date = models.CharField(max_length=10, blank=True)
    pattern = models.CharField(max_length=200, blank=True)
    max_length = models.PositiveIntegerField(default=0)
    when = condition()
    step = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 null: filled at intake
    hint = models.CharField(max_length=500, blank=True)
    hint_en = models.CharField(max_length=500, blank=True)

    class Meta(CasePart.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="field_key_once")]


class PartyRow(CasePart):
    """A party that the case needs."""

    role = models.CharField(max_length=20)
    required = models.BooleanField(default=True)
    kinds = keys()
    label = models.CharField(max_length=200, blank=True)
    label_en = models.CharField(max_length=200, blank=True)

    class Meta(CasePart.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "role"], name="party_role_once")]


class ReasonRow(CasePart):
    """A reason for refusal (lý do từ chối)."""

    key = models.CharField(max_length=40)
    text = models.CharField(max_length=1000)
    text_en = models.CharField(max_length=1000)
    legal_ref = models.CharField(max_length=300, blank=True)

    class Meta(CasePart.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="reason_key_once")]


class FeeRow(CasePart):
    """A fee (phí) or charge (lệ phí)."""

    key = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    kind = models.CharField(max_length=10)
    max_per = models.PositiveIntegerField(null=True, blank=True)
    quantity_field = models.CharField(max_length=40, blank=True)
    times_field = models.CharField(max_length=40, blank=True)
    exempt = keys()
    only = keys()
    channels = keys()
    when = condition()
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    legal_ref = models.CharField(max_length=300, blank=True)
    source_text = models.CharField(max_length=1000)
    source_verified = models.BooleanField(default=False)

    class Meta(CasePart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="fee_key_once"),
            models.CheckConstraint(condition=Q(kind__in=["fee", "charge"]), name="fee_kind"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="fee_validity",
            ),
        ]


class FeeTierRow(Part):
    """A price for units up to a number."""

    fee = models.ForeignKey(FeeRow, on_delete=models.CASCADE, related_name="+")
    up_to = models.PositiveIntegerField(null=True, blank=True)
    price = models.PositiveIntegerField()

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["fee", "up_to"], nulls_distinct=False, name="tier_once"),
            models.CheckConstraint(condition=Q(up_to__isnull=True) | Q(up_to__gte=1), name="tier_up_to"),
        ]


class StepRow(Part):
    """A step of a process (bước xử lý)."""

    process = models.ForeignKey(ProcessRow, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    role = models.CharField(max_length=40)
    unit_rule = models.CharField(max_length=60)
    hours = models.PositiveSmallIntegerField()
    instruction = models.CharField(max_length=2000, blank=True)
    status = models.PositiveSmallIntegerField()
    public_words = models.CharField(max_length=300)
    public_words_en = models.CharField(max_length=300)
    tell_applicant = models.BooleanField(default=False)
    may_supplement = models.BooleanField(default=False)
    may_consult = models.BooleanField(default=False)

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["process", "key"], name="step_key_once"),
            models.CheckConstraint(condition=Q(status__gte=1, status__lte=10), name="step_status"),
        ]


class OutcomeRow(Part):
    """A way out of a step (kết luận của bước)."""

    step = models.ForeignKey(StepRow, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    to = models.CharField(max_length=40)
    needs = keys()
    who = models.CharField(max_length=60)
    back = models.BooleanField(default=False)
    does = models.CharField(max_length=10, blank=True)

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["step", "key"], name="outcome_key_once"),
            models.CheckConstraint(
                condition=Q(does__in=["", "draft", "approve", "number", "refuse"]), name="outcome_does"
            ),
            models.CheckConstraint(
                condition=Q(back=False) | ~Q(to__in=["ready", "refused_ready"]), name="outcome_back"
            ),
        ]


PARTS = (
    LegalBasis,
    ProcessRow,
    ResultRow,
    CaseRow,
    LimitOverrideRow,
    PaperRow,
    FieldRow,
    PartyRow,
    ReasonRow,
    FeeRow,
    FeeTierRow,
    StepRow,
    OutcomeRow,
)
"""Every table of a version's parts."""
