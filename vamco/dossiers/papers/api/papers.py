"""Files and printed papers."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Field, File, Query, Router, Schema, UploadedFile

from vamco.core import files, search, sniff
from vamco.core.api import PDF, Id, Problem, Searched, binary, caller, page_of
from vamco.core.errors import NotAllowed
from vamco.core.printing import answer

from ... import queries
from ...schemas.given import DossierCode
from ...schemas.shown import SlipOut, slip_out
from .. import readable
from ..slips import control_paper, paper_of

router = Router(tags=["papers"])


class FileOut(Schema):
    """An uploaded file."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["to-khai.pdf"])
    size: int = Field(description="bytes", examples=[48213])
    media_type: str = Field(examples=["application/pdf"])
    sha256: str = Field(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])


class SlipFilter(Searched):
    """Which slips; `q` is looked for in the number."""

    kind: str = Field("", max_length=16, examples=["receipt"])


class SlipList(Schema):
    """A page of slips."""

    items: list[SlipOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


@router.post("/files", response={201: FileOut}, summary="Upload a file")
def upload(request: HttpRequest, file: File[UploadedFile]) -> dict[str, Any]:
    """Upload a file (multipart, field `file`); its id goes into `papers` of a dossier."""
    actor = caller(request)
    if not actor.may_anywhere("files.upload"):
        raise NotAllowed(_("Ông/bà không có quyền tải tệp lên."))
    kept = files.store(file, name=file.name or "", uploaded_by_id=actor.user_id)
    names = ("name", "size", "media_type", "sha256")
    return {"id": kept.pk} | {name: getattr(kept, name) for name in names}


@router.get("/files/{file_id}", summary="Read a file", openapi_extra=binary(*sniff.TYPES))
def download(request: HttpRequest, file_id: Id) -> HttpResponseBase:
    """A scan, an opinion's file or an issued paper of a dossier that the caller may see, or their own upload; with its
    own content type."""
    return files.response(readable.file(caller(request), file_id))


@router.get("/dossiers/{code}/slips", response=SlipList, summary="Slips that were printed for a dossier")
def slips(request: HttpRequest, code: DossierCode, filters: Query[SlipFilter]) -> dict[str, Any]:
    """In the order in which they were made."""
    rows = queries.get(caller(request), code).slips.select_related("dossier")
    rows = rows.filter(kind=filters.kind) if filters.kind else rows
    return page_of(search.matching(rows, filters.q, "number"), filters, render=slip_out)


@router.get("/slips/{slip_id}/paper", summary="A slip in print", openapi_extra=PDF)
def slip(request: HttpRequest, slip_id: Id) -> HttpResponse:
    """As it was printed: the same data make the same paper."""
    return answer(request, paper_of(readable.slip(caller(request), slip_id)))


@router.get("/dossiers/{code}/draft", summary="How the result would look now", openapi_extra=PDF)
def draft(request: HttpRequest, code: DossierCode) -> HttpResponse:
    """In a step that drafts a result; nothing is kept."""
    return answer(request, readable.draft_paper(queries.get(caller(request), code)))


@router.get(
    "/dossiers/{code}/closing_slip",
    response={409: Problem},
    summary="The closing slip to be confirmed",
    openapi_extra=PDF,
)
def closing_slip(request: HttpRequest, code: DossierCode) -> HttpResponse:
    """While a supplement that never came waits for `close_unanswered`; nothing is kept."""
    actor = caller(request)
    return answer(request, readable.closing_paper(actor, queries.get(actor, code)))


@router.get("/dossiers/{code}/control_slip", summary="The control slip until now", openapi_extra=PDF)
def control_slip(request: HttpRequest, code: DossierCode) -> HttpResponse:
    """Every hand-over with its time (form 05)."""
    return answer(request, control_paper(queries.get(caller(request), code)))
