"""`vamco tidy`: a process that goes on until it is told to stop."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Tidy the shelf."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """How often."""
        parser.add_argument("--every", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it again and again."""
        while True:
            time.sleep(options["every"])
