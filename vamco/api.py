"""The API under /api/v1: the routers of all rooms, one description."""

from django.utils.module_loading import import_string
from ninja import NinjaAPI

from .core.api import handle_errors
from .organisation.api import BearerToken

api = NinjaAPI(
    title="Vàm Cỏ",
    version="1",
    description="Everything a page does, the API does. Times are ISO 8601 with offset; errors are RFC 9457 problem documents.",
    auth=BearerToken(),
    docs_url=None,
)
handle_errors(api)

for room in ("organisation", "timing", "notify", "parties", "procedures", "results", "payments", "dossiers"):
    try:
        api.add_router("", import_string(f"vamco.{room}.api.router"))
    except ImportError as error:
        if f"vamco.{room}" not in str(error):
            raise
