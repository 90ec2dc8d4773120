"""The log of messages as a list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from vamco.core.actors import Actor
from vamco.core.inputs import Words
from vamco.core.listing import Column, Filter, Listing
from vamco.core.rooms import message_kinds
from vamco.core.stored import said
from vamco.web import words

from . import queries
from .models import Message, State

MARKS = {State.SENT: "ok", State.FAILED: "late", State.QUEUED: "paused"}


def _kinds(actor: Actor, _chosen: Mapping[str, Any]) -> Sequence[tuple[str, Words]]:
    return [(key, kind.name) for key, kind in message_kinds().items()]


def _state(message: Message) -> tuple[str, str] | None:
    state = State(message.state)
    return (MARKS[state], str(state.label)) if state in MARKS else None


MESSAGES = Listing(
    name="messages",
    title=_("Tin gửi"),
    model=Message,
    visible=queries.log,
    shown=queries.shown,
    permission="notify.view",
    record="message",
    order=("pk",),
    words=queries.with_words,
    words_label=_("tên, địa chỉ người nhận, mã hồ sơ"),
    private_words=True,
    tabs="state",
    counted=False,
    empty=(
        _("Chưa có tin nào"),
        _("Tin báo cho người nộp hồ sơ và thư nhắc việc của cán bộ sẽ hiện ở đây khi được viết."),
    ),
    columns=(
        Column("subject", _("Tin"), example="Đã tiếp nhận hồ sơ 000.00.12.H39-161209-0007"),
        Column("created_at", _("Lúc"), kind=datetime, sort="pk", example="2016-12-09T10:42:00+07:00"),
        Column("kind", _("Loại tin"), page=False, example="received"),
        Column("unit", _("Đơn vị gửi"), "unit.code", page=False, example="27694"),
        Column("to_name", _("Gửi tới"), sub="to_email", example="Nguyễn Văn Á"),
        Column("to_email", _("Địa chỉ thư điện tử"), page=False, example="nguyenvana@example.vn"),
        Column("dossier", _("Mã hồ sơ"), page=False, example="000.00.12.H39-161209-0007"),
        Column(
            "code",
            _("Mã hồ sơ"),
            lambda message: words.short_code(message.dossier),
            code=True,
            api=False,
            example="",
        ),
        Column(
            "state",
            _("Trạng thái"),
            kind=State,
            state=_state,
            sub=lambda message: said(message.last_error)[:80],
            example="sent",
        ),
        Column("attempts", _("Số lần thử"), kind=int, page=False, example=1),
        Column("last_error", _("Lỗi lần cuối"), page=False, example=""),
        Column("next_at", _("Lần thử tới"), kind=datetime, optional=True, page=False, example=None),
        Column(
            "sent_at",
            _("Gửi lúc"),
            kind=datetime,
            optional=True,
            page=False,
            example="2016-12-09T10:43:00+07:00",
        ),
    ),
    filters=(
        Filter("state", _("Trạng thái"), State, example="failed"),
        Filter("kind", _("Loại tin"), choices=_kinds, example="result_ready"),
        Filter("unit", _("Đơn vị gửi"), where="unit__code", api_only=True, example="27694"),
        Filter("dossier", _("Mã hồ sơ"), where=queries.about_dossier, api_only=True),
    ),
)
