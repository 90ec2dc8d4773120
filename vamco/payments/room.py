"""Fees, receipts, the till."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import Nav, Permission, Room

ROOM = Room(
    nav=(
        Nav(_("Thu tiền"), "cash", "payments.collect", 40),
        Nav(_("Thu tiền"), "cash_books", "payments.open_book", 41),
    ),
    permissions={
        "payments.cancel": Permission(_("Hủy, thay biên lai"), "cashier supervisor"),
        "payments.close_day": Permission(_("Khóa sổ thu trong ngày"), "cashier"),
        "payments.collect": Permission(_("Thu tiền"), "intake cashier"),
        "payments.export": Permission(_("Xuất danh sách biên lai"), "cashier supervisor auditor"),
        "payments.open_book": Permission(_("Mở, khóa quyển biên lai"), "supervisor admin"),
    },
    api="vamco.payments.api.router",
)
