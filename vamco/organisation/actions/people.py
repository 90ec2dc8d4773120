"""People and their accounts. Whoever manages an account must manage all that its holder may do."""

from dataclasses import replace
from operator import attrgetter
from typing import Annotated

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import ANYWHERE, action
from vamco.core.actors import EVERYWHERE, Actor
from vamco.core.errors import Invalid, NotAllowed, Refused
from vamco.core.inputs import Input

from .. import leaving, lockout
from ..models import ApiToken, Delegation, Grant, Holding, Unit, User
from ..validity import not_over

FULL_NAME = Input(_("Họ và tên"), most=120, example="Lê Thị Thu Cúc")
EMAIL = Input(_("Thư điện tử công vụ"), most=254, example="cuc@example.vn")
PHONE = Input(_("Điện thoại"), most=20, example="0913000124")
USERNAME = Input(
    _("Tên đăng nhập"),
    most=80,
    help=_("chữ thường không dấu, chữ số, dấu chấm; ví dụ hanh.tt"),
    pattern=r"[A-Za-z0-9][A-Za-z0-9._-]{2,79}",
    wrong=_("Tên đăng nhập gồm chữ thường không dấu, chữ số, dấu chấm, dấu gạch; ít nhất 3 ký tự."),
    example="cuc.le",
)
PASSWORD = Input(_("Mật khẩu dùng một lần"), most=200, raw=True, example="Sen-vàng-nở-2016")


def must_rank_over(actor: Actor, user: User) -> None:
    """Raise `NotAllowed` unless the actor manages every unit in which the person holds a post or a right.

    Else the administrator of one office could sign in as somebody who has rights in another.
    """
    if actor.units("organisation.people") is EVERYWHERE:
        return
    if user.is_superuser or not all(
        actor.may_at("organisation.people", [unit_id]) for unit_id in rights_reach(user)
    ):
        raise NotAllowed(
            _("Người này có quyền ở đơn vị ông/bà không quản trị. Hãy đề nghị người quản trị cấp trên.")
        )


def must_manage(actor: Actor, user: User) -> None:
    """Raise `NotAllowed` unless the actor may change this account: that of another, whom they rank over.

    Of oneself nobody changes anything in this way. One's own pages ask for the old password or the second step; an
    administrator's token, or a session left open, would otherwise set a new one and so become a session for good.
    """
    if actor.user_id is not None and actor.user_id == user.pk:
        raise NotAllowed(
            _(
                "Đây là tài khoản của chính ông/bà. Mật khẩu, xác thực hai bước và mã truy cập: hãy đổi ở các trang "
                "của mình. Việc khác: hãy nhờ một người quản trị khác, hoặc người vận hành hệ thống."
            ),
            links={
                reverse("account_change_password"): _("Đổi mật khẩu"),
                reverse("mfa_index"): _("Xác thực hai bước"),
                reverse("own_tokens"): _("Mã truy cập của tôi"),
            },
        )
    must_rank_over(actor, user)


def end_access(user: User) -> None:
    """End every session of a person and revoke every token, on record with the action that calls this.

    Tokens are revoked and not only ignored, since an ignored one would work again when the account is reopened.
    """
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    tokens = ApiToken.objects.filter(user=user, revoked_at__isnull=True)
    revoked = sorted(tokens.values_list("pk", flat=True))
    tokens.update(revoked_at=clock.now())
    ended = {"sessions_ended": len(sessions), "tokens_revoked": revoked}
    user.audit_extra = {**(user.audit_extra or {}), **ended}


def rights_reach(user: User) -> set[int]:
    """The units in which the person, or somebody they stand in for, holds a post now or later, and those where
    these posts have rights.
    """
    today = clock.today()
    stands_in = Delegation.objects.filter(receiver=user, revoked_at__isnull=True, until__gte=today)
    people = [user.pk, *stands_in.values_list("giver_id", flat=True)]
    held = Holding.objects.filter(not_over(today, "until"), user_id__in=people)
    posts = list(held.values_list("post_id", "post__unit_id"))
    given = Grant.objects.filter(post_id__in=[post for post, _unit in posts]).values_list("unit_id", "below")
    reach = {unit for _post, unit in posts} | {unit for unit, _below in given}
    for unit, below in given:
        if below:
            reach.update(Unit.objects.filter(path__contains=[unit]).values_list("pk", flat=True))
    return reach


