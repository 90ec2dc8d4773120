"""The table of `core/files.py`."""

from django.conf import settings
from django.db import models


class File(models.Model):
    """A stored file (tệp): what it is called and where it came from; its content lies on disk under its
    SHA-256.

    Two files with equal content share the bytes on disk, not the row.
    """

    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField(help_text="bytes")
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
    )
    width = models.PositiveIntegerField(null=True, blank=True, help_text="pixels, of an image")
    height = models.PositiveIntegerField(null=True, blank=True, help_text="pixels, of an image")
    pages = models.PositiveIntegerField(
        null=True, blank=True, help_text="of a PDF or TIFF, where it could be counted"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="file_sha256_hex"
            ),
            models.CheckConstraint(condition=models.Q(size__gte=1), name="file_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def fingerprint(self) -> str:
        """What tells that the same file was sent once more: its content and name, whatever its row."""
        return f"{self.sha256} {self.name}"
