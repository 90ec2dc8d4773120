"""`vamco demo`: a one-stop shop with a month of Long An's data, from nothing to a page in a browser."""

import json
import subprocess
import sys
import time
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from vamco.core import postgres, serving
from vamco.demo import loading

STATE = "demo.json"
"""In VAMCO_HOME: that this is a demo, and whether its data is loaded. What was broken off starts anew."""


class Command(BaseCommand):
    """Set everything up, load the demo, serve it."""

    help = _("Bản dùng thử với dữ liệu Long An: tự chuẩn bị mọi thứ rồi phục vụ")
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare what is not prepared yet, then serve until Ctrl-C."""
        began = time.monotonic()
        try:
            with serving.the_only_one(self.stderr.write):
                self._prepare()
                serving.serve(say=self.stderr.write, ready=lambda: self._welcome(time.monotonic() - began))
        except serving.CannotServe as problem:
            raise CommandError(str(problem), returncode=problem.code) from None

    def _prepare(self) -> None:
        path = settings.HOME / STATE
        state = json.loads(path.read_text())["state"] if path.exists() else "new"
        if state == "new" and _has_people():
            raise CommandError(
                _(
                    "%(home)s đã có dữ liệu thật, không nạp dữ liệu dùng thử vào đó. "
                    "Hãy đặt VAMCO_HOME tới nơi khác."
                )
                % {"home": settings.HOME}
            )
        if state == "loading":
            if not serving.embedded():
                raise CommandError(
                    _("Lần trước chưa nạp xong. Hãy tạo lại cơ sở dữ liệu trống rồi chạy lại.")
                )
            self._say(_("Lần trước chưa nạp xong, làm lại từ đầu"))
            _start_over()
        if serving.missing_migrations():
            self._say(_("Đang tạo bảng"))
            _as_owner("migrate", "--verbosity", "0")
        if state == "loaded":
            return
        path.write_text(json.dumps({"state": "loading"}))
        loaded = loading.load(self._say)
        path.write_text(json.dumps({"state": "loaded", **loaded}))

    def _welcome(self, seconds: float) -> None:
        lines = ["", _("Vàm Cỏ đã sẵn sàng: %(url)s (%(s).1f giây)") % {"url": serving.url(), "s": seconds}]
        accounts = loading.accounts()
        lines += ["", _("Tài khoản dùng thử (vai trò, tên đăng nhập, mật khẩu):")]
        widths = [max(len(str(row[i])) for row in accounts) for i in range(3)]
        lines += ["  " + "  ".join(str(row[i]).ljust(widths[i]) for i in range(3)) for row in accounts]
        lines += ["", _("Ba việc nên thử:")]
        lines += [f"  {i}. {thing}" for i, thing in enumerate(loading.things_to_try(serving.url()), 1)]
        self.stdout.write("\n".join([*lines, "", _("Ctrl-C để dừng.")]))
        self.stdout.flush()

    def _say(self, text: str) -> None:
        self.stdout.write(str(text))
        self.stdout.flush()


def _has_people() -> bool:
    """Whether somebody uses this database already."""
    with connection.cursor() as cursor:
        if "organisation_user" not in connection.introspection.table_names(cursor):
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM organisation_user)")
        return bool((cursor.fetchone() or (False,))[0])


def _start_over() -> None:
    """Empty the demo's database."""
    connection.close()
    with psycopg.connect(postgres.database_urls(settings.HOME).owner, autocommit=True) as owner:
        owner.execute("DROP SCHEMA public CASCADE")
        owner.execute("CREATE SCHEMA public")


def _as_owner(*arguments: str) -> None:
    """Run a command in a process of its own, which connects as the owner."""
    if subprocess.call([sys.executable, "-m", "vamco.cli", *arguments]):  # noqa: S603
        raise CommandError(
            _("vamco %(what)s không chạy được; xem các dòng trên.") % {"what": " ".join(arguments)}
        )
