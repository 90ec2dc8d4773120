"""Many made-up dossiers by COPY, for measurements. Never into a database that holds real data.

    ./dev bench loadgen --dossiers 1000000 [--units 300]

Fills the installation in VAMCO_HOME, which `./dev vamco migrate` has made.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vamco.settings")
if not apps.ready:
    os.environ["VAMCO_AS_OWNER"] = "1"  # the serving role may not drop indexes
    django.setup()

from django.conf import settings
from django.db import connection, transaction

from bench import _bulk as bulk
from bench import _made_up as made_up
from vamco.core import serving
from vamco.dossiers.models import Dossier
from vamco.organisation.load import load_units
from vamco.organisation.models import Unit
from vamco.procedures.load import load_shipped
from vamco.results.load import load_templates
from vamco.timing.load import load_timing

MEASURED = 10
"""One chunk in so many is also written by a bare COPY, to compare."""


def main() -> int:
    """Read the command line and fill; answers the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dossiers", type=int, required=True, help="how many, from 1 to 100,000,000")
    parser.add_argument("--units", type=int, default=300, help="over how many units, from 1 to 300")
    options = parser.parse_args()
    if not 1 <= options.dossiers <= 100_000_000 or not 1 <= options.units <= 300:
        parser.error("--dossiers is from 1 to 100,000,000, --units from 1 to 300")
    try:
        print(load(options.dossiers, options.units))
    except RealDataError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


class RealDataError(Exception):
    """The database holds dossiers of real people."""


def load(dossiers: int, units: int) -> str:
    """Fill a database that holds no real data; answers the table of how fast that went. Raises `RealDataError`."""
    if _real_data():
        raise RealDataError(
            "This database holds real dossiers: nothing was made. Set VAMCO_HOME to another one."
        )
    if not Unit.objects.exists():
        for load_data in (load_units, load_timing, load_shipped, load_templates):
            load_data()
    table = fill(dossiers, units)
    _analyse()
    return table


def fill(dossiers: int, units: int) -> str:
    """Write them in one transaction; answers the table of how fast that went."""
    spent = dict.fromkeys(("make", "copy", "bare", "index"), 0.0)
    rows = bare_rows = 0

    @contextmanager
    def timed(part: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        spent[part] += time.perf_counter() - began

    with transaction.atomic(), timed("index"):
        generator = made_up.Generator(dossiers, units)
        twins = {model: bulk.twin(model) for model in made_up.MODELS}
        # Few rows into many are cheaper with their indexes than all indexes anew.
        anew = dossiers > Dossier.objects.count()
        with bulk.bare(list(made_up.MODELS) if anew else []):
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
    return _table(dossiers, rows, bare_rows, spent)


def _table(dossiers: int, rows: int, bare_rows: int, spent: dict[str, float]) -> str:
    bare = bare_rows / spent["bare"]

    def line(part: str, seconds: float) -> str:
        rate = rows / seconds
        return f"{part:44} {seconds:9.1f} {rate:13,.0f} {rate / bare:8.2f}"

    lines = [
        f"{rows:,} rows of {dossiers:,} dossiers",
        f"{'':44} {'s':>9} {'rows/s':>13} {'ratio':>8}",
        f"{'bare COPY, no index (1 chunk in 10)':44} {spent['bare']:9.1f} {bare:13,.0f} {1:8.2f}",
        line("COPY into the tables", spent["copy"]),
        line("COPY, indexes and foreign keys", spent["copy"] + spent["index"]),
        line("all, with making the rows", spent["make"] + spent["copy"] + spent["index"]),
    ]
    return "\n".join(lines)


def _real_data() -> bool:
    """Whether real dossiers are here. The demo's are nobody's; its mark counts for its own database only."""
    mark = settings.HOME / "demo.json"
    if serving.embedded() and mark.exists() and json.loads(mark.read_text()).get("state") == "loaded":
        return False
    return Dossier.objects.exclude(code__regex=made_up.MADE).exists()


def _analyse() -> None:
    """Let the planner know the new rows, and set their visibility once for all readers."""
    with connection.cursor() as cursor:
        for model in made_up.MODELS:
            cursor.execute(f"VACUUM (ANALYZE) {connection.ops.quote_name(model._meta.db_table)}")


if __name__ == "__main__":
    sys.exit(main())
