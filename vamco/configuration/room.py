"""Values that rooms declare and administrators change on record."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import Nav, Permission, Room

ROOM = Room(
    nav=(Nav(_("Cấu hình"), "settings", "configuration.edit", 95),),
    permissions={"configuration.edit": Permission(_("Sửa cấu hình"), "admin")},
    api="vamco.configuration.api.router",
)
