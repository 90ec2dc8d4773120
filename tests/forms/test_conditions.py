"""Conditions are three-valued and typed: what cannot be told never counts as true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.forms.conditions import evaluate, fields_of, holds, problems
from vamco.forms.field import Field, Option

FIELDS = {
    "pages": Field("pages", "number", "Số trang", "Pages"),
    "born": Field("born", "date", "Ngày sinh", "Date of birth"),
    "late": Field("late", "bool", "Quá hạn", "Late"),
    "kind": Field("kind", "choice", "Loại", "Kind", options=(Option("a", "A", "A"), Option("b", "B", "B"))),
    "name": Field("name", "text", "Tên", "Name"),
}


@pytest.mark.parametrize(
    ("condition", "answers", "told"),
    [
        (None, {}, True),
        ({"field": "pages", "op": "gt", "value": 3}, {"pages": 4}, True),
        ({"field": "pages", "op": "gt", "value": 3}, {"pages": 3}, False),
        ({"field": "pages", "op": "gt", "value": 3}, {}, None),
        ({"field": "born", "op": "lt", "value": "2000-01-01"}, {"born": "1999-12-31"}, True),
        ({"field": "late", "op": "eq", "value": True}, {"late": False}, False),
        ({"field": "late", "op": "eq", "value": 1}, {"late": True}, False),
        ({"field": "kind", "op": "in", "value": ["a", "b"]}, {"kind": "b"}, True),
        ({"field": "name", "op": "empty"}, {}, True),
        ({"field": "name", "op": "filled"}, {"name": "x"}, True),
        ({"not": {"field": "kind", "op": "eq", "value": "a"}}, {}, None),
        ({"not": {"field": "kind", "op": "eq", "value": "a"}}, {"kind": "b"}, True),
    ],
)
def test_a_condition_tells(condition, answers, told):
    assert evaluate(condition, answers) is told


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "pages", "op": "like", "value": 3},
        {"field": "pages", "op": "gt", "value": "many"},
        {"field": "pages"},
        {"all": []},
        {"any": "x"},
        {"all": [{"bogus": 1}]},
        "true",
        {"not": None},
    ],
)
def test_what_is_malformed_is_neither_true_nor_false(condition):
    assert evaluate(condition, {"pages": 4}) is None
    assert holds(condition, {"pages": 4}, default=True) is True
    assert holds(condition, {"pages": 4}, default=False) is False


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "page", "op": "gt", "value": 3},
        {"field": "pages", "op": "like", "value": 3},
        {"field": "pages", "op": "gt", "value": "3"},
        {"field": "name", "op": "lt", "value": "z"},
        {"field": "kind", "op": "eq", "value": "c"},
        {"field": "kind", "op": "in", "value": []},
        {"field": "late", "op": "eq", "value": "true"},
        {"field": "born", "op": "ge", "value": "05/12/2016"},
        {"field": "pages", "op": "filled", "value": 1},
        {"all": []},
        {"all": [{"field": "pages", "op": "filled"}], "any": [{"field": "pages", "op": "filled"}]},
        {"nor": []},
        [],
    ],
)
def test_an_unknown_thing_is_a_problem(condition):
    assert problems(condition, FIELDS)


def test_a_good_condition_is_no_problem():
    good = {
        "any": [
            {"field": "pages", "op": "ge", "value": 2},
            {"not": {"field": "late", "op": "eq", "value": True}},
        ]
    }
    assert problems(good, FIELDS) == []
    assert fields_of(good) == {"pages", "late"}


def test_nesting_has_a_bound():
    condition = {"field": "late", "op": "eq", "value": True}
    for _ in range(2000):
        condition = {"not": condition}
    assert evaluate(condition, {"late": True}) is None
    assert problems(condition, FIELDS)


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["field", "op", "value", "all", "any", "not", "x"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(json, st.dictionaries(st.sampled_from(["pages", "name"]), st.integers() | st.text(max_size=3)))
def test_anything_at_all_is_told_without_raising(condition, answers):
    assert evaluate(condition, answers) in (True, False, None)
    if condition is not None and not problems(condition, FIELDS):
        assert fields_of(condition) <= set(FIELDS)


parts = st.recursive(
    st.builds(lambda v: {"field": "pages", "op": "gt", "value": v}, st.integers(0, 9)),
    lambda inner: (
        st.builds(lambda c: {"not": c}, inner)
        | st.builds(lambda cs: {"all": cs}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda cs: {"any": cs}, st.lists(inner, min_size=1, max_size=3))
    ),
    max_leaves=6,
)


def plain(condition, pages):
    if "all" in condition:
        return all(plain(c, pages) for c in condition["all"])
    if "any" in condition:
        return any(plain(c, pages) for c in condition["any"])
    if "not" in condition:
        return not plain(condition["not"], pages)
    return pages > condition["value"]


@given(parts, st.integers(0, 9))
def test_with_every_answer_given_logic_is_the_usual_one(condition, pages):
    told = evaluate(condition, {"pages": pages})
    assert told is None or told == plain(condition, pages)
    if not problems(condition, FIELDS):
        assert told is not None
