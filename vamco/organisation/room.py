"""Units, people and what they may do; the roles of an administration."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import EVERY_ROLE, Nav, Permission, Room, Thing

from . import queries
from .models import Unit

ROOM = Room(
    nav=(
        Nav(_("Tổ chức"), "organisation_admin", "organisation.edit", 100),
        Nav(_("Nhật ký"), "audit", "audit.read", 110),
    ),
    permissions={
        "audit.read": Permission(_("Đọc nhật ký"), "auditor"),
        "organisation.delegate": Permission(_("Ủy quyền"), EVERY_ROLE),
        "organisation.edit": Permission(_("Sửa đơn vị, chức vụ, vai trò"), "admin"),
        "organisation.people": Permission(_("Quản lý tài khoản"), "admin"),
    },
    roles={
        "intake": _("Tiếp nhận và trả kết quả"),
        "specialist": _("Chuyên viên thụ lý"),
        "head": _("Lãnh đạo phòng"),
        "leader": _("Lãnh đạo cơ quan"),
        "registrar": _("Văn thư"),
        "cashier": _("Thu phí, lệ phí"),
        "supervisor": _("Giám sát một cửa"),
        "admin": _("Quản trị"),
        "auditor": _("Kiểm tra, thanh tra"),
    },
    entries={"audit.erase": _("Xóa nội dung nhật ký theo căn cứ")},
    things={
        Unit: Thing(
            queries.units,
            write="organisation.edit",
            url=lambda unit: reverse("organisation_unit", args=[unit.code]),
            labels={
                "name": _("tên"),
                "name_en": _("tên tiếng Anh"),
                "level": _("cấp"),
                "kind": _("loại hình"),
                "parent": _("nơi trực thuộc"),
                "place": _("địa danh"),
                "address": _("địa chỉ"),
                "phone": _("điện thoại"),
                "valid_from": _("từ ngày"),
                "valid_to": _("đến hết ngày"),
            },
        ),
    },
    api="vamco.organisation.api.router",
)
