"""The API's view of the catalogue: the guide for everyone, the versions for those who edit them;
`shape` is what makes and orders procedures, cases and steps."""

from ninja import Router

from . import guide, shape, versions

router = Router()
for part in (guide, versions, shape):
    router.add_router("", part.router)
