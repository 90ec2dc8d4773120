"""The API of dossiers: everything a page does, under the same rules."""

from ninja import Router

from . import acting, books, consultations, dossiers, filters, intake, papers, tracking

router = Router()
for part in (tracking, dossiers, acting, intake, papers, consultations, books, filters):
    router.add_router("", part.router)
