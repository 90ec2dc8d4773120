"""Everything that changes money: books, receipts, the closing of a day.

Whoever books for a unit first locks the unit's till (the row of its cash account), so that numbers, closings
and sums of one unit are decided one after another, and different units never wait for each other.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from vamco.core import clock, visibility
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotFound, Refused, Stale
from vamco.core.inputs import Input, Words
from vamco.organisation.models import Unit
from vamco.web.words import day_hour, money

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


Reason = Annotated[str, Input(_("Lý do"), most=300, long=True, example="Thu nhầm hồ sơ")]
"""Why a receipt loses its force."""


@action(
    "payments.open_book",
    label=_("Mở quyển biên lai"),
    done=_("Đã đưa quyển biên lai %(it)s vào sử dụng."),
    locks=False,
)
def open_book(
    actor: Actor,
    unit: Unit,
    /,
    *,
    symbol: Annotated[
        str, Input(_("Ký hiệu"), most=20, help=_("như in trên biên lai, ví dụ BL-16T"), example="BL-16T")
    ],
    series: Annotated[str, Input(_("Quyển số"), most=20, example="02")] = "",
    first: Annotated[int, Input(_("Từ số"), least=1, most=LAST_NUMBER, example=1)],
    last: Annotated[int, Input(_("Đến số"), least=1, most=LAST_NUMBER, example=50)],
) -> ReceiptBook:
    """Put a receipt book into use (đưa quyển biên lai vào sử dụng): numbers `first` to `last`.

    Its numbers may not meet those of another book of the unit with the same symbol.
    """
    if last < first:
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


def _closed_already(book: ReceiptBook) -> Words:
    return _("Quyển biên lai này đã khóa rồi.") if book.state == BookState.CLOSED else ""


@action(
    "payments.open_book",
    label=_("Khóa quyển biên lai"),
    done=_("Đã khóa quyển biên lai %(it)s."),
    when=_closed_already,
)
def close_book(actor: Actor, book: ReceiptBook, /) -> ReceiptBook:
    """Take a book out of use (khóa quyển): its unused numbers are given to nobody."""
    book.state = BookState.CLOSED
    book.save(update_fields=["state"])
    return book


# Receipts --------------------------------------------------------------------------------------------------


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
    till = _lock_till(unit)
    _refuse_closed(unit, clock.today())
    owed = _locked_charges(actor, unit, charges)
    if sum(one.amount for one in owed) != total:
        raise Stale(_("Số tiền phải thu đã thay đổi. Hãy tải lại trang và báo lại số tiền cho người nộp."))
    receipt = _write(
        actor,
        _open_book(unit, book),
        owed,
        payer_name=payer_name or owed[0].payer_name,
        payer_address=payer_address,
    )
    _book_income(till, receipt, owed)
    _mark_paid(owed, receipt)
    return receipt


def _ended_already(receipt: Receipt) -> Words:
    if receipt.state == ReceiptState.VALID:
        return ""
    return _("Biên lai %(receipt)s %(state)s rồi, không làm lại được.") % {
        "receipt": receipt,
        "state": receipt.get_state_display(),
    }


def _given_back(receipt: Receipt) -> Words:
    said = {"receipt": receipt, "amount": money(receipt.total)}
    return _("Đã hủy biên lai %(receipt)s. Hãy trả lại %(amount)s cho người nộp.") % said


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
    _lock_till(receipt.unit)
    today = clock.today()
    _refuse_closed(receipt.unit, today)
    same_day = receipt.day == today
    _book_reversal(receipt, reason)
    _end(actor, receipt, ReceiptState.CANCELLED if same_day else ReceiptState.REVERSED, reason)
    receipt.charges.update(state=ChargeState.DUE if still_due else ChargeState.CANCELLED, receipt=None)
    return receipt


def _not_replaceable(receipt: Receipt) -> Words:
    if receipt.day != clock.today() or _closed(receipt.unit, receipt.day):
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
    till = _lock_till(receipt.unit)
    if why := _not_replaceable(receipt):  # the day may have been closed until the till was ours
        raise Refused(why)
    paid = list(receipt.charges.select_for_update(of=("self",)).order_by("pk"))
    new = _write(
        actor,
        _open_book(receipt.unit, None),
        paid,
        payer_name=payer_name or receipt.payer_name,
        payer_address=payer_address or receipt.payer_address,
    )
    _book_reversal(receipt, reason)
    _book_income(till, new, paid)
    _mark_paid(paid, new)
    _end(actor, receipt, ReceiptState.REPLACED, reason, replaced_by=new)
    return receipt


@action(
    "payments.close_day",
    label=_("Khóa sổ thu trong ngày"),
    done=_("Đã khóa sổ thu ngày %(day)s."),
    locks=False,
)
def close_day(
    actor: Actor,
    unit: Unit,
    /,
    *,
    day: Annotated[date, Input(_("Ngày"))],
    counted: Annotated[
        int, Input(_("Tiền mặt đếm được, đồng"), least=-MOST_MONEY, most=MOST_MONEY, example=92000)
    ],
    note: Annotated[str, Input(_("Lý do chênh lệch"), most=300)] = "",
    expected: Annotated[
        int | None, Input(_("Số phải có đã thấy trên trang"), help=_("có khoản mới thì không khóa"))
    ] = None,
) -> DayClose:
    """Close the till of a day (khóa sổ thu trong ngày): what was counted against the books, in đồng.

    `expected` is the sum that the cashier saw; `Stale` when something was booked since. A difference needs a
    note. Days are closed in their order, each once; after that nothing is booked on the day.
    """
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
    if counted < min(0, booked):
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
        note=note,
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


def _locked_charges(actor: Actor, unit: Unit, ids: Sequence[int]) -> list[Charge]:
    wanted = set(ids)
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
                    "at": day_hour(one.receipt.at) if one.receipt else "",
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
