"""`vamco worker`: background jobs, and the sealing of the ledger."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from vamco.core import serving
from vamco.core.working import work


class Command(BaseCommand):
    """Work off the queue until told to stop."""

    help = _("Làm các việc nền: thư, nhắc hạn, niêm phong nhật ký (VAMCO_JOBS: số việc cùng lúc)")
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the tables, then work."""
        if not serving.supervised() and (missing := serving.missing_migrations()):
            raise CommandError(missing)
        work()
