"""The API's view of the log of messages, and of the bell."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import create_model

from vamco.core import search
from vamco.core.api import Id, Searched, caller, page_of
from vamco.core.api_actions import add_action
from vamco.core.api_lists import add_list, item_of, shown_as

from . import actions, bell, queries
from .lists import MESSAGES
from .models import Notice

router = Router(tags=["messages"])


Message = item_of(MESSAGES)
MessageDetail = create_model(
    "MessageDetail",
    __base__=Message,
    __doc__="A message as it went.",
    body=(str, Field(examples=["Kính gửi ông/bà Nguyễn Văn Á, ..."])),
    attachments=(
        list[str],
        Field(description="names of the files that went with it", examples=[["Giấy mời.pdf"]]),
    ),
)

add_list(router, "/messages", MESSAGES, tags=["messages"], summary="Log of messages of the caller's units")


@router.get("/messages/{message_id}", response=MessageDetail, summary="One message as it went")
def message(request: HttpRequest, message_id: Id) -> dict[str, Any]:
    """With its text, for who may see the dossier that it is about; of the daily list for whose work it names. A code is
    shown to nobody."""
    actor = caller(request)
    found = queries.message(actor, message_id)
    attached = queries.attached(actor, found)
    return {**shown_as(MESSAGES, found), "body": found.body, "attachments": attached}


add_action(
    router,
    "/messages/{message_id}/actions/resend",
    actions.resend,
    find=lambda actor, message_id: queries.message(actor, message_id),
    render=lambda actor, sent: shown_as(MESSAGES, queries.message(actor, sent.pk)),
    response=Message,
)


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


def _notice(notice: Notice) -> dict[str, Any]:
    names = ("kind", "text", "url", "created_at", "read_at")
    return {"id": notice.pk, "dossier": notice.about} | {name: getattr(notice, name) for name in names}
