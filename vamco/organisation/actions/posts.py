"""Posts (chức vụ, vị trí việc làm), who holds them, and the roles granted to them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vamco.core import clock, rooms
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotAllowed, Refused
from vamco.core.inputs import Input, Words

from .. import leaving
from ..models import Grant, Holding, Post, Unit, User
from ..validity import held_on
from ..where import open_units

TITLE = Input(_("Tên chức vụ"), most=120, example="Công chức một cửa")
TITLE_EN = Input(_("Tên tiếng Anh"), most=120)
RANK = Input(_("Thứ tự"), least=0, most=32_767, help=_("người đứng đầu là 1"), example=50)
KEY = Input(
    _("Khóa"),
    most=40,
    help=_("chữ thường không dấu, ví dụ tu_phap; quy trình gọi bằng khóa này"),
    pattern=r"[a-z0-9_]{1,40}",
    wrong=_("Khóa chỉ gồm chữ thường không dấu, chữ số và dấu gạch dưới."),
    example="mot_cua",
)


def _roles(_actor: Actor, _post: Post) -> Sequence[tuple[str, Words]]:
    return list(rooms.role_names().items())


def _own_units(actor: Actor, _post: Post) -> QuerySet[Unit]:
    return open_units(actor, "organisation.people")


ROLE = Input(_("Vai trò"), choices=_roles, example="intake")
if TYPE_CHECKING:
    Where = Unit  # django-stubs takes Annotated[<model>, ...] for rows with annotations
else:
    Where = Annotated[
        Unit,
        Input(
            _("Ở đơn vị"),
            help=_("thường là chính đơn vị của chức vụ"),
            choices=_own_units,
            start=attrgetter("unit"),
            example="27694",
        ),
    ]


@action("organisation.edit", label=_("Thêm chức vụ"), done=_("Đã thêm chức vụ %(it)s."), locks=False)
def create_post(
    actor: Actor,
    unit: Unit,
    /,
    *,
    title: Annotated[str, TITLE],
    title_en: Annotated[str, TITLE_EN] = "",
    key: Annotated[str, KEY],
    rank: Annotated[int, RANK] = 100,
) -> Post:
    """Set up a post in a unit."""
    try:
        with transaction.atomic():
            return Post.objects.create(unit=unit, key=key, title=title, title_en=title_en, rank=rank)
    except IntegrityError as error:
        raise Invalid(_("Đơn vị đã có chức vụ với khóa này."), field="key") from error


@action("organisation.edit", label=_("Sửa chức vụ"), done=_("Đã sửa chức vụ."))
def change_post(
    actor: Actor,
    post: Post,
    /,
    *,
    title: Annotated[str, replace(TITLE, start=attrgetter("title"))],
    title_en: Annotated[str, replace(TITLE_EN, start=attrgetter("title_en"))] = "",
    rank: Annotated[int, replace(RANK, start=attrgetter("rank"))] = 100,
) -> Post:
    """Change a post's name or its place in the unit."""
    post.title, post.title_en, post.rank = title, title_en, rank
    post.save()
    return post


@action("organisation.people", label=_("Cấp vai trò"), done=_("Đã cấp vai trò %(role_name)s."), locks=False)
def grant(
    actor: Actor,
    post: Post,
    /,
    *,
    role: Annotated[str, ROLE],
    unit: Where,
    below: Annotated[bool, Input(_("Cả các đơn vị trực thuộc"))] = False,
) -> Grant:
    """Give a post a role for a unit (phân quyền), with `below` for all units below it as well."""
    if below and not _manages(actor, _below(unit)):
        raise Invalid(_("Ông/bà không quản trị hết các đơn vị trực thuộc."), field="below")
    given, _made = Grant.objects.update_or_create(post=post, role=role, unit=unit, defaults={"below": below})
    return given


@action("organisation.people", label=_("Bỏ vai trò"), done=_("Đã bỏ vai trò %(role_name)s."))
def revoke(actor: Actor, given: Grant, /) -> Grant:
    """Take a role from a post again. What its holders may not do any more goes to whoever takes it now."""
    pk = given.pk
    given.delete()
    given.pk = pk
    holders = User.objects.filter(held_on(clock.today(), "holdings__"), holdings__post=given.post)
    given.audit_extra = {"handed_over": sum(leaving.hand_over(actor, person) for person in holders)}
    return given


@action(
    "organisation.people",
    label=_("Phân công chức vụ"),
    done=_("Đã phân công %(user.full_name)s."),
    locks=False,
)
def appoint(
    actor: Actor,
    post: Post,
    /,
    *,
    user: User,
    since: Annotated[date, Input(_("Từ ngày"), start=lambda _target: clock.today())],
) -> Holding:
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


@action(
    "organisation.people",
    label=_("Thôi giữ chức vụ"),
    done=_("Đã ghi ngày thôi giữ chức vụ của %(user.full_name)s."),
)
def end_holding(
    actor: Actor,
    holding: Holding,
    /,
    *,
    last_day: Annotated[date, Input(_("Ngày cuối cùng"), start=lambda _target: clock.today())],
) -> Holding:
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
