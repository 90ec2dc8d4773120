"""`vamco web`: the pages and the API, by several processes on one port."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from vamco.core import serving


class Command(BaseCommand):
    """Serve pages and API until told to stop."""

    help = _("Phục vụ trang và API (VAMCO_HOST, VAMCO_PORT, VAMCO_WEB_WORKERS, VAMCO_WEB_THREADS)")
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Check what would make every page fail, then serve."""
        host, port = serving.address()
        if not serving.supervised():
            if missing := serving.missing_migrations():
                raise CommandError(missing)
            if taken := serving.port_taken(host, port):
                raise CommandError(taken, returncode=serving.EXIT_RUNNING)
            self.stdout.write(_("Vàm Cỏ phục vụ tại %(url)s. Ctrl-C để dừng.") % {"url": serving.url()})
        serving.run_web(
            host,
            port,
            workers=int(os.environ.get("VAMCO_WEB_WORKERS") or 2),
            log_level=os.environ.get("VAMCO_LOG_LEVEL", "WARNING"),
        )
