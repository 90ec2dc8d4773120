"""Fees, receipts, the till."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import HandOver, Nav, Permission, Room

from . import checks, left_behind

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
    hand_overs=(
        HandOver(_("khoản phải nộp chưa thu"), left_behind.dues_of, _("thu, hoặc kết thúc hồ sơ đó trước")),
        HandOver(_("quyển biên lai đang dùng"), left_behind.books_of, _("khóa quyển trước")),
    ),
    checks=(checks.receipts_left,),
    api="vamco.payments.api.router",
)
