"""The lists of the cashier's room."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vamco.configuration import values
from vamco.core import clock, search
from vamco.core.actors import Actor
from vamco.core.exporting import exports
from vamco.core.listing import Column, Filter, Listing
from vamco.organisation.models import Unit
from vamco.web import words

from . import queries
from .models import BookState, Receipt, ReceiptBook, ReceiptState


def _units(actor: Actor, chosen: Mapping[str, Any]) -> QuerySet[Unit]:
    return queries.units(actor)


def _books(actor: Actor, chosen: Mapping[str, Any]) -> QuerySet[ReceiptBook]:
    return queries.books(actor, chosen.get("unit"))


def _range(book: ReceiptBook) -> str:
    """Two books may have one symbol."""
    return f"{book}, {book.first} – {book.last}"


def _left(book: ReceiptBook) -> str:
    return gettext("còn %(n)s tờ") % {"n": words.number(book.left)}


def _running_out(book: ReceiptBook) -> tuple[str, str] | None:
    low = book.state == BookState.OPEN and book.left <= values.value("payments.low_book", book.unit)
    return ("soon", _left(book)) if low else None


def _ended(receipt: Receipt) -> tuple[str, str] | None:
    standing = receipt.state == ReceiptState.VALID
    return None if standing else ("paused", str(ReceiptState(receipt.state).label))


UNIT = Filter("unit", _("Đơn vị"), Unit, choices=_units, example="27694")

RECEIPTS = Listing(
    name="receipts",
    title=_("Biên lai"),
    model=Receipt,
    visible=queries.receipts,
    shown=queries.shown,
    unit="unit_id",
    record="cash_receipt",
    order=("pk",),
    words=queries.written,
    words_label=_("số biên lai, mã hồ sơ, tên người nộp"),
    private_words=True,
    empty=(
        _("Không có biên lai nào"),
        _(
            "Biên lai lập trong ngày sẽ hiện ở đây, cả tờ đã hủy. Đổi ngày hoặc để trống ngày để xem các ngày khác."
        ),
    ),
    columns=(
        Column("receipt", _("Biên lai số"), str, code=True, api=False, sort="pk", example=""),
        Column("unit", _("Đơn vị"), "unit.name", api_value="unit.code", page=False, example="27694"),
        Column(
            "book", _("Quyển"), lambda receipt: str(receipt.book), page=False, sheet=False, example="BL-16T"
        ),
        Column("number", _("Số"), kind=int, page=False, sheet=False, sort="number", example=12),
        Column("day", _("Ngày"), kind=date, page=False, sort="day", example="2016-12-09"),
        Column("at", _("Lúc"), kind=datetime, sort="at", example="2016-12-09T10:42:00+07:00"),
        Column("payer_name", _("Người nộp"), example="Nguyễn Thị Mỹ Hạnh"),
        Column("payer_address", _("Địa chỉ"), page=False, example=""),
        Column("cashier", _("Người thu"), "cashier_name", example="Lê Thị Thu Cúc"),
        Column("method", _("Hình thức"), page=False, sheet=False, example="cash"),
        Column("state", _("Tình trạng"), kind=ReceiptState, state=_ended, sort="state", example="valid"),
        Column(
            "total",
            _("Số tiền"),
            kind="money",
            sort="total",
            example=16000,
        ),
        Column(
            "ended_at",
            _("Hết hiệu lực lúc"),
            kind=datetime,
            optional=True,
            page=False,
            example=None,
        ),
        Column("reason", _("Lý do hết hiệu lực"), page=False, example=""),
        Column(
            "replaced_by",
            _("Thay bằng"),
            kind=int,
            api_value="replaced_by_id",
            optional=True,
            page=False,
            sheet=False,
            example=None,
        ),
    ),
    filters=(
        UNIT,
        Filter("day", _("Ngày"), date, default=clock.today, example="2016-12-09"),
        Filter("book", _("Quyển"), ReceiptBook, choices=_books, row_words=_range),
        Filter("state", _("Tình trạng"), ReceiptState, example="valid"),
        Filter("number", _("Số"), int, api_only=True, example=12),
        Filter("dossier", _("Mã hồ sơ"), where=queries.of_dossier, api_only=True),
    ),
)

BOOKS = Listing(
    name="receipt_books",
    title=_("Quyển biên lai"),
    model=ReceiptBook,
    visible=queries.books,
    unit="unit_id",
    order=("-state", "opened_at"),
    words=search.in_columns("symbol", "series"),
    words_label=_("ký hiệu, quyển số"),
    empty=(
        _("Đơn vị chưa có quyển biên lai"),
        _("Người quản lý biên lai mở quyển đầu tiên thì mới thu tiền được."),
    ),
    columns=(
        Column("unit", _("Đơn vị"), "unit.name", api_value="unit.code", page=False, example="27694"),
        Column("book", _("Ký hiệu, quyển số"), str, code=True, api=False, sheet=False, example=""),
        Column("symbol", _("Ký hiệu"), code=True, sort="symbol", page=False, example="BL-16T"),
        Column("series", _("Quyển số"), code=True, page=False, example="02"),
        Column(
            "numbers",
            _("Số biên lai"),
            lambda book: f"{book.first:07d} – {book.last:07d}",
            code=True,
            api=False,
            sheet=False,
            example="",
        ),
        Column("first", _("Từ số"), kind=int, page=False, example=1),
        Column("last", _("Đến số"), kind=int, page=False, example=50),
        Column("left", _("Còn lại"), _left, api=False, state=_running_out, example=""),
        Column("next", _("Số tiếp theo"), kind=int, page=False, example=12),
        Column("state", _("Tình trạng"), kind=BookState, example="open"),
    ),
    filters=(UNIT, Filter("state", _("Tình trạng"), BookState, example="open")),
)

export_receipts = exports(RECEIPTS, "payments.export")
