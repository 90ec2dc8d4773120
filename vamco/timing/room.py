"""The office calendar and the legal regimes."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import Nav, Permission, Room, Section

from . import sections

ROOM = Room(
    nav=(Nav(_("Lịch"), "calendar_admin", "timing.edit", 90),),
    permissions={
        "timing.edit": Permission(_("Sửa lịch, chế độ pháp lý"), "admin"),
    },
    api="vamco.timing.api.router",
    morning=(Section("timing/morning.html", sections.morning, place=80),),
)
