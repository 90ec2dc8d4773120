"""Roles (vai trò) and the permissions that each carries. A role is granted to a post for a unit."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    """A role's name (translated when shown) and its permissions."""

    name: Any
    permissions: frozenset[str]


_VIEW = {"dossiers.view", "dossiers.note"}
_WORK = _VIEW | {
    "dossiers.work",
    "dossiers.supplement",
    "dossiers.consult",
    "dossiers.answer",
    "dossiers.take_back",
    "results.draft",
    "dossiers.new_date",
}

_OWN = frozenset({"organisation.delegate"})
"""What everybody may do who holds any role: delegate their own work."""

_ROLES: dict[str, Role] = {
    "intake": Role(
        _("Tiếp nhận và trả kết quả"),
        frozenset(
            _VIEW
            | {
                "step.intake",
                "dossiers.work",
                "dossiers.receive",
                "dossiers.correct",
                "dossiers.supplement",
                "dossiers.resume",
                "dossiers.close",
                "dossiers.hand_over",
                "dossiers.take_back",
                "dossiers.at_once",
                "parties.search",
                "parties.look_up",
                "parties.register",
                "parties.correct",
                "payments.collect",
                "files.upload",
            }
        ),
    ),
    "specialist": Role(_("Chuyên viên thụ lý"), frozenset(_WORK | {"step.specialist", "files.upload"})),
    "head": Role(
        _("Lãnh đạo phòng"),
        frozenset(
            _WORK
            | {"step.head", "step.specialist", "dossiers.assign", "dossiers.sign_new_date", "files.upload"}
        ),
    ),
    "leader": Role(
        _("Lãnh đạo cơ quan"),
        frozenset(
            _VIEW
            | {
                "step.leader",
                "dossiers.work",
                "dossiers.assign",
                "dossiers.sign_new_date",
                "dossiers.take_back",
            }
        ),
    ),
    "registrar": Role(
        _("Văn thư"),
        frozenset(_VIEW | {"step.registrar", "dossiers.work", "dossiers.take_back", "files.upload"}),
    ),
    "cashier": Role(
        _("Thu phí, lệ phí"), frozenset(_VIEW | {"payments.collect", "payments.cancel", "payments.close_day"})
    ),
    "supervisor": Role(
        _("Giám sát một cửa"),
        frozenset(
            _VIEW
            | {
                "dossiers.supervise",
                "dossiers.assign",
                "dossiers.close_book",
                "dossiers.export",
                "dossiers.import",
                "parties.register",
                "parties.correct",
                "parties.search",
                "payments.cancel",
                "payments.open_book",
                "results.withdraw",
                "notify.view",
                "notify.resend",
            }
        ),
    ),
    "admin": Role(
        _("Quản trị"),
        frozenset(
            {
                "organisation.edit",
                "organisation.people",
                "procedures.edit",
                "procedures.publish",
                "timing.edit",
                "results.edit_templates",
                "payments.open_book",
                "notify.view",
                "notify.resend",
            }
        ),
    ),
    "auditor": Role(_("Kiểm tra, thanh tra"), frozenset({"audit.read", "dossiers.view", "notify.view"})),
}

ROLES: dict[str, Role] = {key: Role(role.name, role.permissions | _OWN) for key, role in _ROLES.items()}

PERMISSIONS: dict[str, Any] = {
    "audit.read": _("Đọc nhật ký"),
    "dossiers.answer": _("Trả lời ý kiến"),
    "dossiers.assign": _("Phân công hồ sơ"),
    "dossiers.at_once": _("Giải quyết ngay tại quầy"),
    "dossiers.close": _("Kết thúc hồ sơ quá hạn bổ sung"),
    "dossiers.close_book": _("Khóa sổ hồ sơ"),
    "dossiers.consult": _("Xin ý kiến đơn vị khác"),
    "dossiers.correct": _("Sửa hồ sơ đã nhận"),
    "dossiers.export": _("Xuất danh sách hồ sơ"),
    "dossiers.hand_over": _("Trả kết quả"),
    "dossiers.import": _("Nạp hồ sơ từ tệp"),
    "dossiers.new_date": _("Dự thảo phiếu xin lỗi, hẹn lại"),
    "dossiers.note": _("Ghi chú vào hồ sơ"),
    "dossiers.receive": _("Tiếp nhận hồ sơ"),
    "dossiers.resume": _("Nhận bổ sung"),
    "dossiers.sign_new_date": _("Ký phiếu xin lỗi, hẹn lại"),
    "dossiers.supervise": _("Giám sát, gỡ hồ sơ bị kẹt"),
    "dossiers.supplement": _("Yêu cầu bổ sung"),
    "dossiers.take_back": _("Lấy lại hồ sơ vừa chuyển"),
    "dossiers.view": _("Xem hồ sơ"),
    "dossiers.work": _("Xử lý hồ sơ"),
    "files.upload": _("Gửi tệp lên"),
    "notify.resend": _("Gửi lại tin"),
    "notify.view": _("Xem tin đã gửi"),
    "organisation.delegate": _("Ủy quyền"),
    "organisation.edit": _("Sửa đơn vị, chức vụ, vai trò"),
    "organisation.people": _("Quản lý tài khoản"),
    "parties.correct": _("Đính chính người, tổ chức"),
    "parties.look_up": _("Tra cứu theo số định danh"),
    "parties.register": _("Ghi người, tổ chức mới"),
    "parties.search": _("Tìm người, tổ chức theo tên"),
    "payments.cancel": _("Hủy, thay biên lai"),
    "payments.close_day": _("Khóa sổ thu trong ngày"),
    "payments.collect": _("Thu tiền"),
    "payments.open_book": _("Mở, khóa quyển biên lai"),
    "procedures.edit": _("Soạn thủ tục"),
    "procedures.publish": _("Công bố, bãi bỏ thủ tục"),
    "results.draft": _("Soạn kết quả, bản thay thế"),
    "results.edit_templates": _("Sửa mẫu kết quả"),
    "results.withdraw": _("Thu hồi kết quả"),
    "step.head": _("Làm bước của lãnh đạo phòng"),
    "step.intake": _("Làm bước của người tiếp nhận"),
    "step.leader": _("Làm bước của lãnh đạo cơ quan"),
    "step.registrar": _("Làm bước của văn thư"),
    "step.specialist": _("Làm bước của chuyên viên"),
    "timing.edit": _("Sửa lịch, chế độ pháp lý"),
}
"""Every permission with its name for people, who choose among them what a token may do."""
