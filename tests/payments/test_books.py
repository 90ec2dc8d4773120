"""Receipt books: ranges that never overlap, put into and out of use."""

import pytest

from vamco.core.errors import Invalid, NotAllowed, Refused
from vamco.payments import actions, queries

from .conftest import make_actor, make_charges, make_unit


def test_a_book_starts_with_its_first_number(unit, actor):
    actions.open_book(actor, unit, symbol=" BL-16T ", first=501, last=550, series="02")
    charges = make_charges(unit, 8000)
    receipt = actions.collect(actor, unit, charges=[charge.pk for charge in charges], total=8000)
    assert str(receipt) == "BL-16T 02 0000501"
    assert queries.books(actor, unit).get().left == 49


@pytest.mark.parametrize(
    ("field", "inputs"),
    [
        ("symbol", {"symbol": " "}),
        ("symbol", {"symbol": "B" * 21}),
        ("series", {"series": "B" * 21}),
        ("first", {"first": 0}),
        ("first", {"first": 10_000_000, "last": 10_000_001}),
        ("last", {"first": 5, "last": 4}),
        ("last", {"last": 10_000_000}),
    ],
)
def test_a_wrong_range_is_refused_at_its_field(unit, actor, field, inputs):
    with pytest.raises(Invalid) as refusal:
        actions.open_book(actor, unit, **{"symbol": "BL", "first": 1, "last": 50, **inputs})
    assert refusal.value.field == field


def test_numbers_of_two_books_do_not_meet(unit, actor):
    actions.open_book(actor, unit, symbol="BL", first=1, last=50)
    with pytest.raises(Invalid):
        actions.open_book(actor, unit, symbol="BL", first=50, last=99)
    actions.open_book(actor, unit, symbol="BL", first=51, last=99)
    actions.open_book(actor, unit, symbol="BK", first=1, last=50)


def test_a_closed_book_gives_no_numbers(unit, actor, book):
    actions.close_book(actor, book)
    charges = make_charges(unit, 8000)
    with pytest.raises(Refused):
        actions.collect(actor, unit, charges=[charge.pk for charge in charges], total=8000)
    with pytest.raises(Refused, match="đã khóa rồi"):
        actions.close_book(actor, book)


def test_a_cashier_opens_no_book(unit):
    with pytest.raises(NotAllowed):
        actions.open_book(make_actor(unit, "payments.collect"), unit, symbol="BL", first=1, last=50)
    other = make_unit("80124", "Phường 6")
    with pytest.raises(NotAllowed):
        actions.open_book(make_actor(unit), other, symbol="BL", first=1, last=50)
