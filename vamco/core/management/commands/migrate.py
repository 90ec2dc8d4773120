"""`vamco migrate`: Django's own, then the serving role's rights on what there is now, and which keys it belongs to."""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

from vamco.core import rotation
from vamco.core.grants import grant
from vamco.core.models import Installation


class Command(migrate.Command):
    """Migrate as the owner."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, grant, and note the keys when nothing is noted yet."""
        super().handle(*args, **options)
        if options.get("plan") or options.get("check_unapplied"):
            return
        alias = options["database"]
        grant(connections[alias], settings.SERVING_ROLE)
        if not Installation.objects.using(alias).exists():
            rotation.keep_fingerprint()
