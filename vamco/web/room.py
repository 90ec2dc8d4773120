"""The frame of all pages, and the page on which a working day begins."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import EVERY_ROLE, Nav, Permission, Room

ROOM = Room(
    nav=(Nav(_("Hôm nay"), "morning", "web.morning", 15, begins=False),),
    permissions={"web.morning": Permission(_("Xem trang Hôm nay"), EVERY_ROLE)},
)
