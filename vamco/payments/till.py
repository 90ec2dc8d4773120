"""A unit's till: what the actions that change money are made of.

Whoever books for a unit first locks the unit's till (the row of its cash account), so that numbers, closings and sums of
one unit are decided one after another, and different units never wait for each other.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.errors import Refused
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
    Transfer,
)


def cash_of_day(unit: Unit, day: date) -> int:
    """Cash taken less cash given back on a day, in đồng, from the postings."""
    rows = Posting.objects.filter(transfer__unit=unit, transfer__day=day, account__kind=AccountKind.CASH)
    return rows.aggregate(sum=Sum("amount"))["sum"] or 0


def first_open_day(unit: Unit, *, before: date) -> date | None:
    """The earliest day before `before` on which something was booked and that is not closed."""
    closed = DayClose.objects.filter(unit=unit, day__lt=before).values("day")
    booked = Transfer.objects.filter(unit=unit, day__lt=before).exclude(day__in=closed)
    return booked.order_by("day").values_list("day", flat=True).first()


def lock(unit: Unit) -> Account:
    Account.objects.get_or_create(unit=unit, kind=AccountKind.CASH)
    return Account.objects.select_for_update(no_key=True).get(unit=unit, kind=AccountKind.CASH)


def is_closed(unit: Unit, day: date) -> bool:
    return DayClose.objects.filter(unit=unit, day=day).exists()


def refuse_closed(unit: Unit, day: date) -> None:
    if is_closed(unit, day):
        raise Refused(_("Sổ thu hôm nay đã khóa. Khoản này thu hoặc hoàn vào ngày làm việc tiếp theo."))


def open_book(unit: Unit, book: int | None) -> ReceiptBook:
    rows = ReceiptBook.objects.filter(unit=unit, state=BookState.OPEN).select_for_update(no_key=True)
    found = (rows.filter(pk=book) if book else rows).order_by("opened_at", "pk").first()
    if found is None:
        raise Refused(
            _("Đơn vị không có quyển biên lai đang dùng. Hãy báo người quản lý mở quyển mới rồi thu.")
        )
    return found


def write(
    actor: Actor, book: ReceiptBook, owed: Sequence[Charge], *, payer_name: str, payer_address: str
) -> Receipt:
    """The receipt with its lines, under the next number of the locked book."""
    parties = {line.party_id for line in owed}
    receipt = Receipt.objects.create(
        unit=book.unit,
        book=book,
        number=book.next,
        payer_name=payer_name,
        payer_address=payer_address,
        party_id=parties.pop() if len(parties) == 1 else None,
        total=sum(line.amount for line in owed),
        day=clock.today(),
        at=clock.now(),
        cashier_id=actor.user_id,
        cashier_name=actor.label[:120],
    )
    ReceiptLine.objects.bulk_create(
        ReceiptLine(
            receipt=receipt,
            charge=line,
            subject=line.subject,
            name=line.name,
            kind=line.kind,
            quantity=line.quantity,
            amount=line.amount,
        )
        for line in owed
    )
    book.next += 1
    if book.next > book.last:
        book.state = BookState.FULL
    book.save(update_fields=["next", "state"])
    return receipt


def mark_paid(owed: Iterable[Charge], receipt: Receipt) -> None:
    Charge.objects.filter(pk__in=[line.pk for line in owed]).update(state=ChargeState.PAID, receipt=receipt)


def end(actor: Actor, receipt: Receipt, state: str, reason: str, **more: Any) -> None:
    receipt.state, receipt.reason = state, reason
    receipt.ended_at, receipt.ended_by_id = clock.now(), actor.user_id
    for key, value in more.items():
        setattr(receipt, key, value)
    receipt.save(update_fields=["state", "reason", "ended_at", "ended_by", *more])


def book_income(till: Account, receipt: Receipt, owed: Sequence[Charge]) -> None:
    fee = sum(line.amount for line in owed if line.kind == FeeKind.FEE)
    sides = [(till, receipt.total)]
    for kind, amount in ((AccountKind.FEE_INCOME, fee), (AccountKind.CHARGE_INCOME, receipt.total - fee)):
        if amount:
            sides.append((Account.objects.get_or_create(unit=receipt.unit, kind=kind)[0], -amount))
    transfer = Transfer.objects.create(unit=receipt.unit, receipt=receipt, day=receipt.day, at=receipt.at)
    Posting.objects.bulk_create(
        Posting(transfer=transfer, account=account, amount=amount) for account, amount in sides
    )


def book_reversal(receipt: Receipt, memo: str) -> None:
    """The receipt's booking with all signs turned, on today's books."""
    booked = receipt.transfers.get(reverses__isnull=True)
    back = Transfer.objects.create(
        unit=receipt.unit, receipt=receipt, reverses=booked, day=clock.today(), at=clock.now(), memo=memo
    )
    Posting.objects.bulk_create(
        Posting(transfer=back, account_id=posting.account_id, amount=-posting.amount)
        for posting in booked.postings.all()
    )
