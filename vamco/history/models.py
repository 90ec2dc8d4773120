"""What people note on things of other rooms."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vamco.core.things import OfThing


class Note(OfThing):
    """A note on a thing of any room (ghi chú nội bộ). It is never changed or deleted: a trigger sees to it."""

    text = models.CharField(max_length=4000)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="empty: the system",
    )
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    audit_exclude = {"text"}  # who reads the ledger need not be one who may read the thing

    class Meta(OfThing.Meta):
        abstract = False
        verbose_name = _("ghi chú")
        constraints = [
            *OfThing.Meta.constraints,
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
        ]

    @property
    def said(self) -> str:
        """Its text."""
        return self.text
