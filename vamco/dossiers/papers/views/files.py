"""Files of a dossier: papers, opinions, drafts and results, slips. Each is shown only to who may see its dossier."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vamco.core import clock, files
from vamco.core.errors import NotFound
from vamco.results import paper as printed
from vamco.results import queries as results
from vamco.web.access import Request, staff

from ... import queries
from ...models import Dossier
from .. import readable, slips_data

can_preview = readable.can_preview


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """A PDF that was made this moment, shown in the page, kept nowhere."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = files.disposition(name, attachment=False)
    answer["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


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
    return pdf_response(printed.render(found, at=clock.now(), draft=True), f"{found.type_name[:80]}.pdf")


@require_GET
@staff("dossiers.view")
def draft(request: Request, code: str) -> HttpResponse:
    """How the result would look with the answers as they are saved now; nothing is kept."""
    content, name = readable.draft_pdf(_dossier(request, code))
    return pdf_response(content, f"{name[:80]}.pdf")


@require_GET
@staff("dossiers.view")
def slip(request: Request, pk: int) -> HttpResponse:
    """A slip as it was printed, or prints again."""
    found = readable.slip(request.actor, pk)
    return pdf_response(slips_data.pdf(found), f"{found.kind}-{found.pk}.pdf")


@require_GET
@staff("dossiers.view")
def control(request: Request, code: str) -> HttpResponse:
    """The control slip with every hand-over until now."""
    dossier = _dossier(request, code)
    content = readable.control_pdf(request.actor, dossier)
    return pdf_response(content, f"phieu-kiem-soat-{dossier.code}.pdf")


@require_GET
@staff("dossiers.view")
def closing(request: Request, code: str) -> HttpResponse:
    """The closing slip that waits to be confirmed; nothing is kept."""
    dossier = _dossier(request, code)
    content = readable.closing_pdf(request.actor, dossier)
    return pdf_response(content, f"thong-bao-ket-thuc-{dossier.code}.pdf")


def _dossier(request: Request, code: str) -> Dossier:
    return queries.get(request.actor, code)
