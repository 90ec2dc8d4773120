"""The API's view of the catalogue: the guide for everyone, the versions for those who edit them."""

from ninja import Router

from . import guide, versions

router = Router()
for part in (guide, versions):
    router.add_router("", part.router)
