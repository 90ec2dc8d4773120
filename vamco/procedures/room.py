"""The catalogue of procedures."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import Nav, Permission, Room, Way

ROOM = Room(
    nav=(Nav(_("Thủ tục"), "procedures_admin", "procedures.edit", 70),),
    ways=(Way("procedure_list", _("Thủ tục")),),
    permissions={
        "procedures.edit": Permission(_("Soạn thủ tục"), "admin"),
        "procedures.publish": Permission(_("Công bố, bãi bỏ thủ tục"), "admin"),
        "step.head": Permission(_("Làm bước của lãnh đạo phòng"), "head"),
        "step.intake": Permission(_("Làm bước của người tiếp nhận"), "intake"),
        "step.leader": Permission(_("Làm bước của lãnh đạo cơ quan"), "leader"),
        "step.registrar": Permission(_("Làm bước của văn thư"), "registrar"),
        "step.specialist": Permission(_("Làm bước của chuyên viên"), "specialist head"),
    },
    public=("procedure_list", "procedure"),
    indexed=("/thu-tuc/",),
    api="vamco.procedures.api.router",
)
