"""What was done with things of any room, and notes on them."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import EVERY_ROLE, Permission, Room, Section

from .queries import section

_HISTORY = Section("history/section.html", section, place=90)

ROOM = Room(
    # Every role holds it: the room of a thing decides who may write a note on it (`Room.things`).
    permissions={"history.note": Permission(_("Ghi chú nội bộ"), EVERY_ROLE)},
    api="vamco.history.api.router",
    unit=(_HISTORY,),
    record=(_HISTORY,),
)
