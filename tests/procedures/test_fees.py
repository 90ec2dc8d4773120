"""What is paid: by pages, copies, groups, channel and day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.core.errors import Invalid
from vamco.procedures.definition import FeeLine, Source, Tier
from vamco.procedures.fees import fee_lines, price, total
from vamco.procedures.load import shipped

PAGES = (Tier(2, 2000), Tier(None, 1000))
counts = st.integers(1, 400)


class OneCase:
    """The only thing of a case that fees look at."""

    def __init__(self, *fees):
        self.fees = fees


def line(**changes):
    values = {
        "key": "phi",
        "name": "Phí",
        "name_en": "Fee",
        "kind": "fee",
        "tiers": (Tier(None, 5000),),
        "max_per": None,
        "quantity_field": "",
        "times_field": "",
        "exempt": (),
        "only": (),
        "channels": (),
        "when": None,
        "valid_from": None,
        "valid_to": None,
        "legal_ref": "",
        "source": Source("x"),
    }
    return FeeLine(**{**values, **changes})


def amounts(case, answers=None, groups=(), on=date(2016, 12, 5), channel="counter"):
    return [
        (due.key, due.quantity, due.amount) for due in fee_lines(case, answers or {}, groups, on, channel)
    ]


@pytest.mark.parametrize(
    ("pages", "amount"), [(1, 2000), (2, 4000), (3, 5000), (10, 12000), (198, 200000), (500, 200000)]
)
def test_a_certified_copy_costs_as_the_circular_says(pages, amount):
    assert price(PAGES, pages, 200_000) == amount


@given(counts, st.none() | st.integers(0, 300_000))
def test_the_price_is_that_of_counting_page_by_page(pages, most):
    by_hand = sum(2000 if page <= 2 else 1000 for page in range(1, pages + 1))
    assert price(PAGES, pages, most) == (by_hand if most is None else min(by_hand, most))


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 9000)), max_size=4), st.integers(0, 9000), counts
)
def test_any_tiers_count_unit_by_unit(steps, last, units):
    bounds = sorted({bound for bound, _price in steps})
    tiers = [Tier(bound, 100 * i) for i, bound in enumerate(bounds)] + [Tier(None, last)]
    by_hand = 0
    for unit in range(1, units + 1):
        by_hand += next(t.price for t in tiers if t.up_to is None or unit <= t.up_to)
    assert price(tiers, units) == by_hand
    assert price(tiers, units + 1) >= price(tiers, units)


@given(counts, st.integers(1, 50))
def test_copies_multiply_and_the_ceiling_is_per_copy(pages, copies):
    case = OneCase(line(tiers=PAGES, max_per=100_000, quantity_field="pages", times_field="copies"))
    (due,) = fee_lines(case, {"pages": pages, "copies": copies})
    assert due.quantity == pages * copies
    assert due.amount == copies * price(PAGES, pages, 100_000)
    assert due.amount <= copies * 100_000


def test_groups_pay_nothing_and_the_line_says_why():
    case = OneCase(line(exempt=("poor", "merit")))
    (due,) = fee_lines(case, {}, {"merit"})
    assert (due.amount, due.waived) == (0, "merit")
    assert amounts(case, groups={"student"}) == [("phi", 1, 5000)]


def test_a_line_only_for_a_group_is_for_nobody_else():
    case = OneCase(line(exempt=("student",)), line(key="giam", only=("student",), tiers=(Tier(None, 2500),)))
    assert amounts(case) == [("phi", 1, 5000)]
    assert total(fee_lines(case, {}, {"student"})) == 2500


def test_the_day_decides():
    case = OneCase(line(valid_to=date(2016, 12, 31)), line(key="moi", valid_from=date(2017, 1, 1)))
    assert amounts(case, on=date(2016, 12, 31)) == [("phi", 1, 5000)]
    assert amounts(case, on=date(2017, 1, 1)) == [("moi", 1, 5000)]


def test_the_channel_decides():
    case = OneCase(line(channels=("counter", "post")), line(key="online", channels=("online",)))
    assert [key for key, *_ in amounts(case, channel="online")] == ["online"]


def test_a_condition_that_cannot_be_told_charges():
    case = OneCase(line(when={"field": "late", "op": "eq", "value": True}))
    assert amounts(case, {"late": False}) == []
    assert amounts(case, {"late": True}) == [("phi", 1, 5000)]
    assert amounts(case, {}) == [("phi", 1, 5000)]


@pytest.mark.parametrize("count", [None, 0, -1, 1.5, "2", True, 10**9])
def test_what_is_no_count_is_refused_at_its_field(count):
    case = OneCase(line(quantity_field="pages"))
    with pytest.raises(Invalid) as refused:
        fee_lines(case, {"pages": count} if count is not None else {})
    assert set(refused.value.fields) == {"pages"}


def test_the_marriage_status_certificate_costs_five_thousand():
    said = next(one for one in shipped() if one.code == "1.004873")
    assert amounts(said.case()) == [("le_phi", 1, 5000)]
    assert total(fee_lines(said.case(), {}, {"poor"}, date(2016, 12, 5))) == 0
