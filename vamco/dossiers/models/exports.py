"""Lists that left the house."""

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _

from vamco.core.printing import Printed
from vamco.organisation.models import User

from .dossier import Dossier


class Export(models.Model):
    """A list of dossiers that somebody took away as a file (xuất danh sách): who, when, which, how many."""

    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    query = models.CharField(max_length=1000, blank=True)
    count = models.PositiveIntegerField()

    dossiers: list[Dossier]
    """What was taken away, as long as it is only just made; `export_list` sets it."""
    paper: Printed
    """The paper, as long as it is only just made; `print_register` and `print_book` set it."""

    class Meta:
        verbose_name = _("lần xuất danh sách")
        ordering = ["-pk"]

    def permission_units(self) -> Collection[int]:
        return self.by.permission_units() if self.by else []
