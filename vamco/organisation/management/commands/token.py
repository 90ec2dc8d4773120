"""`vamco token USER`: a bearer token of the API for a person, shown once. It does not sign; see `issue_token`."""

from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from vamco.core.actors import SYSTEM
from vamco.core.clock import local
from vamco.core.errors import Refused
from vamco.organisation import actions
from vamco.organisation.models import User


class Command(BaseCommand):
    """Issue a token."""

    help = _("Cấp mã truy cập API cho một người; mã chỉ hiện một lần")

    def add_arguments(self, parser: CommandParser) -> None:
        """For whom, under which name, for how long."""
        parser.add_argument("user", help=_("tên đăng nhập"))
        parser.add_argument("--name", default="vamco token", help=_("dùng vào việc gì"))
        parser.add_argument(
            "--days", type=int, default=365, help=_("dùng được bao nhiêu ngày (mặc định 365)")
        )
        parser.add_argument(
            "--permission",
            action="append",
            default=[],
            help=_("chỉ quyền này, ví dụ dossiers.view; lặp lại được"),
        )
        parser.add_argument(
            "--unit", action="append", default=[], help=_("chỉ ở đơn vị mang mã này; lặp lại được")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the token alone on standard output; the rest goes to standard error."""
        user = User.objects.filter(username=options["user"].strip().lower()).first()
        if user is None:
            raise CommandError(_("Không có tài khoản “%(name)s”.") % {"name": options["user"]})
        try:
            issued, token = actions.issue_token(
                replace(SYSTEM, via="cli"),
                user,
                name=options["name"],
                days=options["days"],
                permissions=options["permission"],
                units=options["unit"],
            )
        except Refused as refused:
            raise CommandError(str(refused.message)) from None
        self.stdout.write(token)
        self.stderr.write(
            _("Mã của %(name)s, dùng được đến %(until)s, không ký được. Mã không hiện lại lần nữa.")
            % {"name": user.full_name, "until": f"{local(issued.expires_at):%d/%m/%Y}"}
        )
