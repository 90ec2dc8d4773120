"""Receipts: written when money is taken, cancelled, replaced."""

from collections.abc import Sequence
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from vamco.core import clock, visibility
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import NotFound, Refused, Stale
from vamco.core.inputs import Input, Words
from vamco.organisation.models import Unit
from vamco.web.words import day_hour, money

from .. import till
from ..models import Charge, ChargeState, Receipt, ReceiptState
from .day import MOST_MONEY

MOST_LINES = 200
"""Charges on one receipt."""


Reason = Annotated[str, Input(_("Lý do"), most=300, long=True, example="Thu nhầm hồ sơ")]
"""Why a receipt loses its force."""


def _taken_money(receipt: Receipt) -> Words:
    return _("Đã thu %(amount)s, biên lai %(receipt)s.") % {
        "amount": money(receipt.total),
        "receipt": receipt,
    }


@action("payments.collect", label=_("Thu tiền"), done=_taken_money, locks=False)
def collect(
    actor: Actor,
    unit: Unit,
    /,
    *,
    charges: Annotated[tuple[int, ...], Input(_("Các khoản thu"), most=MOST_LINES, example=[17])],
    total: Annotated[
        int,
        Input(
            _("Tổng số tiền đã báo người nộp, đồng"),
            least=0,
            most=MOST_MONEY,
            help=_("phải bằng tổng các khoản"),
            example=16000,
        ),
    ],
    payer_name: Annotated[
        str,
        Input(_("Người nộp tiền"), most=250, help=_("Chỉ ghi khi người đưa tiền khác với tên trên hồ sơ.")),
    ] = "",
    payer_address: Annotated[str, Input(_("Địa chỉ, ghi trên biên lai nếu cần"), most=500)] = "",
    book: Annotated[
        int | None, Input(_("Quyển biên lai"), help=_("khi đơn vị dùng nhiều quyển cùng lúc"))
    ] = None,
) -> Receipt:
    """Take cash for charges of one or several dossiers and write one receipt (thu tiền, lập biên lai).

    `charges` are primary keys; `total` is the sum that was asked of the payer, in đồng, and must be theirs.
    The payer's name is that of the first charge unless another is given. `book`: which open book, by default
    the oldest. Raises `Stale` when the sum has changed, `Refused` when a charge is paid or the day is closed.
    """
    account = till.lock(unit)
    till.refuse_closed(unit, clock.today())
    owed = _locked_charges(actor, unit, charges)
    if sum(line.amount for line in owed) != total:
        raise Stale(_("Số tiền phải thu đã thay đổi. Hãy tải lại trang và báo lại số tiền cho người nộp."))
    receipt = till.write(
        actor,
        till.open_book(unit, book),
        owed,
        payer_name=payer_name or owed[0].payer_name,
        payer_address=payer_address,
    )
    till.book_income(account, receipt, owed)
    till.mark_paid(owed, receipt)
    return receipt


def _locked_charges(actor: Actor, unit: Unit, ids: Sequence[int]) -> list[Charge]:
    wanted = set(ids)
    rows = Charge.objects.filter(pk__in=wanted, unit=unit).select_for_update(of=("self",)).order_by("pk")
    owed = list(rows.select_related("receipt__book"))
    if len(owed) != len(wanted):
        raise NotFound(_("Có khoản không thuộc đơn vị này hoặc không còn. Hãy tải lại trang."))
    for line in owed:
        if line.state != ChargeState.DUE and visibility.closed_among(actor, [line.subject]):
            raise Refused(_("Có khoản đã thu hoặc không còn phải nộp. Hãy tải lại trang để xem số mới."))
        if line.state == ChargeState.PAID:
            raise Refused(
                _("Hồ sơ %(subject)s: khoản «%(name)s» đã thu, biên lai %(receipt)s lúc %(at)s.")
                % {
                    "subject": line.subject,
                    "name": line.name,
                    "receipt": line.receipt,
                    "at": day_hour(line.receipt.at) if line.receipt else "",
                }
            )
        if line.state != ChargeState.DUE:
            raise Refused(
                _("Hồ sơ %(subject)s: khoản «%(name)s» không còn phải nộp. Hãy tải lại trang để xem số mới.")
                % {"subject": line.subject, "name": line.name}
            )
    return owed


