"""The API's view of units, posts, people and their rights."""

from ninja import Router

from . import delegations, ledger, people, posts, units
from .auth import BearerToken, is_known

__all__ = ["BearerToken", "is_known", "router"]

router = Router()
for part in (units, posts, people, delegations, ledger):
    router.add_router("", part.router)
