"""The API's view of the log of messages."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from vamco.core.api import Id, Searched, caller, page_of

from . import actions, queries
from .models import Kind, Message

router = Router(tags=["messages"])


class MessageOut(Schema):
    """A message in the log."""

    id: int = Field(examples=[17])
    kind: str = Field(
        description="received, step, supplement, new_date, result_ready, refused, withdrawn, closing, mention or digest",
        examples=["received"],
    )
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


class MessageList(Schema):
    """A page of messages."""

    items: list[MessageOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class MessageFilter(Searched):
    """Filters of the log; `q` is looked for in the receiver's name and address and the dossier's code."""

    unit: str = Field("", max_length=40, description="code of the unit that writes", examples=["27694"])
    kind: Literal["", *Kind.values] = Field("", examples=["result_ready"])  # type: ignore[valid-type]
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
    """With its text, for who may see the dossier that it is about; of the daily list for whose work it names."""
    one = queries.one(caller(request), message_id)
    return {**_render(one), "body": one.body}


@router.post("/messages/{message_id}/actions/resend", response=MessageOut, summary="Send a message again")
def resend(request: HttpRequest, message_id: Id, body: ResendIn) -> dict[str, Any]:
    """A message that never went gets new tries; of one that went, or to another address, a copy is sent."""
    actor = caller(request)
    again = actions.resend(actor, queries.one(actor, message_id), to_email=body.to_email)
    return _render(queries.one(actor, again.pk))


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
