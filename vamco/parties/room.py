"""People and businesses, once each."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import Permission, Room

ROOM = Room(
    permissions={
        "parties.correct": Permission(_("Đính chính người, tổ chức"), "intake supervisor"),
        "parties.look_up": Permission(_("Tra cứu theo số định danh"), "intake"),
        "parties.register": Permission(_("Ghi người, tổ chức mới"), "intake supervisor"),
        "parties.search": Permission(_("Tìm người, tổ chức theo tên"), "intake supervisor"),
    },
    api="vamco.parties.api.router",
)
