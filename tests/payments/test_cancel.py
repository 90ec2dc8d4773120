"""Cancelling and replacing: a receipt may lose its force, it never goes away."""

import pytest

from vamco.core.errors import Invalid, NotAllowed, Refused
from vamco.payments import actions, queries
from vamco.payments.models import Posting, Receipt, Transfer

from .conftest import NOW, make_actor, make_charges


@pytest.fixture
def receipt(unit, actor, book):
    charges = make_charges(unit, 8000, 2000, subject="A-1")
    return actions.collect(actor, unit, charges=[charge.pk for charge in charges], total=10_000)


def cash(unit, day=None):
    return sum(
        posting.amount
        for posting in Posting.objects.filter(account__kind="cash", transfer__unit=unit)
        if day is None or posting.transfer.day == day
    )


def test_cancelled_on_its_day_the_money_is_due_again(unit, actor, receipt):
    cancelled = actions.cancel(actor, receipt, reason="Thu nhầm hồ sơ")

    assert (cancelled.state, cancelled.reason, cancelled.ended_at) == ("cancelled", "Thu nhầm hồ sơ", NOW)
    assert cash(unit) == 0
    assert queries.balance("A-1") == 10_000
    assert [transfer.memo for transfer in Transfer.objects.order_by("pk")] == ["", "Thu nhầm hồ sơ"]


def test_what_a_withdrawn_dossier_paid_is_owed_no_more(unit, actor, receipt):
    actions.cancel(actor, receipt, reason="Công dân rút hồ sơ", still_due=False)
    assert queries.balance("A-1") == 0
    assert queries.charges_for(["A-1"]) == {"A-1": []}


def test_the_number_of_a_cancelled_receipt_is_not_used_again(unit, actor, receipt):
    actions.cancel(actor, receipt, reason="Thu nhầm")
    charges = queries.charges_for(["A-1"])["A-1"]
    again = actions.collect(actor, unit, charges=[charge.pk for charge in charges], total=10_000)
    assert again.number == receipt.number + 1
    assert queries.receipts_of("A-1") == [receipt, again]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_a_reason_is_needed(actor, receipt, reason):
    with pytest.raises(Invalid) as refusal:
        actions.cancel(actor, receipt, reason=reason)
    assert refusal.value.field == "reason"


def test_cancelling_twice_is_refused(actor, receipt):
    actions.cancel(actor, receipt, reason="Thu nhầm")
    with pytest.raises(Refused, match="đã hủy rồi"):
        actions.cancel(actor, receipt, reason="Thu nhầm")


def test_who_takes_money_may_not_cancel(unit, receipt):
    with pytest.raises(NotAllowed):
        actions.cancel(make_actor(unit, "payments.collect"), receipt, reason="Thu nhầm")


def test_after_the_closing_the_money_goes_back_by_a_reversing_entry_of_another_day(unit, actor, receipt, at):
    actions.close_day(actor, unit, day=receipt.day, counted=10_000)
    with pytest.raises(Refused, match="đã khóa"):
        actions.cancel(actor, receipt, reason="Thu nhầm")
    with at(days=3):
        reversed_ = actions.cancel(actor, receipt, reason="Thu nhầm")
        monday = queries.day_summary(actor, unit, reversed_.transfers.last().day)

    assert reversed_.state == "reversed"
    friday = queries.day_summary(actor, unit, receipt.day)
    assert (friday.count, friday.taken, friday.expected, friday.closed.expected) == (
        1,
        10_000,
        10_000,
        10_000,
    )
    assert (monday.count, monday.given_back, monday.expected) == (0, 10_000, -10_000)
    assert list(monday.back) == [receipt]
    assert cash(unit) == 0


def test_a_day_that_gave_back_more_than_it_took_can_be_closed(unit, actor, receipt, at):
    actions.close_day(actor, unit, day=receipt.day, counted=10_000)
    with at(days=3):
        actions.cancel(actor, receipt, reason="Thu nhầm")
        closing = actions.close_day(actor, unit, day=NOW.date().replace(day=12), counted=-10_000)
    assert (closing.expected, closing.difference) == (-10_000, 0)


def test_replacing_gives_the_next_number_and_leaves_the_money(unit, actor, receipt):
    old = actions.replace(actor, receipt, reason="Sai tên người nộp", payer_name="Nguyễn Thị Bé Tám")
    new = old.replaced_by

    assert (old.state, old.number, new.number, new.state) == ("replaced", 1, 2, "valid")
    assert (new.payer_name, new.total) == ("Nguyễn Thị Bé Tám", 10_000)
    assert {charge.receipt_id for charge in queries.charges_for(["A-1"])["A-1"]} == {new.pk}
    assert [line.amount for line in new.lines.all()] == [8000, 2000]
    assert cash(unit) == 10_000
    assert Receipt.objects.count() == 2


def test_a_receipt_of_a_past_day_is_not_replaced(actor, receipt, at):
    with at(days=1), pytest.raises(Refused, match="không thay được"):
        actions.replace(actor, receipt, reason="Sai tên")
