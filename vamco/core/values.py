"""A value as people write and read it; `inputs.read` reads it again."""

from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from . import clock


def written(value: Any, *, hour_first: bool = False) -> str:
    """The value in words; nothing for what is missing. Several values are parted by «; ».

    An instant stands as it is typed (05/12/2016 09:00), or with the hour first as in official letters.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, models.Choices):
        return str(value.label)
    if isinstance(value, datetime):
        when = clock.local(value) if value.tzinfo else value
        if hour_first:
            return f"{when:%H:%M %d/%m/%Y}"
        return f"{when:%d/%m/%Y}" if when.time() == time() else f"{when:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, tuple | list):
        return "; ".join(written(part) for part in value)
    return str(value).strip()
