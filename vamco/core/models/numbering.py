"""Tables of `core/numbering.py`, written by its SQL alone."""

from django.db import models


class Series(models.Model):
    """A gapless series of numbers, such as a year's receipt book (sổ, quyển)."""

    key = models.TextField(primary_key=True)
    last = models.BigIntegerField()
    closed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=0), name="series_last_not_negative")
        ]


class Serial(models.Model):
    """A series of unique numbers that may have gaps, such as the serials of a unit's dossier codes."""

    key = models.TextField(primary_key=True)
    last = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(last__gte=1), name="serial_last_positive")]
