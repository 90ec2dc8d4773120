"""Taking money: one receipt for the charges of a visit, once, under the next number of the book."""

import pytest
from django.db import IntegrityError, connection, transaction

from vamco.core.actions import audit_state
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from vamco.core.models import LedgerEntry
from vamco.payments import actions, queries
from vamco.payments.models import Charge, Posting, Receipt, ReceiptLine

from .conftest import make_actor, make_book, make_charges, make_unit


def pks(charges):
    return [charge.pk for charge in charges]


def test_several_dossiers_of_a_visit_are_one_receipt(unit, actor, book):
    first, second = make_charges(unit, 8000, subject="A-1"), make_charges(unit, 50_000, 20_000, subject="A-2")

    receipt = actions.collect(actor, unit, charges=pks(first + second), total=78_000)

    assert (receipt.number, receipt.total, receipt.payer_name) == (1, 78_000, "Nguyễn Thị Bé Tư")
    assert [line.subject for line in receipt.lines.all()] == ["A-1", "A-2", "A-2"]
    assert queries.balances(["A-1", "A-2"]) == {"A-1": 0, "A-2": 0}
    assert {charge.receipt for charge in queries.charges_for(["A-2"])["A-2"]} == {receipt}
    sides = Posting.objects.values_list("account__kind", "amount")
    assert sorted(sides) == [("cash", 78_000), ("charge_income", -58_000), ("fee_income", -20_000)]


def test_numbers_follow_each_other_and_the_next_book_takes_over(unit, actor):
    make_book(unit, 499, 500)
    make_book(unit, 1, 500, symbol="BL-17T")

    taken = [
        actions.collect(actor, unit, charges=pks(make_charges(unit, 5000)), total=5000) for _ in range(3)
    ]

    assert [str(one) for one in taken] == ["BL-16T 0000499", "BL-16T 0000500", "BL-17T 0000001"]
    assert [book.state for book in queries.books(actor, unit)] == ["open", "full"]


def test_paid_charges_are_refused_with_the_receipt_that_paid_them(unit, actor, book):
    charges = make_charges(unit, 8000)
    actions.collect(actor, unit, charges=pks(charges), total=8000)

    with pytest.raises(Refused, match=r"đã thu, biên lai BL-16T 0000001 lúc 10:42 09/12/2016"):
        actions.collect(actor, unit, charges=pks(charges), total=8000)

    assert Receipt.objects.count() == 1


def test_pressed_twice_with_one_key_is_taken_once(unit, book):
    charges = make_charges(unit, 8000)
    actor = make_actor(unit, key="abc")

    first = actions.collect(actor, unit, charges=pks(charges), total=8000)
    again = actions.collect(actor, unit, charges=pks(charges), total=8000)

    assert again == first
    assert Receipt.objects.count() == 1


def test_a_sum_that_changed_since_the_page_was_opened_is_stale(unit, actor, book):
    with pytest.raises(Stale):
        actions.collect(actor, unit, charges=pks(make_charges(unit, 8000)), total=5000)


@pytest.mark.parametrize(
    ("name", "expected"), [("  Trần   Văn Sáu ", "Trần Văn Sáu"), ("", "Nguyễn Thị Bé Tư")]
)
def test_another_payer_may_be_named(unit, actor, book, name, expected):
    receipt = actions.collect(actor, unit, charges=pks(make_charges(unit, 1)), total=1, payer_name=name)
    assert receipt.payer_name == expected


def test_a_name_of_ten_thousand_letters_is_refused(unit, actor, book):
    with pytest.raises(Invalid) as refusal:
        actions.collect(actor, unit, charges=pks(make_charges(unit, 1)), total=1, payer_name="Ắ" * 10_000)
    assert refusal.value.field == "payer_name"


def test_without_a_book_nothing_is_taken(unit, actor):
    charges = make_charges(unit, 8000)
    with pytest.raises(Refused, match="không có quyển biên lai"):
        actions.collect(actor, unit, charges=pks(charges), total=8000)
    assert queries.balance(charges[0].subject) == 8000


def test_nothing_chosen_is_refused(unit, actor, book):
    with pytest.raises(Invalid):
        actions.collect(actor, unit, charges=[], total=0)


def test_charges_of_another_unit_are_not_found(unit, actor, book):
    other = make_unit("80124", "Phường 6")
    with pytest.raises(NotFound):
        actions.collect(actor, unit, charges=pks(make_charges(other, 8000)), total=8000)


def test_only_cashiers_of_the_unit_take_money(unit, book):
    other = make_unit("80124", "Phường 6")
    charges = make_charges(unit, 8000)
    for stranger in (make_actor(other), make_actor(unit, "payments.cancel")):
        with pytest.raises(NotAllowed):
            actions.collect(stranger, unit, charges=pks(charges), total=8000)


def test_a_receipt_is_on_the_ledger_without_the_name(unit, actor, book):
    receipt = actions.collect(actor, unit, charges=pks(make_charges(unit, 8000)), total=8000)
    entry = LedgerEntry.objects.get(action="payments.collect")
    assert (entry.object_type, entry.object_id) == ("payments.receipt", str(receipt.pk))
    assert not {"payer_name", "payer_folded", "payer_address"} & set(audit_state(receipt))


def refused_by_database(change):
    """Whether the database refuses the change, at once or at commit."""
    try:
        with transaction.atomic():
            change()
            connection.check_constraints()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "change",
    [
        lambda r: Receipt.objects.filter(pk=r.pk).update(total=1),
        lambda r: Receipt.objects.filter(pk=r.pk).update(number=7),
        lambda r: Receipt.objects.filter(pk=r.pk).update(payer_name="X"),
        lambda r: Receipt.objects.filter(pk=r.pk)._raw_delete("default"),
        lambda r: ReceiptLine.objects.filter(receipt=r).update(amount=1),
        lambda r: ReceiptLine.objects.filter(receipt=r)._raw_delete("default"),
        lambda r: ReceiptLine.objects.create(
            receipt=r,
            charge=make_charges(r.unit, 5)[0],
            subject="X",
            name="X",
            kind="fee",
            quantity=1,
            amount=5,
        ),
        lambda r: Posting.objects.update(amount=1),
        lambda r: Posting.objects.all()._raw_delete("default"),
        lambda r: Posting.objects.create(
            transfer=r.transfers.get(), account=Posting.objects.first().account, amount=5
        ),
        lambda r: Receipt.objects.filter(pk=r.pk).update(state="cancelled", reason="X", ended_at=r.at),
        lambda r: Receipt.objects.create(
            unit=r.unit, book=r.book, number=9, payer_name="X", total=5, day=r.day, at=r.at, cashier_name="X"
        ),
        lambda r: Receipt.objects.create(
            unit=r.unit, book=r.book, number=2, payer_name="X", total=5, day=r.day, at=r.at, cashier_name="X"
        ),
        lambda r: Charge.objects.filter(receipt=r).update(state="due"),
        lambda r: type(r.book).objects.update(last=9),
    ],
)
def test_the_database_itself_refuses(unit, actor, book, change):
    receipt = actions.collect(actor, unit, charges=pks(make_charges(unit, 8000, 2000)), total=10_000)
    assert refused_by_database(lambda: change(receipt))


def test_free_lines_owe_nothing(unit, actor, book):
    charges = make_charges(unit, 0, 3000, subject="A-1")
    assert [charge.state for charge in charges] == ["waived", "due"]
    assert queries.balance("A-1") == 3000
    with pytest.raises(Refused, match="không còn phải nộp"):
        actions.collect(actor, unit, charges=pks(charges), total=3000)
