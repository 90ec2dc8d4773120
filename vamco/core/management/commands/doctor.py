"""`vamco doctor`: is everything as it must be?"""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from vamco.core.doctor import examine

MARKS = {"ok": "✓", "warn": "!", "wrong": "✗"}


class Command(BaseCommand):
    """Examine the installation; exit code 1 when something is wrong."""

    help = _("Kiểm tra hệ thống và nói cần làm gì: cơ sở dữ liệu, vai trò, tệp, đồng hồ, thư, sao lưu")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """--json for programs."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each finding."""
        found = []
        for finding in examine():
            found.append(finding)
            if not options["json"]:
                self.stdout.write(f"{MARKS[finding.verdict]} {finding.name}: {finding.says}")
                if finding.do:
                    self.stdout.write(f"    → {finding.do}")
        if options["json"]:
            self.stdout.write(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1))
        if any(each.verdict == "wrong" for each in found):
            raise SystemExit(1)
