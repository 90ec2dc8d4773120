"""Where a step is done, in words: a unit rule (`Step.unit_rule`) as an administrator chooses it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from vamco.organisation.offices import DEPARTMENTS, ROOMS

RULES = {
    "receiving": _("nơi nhận hồ sơ"),
    "same": _("đơn vị của bước trước"),
    "parent": _("đơn vị cấp trên của bước trước"),
    "deciding": _("cơ quan quyết định"),
}
PLACES: dict[str, Any] = {
    **RULES,
    **{f"room:{key}": name for key, name in ROOMS.items()},
    **{f"dept:{key}": name for key, name in DEPARTMENTS.items()},
}
"""Every unit rule with its words."""


def place(rule: str) -> str:
    """A unit rule in words; an unknown one as it is."""
    return str(PLACES.get(rule, rule))


def places(present: str = "") -> list[tuple[str, Any]]:
    """The rules to choose from, with the step's present one even if it is unknown."""
    there = [] if not present or present in PLACES else [(present, present)]
    return [*PLACES.items(), *there]
