"""`vamco restore FILE`: an archive of `vamco backup` into an empty installation."""

import getpass
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from vamco.core import serving
from vamco.core.backup import BackupProblem
from vamco.core.restoring import check, restore

from .backup import VARIABLE


class Command(BaseCommand):
    """Restore a backup."""

    help = _("Phục hồi một bản sao lưu vào nơi còn trống, rồi đối chiếu số dòng và giá trị băm")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, then compare with the manifest."""
        try:
            manifest = restore(options["file"].absolute(), passphrase=self._passphrase, say=self.stdout.write)
        except BackupProblem as problem:
            raise CommandError(str(problem)) from None
        wrong = check(manifest)
        for line in wrong:
            self.stderr.write(line)
        if wrong:
            raise CommandError(_("Đã phục hồi, nhưng không khớp với bản sao lưu ở những điểm trên."))
        self.stdout.write(
            _("Đã phục hồi và đối chiếu: %(tables)s bảng, %(rows)s dòng, %(files)s tệp, đúng như lúc %(at)s.")
            % {
                "tables": len(manifest.tables),
                "rows": sum(manifest.tables.values()),
                "files": len(manifest.files),
                "at": manifest.made_at,
            }
        )
        self.stdout.write(serving.missing_migrations() or _("Tiếp theo: vamco audit verify, rồi vamco serve"))

    def _passphrase(self) -> str:
        given = os.environ.get(VARIABLE)
        if given:
            return given
        if not sys.stdin.isatty():
            raise CommandError(
                _("Bản sao lưu có kèm khóa: đặt mật khẩu của nó vào %(variable)s.") % {"variable": VARIABLE}
            )
        return getpass.getpass(_("Mật khẩu của bản sao lưu: "))
