"""Words for what a dossier holds: roles of parties, slips, telephone numbers."""

from django.utils.translation import gettext as _


def phone_words(number: str) -> str:
    """A telephone number as it is read aloud: 0913 000 124."""
    return f"{number[:4]} {number[4:7]} {number[7:]}" if number.isdigit() and len(number) == 10 else number


def role_words(role: str) -> str:
    """What a party is to the dossier."""
    return {
        "applicant": _("Người nộp"),
        "co_applicant": _("Cùng đứng tên"),
        "representative": _("Đại diện"),
        "beneficiary": _("Người hưởng"),
        "submitter": _("Nộp hộ"),
        "collector": _("Nhận hộ"),
    }.get(role, role)


def slip_words(kind: str) -> str:
    """A slip's name."""
    return {
        "receipt": _("Giấy tiếp nhận và hẹn trả kết quả"),
        "supplement": _("Phiếu yêu cầu bổ sung"),
        "intake_refusal": _("Phiếu từ chối tiếp nhận"),
        "apology": _("Phiếu xin lỗi và hẹn lại"),
        "control": _("Phiếu kiểm soát"),
        "closing": _("Thông báo trả hồ sơ"),
        "stopped": _("Thông báo dừng giải quyết"),
    }.get(kind, kind)
