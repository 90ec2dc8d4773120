"""Everything that changes units, posts, people and their rights."""

import hashlib
import secrets as random
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actions import Actor, action
from vamco.core.errors import Invalid, Refused

from . import roles
from .models import ApiToken, Delegation, Grant, Holding, Post, Unit, UnitVersion, User

_VERSIONED = ("name", "name_en", "level", "kind", "parent_id")


@action("organisation.edit", creates=True)
def create_unit(
    actor: Actor,
    parent: Unit | None,
    /,
    *,
    code: str,
    name: str,
    level: str,
    agency_code: str,
    valid_from: date,
    **fields: object,
) -> Unit:
    """Open a unit (thành lập đơn vị) below its parent from a day on."""
    if not name.strip():
        raise Invalid(_("Hãy ghi tên đơn vị."), field="name")
    unit = Unit(
        code=code,
        name=name.strip(),
        level=level,
        parent=parent,
        agency_code=agency_code,
        valid_from=valid_from,
        **fields,
    )
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        raise Invalid(_("Mã đơn vị hoặc mã định danh đã có. Hãy chọn mã khác."), field="code") from error
    unit.path = [*(parent.path if parent else []), unit.pk]
    unit.save(update_fields=["path"])
    _open_version(unit, valid_from)
    return unit


@action("organisation.edit")
def change_unit(actor: Actor, unit: Unit, /, *, on: date, **changes: object) -> Unit:
    """Rename a unit, move it or change its level from a day on; what it was before stays readable."""
    unknown = set(changes) - {"name", "name_en", "level", "kind", "parent", "place", "address", "phone"}
    if unknown:
        raise Invalid(_("Không đổi được mục này."), field=min(unknown))
    if on > clock.today():
        raise Invalid(
            _("Chưa đổi trước được cho ngày trong tương lai. Hãy làm vào đúng ngày có hiệu lực."), field="on"
        )
    current = unit.versions.get(valid_to__isnull=True)
    if on < current.valid_from:
        raise Invalid(
            _("Ngày đổi phải sau lần đổi trước, từ %(day)s.") % {"day": f"{current.valid_from:%d/%m/%Y}"},
            field="on",
        )
    for key, value in changes.items():
        setattr(unit, key, value)
    unit.save()
    if any(getattr(current, key) != getattr(unit, key) for key in _VERSIONED):
        if on == current.valid_from:
            current.delete()
        else:
            current.valid_to = on - timedelta(days=1)
            current.save(update_fields=["valid_to"])
        _open_version(unit, on)
    if "parent" in changes:
        _set_path(unit)
    return unit


@action("organisation.edit")
def close_unit(actor: Actor, unit: Unit, /, *, last_day: date) -> Unit:
    """Close a unit (giải thể): its last day. Its history stays."""
    if Unit.objects.filter(parent=unit, valid_to__isnull=True).exists():
        raise Refused(_("Đơn vị còn đơn vị trực thuộc. Hãy đóng hoặc chuyển các đơn vị đó trước."))
    unit.valid_to = last_day
    unit.save(update_fields=["valid_to"])
    unit.versions.filter(valid_to__isnull=True).update(valid_to=last_day)
    return unit


def _open_version(unit: Unit, day: date) -> None:
    UnitVersion.objects.create(unit=unit, valid_from=day, **{key: getattr(unit, key) for key in _VERSIONED})


def _set_path(unit: Unit) -> None:
    old = list(unit.path)
    new = [*(unit.parent.path if unit.parent else []), unit.pk]
    if unit.parent and unit.pk in unit.parent.path:
        raise Invalid(_("Đơn vị không thể trực thuộc chính đơn vị cấp dưới của mình."), field="parent")
    for below in Unit.objects.filter(path__contains=[unit.pk]):
        below.path = new + below.path[len(old) :]
        below.save(update_fields=["path"])
    unit.path = new


@action("organisation.edit", creates=True)
def create_post(
    actor: Actor, unit: Unit, /, *, key: str, title: str, title_en: str = "", rank: int = 100
) -> Post:
    """Set up a post in a unit."""
    try:
        with transaction.atomic():
            return Post.objects.create(unit=unit, key=key, title=title, title_en=title_en, rank=rank)
    except IntegrityError as error:
        raise Invalid(_("Đơn vị đã có chức vụ với khóa này."), field="key") from error


@action("organisation.people", creates=True)
def grant(actor: Actor, post: Post, /, *, role: str, unit: Unit, below: bool = False) -> Grant:
    """Give a post a role for a unit (phân quyền)."""
    if role not in roles.ROLES:
        raise Invalid(_("Không có vai trò này. Hãy chọn trong danh sách."), field="role")
    if not actor.may("organisation.people", [unit.pk]):
        raise Invalid(_("Ông/bà chỉ phân quyền được trong các đơn vị mình quản trị."), field="unit")
    given, _made = Grant.objects.update_or_create(post=post, role=role, unit=unit, defaults={"below": below})
    return given


