"""Load the province's units from the file that ships with the product; loading again changes nothing."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from vamco.core.actors import SYSTEM, Actor

from . import actions
from .models import Unit

LONG_AN = Path(__file__).parent / "data" / "long_an_2016.csv"


def load_units(path: Path = LONG_AN, actor: Actor = SYSTEM) -> int:
    """Open the units of a file (columns: see data/README.md) that are not there yet; answers how many."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    made = 0
    row: dict[str, Any]
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["code"] in units:
                continue
            parent = units.get(row.pop("parent"))
            valid_from = date.fromisoformat(row.pop("valid_from"))
            unit = actions.create_unit(actor, parent, valid_from=valid_from, **row)
            units[unit.code] = unit
            made += 1
    return made
