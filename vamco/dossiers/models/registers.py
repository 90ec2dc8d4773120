"""Register books of decisions (sổ đăng ký, sổ chứng thực): one per unit and year, numbered without gaps."""

from collections.abc import Collection

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vamco.organisation.models import Unit, User

from .dossier import Dossier


class RegisterBook(models.Model):
    """A book of a unit for a year (sổ): opened by its first entry, closed at the end of the year (khóa sổ)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("sổ")
        ordering = ["-year", "key"]
        constraints = [models.UniqueConstraint(fields=["unit", "key", "year"], name="register_book_once")]

    def permission_units(self) -> Collection[int]:
        return [self.unit_id]

    @property
    def series(self) -> str:
        """The numbering series that counts its entries."""
        return f"book:{self.unit_id}:{self.key}:{self.year}"


class RegisterEntry(models.Model):
    """One decision in its book. `number` is without gaps in the book; `result_number` is what stands on the paper that
    was issued, if there is one."""

    book = models.ForeignKey(RegisterBook, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="entry")
    at = models.DateTimeField()
    name = models.CharField(max_length=250)
    what = models.CharField(max_length=500)
    copies = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    signer = models.CharField(max_length=120)
    fee = models.BigIntegerField(default=0, help_text="đồng")
    result_number = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["book", "number"]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="register_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="register_number_from_one"),
        ]
