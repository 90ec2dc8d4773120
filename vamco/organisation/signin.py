"""Sign-in rules on top of allauth: nobody registers themselves; repeated failures lock out, with the reason."""

import base64
import hashlib
from datetime import timedelta
from functools import partial
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from vamco.core import limits
from vamco.core.errors import TooMany
from vamco.web import messages

from . import lockout
from .access import actor_for, oneself, person_of
from .actions import own_password, own_second_step
from .context import beginning

CODE_HOLDS = timedelta(minutes=2)
"""A code of the second step is remembered as used for longer than it is valid."""


_SIGNING_IN = "organisation.signing_in"
"""In the session, from the right password to the end of the second step: the hash of that password."""


class AccountAdapter(DefaultAccountAdapter):
    """How this installation signs people in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by an administrator only."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Refuse while locked out. Raises `ValidationError`."""
        self._taken = lockout.take_try(_username(credentials), self.get_client_ip(request))

    def authenticate(self, request: HttpRequest, **credentials: object) -> Any:
        """The person whose password this is. Raises `ValidationError` while locked out."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            limits.give_back(self._taken)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        """Keep the failure."""
        lockout.keep_failure(_username(credentials), self.get_client_ip(request))

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """The password is right; keep which one it was, for `login`, while the second step is waited for."""
        request.session[_SIGNING_IN] = user.get_session_auth_hash()
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in at last. Raises `ImmediateHttpResponse`, to begin anew, when the password was changed or the account
        closed meanwhile: else a sign-in that waits for its code would outlive a reset."""
        began_with = request.session.pop(_SIGNING_IN, "")
        if not (user.is_active and constant_time_compare(began_with, user.get_session_auth_hash())):
            request.session.flush()
            messages.refused(
                request,
                _(
                    "Mật khẩu hoặc tài khoản đã được thay đổi trong lúc chờ mã xác thực. Hãy đăng nhập lại từ đầu."
                ),
            )
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """A successful sign-in, with its second step where there is one, clears the account's failures."""
        lockout.clear(user.username)
        return super().post_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page that the person may open: an administrator has no list of dossiers."""
        first = beginning(actor_for(person_of(request)))
        return first or str(super().get_login_redirect_url(request))

    def clean_password(self, password: str, user: Any = None) -> str:
        """A one-time password is not chosen again. Raises `ValidationError`."""
        if user is not None and user.must_change_password and user.check_password(password):
            raise ValidationError(_("Mật khẩu mới phải khác mật khẩu dùng một lần."))
        return str(super().clean_password(password, user))

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


class _Counted(BaseAuthenticateForm):
    """Wrong codes of the second step count as failures of the account, like wrong passwords."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code, when it is right and was not used before. Raises `ValidationError`."""
        taken = lockout.take_try(self.user.username, account_adapter().get_client_ip(context.request))
        code = str(super().clean_code())
        if self.authenticator.type == Authenticator.Type.TOTP:
            self._use_up(code)
        limits.give_back(taken)
        return code

    def _use_up(self, code: str) -> None:
        """Refuse the code of a phone the second time. allauth remembers it in the cache, which may lose it."""
        once = limits.Limit(
            "account.code", f"{self.user.pk} {''.join(filter(str.isdigit, code))}", 1, CODE_HOLDS
        )
        try:
            limits.take(once, says=str)
        except TooMany:
            self._emit_authentication_failed(self.authenticator)
            raise mfa_adapter().validation_error("incorrect_code") from None

    def _emit_authentication_failed(self, authenticator: Any) -> None:
        lockout.keep_failure(self.user.username, account_adapter().get_client_ip(context.request))
        super()._emit_authentication_failed(authenticator)


class SecondStepForm(_Counted, AuthenticateForm):
    """The code asked for at sign-in."""


class SecondStepAgainForm(_Counted, ReauthenticateForm):
    """The code asked for before the account itself is changed."""
