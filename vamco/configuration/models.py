"""What administrators set, beside what the rooms declare (`core.rooms.Setting`)."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vamco.organisation.models import Unit, User
from vamco.organisation.where import of_unit_or_province

LONGEST = 500


class Value(models.Model):
    """A setting as it is for a unit and those below it, or without a unit for the whole province (giá trị cấu hình).

    `text` is the value as `values.written` writes it. A setting that was taken back stays as a row (`removed`), so that
    who did it and when is known: again what stands above it holds, or the room's default.
    """

    key = models.CharField(_("mục"), max_length=80)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("đơn vị")
    )
    text = models.CharField(_("giá trị"), max_length=LONGEST, blank=True)
    removed = models.BooleanField(_("đã bỏ"), default=False)
    since = models.DateTimeField(_("từ lúc"))
    by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", help_text="empty: the system"
    )
    audit_extra: dict[str, Any]

    named_with = ("unit",)

    class Meta:
        verbose_name = _("giá trị cấu hình")
        ordering = ["key", "unit_id"]
        constraints = [
            models.UniqueConstraint(fields=["key", "unit"], nulls_distinct=False, name="setting_once"),
            models.CheckConstraint(
                condition=Q(key__regex=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"), name="setting_key_form"
            ),
            models.CheckConstraint(condition=Q(removed=False) | Q(text=""), name="setting_removed_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.key}, {self.unit.name}" if self.unit else self.key

    def permission_units(self) -> Collection[int]:
        """The unit, or the province."""
        return of_unit_or_province(self.unit)
