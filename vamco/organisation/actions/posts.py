"""Posts (chức vụ, vị trí việc làm), who holds them, and the roles granted to them."""

import re
from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vamco.core import clock, rooms
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotAllowed, Refused

from .. import leaving
from ..models import Grant, Holding, Post, Unit, User
from .checks import fits, one_line


@action("organisation.edit", label=_("Thêm chức vụ"), locks=False)
def create_post(
    actor: Actor, unit: Unit, /, *, key: str, title: str, title_en: str = "", rank: int = 100
) -> Post:
    """Set up a post in a unit."""
    if not re.fullmatch(r"[a-z0-9_]{1,40}", key):
        raise Invalid(_("Khóa chỉ gồm chữ thường không dấu, chữ số và dấu gạch dưới."), field="key")
    post = Post(unit=unit, key=key, title=one_line(title), title_en=one_line(title_en), rank=rank)
    fits(post, "title", "title_en", "rank")
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError as error:
        raise Invalid(_("Đơn vị đã có chức vụ với khóa này."), field="key") from error
    return post


@action("organisation.edit", label=_("Sửa chức vụ"))
def change_post(actor: Actor, post: Post, /, *, title: str, title_en: str = "", rank: int = 100) -> Post:
    """Change a post's name or its place in the unit."""
    post.title, post.title_en, post.rank = one_line(title), one_line(title_en), rank
    fits(post, "title", "title_en", "rank")
    post.save()
    return post


@action("organisation.people", label=_("Cấp vai trò"), locks=False)
def grant(actor: Actor, post: Post, /, *, role: str, unit: Unit, below: bool = False) -> Grant:
    """Give a post a role for a unit (phân quyền), with `below` for all units below it as well."""
    if role not in rooms.role_names():
        raise Invalid(_("Không có vai trò này. Hãy chọn trong danh sách."), field="role")
    if not _manages(actor, [unit.pk]):
        raise Invalid(_("Ông/bà chỉ phân quyền được trong các đơn vị mình quản trị."), field="unit")
    if below and not _manages(actor, _below(unit)):
        raise Invalid(_("Ông/bà không quản trị hết các đơn vị trực thuộc."), field="below")
    given, _made = Grant.objects.update_or_create(post=post, role=role, unit=unit, defaults={"below": below})
    return given


@action("organisation.people", label=_("Bỏ vai trò"))
def revoke(actor: Actor, given: Grant, /) -> Grant:
    """Take a role from a post again."""
    pk = given.pk
    given.delete()
    given.pk = pk
    return given


@action("organisation.people", label=_("Phân công chức vụ"), locks=False)
def appoint(actor: Actor, post: Post, /, *, user: User, since: date) -> Holding:
    """Let a person hold a post from a day on (bổ nhiệm, phân công).

    With the post come its roles, also those in other units: whoever appoints must manage them all.
    """
    if not user.is_active:
        raise Refused(_("Tài khoản này đã ngừng. Hãy mở lại trước khi phân công."))
    if not _manages(actor, post.grants.values_list("unit_id", flat=True)):
        raise NotAllowed(
            _("Chức vụ này có quyền ở đơn vị ông/bà không quản trị. Hãy đề nghị người quản trị cấp trên.")
        )
    try:
        with transaction.atomic():
            return Holding.objects.create(user=user, post=post, since=since)
    except IntegrityError as error:
        raise Invalid(_("Người này đang giữ chức vụ đó rồi."), field="user") from error


@action("organisation.people", label=_("Thôi giữ chức vụ"))
def end_holding(actor: Actor, holding: Holding, /, *, last_day: date) -> Holding:
    """End a person's time in a post. What they may not do any more goes to whoever takes it now, with a last day that lies
    ahead when it is over (`organisation/jobs.py`)."""
    if last_day < holding.since:
        raise Invalid(_("Ngày thôi giữ chức vụ phải từ ngày bắt đầu trở đi."), field="last_day")
    holding.until = last_day
    holding.save(update_fields=["until"])
    if last_day < clock.today():
        holding.audit_extra = {"handed_over": leaving.hand_over(actor, holding.user)}
    return holding


def _manages(actor: Actor, unit_ids: Iterable[int]) -> bool:
    return all(actor.may_at("organisation.people", [unit_id]) for unit_id in unit_ids)


def _below(unit: Unit) -> list[int]:
    return list(Unit.objects.filter(path__contains=[unit.pk]).values_list("pk", flat=True))
