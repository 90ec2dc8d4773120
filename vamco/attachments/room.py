"""Files on things of any room."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import EVERY_ROLE, Permission, Room, Section

from .queries import section

_FILES = Section("attachments/section.html", section, place=60)

ROOM = Room(
    # Every role holds it: to which things somebody may add is said by the things' rooms.
    permissions={"attachments.attach": Permission(_("Đính kèm tệp"), EVERY_ROLE)},
    api="vamco.attachments.api.router",
    unit=(_FILES,),
    record=(_FILES,),
)
