"""What was issued."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import Nav, Permission, Room, Way

ROOM = Room(
    nav=(
        Nav(_("Kết quả"), "results", "results.export", 55),
        Nav(_("Mẫu kết quả"), "result_templates", "results.edit_templates", 80),
    ),
    ways=(Way("result_check", _("Kiểm tra kết quả")),),
    permissions={
        "results.draft": Permission(_("Soạn kết quả, bản thay thế"), "specialist head"),
        "results.edit_templates": Permission(_("Sửa mẫu kết quả"), "admin"),
        "results.export": Permission(_("Xuất danh sách kết quả"), "registrar supervisor auditor"),
        "results.withdraw": Permission(_("Thu hồi kết quả"), "supervisor"),
    },
    public=("result_check", "result_check_number"),
    api="vamco.results.api.router",
)
