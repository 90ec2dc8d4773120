"""Who may be given a dossier."""

from collections.abc import Iterable

from vamco.core import clock
from vamco.organisation.access import granted_at
from vamco.organisation.models import Unit, User
from vamco.organisation.validity import held_on
from vamco.procedures.definition import STEP_ROLES


def people(units: Iterable[Unit], role: str = "") -> list[User]:
    """Active people whose posts have a step's role in one of the units, by given name."""
    found = User.objects.filter(
        held_on(clock.today(), "holdings__"),
        granted_at(units, "holdings__post__grants__"),
        is_active=True,
        holdings__post__grants__role__in=[role] if role else STEP_ROLES,
    ).distinct()
    return sorted(found, key=lambda user: user.full_name.split()[::-1])