@action(
    "organisation.people", label=_("Mở tài khoản"), done=_("Đã mở tài khoản cho %(full_name)s."), locks=False
)
def create_person(
    actor: Actor,
    unit: Unit,
    /,
    *,
    full_name: Annotated[str, FULL_NAME],
    username: Annotated[str, USERNAME],
    email: Annotated[str, EMAIL] = "",
    phone: Annotated[str, PHONE] = "",
    password: Annotated[str | None, PASSWORD] = None,
    one_time: Annotated[bool, Input(_("Phải đổi mật khẩu khi vào lần đầu"))] = False,
) -> User:
    """Open an account for a person who works in the unit; a `one_time` password must be changed at once."""
    user = User(full_name=full_name, email=email, phone=phone, must_change_password=one_time)
    return open_account(user, username, password)


def open_account(user: User, username: str, password: str | None) -> User:
    """Keep a new account under a name that nobody has; without a password nobody can sign in with it."""
    user.username = username.lower()
    _check_email(user)
    if password is not None:
        _check_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise Invalid(_("Tên đăng nhập đã có người dùng. Hãy chọn tên khác."), field="username") from error
    return user


@action("organisation.people", label=_("Sửa thông tin người"), done=_("Đã sửa thông tin."), at=ANYWHERE)
def change_person(
    actor: Actor,
    user: User,
    /,
    *,
    full_name: Annotated[str, replace(FULL_NAME, start=attrgetter("full_name"))],
    email: Annotated[str, replace(EMAIL, start=attrgetter("email"))] = "",
    phone: Annotated[str, replace(PHONE, start=attrgetter("phone"))] = "",
) -> User:
    """Put a person's name or addresses right."""
    must_manage(actor, user)
    user.full_name, user.email, user.phone = full_name, email, phone
    _check_email(user)
    user.save(update_fields=["full_name", "email", "phone", "folded", "sort_key"])
    return user


@action(
    "organisation.people",
    label=_("Đặt lại mật khẩu"),
    done=_("Đã đặt lại mật khẩu."),
    at=ANYWHERE,
    watched=True,
)
def reset_password(actor: Actor, user: User, /, *, password: Annotated[str, PASSWORD]) -> User:
    """Give a one-time password (đặt lại mật khẩu): ends all sessions, all tokens and the lock after wrong attempts."""
    must_manage(actor, user)
    if not user.is_active:
        raise Refused(_("Tài khoản này đã ngừng. Hãy mở lại trước khi đặt mật khẩu."))
    _check_password(password, user)
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    lockout.clear(user.username)
    end_access(user)
    return user


@action("organisation.people", label=_("Tự đổi mật khẩu"), at=ANYWHERE, name="organisation.own_password")
def own_password(actor: Actor, user: User, /, *, password: str) -> User:
    """Change one's own password; called at the end of the form that asked for the old one.

    Other sessions end with the old password, which Django signs them by. One's own tokens stay: programs go on.
    """
    if actor.user_id != user.pk:
        raise NotAllowed(_("Mỗi người chỉ đổi mật khẩu của chính mình."))
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    return user


@action(
    "organisation.people",
    label=_("Bỏ mã trên điện thoại"),
    done=_("Đã bỏ mã trên điện thoại. Hãy nhắc người đó bật lại bằng máy mới."),
    at=ANYWHERE,
    watched=True,
)
def reset_second_step(actor: Actor, user: User, /) -> User:
    """Take away the codes on a lost phone (đặt lại xác thực hai bước), and the spare codes with them.

    Ends all sessions and tokens: whoever has the phone may be signed in with it.
    """
    must_manage(actor, user)
    found = Authenticator.objects.filter(user=user)
    user.audit_extra = {"second_step": sorted(found.values_list("type", flat=True))}
    if not found.delete()[0]:
        raise Refused(_("Người này chưa bật xác thực hai bước."))
    end_access(user)
    return user


@action(
    "organisation.people",
    label=_("Ngừng tài khoản"),
    done=_("Đã ngừng tài khoản của %(full_name)s."),
    at=ANYWHERE,
)
def deactivate(actor: Actor, user: User, /) -> User:
    """Close an account: sessions and tokens end at once and for good; everything the person did stays.

    What they were about to do goes to whoever takes it now.
    """
    must_manage(actor, user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_access(user)
    user.audit_extra = {**(user.audit_extra or {}), "handed_over": leaving.hand_over(actor, user)}
    return user


@action(
    "organisation.people",
    label=_("Mở lại tài khoản"),
    done=_("Đã mở lại tài khoản của %(full_name)s."),
    at=ANYWHERE,
)
def reactivate(actor: Actor, user: User, /) -> User:
    """Open a closed account again, with the posts that it still holds.

    Sessions and tokens of before stay ended, also those that were made while the account was being closed.
    """
    must_manage(actor, user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    end_access(user)
    return user


def _check_email(user: User) -> None:
    try:
        user.clean_fields(exclude={field.name for field in user._meta.fields} - {"email"})
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="email") from error


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error
