"""The API's view of results and of the templates they are made from."""

from ninja import Router

from . import results, templates

router = Router()
for part in (results, templates):
    router.add_router("", part.router)
