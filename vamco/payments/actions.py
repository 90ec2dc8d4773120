"""Everything that changes money: books, receipts, the closing of a day.

Whoever books for a unit first locks the unit's till (the row of its cash account), so that numbers, closings
and sums of one unit are decided one after another, and different units never wait for each other.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from vamco.core import clock, visibility
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotFound, Refused, Stale
from vamco.organisation.models import Unit

from .models import (
    Account,
    AccountKind,
    BookState,
    Charge,
    ChargeState,
    DayClose,
    FeeKind,
    Posting,
    Receipt,
    ReceiptBook,
    ReceiptLine,
    ReceiptState,
    Transfer,
)

LAST_NUMBER = 9_999_999
"""Receipt numbers are printed with seven digits."""
MOST_LINES = 200
"""Charges on one receipt."""
MOST_MONEY = 10**12
"""đồng in a till; more is a slip of the finger."""


# Books -----------------------------------------------------------------------------------------------------


@action("payments.open_book", label=_("Mở quyển biên lai"), locks=False)
def open_book(
    actor: Actor, unit: Unit, /, *, symbol: str, first: int, last: int, series: str = ""
) -> ReceiptBook:
    """Put a receipt book into use (đưa quyển biên lai vào sử dụng): numbers `first` to `last`."""
    symbol, series = _clean(symbol), _clean(series)
    if not symbol or len(symbol) > 20:
        raise Invalid(_("Hãy ghi ký hiệu biên lai, không quá 20 ký tự."), field="symbol")
    if len(series) > 20:
        raise Invalid(_("Số quyển không quá 20 ký tự."), field="series")
    if not 1 <= first <= LAST_NUMBER:
        raise Invalid(_("Số đầu phải từ 1 đến 9999999."), field="first")
    if not first <= last <= LAST_NUMBER:
        raise Invalid(_("Số cuối phải từ số đầu đến 9999999."), field="last")
    _lock_till(unit)
    others = ReceiptBook.objects.filter(unit=unit, symbol=symbol, series=series)
    if others.filter(first__lte=last, last__gte=first).exists():
        raise Invalid(
            _("Đơn vị đã có quyển cùng ký hiệu và trùng số. Hãy xem lại số đầu, số cuối."), field="first"
        )
    return ReceiptBook.objects.create(
        unit=unit, symbol=symbol, series=series, first=first, last=last, next=first, opened_at=clock.now()
    )


@action("payments.open_book", label=_("Khóa quyển biên lai"))
def close_book(actor: Actor, book: ReceiptBook, /) -> ReceiptBook:
    """Take a book out of use (khóa quyển): its unused numbers are given to nobody."""
    if book.state == BookState.CLOSED:
        raise Refused(_("Quyển biên lai này đã khóa rồi."))
    book.state = BookState.CLOSED
    book.save(update_fields=["state"])
    return book


# Receipts --------------------------------------------------------------------------------------------------


@action("payments.collect", label=_("Thu tiền"), locks=False)
def collect(
    actor: Actor,
    unit: Unit,
    /,
    *,
    charges: Sequence[int],
    total: int,
    payer_name: str = "",
    payer_address: str = "",
    book: int | None = None,
) -> Receipt:
    """Take cash for charges of one or several dossiers and write one receipt (thu tiền, lập biên lai).

    `charges` are primary keys; `total` is the sum that was asked of the payer, in đồng, and must be theirs.
    The payer's name is that of the first charge unless another is given. `book`: which open book, by default
    the oldest. Raises `Stale` when the sum has changed, `Refused` when a charge is paid or the day is closed.
    """
    till = _lock_till(unit)
    _refuse_closed(unit, clock.today())
    owed = _locked_charges(actor, unit, charges)
    if sum(one.amount for one in owed) != total:
        raise Stale(_("Số tiền phải thu đã thay đổi. Hãy tải lại trang và báo lại số tiền cho người nộp."))
    receipt = _write(
        actor,
        _open_book(unit, book),
        owed,
        payer_name=_clean(payer_name) or owed[0].payer_name,
        payer_address=_clean(payer_address),
    )
    _book_income(till, receipt, owed)
    _mark_paid(owed, receipt)
    return receipt


@action("payments.cancel", label=_("Hủy biên lai"))
def cancel(actor: Actor, receipt: Receipt, /, *, reason: str, still_due: bool = True) -> Receipt:
    """Cancel a receipt and give the money back (hủy biên lai, hoàn tiền).

    On its own day, before the closing, the receipt becomes cancelled. Later it stays in the closed day's
    list: the money goes back by a reversing entry of today and the receipt becomes reversed. What it paid
    is due again; with `still_due` false (a dossier that was withdrawn) it is owed no more.
    """
    reason = _reason(reason)
    _lock_till(receipt.unit)
    _refuse_ended(receipt)
    today = clock.today()
    _refuse_closed(receipt.unit, today)
    same_day = receipt.day == today
    _book_reversal(receipt, reason)
    _end(actor, receipt, ReceiptState.CANCELLED if same_day else ReceiptState.REVERSED, reason)
    receipt.charges.update(state=ChargeState.DUE if still_due else ChargeState.CANCELLED, receipt=None)
    return receipt


@action("payments.cancel", label=_("Thay biên lai"))
def replace(
    actor: Actor, receipt: Receipt, /, *, reason: str, payer_name: str = "", payer_address: str = ""
) -> Receipt:
    """Write a receipt anew under the next number (lập biên lai thay thế): a wrong name, a spoilt sheet.

    Only on the receipt's own day and before its closing. Answers the old receipt; `replaced_by` is the new.
    """
    reason = _reason(reason)
    till = _lock_till(receipt.unit)
    _refuse_ended(receipt)
    if receipt.day != clock.today() or _closed(receipt.unit, receipt.day):
        raise Refused(
            _("Biên lai của ngày đã qua hoặc đã khóa sổ không thay được. Hãy hủy, hoàn tiền rồi thu lại.")
        )
    paid = list(receipt.charges.select_for_update(of=("self",)).order_by("pk"))
    new = _write(
        actor,
        _open_book(receipt.unit, None),
        paid,
        payer_name=_clean(payer_name) or receipt.payer_name,
        payer_address=_clean(payer_address) or receipt.payer_address,
    )
    _book_reversal(receipt, reason)
    _book_income(till, new, paid)
    _mark_paid(paid, new)
    _end(actor, receipt, ReceiptState.REPLACED, reason, replaced_by=new)
    return receipt


@action("payments.close_day", label=_("Khóa sổ thu trong ngày"), locks=False)
def close_day(
    actor: Actor, unit: Unit, /, *, day: date, counted: int, note: str = "", expected: int | None = None
) -> DayClose:
    """Close the till of a day (khóa sổ thu trong ngày): what was counted against the books, in đồng.

    `expected` is the sum that the cashier saw; `Stale` when something was booked since. A difference needs a
    note. Days are closed in their order, each once; after that nothing is booked on the day.
    """
    note = _clean(note)
    if day > clock.today():
        raise Invalid(_("Chưa khóa sổ được cho ngày sau hôm nay."), field="day")
    _lock_till(unit)
    if _closed(unit, day):
        raise Refused(_("Ngày %(day)s đã khóa sổ rồi.") % {"day": f"{day:%d/%m/%Y}"})
    earlier = first_open_day(unit, before=day)
    if earlier:
        raise Refused(
            _("Ngày %(day)s chưa khóa sổ. Hãy khóa ngày đó trước.") % {"day": f"{earlier:%d/%m/%Y}"}
        )
    booked = cash_of_day(unit, day)
    if expected is not None and expected != booked:
        raise Stale(_("Có khoản thu mới, số phải có đã thay đổi. Hãy tải lại trang và đếm lại."))
    if not min(0, booked) <= counted <= MOST_MONEY:
        raise Invalid(_("Số tiền kiểm đếm phải là số đồng nguyên, từ 0 trở lên."), field="counted")
    if counted != booked and not note:
        raise Invalid(_("Tiền đếm được lệch với sổ. Hãy ghi lý do chênh lệch."), field="note")
    return DayClose.objects.create(
        unit=unit,
        day=day,
        cashier_id=actor.user_id,
        cashier_name=actor.label[:120],
        at=clock.now(),
        expected=booked,
        counted=counted,
        difference=counted - booked,
        note=note[:300],
    )


# What the actions are made of ------------------------------------------------------------------------------


def cash_of_day(unit: Unit, day: date) -> int:
    """Cash taken less cash given back on a day, in đồng, from the postings."""
    rows = Posting.objects.filter(transfer__unit=unit, transfer__day=day, account__kind=AccountKind.CASH)
    return rows.aggregate(sum=Sum("amount"))["sum"] or 0


def first_open_day(unit: Unit, *, before: date) -> date | None:
    """The earliest day before `before` on which something was booked and that is not closed."""
    closed = DayClose.objects.filter(unit=unit, day__lt=before).values("day")
    booked = Transfer.objects.filter(unit=unit, day__lt=before).exclude(day__in=closed)
    return booked.order_by("day").values_list("day", flat=True).first()


def _lock_till(unit: Unit) -> Account:
    Account.objects.get_or_create(unit=unit, kind=AccountKind.CASH)
    return Account.objects.select_for_update(no_key=True).get(unit=unit, kind=AccountKind.CASH)


def _closed(unit: Unit, day: date) -> bool:
    return DayClose.objects.filter(unit=unit, day=day).exists()


def _refuse_closed(unit: Unit, day: date) -> None:
    if _closed(unit, day):
        raise Refused(_("Sổ thu hôm nay đã khóa. Khoản này thu hoặc hoàn vào ngày làm việc tiếp theo."))


def _refuse_ended(receipt: Receipt) -> None:
    if receipt.state != ReceiptState.VALID:
        raise Refused(
            _("Biên lai %(receipt)s %(state)s rồi, không làm lại được.")
            % {"receipt": receipt, "state": receipt.get_state_display()}
        )


def _clean(line: str) -> str:
    """One line of text: no control characters, single spaces."""
    return " ".join("".join(c for c in line if c.isprintable() or c.isspace()).split())


def _reason(reason: str) -> str:
    reason = _clean(reason)
    if not reason:
        raise Invalid(_("Hãy ghi lý do."), field="reason")
    if len(reason) > 300:
        raise Invalid(_("Lý do không quá 300 ký tự."), field="reason")
    return reason


def _locked_charges(actor: Actor, unit: Unit, ids: Sequence[int]) -> list[Charge]:
    wanted = set(ids)
    if not wanted:
        raise Invalid(_("Hãy chọn ít nhất một khoản để thu."), field="charges")
    if len(wanted) > MOST_LINES:
        raise Invalid(_("Một biên lai ghi tối đa 200 khoản. Hãy thu làm nhiều lần."), field="charges")
    rows = Charge.objects.filter(pk__in=wanted, unit=unit).select_for_update(of=("self",)).order_by("pk")
    owed = list(rows.select_related("receipt__book"))
    if len(owed) != len(wanted):
        raise NotFound(_("Có khoản không thuộc đơn vị này hoặc không còn. Hãy tải lại trang."))
    for one in owed:
        if one.state != ChargeState.DUE and visibility.closed_among(actor, [one.subject]):
            raise Refused(_("Có khoản đã thu hoặc không còn phải nộp. Hãy tải lại trang để xem số mới."))
        if one.state == ChargeState.PAID:
            raise Refused(
                _("Hồ sơ %(subject)s: khoản «%(name)s» đã thu, biên lai %(receipt)s lúc %(at)s.")
                % {
                    "subject": one.subject,
                    "name": one.name,
                    "receipt": one.receipt,
                    "at": f"{clock.local(one.receipt.at):%H:%M %d/%m/%Y}",
                }
            )
        if one.state != ChargeState.DUE:
            raise Refused(
                _("Hồ sơ %(subject)s: khoản «%(name)s» không còn phải nộp. Hãy tải lại trang để xem số mới.")
                % {"subject": one.subject, "name": one.name}
            )
    return owed


def _open_book(unit: Unit, book: int | None) -> ReceiptBook:
    rows = ReceiptBook.objects.filter(unit=unit, state=BookState.OPEN).select_for_update(no_key=True)
    found = (rows.filter(pk=book) if book else rows).order_by("opened_at", "pk").first()
    if found is None:
        raise Refused(
            _("Đơn vị không có quyển biên lai đang dùng. Hãy báo người quản lý mở quyển mới rồi thu.")
        )
    return found


def _write(
    actor: Actor, book: ReceiptBook, owed: Sequence[Charge], *, payer_name: str, payer_address: str
) -> Receipt:
    """The receipt with its lines, under the next number of the locked book."""
    if len(payer_name) > 250 or len(payer_address) > 500:
        field = "payer_name" if len(payer_name) > 250 else "payer_address"
        raise Invalid(_("Họ tên không quá 250 ký tự, địa chỉ không quá 500 ký tự."), field=field)
    parties = {one.party_id for one in owed}
    receipt = Receipt.objects.create(
        unit=book.unit,
        book=book,
        number=book.next,
        payer_name=payer_name,
        payer_address=payer_address,
        party_id=parties.pop() if len(parties) == 1 else None,
        total=sum(one.amount for one in owed),
        day=clock.today(),
        at=clock.now(),
        cashier_id=actor.user_id,
        cashier_name=actor.label[:120],
    )
    ReceiptLine.objects.bulk_create(
        ReceiptLine(
            receipt=receipt,
            charge=one,
            subject=one.subject,
            name=one.name,
            kind=one.kind,
            quantity=one.quantity,
            amount=one.amount,
        )
        for one in owed
    )
    book.next += 1
    if book.next > book.last:
        book.state = BookState.FULL
    book.save(update_fields=["next", "state"])
    return receipt


def _mark_paid(owed: Iterable[Charge], receipt: Receipt) -> None:
    Charge.objects.filter(pk__in=[one.pk for one in owed]).update(state=ChargeState.PAID, receipt=receipt)


def _end(actor: Actor, receipt: Receipt, state: str, reason: str, **more: Any) -> None:
    receipt.state, receipt.reason = state, reason
    receipt.ended_at, receipt.ended_by_id = clock.now(), actor.user_id
    for key, value in more.items():
        setattr(receipt, key, value)
    receipt.save(update_fields=["state", "reason", "ended_at", "ended_by", *more])


def _book_income(till: Account, receipt: Receipt, owed: Sequence[Charge]) -> None:
    fee = sum(one.amount for one in owed if one.kind == FeeKind.FEE)
    sides = [(till, receipt.total)]
    for kind, amount in ((AccountKind.FEE_INCOME, fee), (AccountKind.CHARGE_INCOME, receipt.total - fee)):
        if amount:
            sides.append((Account.objects.get_or_create(unit=receipt.unit, kind=kind)[0], -amount))
    transfer = Transfer.objects.create(unit=receipt.unit, receipt=receipt, day=receipt.day, at=receipt.at)
    Posting.objects.bulk_create(
        Posting(transfer=transfer, account=account, amount=amount) for account, amount in sides
    )


def _book_reversal(receipt: Receipt, memo: str) -> None:
    """The receipt's booking with all signs turned, on today's books."""
    booked = receipt.transfers.get(reverses__isnull=True)
    back = Transfer.objects.create(
        unit=receipt.unit, receipt=receipt, reverses=booked, day=clock.today(), at=clock.now(), memo=memo
    )
    Posting.objects.bulk_create(
        Posting(transfer=back, account_id=one.account_id, amount=-one.amount) for one in booked.postings.all()
    )
