"""Words for what a dossier holds: roles of parties, time limits, telephone numbers."""

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


def limit_words(amount: int, unit: str) -> str:
    """A time limit in words: «15 ngày làm việc»."""
    if unit == "at_once":
        return _("trong ngày")
    return (
        _("%(count)d giờ làm việc") % {"count": amount}
        if unit == "working_hour"
        else _("%(count)d ngày làm việc") % {"count": amount}
    )
