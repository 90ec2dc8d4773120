"""The API's view of units, posts, people and their rights."""

from ninja import Router

from . import delegations, people, posts, units
from .auth import BearerToken

__all__ = ["BearerToken", "router"]

router = Router()
for part in (units, posts, people, delegations):
    router.add_router("", part.router)
