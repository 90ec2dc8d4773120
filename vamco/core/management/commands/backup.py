"""`vamco backup FILE`: everything in one archive, also while it is served."""

import getpass
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from vamco.core.backup import BackupProblem, backup

VARIABLE = "VAMCO_BACKUP_PASSPHRASE"


class Command(BaseCommand):
    """Make a backup."""

    help = _("Sao lưu cơ sở dữ liệu, tệp và khóa vào một tệp; hệ thống vẫn phục vụ")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and whether with the keys."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--without-secrets", action="store_true", help=_("không kèm khóa"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and say what is in it."""
        passphrase = None if options["without_secrets"] else self._passphrase()
        try:
            made = backup(options["file"].absolute(), passphrase=passphrase, say=self.stdout.write)
        except BackupProblem as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(
            _("Đã sao lưu: %(tables)s bảng, %(rows)s dòng, %(files)s tệp, vào %(path)s")
            % {
                "tables": len(made.tables),
                "rows": sum(made.tables.values()),
                "files": len(made.files),
                "path": options["file"],
            }
        )
        if passphrase is None:
            self.stdout.write(
                _("KHÔNG kèm khóa: hãy giữ riêng secrets.json; thiếu nó thì không đọc được số định danh.")
            )
        else:
            self.stdout.write(_("Có kèm khóa, đã mã hóa bằng mật khẩu: mất mật khẩu là mất khóa."))
        if made.foreign:
            self.stderr.write(
                _("KHÔNG sao lưu %(count)s mục không phải tệp thường trong kho dữ liệu: %(what)s")
                % {"count": len(made.foreign), "what": ", ".join(made.foreign[:20])}
            )
        if made.missing:
            raise CommandError(
                _("%(count)s tệp có trong cơ sở dữ liệu nhưng không còn trên đĩa: %(first)s …")
                % {"count": len(made.missing), "first": made.missing[0]}
            )

    def _passphrase(self) -> str:
        given = os.environ.get(VARIABLE)
        if given:
            return given
        if not sys.stdin.isatty():
            raise CommandError(
                _("Cần mật khẩu để mã hóa khóa: đặt %(variable)s, hoặc dùng --without-secrets.")
                % {"variable": VARIABLE}
            )
        first = getpass.getpass(_("Mật khẩu của bản sao lưu: "))
        if not first or first != getpass.getpass(_("Nhập lại mật khẩu: ")):
            raise CommandError(_("Hai lần nhập không giống nhau, hoặc để trống."))
        return first
