"""Fees, receipts, the till."""

from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import Nav, Permission, Room, Section, Setting

from . import sections

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
