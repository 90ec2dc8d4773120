"""People, businesses and organisations that ask for something, one record each; and who looked them up."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vamco.core import text
from vamco.core.fields import EncryptedTextField, LookupField, WordsField
from vamco.core.stored import said


class Kind(models.TextChoices):
    """What a party is (loại)."""

    PERSON = "person", _("cá nhân")
    BUSINESS = "business", _("doanh nghiệp, hộ kinh doanh")
    ORGANISATION = "organisation", _("cơ quan, tổ chức")


class NumberKind(models.TextChoices):
    """Which number identifies the party (loại giấy tờ)."""

    CITIZEN_ID = "citizen_id", _("số định danh cá nhân, căn cước công dân")
    OLD_ID = "old_id", _("chứng minh nhân dân")
    PASSPORT = "passport", _("hộ chiếu")
    TAX_CODE = "tax_code", _("mã số thuế")
    BIRTH_CERT = "birth_cert", _("giấy khai sinh")
    NONE = "none", _("không có số")


class Gender(models.TextChoices):
    """Gender as papers state it (giới tính)."""

    UNKNOWN = "", _("không ghi")
    MALE = "male", _("nam")
    FEMALE = "female", _("nữ")


class Group(models.TextChoices):
    """Groups that fees favour (đối tượng ưu tiên): the keys that the fee lines of a procedure name."""

    POOR = "poor", _("hộ nghèo")
    NEAR_POOR = "near_poor", _("hộ cận nghèo")
    MERIT = "merit", _("người có công với cách mạng")
    DISABLED = "disabled", _("người khuyết tật")
    ELDERLY = "elderly", _("người cao tuổi")
    CHILD = "child", _("trẻ em")
    STUDENT = "student", _("học sinh, sinh viên")
    ETHNIC = "ethnic", _("đồng bào dân tộc thiểu số ở xã đặc biệt khó khăn")


class LookUpKind(models.TextChoices):
    """How somebody looked a party up (hình thức tra cứu), and so what they have seen."""

    ASKED = "asked", _("tra cứu theo số")
    REVEALED = "revealed", _("xem đầy đủ số")
    OPENED = "opened", _("mở hồ sơ nhạy cảm")
    COMPARED = "compared", _("đối chiếu số đã khai")


def scope_of(unit_id: int) -> str:
    """The search scope of the parties that a unit has had to do with."""
    return f"u{unit_id}"


class Party(models.Model):
    """A person, business or organisation (người, tổ chức): one record, found by the keyed hash of its number.

    A child or a foreigner may have no number. `number` is encrypted and stored in one form (`identity.number`). `units` are
    the units at which the party has had a dossier: their people find it in a search. `search` holds the words of the name
    once for each of them and once for the province.
    """

    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=250)
    folded = models.CharField(max_length=300)
    sort_key = models.TextField(db_collation="C")
    number_kind = models.CharField(max_length=10, choices=NumberKind, default=NumberKind.NONE)
    number = EncryptedTextField(default="", blank=True)
    number_hash = LookupField(of="number", kind="number_space")
    nationality = models.CharField(max_length=2, default="VN", help_text="ISO 3166-1 alpha-2")
    birth_date = models.DateField(null=True, blank=True)
    gender = models.CharField(max_length=6, choices=Gender, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    address = models.CharField(max_length=500, blank=True, default="")
    groups = ArrayField(models.CharField(max_length=10, choices=Group), default=list, blank=True)
    units = ArrayField(models.BigIntegerField(), default=list, blank=True)
    search = WordsField()
    created_at = models.DateTimeField()

    audit_exclude = {"number", "number_hash", "folded", "sort_key", "search", "units"}
    audit_extra: dict[str, Any] | None = None

    class Meta:
        verbose_name = _("người, tổ chức")
        constraints = [
            # Numbers of birth certificates are given by each commune anew and may meet.
            models.UniqueConstraint(
                fields=["number_hash"], condition=~Q(number_kind="birth_cert"), name="party_number_once"
            ),
            models.CheckConstraint(
                condition=Q(number_kind="none", number_hash__isnull=True)
                | (~Q(number_kind="none") & Q(number_hash__isnull=False)),
                name="party_number_with_kind",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="party_kind"),
            models.CheckConstraint(condition=Q(number_kind__in=NumberKind.values), name="party_number_kind"),
            models.CheckConstraint(condition=Q(gender__in=Gender.values), name="party_gender"),
            models.CheckConstraint(condition=Q(nationality__regex="^[A-Z]{2}$"), name="party_nationality"),
            models.CheckConstraint(condition=~Q(name=""), name="party_named"),
        ]
        indexes = [
            GinIndex(fields=["search"], name="party_search"),
            GinIndex(fields=["units"], name="party_units"),
            models.Index(
                fields=["number_hash"], name="party_birth_cert", condition=Q(number_kind="birth_cert")
            ),
            models.Index(fields=["sort_key", "id"], name="party_sorted"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("update_fields") is None:
            self.set_search()
        super().save(*args, **kwargs)

    @property
    def number_space(self) -> str:
        """What the number is unique in: its kind, and for passports also the country."""
        return number_space(self.number_kind, self.nationality)

    @property
    def masked_number(self) -> str:
        """The number as lists show it: "0801••••0412"."""
        return masked(self.number)

    def permission_units(self) -> list[int]:
        """Any unit: a party is not the property of one."""
        return []

    def set_search(self) -> None:
        """Bring what is derived from name and units up to date."""
        self.folded = text.fold(self.name)[:300]
        key = text.sort_key(self.name, person=self.kind == Kind.PERSON)
        # Short enough for the cursor of a list.
        self.sort_key = key[:100] if key.isascii() else key[:30]
        self.search = text.vector(self.name, ["", *map(scope_of, self.units)])


class LookUp(models.Model):
    """An identity look-up (tra cứu danh tính): who asked for a number, when and why, found or not.

    For the person concerned and the auditor; the number itself is not stored. A comparison of typed data only answers
    whether it agrees with the register.
    """

    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="look_ups")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=LookUpKind, default=LookUpKind.ASKED)
    purpose = models.CharField(max_length=200, blank=True, default="")
    dossier = models.CharField(max_length=60, blank=True, default="", help_text="mã hồ sơ đang mở, nếu có")

    class Meta:
        verbose_name = _("tra cứu")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LookUpKind.values), name="look_up_kind"),
        ]
        indexes = [models.Index(fields=["party", "at"], name="look_up_party")]

    def __str__(self) -> str:
        return said(self.purpose) or str(self.pk)


def number_space(number_kind: str, nationality: str) -> str:
    """What a number of this kind is unique in: the first argument of its keyed hash."""
    return f"{number_kind}:{nationality}" if number_kind == NumberKind.PASSPORT else number_kind


def masked(number: str) -> str:
    """A number with its middle hidden: four characters at each end of a long number, fewer of a short one."""
    if len(number) >= 12:
        return f"{number[:4]}••••{number[-4:]}"
    return f"{number[:2]}••••{number[-3:]}" if len(number) >= 8 else "••••" if number else ""
