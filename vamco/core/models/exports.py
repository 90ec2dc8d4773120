"""Lists that left the house."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Format(models.TextChoices):
    """What kind of file a list is taken away as."""

    XLSX = "xlsx", _("bảng tính XLSX")
    CSV = "csv", _("tệp CSV")


class Export(models.Model):
    """A list that somebody took away as a file (lần xuất danh sách): who, when, which, how many rows.

    `digest` is the SHA-256 of its rows, by which a copy that turns up elsewhere is known again.
    """

    listing = models.CharField(max_length=80, help_text="room and list, such as payments.receipts")
    format = models.CharField(max_length=4, choices=Format)
    asked = models.TextField(blank=True, help_text="what the list was narrowed to, in words")
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    grid: list[list[Any]] | None = None
    """The values, from the action to the file; kept nowhere."""

    class Meta:
        verbose_name = _("lần xuất danh sách")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(format__in=Format.values), name="export_format"),
            models.CheckConstraint(condition=~models.Q(listing=""), name="export_of_a_list"),
            models.CheckConstraint(
                condition=models.Q(digest__regex="^[0-9a-f]{64}$"), name="export_digest_hex"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing} {self.at:%Y-%m-%d}"

    def permission_units(self) -> Collection[int]:
        """The units of whoever took it away."""
        return self.by.permission_units() if self.by else []