@action("organisation.people")
def revoke(actor: Actor, given: Grant, /) -> Grant:
    """Take a role from a post again."""
    pk = given.pk
    given.delete()
    given.pk = pk
    return given


@action("organisation.people", creates=True)
def create_person(
    actor: Actor,
    unit: Unit,
    /,
    *,
    username: str,
    full_name: str,
    password: str | None = None,
    email: str = "",
    phone: str = "",
) -> User:
    """Open an account for a person who works in the unit."""
    user = User(
        username=username.strip().lower(), full_name=" ".join(full_name.split()), email=email, phone=phone
    )
    if not user.full_name:
        raise Invalid(_("Hãy ghi họ và tên."), field="full_name")
    if User.objects.filter(username=user.username).exists():
        raise Invalid(_("Tên đăng nhập đã có người dùng. Hãy chọn tên khác."), field="username")
    if password is not None:
        _check_password(password, user)
    user.set_password(password)
    user.save()
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error


@action("organisation.people", creates=True)
def appoint(actor: Actor, post: Post, /, *, user: User, since: date) -> Holding:
    """Let a person hold a post from a day on (bổ nhiệm, phân công)."""
    try:
        with transaction.atomic():
            return Holding.objects.create(user=user, post=post, since=since)
    except IntegrityError as error:
        raise Invalid(_("Người này đang giữ chức vụ đó rồi."), field="user") from error


@action("organisation.people")
def end_holding(actor: Actor, holding: Holding, /, *, last_day: date) -> Holding:
    """End a person's time in a post."""
    if last_day < holding.since:
        raise Invalid(_("Ngày thôi giữ chức vụ phải từ ngày bắt đầu trở đi."), field="last_day")
    holding.until = last_day
    holding.save(update_fields=["until"])
    return holding


@action("organisation.people")
def deactivate(actor: Actor, user: User, /) -> User:
    """Close an account; everything the person did stays."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    return user


def _own_or_managed(giver: User) -> list[int]:
    return list(giver.permission_units())


@action("organisation.delegate", creates=True, at=_own_or_managed)
def delegate(
    actor: Actor, giver: User, /, *, receiver: User, since: date, until: date, reason: str
) -> Delegation:
    """Let a stand-in do a person's work for a period (ủy quyền)."""
    if giver == receiver:
        raise Invalid(_("Không thể tự ủy quyền cho mình. Hãy chọn người khác."), field="receiver")
    if until < since:
        raise Invalid(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."), field="until")
    if not reason.strip():
        raise Invalid(_("Hãy ghi lý do ủy quyền."), field="reason")
    return Delegation.objects.create(
        giver=giver, receiver=receiver, since=since, until=until, reason=reason.strip()
    )


@action("organisation.delegate")
def revoke_delegation(actor: Actor, delegation: Delegation, /) -> Delegation:
    """End a delegation before its last day."""
    delegation.revoked_at = delegation.revoked_at or clock.now()
    delegation.save(update_fields=["revoked_at"])
    return delegation


def token_hash(token: str) -> bytes:
    """What is kept of a bearer token."""
    return hashlib.sha256(token.encode()).digest()


def issue_token(actor: Actor, user: User, *, name: str, days: int = 365) -> tuple[ApiToken, str]:
    """A new bearer token of a person; the second value is shown once and kept nowhere."""
    if not name.strip() or len(name) > 80:
        raise Invalid(_("Hãy ghi mã dùng vào việc gì, không quá 80 ký tự."), field="name")
    if not 1 <= days <= 3650:
        raise Invalid(_("Hãy ghi số ngày từ 1 đến 3650."), field="days")
    if not user.is_active:
        raise Refused(_("Tài khoản này đã ngừng, không cấp được mã truy cập."))
    token = "vc_" + random.token_urlsafe(32)
    return _issue_token(actor, user, name=name, hash=token_hash(token), days=days), token


@action("organisation.people", creates=True, name="organisation.issue_token")
def _issue_token(actor: Actor, user: User, /, *, name: str, hash: bytes, days: int) -> ApiToken:
    """Keep a token's hash: what `issue_token` calls once it has made the token."""
    at = clock.now()
    return ApiToken.objects.create(
        user=user, name=name, hash=hash, created_at=at, expires_at=at + timedelta(days=days)
    )


@action("organisation.people")
def revoke_token(actor: Actor, token: ApiToken, /) -> ApiToken:
    """Make a bearer token worthless from now on."""
    token.revoked_at = token.revoked_at or clock.now()
    token.save(update_fields=["revoked_at"])
    return token
