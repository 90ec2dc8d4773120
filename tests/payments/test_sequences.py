"""Whatever the order of taking, cancelling, replacing and closing: the sums hold and no number is lost or
given twice; also when four cashiers press at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.core.errors import Refused
from vamco.core.transactions import atomic
from vamco.payments import actions, papers, queries, till
from vamco.payments.models import Charge, DayClose, Posting, Receipt, ReceiptBook, ReceiptLine

from .conftest import NOW, make_actor, make_book, make_charges, make_unit


def total_of(rows, field="amount"):
    return rows.aggregate(sum=Sum(field))["sum"] or 0


def check(unit, in_hand):
    """What must hold after every step; `in_hand` is what a careful person counted along."""
    connection.check_constraints()
    assert total_of(Posting.objects.all()) == 0
    cash = total_of(Posting.objects.filter(account__kind="cash", account__unit=unit))
    assert cash == in_hand == total_of(Receipt.objects.filter(unit=unit, state="valid"), "total")
    assert in_hand == total_of(Charge.objects.filter(unit=unit, state="paid"))
    for book in ReceiptBook.objects.filter(unit=unit):
        numbers = list(book.receipts.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(book.first, book.next))
        assert book.next <= book.last or book.state != "open"
    for receipt in Receipt.objects.all():
        assert total_of(receipt.lines.all()) == receipt.total
    for closing in DayClose.objects.all():
        assert closing.expected == till.cash_of_day(unit, closing.day)
        assert papers.closing(SYSTEM, closing).total() == closing.expected


STEP = st.one_of(
    st.tuples(st.just("collect"), st.lists(st.integers(1, 50_000), min_size=1, max_size=4)),
    st.tuples(st.just("again"), st.integers(0, 20)),
    st.tuples(st.just("cancel"), st.integers(0, 20)),
    st.tuples(st.just("refund"), st.integers(0, 20)),
    st.tuples(st.just("replace"), st.integers(0, 20)),
    st.tuples(st.just("close"), st.integers(0, 3)),
    st.tuples(st.just("sleep"), st.integers(1, 2)),
    st.tuples(st.just("book"), st.integers(1, 3)),
    st.tuples(st.just("shut"), st.integers(0, 5)),
)


class Till:
    """A cashier's desk that takes steps, and counts along what should be in the drawer."""

    def __init__(self):
        self.unit = make_unit()
        self.actor = make_actor(self.unit)
        self.in_hand, self.days, self.last = 0, 0, 0
        self.receipts: list[int] = []

    def take(self, charges):
        total = sum(charge.amount for charge in charges)
        made = actions.collect(self.actor, self.unit, charges=[one.pk for one in charges], total=total)
        self.in_hand += total
        self.receipts.append(made.pk)

    def pick(self, n):
        if not self.receipts:
            raise Refused("nothing yet")
        return Receipt.objects.get(pk=self.receipts[n % len(self.receipts)])

    def step(self, kind, value):
        if kind == "collect":
            self.take(make_charges(self.unit, *value))
        elif kind == "again":
            due = list(Charge.objects.filter(unit=self.unit, state="due").order_by("pk"))
            self.take(due[value % len(due) : value % len(due) + 2] if due else [])
        elif kind in ("cancel", "refund"):
            ended = actions.cancel(self.actor, self.pick(value), reason="Nhầm", still_due=kind == "cancel")
            self.in_hand -= ended.total
        elif kind == "replace":
            self.receipts.append(actions.replace(self.actor, self.pick(value), reason="Nhầm").replaced_by_id)
        elif kind == "close":
            day = clock.today() - timedelta(days=value)
            booked = queries.day_summary(self.actor, self.unit, day).expected
            actions.close_day(self.actor, self.unit, day=day, counted=booked)
        elif kind == "sleep":
            self.days += value
        elif kind == "book":
            actions.open_book(self.actor, self.unit, symbol="BL", first=self.last + 1, last=self.last + value)
            self.last += value
        elif kind == "shut":
            opened = list(ReceiptBook.objects.order_by("pk"))
            if opened:
                actions.close_book(self.actor, opened[value % len(opened)])


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=25))
def test_any_sequence_keeps_the_sums_and_the_numbers(steps):
    with atomic():
        till = Till()
        till.step("book", 3)
        for kind, value in steps:
            with clock.told(NOW + timedelta(days=till.days)):
                try:
                    with atomic():
                        till.step(kind, value)
                except Refused:
                    pass
                check(till.unit, till.in_hand)
        transaction.set_rollback(True)


def in_threads(count, work):
    """Run `work(n)` in threads at once; answers what each raised or returned."""
    answers = [None] * count
    start = threading.Barrier(count)

    def run(n):
        try:
            with clock.told(NOW):
                start.wait()
                answers[n] = work(n)
        except Exception as error:
            answers[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_four_cashiers_at_once_give_no_number_twice_and_leave_none_out():
    unit = make_unit()
    make_book(unit, 1, 7)
    make_book(unit, 101, 200, symbol="BL-17T")
    own = [[make_charges(unit, 1000 + n, 50) for _ in range(6)] for n in range(4)]
    shared = [make_charges(unit, 9) for _ in range(6)]
    cashiers = [make_actor(unit, username=f"thu.{n}") for n in range(4)]

    def work(n):
        taken = 0
        for mine, theirs in zip(own[n], shared, strict=True):
            for charges in (mine, theirs):
                total = sum(one.amount for one in charges)
                try:
                    receipt = actions.collect(
                        cashiers[n], unit, charges=[one.pk for one in charges], total=total
                    )
                except Refused:
                    continue
                taken += total
                if receipt.number % 3 == 0:
                    actions.cancel(cashiers[n], receipt, reason="Nhầm", still_due=False)
                    taken -= total
                elif receipt.number % 5 == 0:
                    actions.replace(cashiers[n], receipt, reason="Nhầm")
        return taken

    answers = in_threads(4, work)

    assert all(isinstance(answer, int) for answer in answers), answers
    check(unit, sum(answers))
    assert ReceiptLine.objects.filter(charge__in=[one[0].pk for one in shared]).count() >= 6
    assert Receipt.objects.exclude(state="replaced").count() == 4 * 6 + 6


@pytest.mark.django_db(transaction=True)
def test_one_button_pressed_in_four_windows_takes_once():
    unit = make_unit()
    make_book(unit)
    charges = make_charges(unit, 8000)
    actor = make_actor(unit, key="one")

    answers = in_threads(4, lambda n: actions.collect(actor, unit, charges=[charges[0].pk], total=8000).pk)

    assert len(set(answers)) == 1, answers
    assert Receipt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_while_the_day_is_closed_is_either_counted_or_refused():
    unit = make_unit()
    make_book(unit)
    actor = make_actor(unit)
    charges = [make_charges(unit, 100)[0] for _ in range(12)]

    def work(n):
        if n == 3:
            while (day := queries.day_summary(actor, unit, clock.today())).count < 3:
                pass
            try:
                return actions.close_day(actor, unit, day=clock.today(), counted=day.expected + 1, note="thử")
            except Refused as refused:
                return refused
        for charge in charges[n * 4 : n * 4 + 4]:
            try:
                actions.collect(actor, unit, charges=[charge.pk], total=100)
            except Refused:
                return "closed"
        return "done"

    closing = in_threads(4, work)[3]

    assert isinstance(closing, DayClose), closing
    assert closing.expected == total_of(Receipt.objects.all(), "total")
    check(unit, closing.expected)
