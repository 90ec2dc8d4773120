"""Load the shipped calendar and regimes; loading again adds what is new and touches nothing that is there."""

from datetime import date, time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import holidays
import yaml

from vamco.core.actors import SYSTEM, Actor

from . import actions
from .models import CalendarDay, DayKind, Regime
from .regime_inputs import Source, Sources

DATA = Path(__file__).parent / "data"
FIRST_YEAR, LAST_YEAR = 2015, 2027
LAST_ANNOUNCED = 2026
"""Later years are computed from the law, not announced: their days are not verified."""


def load_timing(actor: Actor = SYSTEM) -> tuple[int, int]:
    """Load days and regimes that are not there yet; answers how many of each."""
    return load_days(actor), load_regimes(actor)


def load_days(actor: Actor = SYSTEM) -> int:
    """Public holidays and moved working days for the whole province."""
    known = set(CalendarDay.objects.filter(unit=None).values_list("date", flat=True))
    new = {day: values for day, values in shipped_days().items() if day not in known}
    for day, values in sorted(new.items()):
        actions.set_day(actor, None, day=day, **values)
    return len(new)


def load_regimes(actor: Actor = SYSTEM) -> int:
    """The regimes of data/regimes.yaml."""
    known = set(Regime.objects.values_list("key", flat=True))
    new = [row for row in _read("regimes.yaml") if row["key"] not in known]
    for row in new:
        values = {name: given[0] for name, given in row["values"].items()}
        values["cut_off"] = time.fromisoformat(values["cut_off"])
        sources = Sources(**{name: Source(given[1], given[2]) for name, given in row["values"].items()})
        actions.open_regime(
            actor, None, key=row["key"], name=row["name"], name_en=row["name_en"], sources=sources, **values
        )
    return len(new)


def shipped_days() -> dict[date, dict[str, Any]]:
    """Every day that differs from its weekday, with the inputs of `actions.set_day`."""
    days = _holidays()
    for swap in _read("swaps.yaml"):
        values = {"source": swap["source"], "verified": swap["verified"]}
        off, work = swap["day_off"], swap["worked"]
        days[off] = {"kind": DayKind.SWAP_OFF, "name": f"Nghỉ, làm bù vào ngày {work:%d/%m/%Y}", **values}
        name = f"Làm bù cho ngày {off:%d/%m/%Y}"
        days[work] = {"kind": DayKind.SWAP_WORK, "name": name, "replaces": off, **values}
    return days


def _holidays() -> dict[date, dict[str, Any]]:
    found = holidays.country_holidays("VN", years=range(FIRST_YEAR, LAST_YEAR + 1), language="vi")
    return {
        day: {
            "kind": DayKind.COMPENSATION if "(nghỉ bù)" in name else DayKind.HOLIDAY,
            "name": name,
            "source": f"Thư viện holidays {version('holidays')} (VN)",
            "verified": day.year <= LAST_ANNOUNCED,
        }
        for day, name in found.items()
    }


def _read(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))  # type: ignore[no-any-return]
