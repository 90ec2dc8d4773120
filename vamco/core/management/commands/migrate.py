"""`vamco migrate`: Django's own, then the cache table and the serving role's rights on what there is now."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections

from vamco.core.grants import grant


class Command(migrate.Command):
    """Migrate as the owner."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then grant."""
        super().handle(*args, **options)
        if options.get("plan") or options.get("check_unapplied"):
            return
        alias = options["database"]
        call_command("createcachetable", database=alias, verbosity=0)
        grant(connections[alias], settings.SERVING_ROLE)
