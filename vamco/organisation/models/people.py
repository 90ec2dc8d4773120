"""People, the posts that they hold, the roles granted to these, and who stands in for whom."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vamco.core import rooms, text
from vamco.core.actions import ACTIONS, Action
from vamco.core.actors import SYSTEM

from .units import Unit


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account; without a password nobody can sign in with it."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Make an administrator of the installation (`vamco createsuperuser`), on record.

        The action is found by its name: its module imports this one.
        """
        create: Action[None, Any, User] = ACTIONS["organisation.create_administrator"]
        actor = replace(SYSTEM, via="cli")
        return create(actor, None, username=username, password=password, **fields)


class User(AbstractBaseUser):
    """A person who works in the administration (cán bộ, công chức, viên chức)."""

    username = models.CharField(_("tên đăng nhập"), max_length=80, unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    email = models.EmailField(_("thư điện tử"), blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)
    must_change_password = models.BooleanField(
        default=False,
        help_text="the password is a one-time one: nothing else can be done before it is changed",
    )
    folded = models.CharField(max_length=140, db_index=True)
    sort_key = models.CharField(max_length=400, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()
    audit_exclude = {"password", "folded", "sort_key", "last_login"}
    audit_extra: dict[str, Any] | None = None
    """What an action adds to its entry in the ledger: sessions ended, tokens revoked, the second step changed."""
    holdings_now: list["Holding"]
    """The posts that the person holds today or later; `queries.with_posts` sets it."""

    named_by = "username"

    class Meta:
        verbose_name = _("tài khoản")

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = text.fold(self.full_name)[:140]
        self.sort_key = text.sort_key(self.full_name)[:400]
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name

    def permission_units(self) -> Collection[int]:
        """The units in which the person holds a post."""
        return list(self.holdings.values_list("post__unit_id", flat=True))


class Post(models.Model):
    """A post in a unit (chức vụ, vị trí việc làm); the roles are granted to the post, not to the person."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    rank = models.PositiveSmallIntegerField(default=100, help_text="order in the unit; heads first")

    named_with = ("unit",)

    class Meta:
        verbose_name = _("chức vụ")
        ordering = ["unit", "rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "key"], name="post_once")]

    def __str__(self) -> str:
        return self.title

    def permission_units(self) -> Collection[int]:
        return [self.unit_id]


class Holding(models.Model):
    """A person holds a post for a time (giữ chức vụ); several posts at once are normal."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="the last day")

    named_with = ("user", "post")

    audit_extra: dict[str, Any] | None = None
    """What an action adds to its entry in the ledger."""

    class Meta:
        verbose_name = _("phân công")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "post"], condition=Q(until__isnull=True), name="holding_open_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="holding_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user.full_name}, {self.post.title}"

    def permission_units(self) -> Collection[int]:
        return [self.post.unit_id]


class Grant(models.Model):
    """A role granted to a post for a unit (phân quyền), with the units below it or without."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, help_text="the key of a role that some room declares")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    below = models.BooleanField(default=False, help_text="holds for all units below as well")

    named_with = ("post", "unit")

    audit_extra: dict[str, Any] | None = None
    """What an action adds to its entry in the ledger."""

    class Meta:
        verbose_name = _("vai trò")
        constraints = [
            models.UniqueConstraint(fields=["post", "role", "unit"], name="grant_once"),
            models.CheckConstraint(condition=Q(role__regex="^[a-z][a-z_]{0,19}$"), name="grant_role_form"),
        ]

    def __str__(self) -> str:
        return f"{self.role_name}, {self.post.title}, {self.unit.name}"

    @property
    def role_name(self) -> str:
        """What the role is called."""
        return str(rooms.role_names().get(self.role, self.role))

    def permission_units(self) -> Collection[int]:
        return [self.unit_id]


class Delegation(models.Model):
    """For a period a stand-in may do what a person's posts allow (ủy quyền). It is never passed on."""

    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="given")
    receiver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="received")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=300)
    revoked_at = models.DateTimeField(null=True, blank=True)

    named_with = ("giver", "receiver")

    class Meta:
        verbose_name = _("ủy quyền")
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="delegation_order"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="delegation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.giver.full_name} → {self.receiver.full_name}"

    def permission_units(self) -> Collection[int]:
        return self.giver.permission_units()

    def holds_on(self, day: date) -> bool:
        """Whether the stand-in may act on this day."""
        return self.revoked_at is None and self.since <= day <= self.until
