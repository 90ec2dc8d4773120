"""Data files are read strictly: what is not understood is named, all of it at once."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.procedures import load, reading

GOOD = reading.plain(next(one for one in load.shipped() if one.code == "1.004873"))


def places(change):
    data = reading.plain(reading.read(GOOD))
    change(data)
    with pytest.raises(reading.Unreadable) as caught:
        reading.read(data)
    return {problem.where for problem in caught.value.problems}


def test_unknown_missing_and_wrong_things_are_named():
    def change(data):
        data["colour"] = "red"
        del data["name"]
        data["level"] = "two"
        data["cases"][0]["papers"][1]["count"] = True
        data["cases"][0]["fields"][0]["when"] = ["x"]
        data["valid_from"] = "31/12/2016"

    assert places(change) >= {
        "colour",
        "name",
        "level",
        "cases.thuong.papers.giay_to_tuy_than.count",
        "cases.thuong.fields.tinh_trang.when",
        "valid_from",
    }


def test_endless_texts_and_null_bytes_are_refused():
    assert places(lambda data: data.update(name="x" * 6000)) == {"name"}
    assert places(lambda data: data.update(name="a\0b")) == {"name"}
    assert places(lambda data: data.update(cases=[{}] * 501)) == {"cases"}


@pytest.mark.parametrize("data", [None, [], "x", 5, {"cases": {}}, {"cases": [[]]}])
def test_what_is_no_procedure_at_all_is_refused(data):
    with pytest.raises(reading.Unreadable):
        reading.read(data)


def test_an_unknown_shared_thing_is_named():
    shared = load.shared()
    data = {**GOOD, "field": "nothing", "source": "nowhere"}
    with pytest.raises(reading.Unreadable) as caught:
        reading.read(data, shared)
    assert {problem.where for problem in caught.value.problems} >= {"field", "source"}


def test_the_digest_is_of_what_is_said():
    said = reading.read(GOOD)
    other = reading.read({**GOOD, "name": "Tên khác"})
    assert reading.digest(said) == reading.digest(reading.read({**GOOD, "version_id": 7}))
    assert reading.digest(said) != reading.digest(other)


def test_words_like_no_stay_words():
    assert load._yaml(_file("a: no\nb: true\nc: 2016-01-01\n")) == {
        "a": "no",
        "b": True,
        "c": datetime.date(2016, 1, 1),
    }


class _file:
    def __init__(self, text):
        self.text = text

    def read_text(self, encoding):
        return self.text


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)


@given(st.sampled_from(sorted(GOOD)), json)
def test_any_value_anywhere_is_read_or_refused(key, value):
    try:
        reading.read({**GOOD, key: value})
    except reading.Unreadable as unreadable:
        assert unreadable.problems  # noqa: PT017
