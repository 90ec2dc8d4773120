"""The frame of all pages, and the page on which a working day begins."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import Nav, Room

ROOM = Room(
    # A permission that every role carries: whoever works here has a morning.
    nav=(Nav(_("Hôm nay"), "morning", "organisation.delegate", 15, begins=False),),
)
