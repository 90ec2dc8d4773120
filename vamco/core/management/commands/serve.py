"""`vamco serve`: web and worker together, each started again when it ends."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from vamco.core import serving


class Command(BaseCommand):
    """One command for one machine."""

    help = _("Phục vụ: web và việc nền cùng lúc, có giám sát")
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until Ctrl-C; see `vamco.core.serving.serve`."""
        try:
            with serving.the_only_one(self.stderr.write):
                serving.serve(say=self.stderr.write, ready=self._ready)
        except serving.CannotServe as problem:
            raise CommandError(str(problem), returncode=problem.code) from None

    def _ready(self) -> None:
        self.stdout.write(_("Vàm Cỏ phục vụ tại %(url)s. Ctrl-C để dừng.") % {"url": serving.url()})
        self.stdout.flush()
