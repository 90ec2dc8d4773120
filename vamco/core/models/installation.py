"""What the database knows of the installation it belongs to."""

from django.db import models
from django.db.models import Q


class Installation(models.Model):
    """One row: the fingerprint of the keys under which the encrypted values are written, so that a lost key file is
    noticed before anything is written under another."""

    keys = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_installation")]
