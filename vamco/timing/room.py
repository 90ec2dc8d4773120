"""The office calendar and the legal regimes."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import Nav, Permission, Room

from . import checks

ROOM = Room(
    nav=(Nav(_("Lịch"), "calendar_admin", "timing.edit", 90),),
    permissions={
        "timing.edit": Permission(_("Sửa lịch, chế độ pháp lý"), "admin"),
    },
    checks=(checks.days_off, checks.regime),
    api="vamco.timing.api.router",
)
