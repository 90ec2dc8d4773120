"""The table of `core/limits.py`."""

from django.db import models


class RateLimit(models.Model):
    """What is left of a rate limit in its present window (hạn mức số lần thử). Only a keyed hash of what is limited."""

    key = models.BinaryField(primary_key=True)
    remaining = models.IntegerField(help_text="tries that are left until the window ends")
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(remaining__gte=0), name="rate_limit_not_overtaken")
        ]
