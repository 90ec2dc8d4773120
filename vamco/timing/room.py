"""The office calendar and the legal regimes."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import Nav, Permission, Room, Section, Thing

from . import checks, queries, sections
from .models import Regime

ROOM = Room(
    nav=(Nav(_("Lịch"), "calendar_admin", "timing.edit", 90),),
    permissions={
        "timing.edit": Permission(_("Sửa lịch, chế độ pháp lý"), "admin"),
    },
    things={
        Regime: Thing(
            queries.edited_regimes,
            write="timing.edit",
            url=lambda regime: reverse("calendar_regime", args=[regime.key]),
        ),
    },
    checks=(checks.days_off, checks.regime),
    api="vamco.timing.api.router",
    morning=(Section("timing/morning.html", sections.morning, place=80),),
)
