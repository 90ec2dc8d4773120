"""Sign-in rules on top of allauth: nobody registers themselves; repeated failures lock out, with the reason."""

from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from vamco.core import clock

from .models import SignInFailure

LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)
LOCK_ADDRESS_AFTER = 50


class AccountAdapter(DefaultAccountAdapter):
    """How this installation signs people in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by an administrator only."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Refuse while locked out, and say until when. Raises `ValidationError`."""
        since = clock.now() - LOCK_FOR
        username = str(credentials.get("username", "")).lower()[:80]
        failures = SignInFailure.objects.filter(at__gt=since)
        mine = failures.filter(username=username)
        blocked = mine if mine.count() >= LOCK_AFTER else None
        if (
            blocked is None
            and failures.filter(address=self.get_client_ip(request)).count() >= LOCK_ADDRESS_AFTER
        ):
            blocked = failures.filter(address=self.get_client_ip(request))
        if blocked is not None:
            until = clock.local(blocked.latest("at").at + LOCK_FOR)
            raise ValidationError(
                _(
                    "Đã nhập sai quá %(count)d lần. Tài khoản tạm khóa đến %(until)s; sau giờ đó hãy thử lại, "
                    "hoặc đề nghị người quản trị của đơn vị đặt lại mật khẩu."
                )
                % {"count": LOCK_AFTER, "until": f"{until:%H:%M}"}
            )

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        """Keep the failure."""
        username = str(credentials.get("username", "")).lower()[:80]
        SignInFailure.objects.create(username=username, address=self.get_client_ip(request), at=clock.now())

    def post_login(self, request: HttpRequest, user: object, **kwargs: object) -> object:
        """A successful sign-in clears the account's failures."""
        SignInFailure.objects.filter(username=user.username).delete()  # type: ignore[attr-defined]
        return super().post_login(request, user, **kwargs)
