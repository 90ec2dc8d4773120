"""The closing of a day: counted against booked, once, in order, and final."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from vamco.core.actors import SYSTEM
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from vamco.payments import actions, papers, queries
from vamco.payments.models import DayClose, Receipt

from .conftest import make_actor, make_book, make_charges, make_unit

FRIDAY = date(2016, 12, 9)


def take(actor, unit, *amounts, **more):
    charges = make_charges(unit, *amounts, **more)
    return actions.collect(actor, unit, charges=[charge.pk for charge in charges], total=sum(amounts))


def test_what_was_counted_is_held_against_the_books(unit, actor, book):
    take(actor, unit, 8000, 2000)
    closing = actions.close_day(actor, unit, day=FRIDAY, counted=9000, note="Thiếu 1.000 đ, cán bộ thu bù")
    assert (closing.expected, closing.counted, closing.difference) == (10_000, 9000, -1000)
    assert closing.cashier_name == "Lê Thị Thu Cúc"


def test_a_difference_needs_a_note(unit, actor, book):
    take(actor, unit, 8000)
    with pytest.raises(Invalid) as refusal:
        actions.close_day(actor, unit, day=FRIDAY, counted=0)
    assert refusal.value.field == "note"


def test_closing_twice_is_refused(unit, actor):
    actions.close_day(actor, unit, day=FRIDAY, counted=0)
    with pytest.raises(Refused, match="09/12/2016 đã khóa sổ rồi"):
        actions.close_day(actor, unit, day=FRIDAY, counted=0)


def test_nothing_is_taken_on_a_closed_day(unit, actor, book, at):
    actions.close_day(actor, unit, day=FRIDAY, counted=0)
    with pytest.raises(Refused, match="ngày làm việc tiếp theo"):
        take(actor, unit, 8000)
    with at(days=3):
        assert take(actor, unit, 8000).number == 1


def test_another_unit_goes_on_taking(unit, actor):
    other = make_unit("80124", "Phường 6")
    make_book(other)
    actions.close_day(actor, unit, day=FRIDAY, counted=0)
    assert take(make_actor(other), other, 8000).number == 1


def test_an_earlier_day_is_closed_first(unit, actor, book, at):
    take(actor, unit, 8000)
    with at(days=3):
        with pytest.raises(Refused, match="09/12/2016 chưa khóa sổ"):
            actions.close_day(actor, unit, day=date(2016, 12, 12), counted=0)
        actions.close_day(actor, unit, day=FRIDAY, counted=8000)
        actions.close_day(actor, unit, day=date(2016, 12, 12), counted=0)


def test_a_day_to_come_is_refused(unit, actor):
    with pytest.raises(Invalid):
        actions.close_day(actor, unit, day=date(2016, 12, 10), counted=0)


def test_money_taken_since_the_cashier_looked_is_stale(unit, actor, book):
    take(actor, unit, 8000)
    with pytest.raises(Stale):
        actions.close_day(actor, unit, day=FRIDAY, counted=0, expected=0)


def test_who_takes_money_may_not_close(unit):
    with pytest.raises(NotAllowed):
        actions.close_day(make_actor(unit, "payments.collect"), unit, day=FRIDAY, counted=0)


def test_the_database_books_nothing_on_a_closed_day_and_keeps_the_closing(unit, actor, book):
    receipt = take(actor, unit, 8000)
    closing = actions.close_day(actor, unit, day=FRIDAY, counted=8000)
    changes = [
        lambda: DayClose.objects.filter(pk=closing.pk).update(counted=1),
        lambda: DayClose.objects.all()._raw_delete("default"),
        lambda: Receipt.objects.filter(pk=receipt.pk).update(
            state="cancelled", reason="X", ended_at=receipt.at
        ),
        lambda: Receipt.objects.create(
            unit=unit,
            book=book,
            number=2,
            payer_name="X",
            total=5,
            day=FRIDAY,
            at=receipt.at,
            cashier_name="X",
        ),
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_summary_names_numbers_cancelled_and_sums(unit, actor, book):
    kept = take(actor, unit, 8000, 2000)
    wrong = take(actor, unit, 5000)
    actions.cancel(actor, wrong, reason="Thu nhầm")
    renamed = actions.replace(actor, kept, reason="Sai tên", payer_name="Trần Văn Sáu")

    summary = queries.day_summary(actor, unit, FRIDAY)

    assert (summary.count, summary.taken, summary.fees, summary.charges) == (1, 10_000, 2000, 8000)
    assert summary.expected == 10_000
    assert [(use.first, use.last, use.count) for use in summary.used] == [(1, 3, 3)]
    assert list(summary.ended) == [renamed, wrong]


def test_the_paper_of_a_closing_does_not_change_when_money_goes_back_later(unit, actor, book, at):
    receipt = take(actor, unit, 8000, subject="A-1")
    wrong = take(actor, unit, 5000)
    actions.cancel(actor, wrong, reason="Thu nhầm")
    closing = actions.close_day(actor, unit, day=FRIDAY, counted=8000)
    before = papers.closing(SYSTEM, closing)
    with at(days=3):
        actions.cancel(actor, receipt, reason="Trả lại")
    assert papers.closing(SYSTEM, closing) == before
    assert [(row.number, row.cancelled, row.amount) for row in before.taken] == [
        ("0000001", False, 8000),
        ("0000002", True, 5000),
    ]
    assert before.used == "BL-16T: 0000001 đến 0000002"


def test_the_paper_of_a_receipt_says_what_it_replaces(unit, actor, book):
    old = take(actor, unit, 8000, 2000, subject="A-1")
    new = actions.replace(actor, old, reason="Sai tên", payer_name="Trần Văn Sáu").replaced_by
    paper = papers.receipt(queries.receipt(SYSTEM, new.pk))
    assert (paper.number, paper.payer.name, paper.total(), paper.replaces) == (
        "0000002",
        "Trần Văn Sáu",
        10_000,
        "BL-16T 0000001",
    )
    assert [line.amount for line in paper.lines] == [8000, 2000]
    assert paper.codes == ["A-1"]
    old.refresh_from_db()
    assert papers.receipt(queries.receipt(SYSTEM, old.pk)).stamp == "ĐÃ THAY"


def test_a_stranger_sees_neither_receipts_nor_sums(unit, actor, book):
    receipt = take(actor, unit, 8000)
    stranger = make_actor(make_unit("80124", "Phường 6"))
    for look in (
        lambda: queries.day_summary(stranger, unit, FRIDAY),
        lambda: queries.receipts(stranger, unit),
        lambda: queries.books(stranger, unit),
        lambda: queries.due(stranger, unit),
        lambda: queries.receipt(stranger, receipt.pk),
    ):
        with pytest.raises(NotFound):
            look()
