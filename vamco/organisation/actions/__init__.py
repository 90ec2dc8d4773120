"""Everything that changes units, posts, people and their rights."""

from .accounts import create_administrator, own_second_step
from .audit import export_ledger
from .delegations import delegate, revoke_delegation
from .people import (
    change_person,
    create_person,
    deactivate,
    must_manage,
    must_rank_over,
    own_password,
    reactivate,
    reset_password,
    reset_second_step,
)
from .posts import appoint, change_post, create_post, end_holding, grant, revoke
from .tokens import issue_token, own_token, revoke_own_token, revoke_token, token_hash
from .units import change_unit, close_unit, create_unit

__all__ = [
    "appoint",
    "change_person",
    "change_post",
    "change_unit",
    "close_unit",
    "create_administrator",
    "create_person",
    "create_post",
    "create_unit",
    "deactivate",
    "delegate",
    "end_holding",
    "export_ledger",
    "grant",
    "issue_token",
    "must_manage",
    "must_rank_over",
    "own_password",
    "own_second_step",
    "own_token",
    "reactivate",
    "reset_password",
    "reset_second_step",
    "revoke",
    "revoke_delegation",
    "revoke_own_token",
    "revoke_token",
    "token_hash",
]
