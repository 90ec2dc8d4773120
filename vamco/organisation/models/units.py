"""Units and what they were from when to when."""

from collections.abc import Collection
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vamco.core import text


class Level(models.TextChoices):
    """The levels of a province's units (cấp)."""

    PROVINCE = "province", _("tỉnh")
    DEPARTMENT = "department", _("sở, ban, ngành")
    CENTRE = "centre", _("trung tâm phục vụ hành chính công")
    DISTRICT = "district", _("huyện")
    ROOM = "room", _("phòng chuyên môn")
    COMMUNE = "commune", _("xã")


class UnitFields(models.Model):
    """What may change about a unit while its identity goes on."""

    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=12, choices=Level)
    kind = models.CharField(
        max_length=40, blank=True, help_text="loại hình: Thành phố, Thị xã, Huyện, Phường, Xã ..."
    )
    parent = models.ForeignKey("Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="the last day on which it holds")

    class Meta:
        abstract = True


class Unit(UnitFields):
    """An agency, office or room (cơ quan, đơn vị): its identity, with the values of its newest version.

    `code` is the statistics office's code for provinces, districts and communes, and our own key for the rest;
    `key` is what a process names it by below its parent (`room:tu_phap`); `agency_code` is the electronic
    identifier of QCVN 102:2016 (mã định danh). `path` holds the ids from the province down to the unit itself.
    """

    code = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=40, blank=True)
    agency_code = models.CharField(max_length=35, unique=True)
    agency_code_verified = models.BooleanField(default=False)
    place = models.CharField(max_length=80, blank=True, help_text="địa danh ghi trên giấy tờ")
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    path = ArrayField(models.BigIntegerField(), default=list)
    folded = models.CharField(max_length=220, db_index=True)

    audit_exclude = {"folded"}

    named_by = "code"

    class Meta:
        verbose_name = _("đơn vị")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="unit_validity"
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="unit_level"),
            models.UniqueConstraint(
                fields=["parent", "key"],
                condition=~Q(key="") & Q(valid_to__isnull=True),
                name="unit_key_once",
            ),
        ]
        indexes = [
            GinIndex(fields=["path"], name="unit_path"),
            models.Index(fields=["level", "code"], name="unit_level_code"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def agency(self) -> str:
        """The agency's name as it stands in letters: «UBND huyện Bến Lức»; departments keep their own."""
        if self.level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE):
            return f"UBND {self.name[:1].lower()}{self.name[1:]}"
        return self.name

    def permission_units(self) -> Collection[int]:
        """A unit answers for itself."""
        return [self.pk]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = text.fold(self.name)[:220]
        super().save(*args, **kwargs)


class UnitVersion(UnitFields):
    """A unit as it was between two days (phiên bản của đơn vị): statistics can be read by either name."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="versions")

    class Meta:
        ordering = ["unit", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="unit_version_once"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(valid_to__isnull=True), name="unit_version_open_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="unit_version_validity",
            ),
        ]
