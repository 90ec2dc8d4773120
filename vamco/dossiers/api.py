"""The API of dossiers: everything a page does, under the same rules."""

from ninja import Router

from .importing import api as importing
from .inbox.api import dossiers, filters
from .intake import api as intake
from .page import api as page
from .papers.api import books, papers
from .tracking import api as tracking
from .work.api import acting, consultations

router = Router()
for part in (tracking, dossiers, page, acting, importing, intake, papers, consultations, books, filters):
    router.add_router("", part.router)
