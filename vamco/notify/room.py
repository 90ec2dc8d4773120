"""Messages that go out."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import MessageKind, Nav, Permission, Room

from . import checks

ROOM = Room(
    nav=(Nav(_("Tin gửi"), "messages", "notify.view", 60),),
    permissions={
        "notify.resend": Permission(_("Gửi lại tin"), "supervisor admin"),
        "notify.view": Permission(_("Xem tin đã gửi"), "supervisor admin auditor"),
    },
    messages={"digest": MessageKind(_("việc đến hạn trong ngày"))},
    checks=(checks.mail,),
    api="vamco.notify.api.router",
)
