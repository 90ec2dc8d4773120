"""The API under /api/v1: the routers of all rooms, one description."""

from django.utils.module_loading import import_string

from .core.api import Api
from .organisation.api import BearerToken

api = Api(
    title="Vàm Cỏ",
    version="1",
    description="Everything a page does, the API does. Times are ISO 8601 with offset; errors are RFC 9457 problem documents.",
    auth=BearerToken(),
    docs_url=None,
)

# What is asked most comes first: an address is looked for in this order.
ROOMS = ("dossiers", "organisation", "timing", "notify", "parties", "procedures", "results", "payments")

for room in ROOMS:
    api.add_router("", import_string(f"vamco.{room}.api.router"))
