"""What a setting is for a unit: what an administrator said of it or of a unit above, or the room's default.

Settings are asked for everywhere and change a few times a year, so each process keeps them and looks again when they are
older than `FRESH_SECONDS`: an edit reaches every web and worker process within that time, and the process that made it
at once.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from vamco.core import inputs
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.inputs import Input, Parameter
from vamco.core.rooms import Setting, rooms
from vamco.organisation.models import Unit

from .models import LONGEST, Value

log = logging.getLogger(__name__)
FRESH_SECONDS = 3.0

Texts = Mapping[tuple[str, int | None], str]
_kept: tuple[float, Texts] | None = None


@cache
def declared() -> Mapping[str, Setting]:
    """Every setting of every room by its key, in the order of the rooms."""
    return {key: one for room in rooms().values() for key, one in room.settings.items()}


def value(key: str, unit: Unit | None = None) -> Any:
    """What holds for a unit, or for the province; at most one query. Raises `KeyError` for what no room declares."""
    return standing(key, unit).value


@dataclass(frozen=True)
class Standing:
    """What a setting is. `at` is the unit that it was set for, None for the province; not `set`: it is the default."""

    value: Any
    set: bool = False
    at: int | None = None


def standing(key: str, unit: Unit | None = None) -> Standing:
    """What holds for a unit, or for the province, and where it comes from."""
    setting = declared()[key]
    texts = _texts()
    for at in _places(setting, unit):
        if (key, at) in texts:
            try:
                return Standing(read(setting, texts[key, at]), True, at)
            except Invalid:  # the room changed the kind of its setting
                log.warning("setting %s is not readable: the one above it holds", key)
    return Standing(setting.default)


def _places(setting: Setting, unit: Unit | None) -> list[int | None]:
    """Where a value may come from, the nearest first."""
    return [*(reversed(unit.path) if unit and setting.by_unit else ()), None]


def forget() -> None:
    """Look again at the next question."""
    global _kept
    _kept = None


def _texts() -> Texts:
    global _kept
    if any(callback[1] is forget for callback in connection.run_on_commit):
        return (
            _read()
        )  # this transaction has edits of its own: only it may see them, and nobody keeps what it sees
    now = time.monotonic()
    if _kept is None or now - _kept[0] >= FRESH_SECONDS:
        _kept = (now, _read())
    return _kept[1]


def _read() -> Texts:
    rows = Value.objects.filter(removed=False).order_by().values_list("key", "unit_id", "text")
    return {(key, unit): text for key, unit, text in rows}


# Text and value --------------------------------------------------------------------------------------------


def read(setting: Setting, text: str) -> Any:
    """The value that a text says. Raises `Invalid` in words that say how it is written."""
    return inputs.read(setting.kind, text)


def written(value: Any) -> str:
    """The text of a value, as `read` reads it; also of what a program sends as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if hasattr(value, "isoformat") and not isinstance(value, date):
        return f"{value:%H:%M}"
    return str(value)


def checked(setting: Setting, actor: Actor, text: str) -> Any:
    """The value of a text that an administrator gave. Raises `Invalid` by the field `value`."""
    if setting.kind is bool and text not in ("true", "false"):
        raise Invalid(_("Hãy chọn có hoặc không."), field="value")
    try:
        found = read(setting, text)
    except Invalid as fault:
        raise Invalid(fault.message, field="value") from None
    return inputs.checked([parameter_of(setting)], actor, None, {"value": found})["value"]


def parameter_of(setting: Setting) -> Parameter:
    """The input by which a setting is asked for: of the setting's own kind."""
    longest = LONGEST if setting.kind is str else None
    words = Input(setting.name, setting.help, least=setting.least, most=setting.most or longest)
    return Parameter("value", setting.kind, False, setting.default == "", "", words)
