"""What a dossier owes, before and after it is corrected."""

import pytest
from django.db import IntegrityError, transaction

from vamco.core.errors import Refused
from vamco.payments import actions, queries
from vamco.payments.charges import Line, cancel_charges, raise_charges, replace_charges

from .conftest import make_charges


def replace(unit, *lines, due="now"):
    with transaction.atomic():
        return replace_charges(
            subject="A-1", unit=unit, payer=None, payer_name="Lê Văn Ba", lines=lines, due=due
        )


def test_a_corrected_quantity_owes_the_new_sum(unit):
    make_charges(unit, 8000, subject="A-1")
    replace(unit, Line("line0", "Lệ phí chứng thực", "charge", 3, 24_000), due="on_return")
    (charge,) = queries.charges_for(["A-1"])["A-1"]
    assert (charge.amount, charge.quantity, charge.due, charge.payer_name) == (
        24_000,
        3,
        "on_return",
        "Lê Văn Ba",
    )


def test_a_case_that_is_free_owes_nothing(unit):
    make_charges(unit, 8000, subject="A-1")
    assert replace(unit) == []
    assert queries.balance("A-1") == 0


def test_what_was_paid_stays_when_it_does_not_change(unit, actor, book):
    (paid,) = make_charges(unit, 8000, subject="A-1")
    actions.collect(actor, unit, charges=[paid.pk], total=8000)
    charges = replace(unit, ("line0", "Lệ phí", "charge", 1, 8000), ("more", "Phí", "fee", 1, 500))
    assert [(one.key, one.state) for one in charges] == [("line0", "paid"), ("more", "due")]


@pytest.mark.parametrize("lines", [[], [("line0", "Lệ phí", "charge", 2, 16_000)]])
def test_what_was_paid_and_would_change_is_refused(unit, actor, book, lines):
    (paid,) = make_charges(unit, 8000, subject="A-1")
    actions.collect(actor, unit, charges=[paid.pk], total=8000)
    with pytest.raises(Refused, match="biên lai BL-16T 0000001"):
        replace(unit, *lines)
    assert queries.charges_for(["A-1"])["A-1"] == [paid]


def test_a_withdrawn_dossier_owes_nothing(unit):
    make_charges(unit, 8000, 500, subject="A-1")
    with transaction.atomic():
        assert cancel_charges("A-1") == 2
    assert queries.balance("A-1") == 0


def test_the_same_line_is_not_owed_twice(unit):
    make_charges(unit, 8000, subject="A-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_charges(unit, 8000, subject="A-1")


@pytest.mark.parametrize(
    "line", [("k", "n", "toll", 1, 5), ("k", "n", "fee", 1, -5), ("k", "n", "fee", 1, 0.5)]
)
def test_lines_that_no_fee_can_have_are_refused(unit, line):
    with pytest.raises(ValueError):
        raise_charges(subject="A", unit=unit, payer=None, payer_name="X", lines=[line], due="now")


def test_many_dossiers_cost_one_query(unit, django_assert_num_queries):
    make_charges(unit, 8000, 500, subject="A-1")
    make_charges(unit, 700, subject="A-2")
    with django_assert_num_queries(1):
        found = queries.charges_for(["A-1", "A-2", "A-3"])
    assert {subject: sum(one.amount for one in lines) for subject, lines in found.items()} == {
        "A-1": 8500,
        "A-2": 700,
        "A-3": 0,
    }


def test_the_due_list_is_searched_by_code_and_by_name_without_accents(unit, actor):
    make_charges(unit, 8000, subject="000.00.12.H39-161209-0007", name="Nguyễn Thị Bé Tư")
    make_charges(unit, 500, subject="000.00.12.H39-161209-0008", name="Đặng Văn Út", due="on_return")

    def found(q):
        return [(one.payer_name, one.total) for one in queries.due(actor, unit, q=q)[0]]

    assert found("") == [("Nguyễn Thị Bé Tư", 8000)]
    assert found("dang ut") == found("0008") == [("Đặng Văn Út", 500)]
    assert found("ang") == found("' OR 1=1 --") == found("%") == []


def test_the_due_list_comes_in_pages(unit, actor, django_assert_num_queries):
    for n in range(5):
        make_charges(unit, 100, 200, subject=f"A-{n}")
    with django_assert_num_queries(2):
        first, cursor = queries.due(actor, unit, limit=3)
    rest, end = queries.due(actor, unit, limit=3, after=cursor)
    assert [one.subject for one in first + rest] == [f"A-{n}" for n in range(5)]
    assert (cursor, end) == ("A-2", "")
