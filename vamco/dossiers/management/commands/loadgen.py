"""`vamco loadgen`: many dossiers by COPY, for measurements. Never into a database that holds real data."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils.translation import gettext as _

from vamco.core import bulk, serving
from vamco.organisation.load import load_units
from vamco.organisation.models import Unit
from vamco.procedures.load import load_shipped
from vamco.results.load import load_templates
from vamco.timing.load import load_timing

from ... import loadgen
from ...models import Dossier

MEASURED = 10
"""One chunk in so many is also written by a bare COPY, to compare."""


class Command(BaseCommand):
    """Fill the installation with made-up dossiers."""

    help = _("Tạo thật nhiều hồ sơ thử bằng COPY để đo tốc độ; từ chối nơi có dữ liệu thật")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """How many."""
        parser.add_argument("--dossiers", type=int, required=True, help=_("bao nhiêu hồ sơ"))
        parser.add_argument(
            "--units", type=int, default=300, help=_("trải trên bao nhiêu đơn vị (nhiều nhất 300)")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse real data, then make, copy and compare."""
        dossiers, units = options["dossiers"], options["units"]
        if not 1 <= dossiers <= 100_000_000 or not 1 <= units <= 300:
            raise CommandError(_("Số hồ sơ phải từ 1, số đơn vị từ 1 đến 300."))
        if _real_data():
            raise CommandError(
                _(
                    "Cơ sở dữ liệu này có hồ sơ thật nên không tạo hồ sơ thử vào đó. Hãy đặt VAMCO_HOME tới nơi khác."
                )
            )
        if not Unit.objects.exists():
            for load in (load_units, load_timing, load_shipped, load_templates):
                load()
        self.fill(dossiers, units)
        _analyse()

    def fill(self, dossiers: int, units: int) -> None:
        """Write them in one transaction, and tell how fast that went."""
        spent = dict.fromkeys(("make", "copy", "bare", "index"), 0.0)
        rows = bare_rows = 0

        @contextmanager
        def timed(what: str) -> Iterator[None]:
            began = time.perf_counter()
            yield
            spent[what] += time.perf_counter() - began

        with transaction.atomic(), timed("index"):
            generator = loadgen.Generator(dossiers, units)
            twins = {model: bulk.twin(model) for model in loadgen.MODELS}
            # Few rows into many are cheaper with their indexes than all indexes anew.
            anew = dossiers > Dossier.objects.count()
            with bulk.bare(list(loadgen.MODELS) if anew else []):
                chunks = generator.chunks()
                for number in count():
                    with timed("make"):
                        chunk = next(chunks, None)
                    if chunk is None:
                        break
                    rows += chunk.count
                    if number % MEASURED == 0:
                        bare_rows += chunk.count
                        with timed("bare"):
                            for model, lines in chunk.lines.items():
                                bulk.copy(model, lines, twins[model])
                    with timed("copy"):
                        for model, lines in chunk.lines.items():
                            bulk.copy(model, lines)
            for table in twins.values():
                bulk.drop(table)
        spent["index"] -= spent["make"] + spent["copy"] + spent["bare"]
        self._tell(dossiers, rows, bare_rows, spent)

    def _tell(self, dossiers: int, rows: int, bare_rows: int, spent: dict[str, float]) -> None:
        bare = bare_rows / spent["bare"]

        def row(what: str, seconds: float) -> str:
            rate = rows / seconds
            return f"{what:44} {seconds:9.1f} {rate:13,.0f} {rate / bare:8.2f}"

        lines = [
            _("%(rows)s dòng của %(dossiers)s hồ sơ") % {"rows": f"{rows:,}", "dossiers": f"{dossiers:,}"},
            f"{'':44} {'s':>9} {'rows/s':>13} {'ratio':>8}",
            f"{'bare COPY, no index (1 chunk in 10)':44} {spent['bare']:9.1f} {bare:13,.0f} {1:8.2f}",
            row("COPY into the tables", spent["copy"]),
            row("COPY, indexes and foreign keys", spent["copy"] + spent["index"]),
            row("all, with making the rows", spent["make"] + spent["copy"] + spent["index"]),
        ]
        self.stdout.write("\n".join(lines))


def _real_data() -> bool:
    """Whether somebody's dossiers are here. The demo's are nobody's; its mark counts for its own database only."""
    mark = settings.HOME / "demo.json"
    if serving.embedded() and mark.exists() and json.loads(mark.read_text()).get("state") == "loaded":
        return False
    return Dossier.objects.exclude(code__regex=loadgen.MADE).exists()


def _analyse() -> None:
    """Let the planner know the new rows, and set their visibility once for all readers."""
    with connection.cursor() as cursor:
        for model in loadgen.MODELS:
            cursor.execute(f"VACUUM (ANALYZE) {connection.ops.quote_name(model._meta.db_table)}")
