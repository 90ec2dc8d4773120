"""The API's view of the log of messages, and of the bell."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from vamco.core import search
from vamco.core.api import Id, Searched, caller, page_of
from vamco.core.rooms import message_kinds

from . import actions, bell, queries
from .models import Message, Notice

router = Router(tags=["messages"])
KINDS = tuple(message_kinds())


class MessageOut(Schema):
    """A message in the log."""

    id: int = Field(examples=[17])
    kind: str = Field(description=", ".join(KINDS), examples=["received"])
    dossier: str = Field(examples=["000.00.12.H39-161209-0007"])
    unit: str = Field(description="code of the unit that writes", examples=["27694"])
    to_email: str = Field(examples=["nguyenvana@example.vn"])
    to_name: str = Field(examples=["Nguyễn Văn Á"])
    subject: str = Field(examples=["Đã tiếp nhận hồ sơ 000.00.12.H39-161209-0007"])
    state: str = Field(description="queued, sent, failed or skipped (no address)", examples=["sent"])
    attempts: int = Field(examples=[1])
    last_error: str = Field(examples=[""])
    created_at: datetime
    next_at: datetime | None = Field(description="the next try of a queued one")
    sent_at: datetime | None


class MessageDetail(MessageOut):
    """A message as it went."""

    body: str = Field(examples=["Kính gửi ông/bà Nguyễn Văn Á, ..."])
    attachments: list[str] = Field(
        description="names of the files that went with it", examples=[["Giấy mời.pdf"]]
    )


class MessageList(Schema):
    """A page of messages."""

    items: list[MessageOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class MessageFilter(Searched):
    """Filters of the log; `q` is looked for in the receiver's name and address and the dossier's code."""

    unit: str = Field("", max_length=40, description="code of the unit that writes", examples=["27694"])
    kind: Literal["", *KINDS] = Field("", examples=["result_ready"])  # type: ignore[valid-type]
    state: Literal["", "queued", "sent", "failed", "skipped"] = Field("", examples=["failed"])
    dossier: str = Field("", max_length=60, description="code of the dossier")


class ResendIn(Schema):
    """Where to send again; empty: to the address of the message."""

    to_email: str = Field("", max_length=254, examples=["nguyenvana@example.vn"])


@router.get("/messages", response=MessageList, summary="Log of messages of the caller's units")
def messages(request: HttpRequest, filters: Query[MessageFilter]) -> dict[str, Any]:
    """In the order in which they were written; of one about a dossier that the caller may not see neither code nor receiver."""
    rows = queries.log(caller(request), state=filters.state, dossier=filters.dossier, q=filters.q)
    fields = {"unit__code": filters.unit, "kind": filters.kind}
    rows = rows.filter(**{name: value for name, value in fields.items() if value})
    return page_of(rows, filters, render=lambda one: _render(queries.shown(one)))


@router.get("/messages/{message_id}", response=MessageDetail, summary="One message as it went")
def message(request: HttpRequest, message_id: Id) -> dict[str, Any]:
    """With its text, for who may see the dossier that it is about; of the daily list for whose work it names. A code is
    shown to nobody."""
    actor = caller(request)
    one = queries.one(actor, message_id)
    return {**_render(one), "body": one.body, "attachments": queries.attached(actor, one)}


@router.post("/messages/{message_id}/actions/resend", response=MessageOut, summary="Send a message again")
def resend(request: HttpRequest, message_id: Id, body: ResendIn) -> dict[str, Any]:
    """A message that never went gets new tries; of one that went, or to another address, a copy is sent."""
    actor = caller(request)
    again = actions.resend(actor, queries.one(actor, message_id), to_email=body.to_email)
    return _render(queries.one(actor, again.pk))


class NoticeOut(Schema):
    """Something that came for the caller."""

    id: int = Field(examples=[17])
    kind: str = Field(examples=["mention"])
    text: str = Field(examples=["Lê Văn Á nhắc ông/bà trong ghi chú hồ sơ 000.00.12.H39-161209-0007."])
    url: str = Field(description="the page that it leads to", examples=["/ho-so/000.00.12.H39-161209-0007/"])
    dossier: str = Field(
        description="code of the dossier that it is about", examples=["000.00.12.H39-161209-0007"]
    )
    created_at: datetime
    read_at: datetime | None = Field(description="null while it is unread", examples=[None])


class NoticeList(Schema):
    """A page of notices."""

    items: list[NoticeOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class NoticeFilter(Searched):
    """Filters of the notices; `q` is looked for in their texts."""

    unread: bool = Field(False, description="only those that are not read yet", examples=[False])


class ReadIn(Schema):
    """Which notices are read: those named, and all up to the one named (the newest that was shown)."""

    ids: list[Id] = Field([], max_length=200, examples=[[17]])
    upto: Id | None = Field(None, examples=[None])


class ReadOut(Schema):
    """How many were unread until now."""

    read: int = Field(examples=[1])


@router.get("/notices", response=NoticeList, summary="What came for the caller", tags=["notices"])
def notices(request: HttpRequest, filters: Query[NoticeFilter]) -> dict[str, Any]:
    """In the order in which it came; nothing about a dossier that the caller may not see any more."""
    rows = bell.notices(caller(request), unread=filters.unread)
    return page_of(search.matching(rows, filters.q, "text"), filters, render=_notice)


@router.post("/notices/actions/read", response=ReadOut, summary="Mark notices as read", tags=["notices"])
def read(request: HttpRequest, body: ReadIn) -> dict[str, Any]:
    """The caller's own ones; others are left alone. It leaves no entry in the ledger."""
    return {"read": bell.mark_read(caller(request), ids=body.ids, upto=body.upto)}


def _notice(one: Notice) -> dict[str, Any]:
    return {
        "id": one.pk,
        "kind": one.kind,
        "text": one.text,
        "url": one.url,
        "dossier": one.about,
        "created_at": one.created_at,
        "read_at": one.read_at,
    }


def _render(one: Message) -> dict[str, Any]:
    return {
        "id": one.pk,
        "kind": one.kind,
        "dossier": one.dossier,
        "unit": one.unit.code,
        "to_email": one.to_email,
        "to_name": one.to_name,
        "subject": one.subject,
        "state": one.state,
        "attempts": one.attempts,
        "last_error": one.last_error,
        "created_at": one.created_at,
        "next_at": one.next_at,
        "sent_at": one.sent_at,
    }
