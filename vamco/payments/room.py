"""Fees, receipts, the till."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import HandOver, Nav, Permission, Room, Section, Setting, Thing

from . import checks, left_behind, queries, sections
from .models import Receipt, ReceiptBook

ROOM = Room(
    nav=(
        Nav(_("Thu tiền"), "cash", "payments.collect", 40),
        Nav(_("Thu tiền"), "cash_books", "payments.open_book", 41),
    ),
    permissions={
        "payments.cancel": Permission(_("Hủy, thay biên lai"), "cashier supervisor"),
        "payments.close_day": Permission(_("Khóa sổ thu trong ngày"), "cashier"),
        "payments.collect": Permission(_("Thu tiền"), "intake cashier"),
        "payments.open_book": Permission(_("Mở, khóa quyển biên lai"), "supervisor admin"),
    },
    things={
        Receipt: Thing(
            queries.open_receipts,
            write="payments.collect payments.cancel",
            url=lambda receipt: reverse("cash_receipt", args=[receipt.pk]),
            labels={"state": _("tình trạng"), "reason": _("lý do"), "replaced_by": _("thay bằng")},
            opened=queries.record_opening,
        ),
        ReceiptBook: Thing(
            queries.all_books,
            write="payments.open_book",
            url=lambda book: f"{reverse('cash_books')}?unit={book.unit_id}",
            labels={"state": _("tình trạng")},
        ),
    },
    hand_overs=(
        HandOver(_("khoản phải nộp chưa thu"), left_behind.dues_of, _("thu, hoặc kết thúc hồ sơ đó trước")),
        HandOver(_("quyển biên lai đang dùng"), left_behind.books_of, _("khóa quyển trước")),
    ),
    checks=(checks.receipts_left,),
    api="vamco.payments.api.router",
    morning=(Section("payments/morning.html", sections.morning, place=40),),
    unit=(Section("payments/of_unit.html", sections.of_unit, place=40),),
    settings={
        "payments.low_book": Setting(
            _("Quyển biên lai sắp hết khi còn"),
            int,
            20,
            _("số tờ; còn chừng này thì trang quyển biên lai và trang Hôm nay nhắc mở quyển mới"),
            least=0,
            most=1000,
            by_unit=True,
        ),
    },
)
