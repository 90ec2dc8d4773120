"""Tables of the audit ledger (nhật ký) and of requests already done."""

from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..proofs import READABLE


class LedgerEntry(models.Model):
    """One action done (mục nhật ký): who, when, which action, on what, and a digest of what changed.

    The serving role may only INSERT and SELECT. `digest` is HMAC-SHA256 of the content under the nonce that lies
    beside the content, so that an erased content can't be guessed from it.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True, help_text="the account; empty for the system itself")
    actor_label = models.TextField()
    via = models.CharField(max_length=8)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=40)
    digest = models.BinaryField()

    class Meta:
        verbose_name = _("mục nhật ký")
        constraints = [
            models.CheckConstraint(condition=models.Q(at__range=READABLE), name="ledger_entry_time"),
        ]
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="ledger_object"),
            models.Index(fields=["actor_id", "id"], name="ledger_actor"),
            BrinIndex(fields=["at"], name="ledger_at"),
        ]


class LedgerContent(models.Model):
    """What an entry changed, before and after: apart from the entry, so that it can be erased on a legal ground."""

    entry = models.OneToOneField(
        LedgerEntry, primary_key=True, on_delete=models.PROTECT, related_name="content", db_constraint=False
    )
    nonce = models.BinaryField()
    content = models.JSONField()


class LedgerPending(models.Model):
    """An entry that no seal covers yet; the sealing job takes it away."""

    entry = models.OneToOneField(LedgerEntry, primary_key=True, on_delete=models.PROTECT, db_constraint=False)


class LedgerSeal(models.Model):
    """A seal over a batch of entries (niêm phong): a Merkle tree (RFC 9162 section 2.1) whose root is chained to
    the seal before, with an outside time stamp (RFC 3161) where an authority is set.

    A trigger takes no seal whose number does not follow the last one: the next seals would follow a forged number.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    entry_ids = ArrayField(models.BigIntegerField())
    leaves = models.BinaryField(
        help_text="the entries' leaf hashes, 32 bytes each, in the order of entry_ids"
    )
    root = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    time_stamp = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=1), name="ledger_seal_from_one"),
            models.CheckConstraint(condition=models.Q(sealed_at__range=READABLE), name="ledger_seal_time"),
        ]
        indexes = [models.Index(fields=["sealed_at"], name="ledger_sealed_at")]


class LedgerErasure(models.Model):
    """The tombstone of an erased content (căn cứ xóa): when, by whom and on what legal ground."""

    entry = models.OneToOneField(LedgerEntry, primary_key=True, on_delete=models.PROTECT, db_constraint=False)
    at = models.DateTimeField()
    by = models.TextField()
    ground = models.TextField()


class DoneRequest(models.Model):
    """A request that was carried out under its key, so that a repeat answers the same and does nothing."""

    actor = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    digest = models.BinaryField()
    at = models.DateTimeField(db_index=True)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key", "action"], name="done_once")]

    def result(self) -> models.Model | None:
        """The object that the request made or changed."""
        if not self.object_type:
            return None
        model: Any = apps.get_model(self.object_type)
        found: models.Model | None = model._default_manager.filter(pk=self.object_id).first()
        return found
