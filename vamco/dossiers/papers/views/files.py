"""Files of a dossier: papers, opinions, drafts and results, slips. Each is shown only to who may see its dossier."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vamco.core import clock, files, printing
from vamco.core.errors import NotFound
from vamco.results import paper as results_paper
from vamco.results import queries as results
from vamco.web.access import Request, staff

from ... import queries
from ...models import Dossier
from .. import readable, slips


@require_GET
@staff("dossiers.view")
def paper(request: Request, code: str, pk: int) -> HttpResponseBase:
    """A scan; `?tai` downloads it."""
    found = _dossier(request, code).papers.filter(pk=pk).select_related("file").first()
    return _file(request, found)


@require_GET
@staff("dossiers.view")
def opinion(request: Request, code: str, pk: int) -> HttpResponseBase:
    """The file that came with an opinion."""
    found = _dossier(request, code).consultations.filter(pk=pk).select_related("file").first()
    return _file(request, found)


def _file(request: Request, holder: Any) -> HttpResponseBase:
    if holder is None or holder.file is None:
        raise NotFound(_("Không có tệp này trong hồ sơ. Hãy tải lại trang hồ sơ."))
    return files.response(holder.file, as_attachment="tai" in request.GET)


@require_GET
@staff("dossiers.view")
def result(request: Request, code: str, pk: int) -> HttpResponseBase:
    """A result that was issued, or how a draft would look."""
    found = results.of_subject(_dossier(request, code).code).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Hồ sơ không có kết quả này. Hãy tải lại trang hồ sơ."))
    if found.file is not None:
        return files.response(found.file, as_attachment="tai" in request.GET)
    return printing.answer(request, results_paper.draft(found, at=clock.now()))


@require_GET
@staff("dossiers.view")
def draft(request: Request, code: str) -> HttpResponse:
    """How the result would look with the answers as they are saved now; nothing is kept."""
    return printing.answer(request, readable.draft_paper(_dossier(request, code)))


@require_GET
@staff("dossiers.view")
def slip(request: Request, pk: int) -> HttpResponse:
    """A slip as it was printed, or prints again; with `?trang=1` its first page as a picture."""
    paper = slips.paper_of(readable.slip(request.actor, pk))
    if page := request.GET.get("trang"):
        return printing.picture(paper, page)
    return printing.answer(request, paper)


@require_GET
@staff("dossiers.view")
def control(request: Request, code: str) -> HttpResponse:
    """The control slip with every hand-over until now; nothing is kept."""
    return printing.answer(request, slips.control_paper(_dossier(request, code)))


@require_GET
@staff("dossiers.view")
def closing(request: Request, code: str) -> HttpResponse:
    """The closing slip that waits to be confirmed; nothing is kept."""
    return printing.answer(request, readable.closing_paper(request.actor, _dossier(request, code)))


def _dossier(request: Request, code: str) -> Dossier:
    return queries.get(request.actor, code)
