"""Files that people put on things of other rooms."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vamco.core.models import File
from vamco.core.things import OfThing


class Attachment(OfThing):
    """A file on a thing of any room (tệp đính kèm). It is never deleted: one that was taken off is not listed and not
    served, and stays on record."""

    file = models.OneToOneField(File, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="empty: the system",
    )
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    audit_exclude = {"name", "note"}  # who reads the ledger need not be one who may read the thing

    class Meta(OfThing.Meta):
        abstract = False
        verbose_name = _("tệp đính kèm")
        constraints = [
            *OfThing.Meta.constraints,
            models.CheckConstraint(condition=~Q(name=""), name="attachment_named"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=False) | Q(removed_by__isnull=True), name="attachment_removed"
            ),
        ]

    @property
    def said(self) -> str:
        """Its name, as long as it is there."""
        return "" if self.removed_at else self.name