def _ended_already(receipt: Receipt) -> Words:
    if receipt.state == ReceiptState.VALID:
        return ""
    return _("Biên lai %(receipt)s %(state)s rồi, không làm lại được.") % {
        "receipt": receipt,
        "state": receipt.get_state_display(),
    }


def _given_back(receipt: Receipt) -> Words:
    values = {"receipt": receipt, "amount": money(receipt.total)}
    return _("Đã hủy biên lai %(receipt)s. Hãy trả lại %(amount)s cho người nộp.") % values


@action("payments.cancel", label=_("Hủy biên lai"), done=_given_back, when=_ended_already)
def cancel(
    actor: Actor,
    receipt: Receipt,
    /,
    *,
    reason: Reason,
    still_due: Annotated[
        bool,
        Input(
            _("Khoản này vẫn phải nộp"),
            help=_("bỏ dấu khi hồ sơ đã rút, hoặc không phải nộp khoản này"),
        ),
    ] = True,
) -> Receipt:
    """Cancel a receipt and give the money back (hủy biên lai, hoàn tiền).

    On its own day, before the closing, the receipt becomes cancelled. Later it stays in the closed day's
    list: the money goes back by a reversing entry of today and the receipt becomes reversed. What it paid
    is due again; with `still_due` false (a dossier that was withdrawn) it is owed no more.
    """
    till.lock(receipt.unit)
    today = clock.today()
    till.refuse_closed(receipt.unit, today)
    same_day = receipt.day == today
    till.book_reversal(receipt, reason)
    till.end(actor, receipt, ReceiptState.CANCELLED if same_day else ReceiptState.REVERSED, reason)
    receipt.charges.update(state=ChargeState.DUE if still_due else ChargeState.CANCELLED, receipt=None)
    return receipt


def _not_replaceable(receipt: Receipt) -> Words:
    if receipt.day != clock.today() or till.is_closed(receipt.unit, receipt.day):
        return _("Biên lai của ngày đã qua hoặc đã khóa sổ không thay được. Hãy hủy, hoàn tiền rồi thu lại.")
    return _ended_already(receipt)


@action(
    "payments.cancel",
    label=_("Thay biên lai"),
    done=_("Biên lai %(replaced_by)s thay cho %(it)s. Hãy thu lại tờ cũ."),
    when=_not_replaceable,
)
def replace(
    actor: Actor,
    receipt: Receipt,
    /,
    *,
    reason: Reason,
    payer_name: Annotated[
        str,
        Input(
            _("Người nộp tiền"),
            most=250,
            help=_("để trống thì giữ như trên biên lai cũ"),
            start=lambda receipt: "" if receipt.closed else receipt.payer_name,
        ),
    ] = "",
    payer_address: Annotated[
        str,
        Input(_("Địa chỉ"), most=500, start=lambda receipt: "" if receipt.closed else receipt.payer_address),
    ] = "",
) -> Receipt:
    """Write a receipt anew under the next number (lập biên lai thay thế): a wrong name, a spoilt sheet.

    Only on the receipt's own day and before its closing. Answers the old receipt; `replaced_by` is the new.
    """
    account = till.lock(receipt.unit)
    if why := _not_replaceable(receipt):  # the day may have been closed until the till was ours
        raise Refused(why)
    paid = list(receipt.charges.select_for_update(of=("self",)).order_by("pk"))
    new = till.write(
        actor,
        till.open_book(receipt.unit, None),
        paid,
        payer_name=payer_name or receipt.payer_name,
        payer_address=payer_address or receipt.payer_address,
    )
    till.book_reversal(receipt, reason)
    till.book_income(account, new, paid)
    till.mark_paid(paid, new)
    till.end(actor, receipt, ReceiptState.REPLACED, reason, replaced_by=new)
    return receipt
