"""The API's view of files on things."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile

from vamco.core import files, search, sniff, things
from vamco.core.api import Id, Problem, Searched, binary, caller, page_of
from vamco.core.api_actions import add_action

from . import actions, queries
from .models import Attachment

router = Router(tags=["attachments"])


class OfThingIn(Schema):
    """Which thing."""

    kind: str = Field(max_length=80, description="kind of the thing", examples=["payments.receipt"])
    id: Id = Field(description="number of the thing", examples=[17])


class AttachIn(OfThingIn):
    """The thing, and what is said of the file."""

    name: str = Field("", max_length=200, description="empty: the name of the file", examples=["Biên bản"])
    note: str = Field("", max_length=500, examples=["Biên bản làm việc ngày 05/12/2016"])


class AttachmentFilter(Searched, OfThingIn):
    """Whose files; `q` is looked for in name and note."""


class AttachmentOut(Schema):
    """A file on a thing."""

    id: int = Field(examples=[3])
    kind: str = Field(examples=["payments.receipt"])
    thing: int = Field(examples=[17])
    name: str = Field(examples=["bien-ban.pdf"])
    note: str = Field(examples=["Biên bản làm việc ngày 05/12/2016"])
    media_type: str = Field(examples=["application/pdf"])
    size: int = Field(description="bytes", examples=[48213])
    by: int | None = Field(description="null: the system itself", examples=[5])
    at: datetime = Field(examples=["2016-12-05T10:42:00+07:00"])
    removed_at: datetime | None = Field(description="when it was taken off", examples=[None])


class AttachmentList(Schema):
    """A page of the files on a thing."""

    items: list[AttachmentOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


@router.get("/attachments", response={200: AttachmentList, 404: Problem}, summary="Files on a thing")
def attachments(request: HttpRequest, filters: Query[AttachmentFilter]) -> dict[str, Any]:
    """In the order in which they were put there; nothing of those that were taken off."""
    actor = caller(request)
    rows = queries.attached(actor, things.get(actor, filters.kind, filters.id))
    return page_of(search.matching(rows, filters.q, "name", "note"), filters, render=_out)


@router.post("/attachments", response={201: AttachmentOut}, summary="Put a file on a thing")
def attach(request: HttpRequest, body: Form[AttachIn], file: File[UploadedFile]) -> dict[str, Any]:
    """The file (multipart, field `file`) and the thing; once with Idempotency-Key."""
    actor = caller(request)
    row = things.get(actor, body.kind, body.id)
    things.check_write(actor, row)
    kept = files.store(file, name=file.name or "", uploaded_by_id=actor.user_id)
    return _out(actions.attach(actor, row, file=kept, name=body.name, note=body.note))


@router.get(
    "/attachments/{attachment_id}/content",
    summary="Read an attached file",
    openapi_extra=binary(*sniff.TYPES),
)
def content(request: HttpRequest, attachment_id: Id) -> HttpResponseBase:
    """With its own content type."""
    return files.response(queries.attachment(caller(request), attachment_id).file)


def _out(attachment: Attachment) -> dict[str, Any]:
    return {
        "id": attachment.pk,
        "by": attachment.by_id,
        "media_type": attachment.file.media_type,
        "size": attachment.file.size,
    } | {name: getattr(attachment, name) for name in ("kind", "thing", "name", "note", "at", "removed_at")}


add_action(
    router,
    "/attachments/{attachment_id}/actions/remove",
    actions.remove,
    find=lambda actor, attachment_id: queries.attachment(actor, attachment_id),
    render=lambda _actor, done: _out(done),
    response=AttachmentOut,
)
add_action(
    router,
    "/attachments/{attachment_id}/actions/put_back",
    actions.put_back,
    find=lambda actor, attachment_id: queries.attachment(actor, attachment_id, removed=True),
    render=lambda _actor, done: _out(done),
    response=AttachmentOut,
)
