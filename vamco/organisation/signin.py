"""Sign-in rules on top of allauth: nobody registers themselves; repeated failures lock out, with the reason."""

import base64
import hashlib
from datetime import timedelta
from functools import partial
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from vamco.core import clock

from .access import actor_for, oneself
from .actions import own_password, own_second_step
from .context import navigation
from .models import SignInFailure

LOCK_AFTER = 5
"""So many failures of an account within `LOCK_FOR` lock it until the newest is that old."""

LOCK_FOR = timedelta(minutes=15)
LOCK_ADDRESS_AFTER = 50
"""So many failures from one network address lock it in the same way; an office may share one."""


def refuse_if_locked(username: str, address: str) -> None:
    """Refuse while the account or the network address is locked out, and say until when.

    Raises `ValidationError`.
    """
    recent = SignInFailure.objects.filter(at__gt=clock.now() - LOCK_FOR)
    mine = recent.filter(username=username)
    if mine.count() >= LOCK_AFTER:
        raise ValidationError(
            _(
                "Đã nhập sai %(count)d lần. Tài khoản tạm khóa đến %(until)s; sau giờ đó hãy thử lại, "
                "hoặc đề nghị người quản trị của đơn vị đặt lại mật khẩu."
            )
            % {"count": LOCK_AFTER, "until": _until(mine)}
        )
    here = recent.filter(address=address)
    if here.count() >= LOCK_ADDRESS_AFTER:
        raise ValidationError(
            _(
                "Từ mạng này đã nhập sai quá nhiều lần, nên tạm dừng đăng nhập đến %(until)s. "
                "Nếu cần vào ngay, hãy dùng mạng khác và báo người quản trị."
            )
            % {"until": _until(here)}
        )


def _until(failures: Any) -> str:
    return f"{clock.local(failures.latest('at').at + LOCK_FOR):%H:%M}"


def keep_failure(username: str, address: str) -> None:
    """Keep a refused attempt."""
    SignInFailure.objects.create(username=username, address=address, at=clock.now())


class AccountAdapter(DefaultAccountAdapter):
    """How this installation signs people in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by an administrator only."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Refuse while locked out. Raises `ValidationError`."""
        refuse_if_locked(_username(credentials), self.get_client_ip(request))

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        """Keep the failure."""
        keep_failure(_username(credentials), self.get_client_ip(request))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """A successful sign-in, with its second step where there is one, clears the account's failures."""
        SignInFailure.objects.filter(username=user.username).delete()
        return super().post_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page that the person may open: an administrator has no list of dossiers."""
        pages = navigation(actor_for(request.user))  # type: ignore[arg-type]
        return pages[0].url if pages else super().get_login_redirect_url(request)  # type: ignore[no-any-return]

    def clean_password(self, password: str, user: Any = None) -> str:
        """A one-time password is not chosen again. Raises `ValidationError`."""
        if user is not None and user.must_change_password and user.check_password(password):
            raise ValidationError(_("Mật khẩu mới phải khác mật khẩu dùng một lần."))
        return super().clean_password(password, user)

    def set_password(self, user: Any, password: str) -> None:
        """Change one's own password, on record."""
        changed = own_password(oneself(user), user, password=password)
        user.password, user.must_change_password = changed.password, False


def _username(credentials: dict[str, object]) -> str:
    return str(credentials.get("username", "")).strip().lower()[:80].replace("\0", "")


def record_second_step() -> None:
    """Have an entry in the ledger whenever somebody changes their own second step; called once, at start."""
    for signal, done in (
        (signals.authenticator_added, "on"),
        (signals.authenticator_removed, "off"),
        (signals.authenticator_reset, "renewed"),
    ):
        signal.connect(partial(_second_step, done), weak=False, dispatch_uid=f"vamco second step {done}")


def _second_step(done: Any, *, user: Any, authenticator: Any, **_more: object) -> None:
    own_second_step(oneself(user), user, kind=str(authenticator.type), done=done)


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the keys on people's phones encrypted: who reads the database has no second step yet."""

    def encrypt(self, text: str) -> str:
        """As it is stored; by Django's secret key, which the rotation of the other keys leaves alone."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` was given."""
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> Fernet:
    seed = hashlib.sha256(f"second step {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(seed))


class _Counted:
    """Wrong codes of the second step count as failures of the account, like wrong passwords."""

    user: Any

    def clean_code(self) -> str:
        """The code, when it is right. Raises `ValidationError`."""
        address = account_adapter().get_client_ip(context.request)
        refuse_if_locked(self.user.username, address)
        return super().clean_code()  # type: ignore[misc, no-any-return]

    def _emit_authentication_failed(self, authenticator: Any) -> None:
        keep_failure(self.user.username, account_adapter().get_client_ip(context.request))
        super()._emit_authentication_failed(authenticator)  # type: ignore[misc]


class SecondStepForm(_Counted, AuthenticateForm):
    """The code asked for at sign-in."""


class SecondStepAgainForm(_Counted, ReauthenticateForm):
    """The code asked for before the account itself is changed."""
