"""Refused sign-ins, bearer tokens, and copies of the ledger that were taken away."""

from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vamco.core import rooms

from .people import User
from .units import Unit


class SignInFailure(models.Model):
    """A refused sign-in (đăng nhập không thành công): the ground for locking out, and a trace for the auditor."""

    username = models.CharField(max_length=80)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["username", "at"], name="failure_username"),
            models.Index(fields=["address", "at"], name="failure_address"),
        ]


class ApiToken(models.Model):
    """A bearer token of the API (mã truy cập); only its hash is kept.

    `made_by` is who made it, None for the command line and for tokens of before that was kept: only what its holder
    made signs. `permissions` and `units` (primary keys, the units below not included) limit what it may do of what its
    holder may; empty is no limit. Units are never deleted, so that a limit never becomes none.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    hash = models.BinaryField(unique=True)
    name = models.CharField(max_length=80)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    permissions = ArrayField(models.CharField(max_length=60), default=list)
    units = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    audit_exclude = {"hash"}
    limited_units: list[Unit]
    """The units that it is limited to, by code; `queries.with_units` sets it."""

    named_with = ("user",)

    class Meta:
        verbose_name = _("mã truy cập")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_order"),
            models.CheckConstraint(condition=~Q(permissions__contains=[""]), name="token_named_permissions"),
        ]

    @property
    def signs(self) -> bool:
        """Whether it may sign in its holder's name."""
        return self.made_by_id == self.user_id

    @property
    def permission_names(self) -> list[str]:
        """What it is limited to, for people."""
        permissions = rooms.permissions()
        return [str(permissions[key].name) if key in permissions else key for key in self.permissions]

    def __str__(self) -> str:
        return f"{self.name}, {self.user.full_name}"

    def permission_units(self) -> Collection[int]:
        return self.user.permission_units()


class LedgerExport(models.Model):
    """An export of the ledger (lần xuất nhật ký): who took how much of it away, chosen how."""

    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    chosen = models.CharField(max_length=500, help_text="the filters, as the page's address has them")
    last = models.BigIntegerField(help_text="the newest entry in it")
    rows = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("lần xuất nhật ký")
