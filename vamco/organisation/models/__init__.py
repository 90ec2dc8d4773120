"""Units, posts, people, and what each may do where."""

from .access import ApiToken, LedgerExport, SignInFailure
from .people import Delegation, Grant, Holding, Post, User, UserManager
from .units import Level, Unit, UnitFields, UnitVersion

__all__ = [
    "ApiToken",
    "Delegation",
    "Grant",
    "Holding",
    "LedgerExport",
    "Level",
    "Post",
    "SignInFailure",
    "Unit",
    "UnitFields",
    "UnitVersion",
    "User",
    "UserManager",
]
