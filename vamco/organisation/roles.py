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
