"""The ``vamco`` command: Django's own runner, with what must be known before the settings are read."""

import os
import sys
from collections.abc import Sequence

AS_OWNER = {
    "backup",
    "createcachetable",
    "dbshell",
    "flush",
    "makemigrations",
    "migrate",
    "restore",
    "sqlmigrate",
    "squashmigrations",
}
"""Commands that connect as the role that owns the tables; all others as the serving role."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit code for the console script."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vamco.settings")
    command = arguments[0] if arguments else ""
    if arguments[:2] == ["audit", "check"]:
        from vamco.core import proofs

        return proofs.main(arguments[2:])  # an auditor has no installation
    if os.environ.get("VAMCO_SUPERVISED") == "1":
        _go_with_serve()
    if command in AS_OWNER or arguments[:2] == ["audit", "erase"]:
        os.environ["VAMCO_AS_OWNER"] = "1"
    if command == "web":
        os.environ.setdefault("VAMCO_POOL", "1")
    if command == "demo":
        os.environ["VAMCO_DEMO"] = "1"

    from django.core.management import execute_from_command_line

    from vamco.core.errors import Refused
    from vamco.core.postgres import DatabaseProblem
    from vamco.core.secrets import SecretsError

    try:
        if command == "web":
            _count_together()
        execute_from_command_line(["vamco", *arguments])
    except (DatabaseProblem, SecretsError) as problem:
        print(f"vamco: {problem}", file=sys.stderr)
        return 1
    except Refused as refusal:
        print(f"vamco: {refusal.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _go_with_serve() -> None:
    """What `vamco serve` started ends with it, however that ends."""
    from vamco.core.processes import die_with_parent

    die_with_parent()


def _count_together() -> None:
    """Before anything is counted; the settings know the home and import nothing that counts."""
    from django.conf import settings

    from vamco.core import counting

    counting.together(settings.HOME)


if __name__ == "__main__":
    sys.exit(main())
