"""`vamco changepassword [USER]`: a one-time password for somebody who can't sign in, on record."""

import getpass
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from vamco.core.actors import SYSTEM
from vamco.core.errors import Refused
from vamco.organisation import actions
from vamco.organisation.models import User

TRIES = 3


class Command(changepassword.Command):
    """Django's command, through the action that the pages use: the person must choose another password at once."""

    help = _("Đặt mật khẩu dùng một lần cho một tài khoản; có ghi nhật ký")
    _get_pass: Callable[[str], str]  # Django's own, of which its types say nothing

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask twice, at most three times. Raises `CommandError` without an account or a good password."""
        name = (options["username"] or getpass.getuser()).strip()
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(_("Không có tài khoản “%(name)s”.") % {"name": name})
        for _turn in range(TRIES):
            try:
                actions.reset_password(replace(SYSTEM, via="cli"), user, password=self._typed())
            except Refused as refusal:
                self.stderr.write(refusal.message)
            else:
                break
        else:
            raise CommandError(_("Chưa đổi mật khẩu của %(name)s.") % {"name": user.full_name})
        self.stdout.write(
            _(
                "Đã đặt mật khẩu dùng một lần cho %(name)s; đăng nhập xong phải đổi ngay. Mọi nơi đang đăng nhập đã bị "
                "đăng xuất, mọi mã truy cập đã bị thu hồi."
            )
            % {"name": user.full_name}
        )

    def _typed(self) -> str:
        first = self._get_pass(_("Mật khẩu: "))
        if first != self._get_pass(_("Nhập lại mật khẩu: ")):
            raise Refused(_("Hai lần nhập không giống nhau. Hãy nhập lại."))
        return first
