"""The API under /api/v1: the routers of all rooms, one description."""

from django.utils.module_loading import import_string

from .core.api import Api
from .core.api_registers import router_of
from .core.rooms import rooms
from .organisation.api import BearerToken

api = Api(
    title="Vàm Cỏ",
    version="1",
    description="Everything a page does, the API does. Times are ISO 8601 with offset; errors are RFC 9457 problem documents.",
    auth=BearerToken(),
    docs_url=None,
)

# The uppermost room comes first: an address is looked for in this order, and dossiers are asked for most.
for room in reversed(list(rooms().values())):
    if room.api:
        api.add_router("", import_string(room.api))
    for register in room.registers:
        api.add_router("", router_of(register))
