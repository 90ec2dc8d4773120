"""Inputs as a function declares them: what may stay away, what is nested, and numbers that are none."""

from dataclasses import dataclass
from typing import Annotated, TypedDict, Unpack

import pytest

from vamco.core import inputs
from vamco.core.actors import SYSTEM
from vamco.core.errors import Invalid
from vamco.core.inputs import Input, checked, parameters, plain_number


@dataclass(frozen=True)
class Where:
    """A part of a part."""

    page: Annotated[int, Input("Trang", least=1)]


@dataclass(frozen=True)
class Source:
    """Where a value is written."""

    text: Annotated[str, Input("Căn cứ", most=5)]
    where: Annotated[Where | None, Input("Chỗ")] = None


class Change(TypedDict, total=False):
    """What may be changed."""

    limit: Annotated[int | None, Input("Hạn", most=9)]
    name: Annotated[str, Input("Tên")]
    source: Annotated[Source, Input("Nguồn")]


def change(actor: object, target: object, /, **given: Unpack[Change]) -> None:
    """An action that changes what it is given."""


def check(**given: object) -> dict[str, object]:
    return checked(parameters(change), SYSTEM, None, given)


def test_what_is_left_out_of_a_change_does_not_reach_the_action() -> None:
    assert [one.name for one in parameters(change)] == ["limit", "name", "source"]
    assert check() == {}
    assert check(name=" Tên  mới ") == {"name": "Tên mới"}


def test_a_value_that_may_be_empty_is_emptied_and_another_is_refused() -> None:
    assert check(limit=None) == {"limit": None}
    with pytest.raises(Invalid) as refused:
        check(name=None)
    assert refused.value.field == "name"


def test_a_fault_in_a_part_of_a_part_is_told_by_its_whole_name() -> None:
    with pytest.raises(Invalid) as refused:
        check(source=Source("quá dài", Where(0)), limit=10)
    assert set(refused.value.fields) == {"limit", "source.text", "source.where.page"}


@pytest.mark.parametrize("written", ["", "²", "-1", "1.0", "１", "9" * 19, "9" * 5000, " 1"])
def test_what_is_no_plain_number_is_none(written: str) -> None:
    assert plain_number(written) is None


def test_a_plain_number_is_read() -> None:
    assert [plain_number(written) for written in ("0", "007", "9" * 18)] == [0, 7, 10**18 - 1]


@pytest.mark.parametrize("written", ["²", "9" * 5000, "1e3", ""])
def test_numbers_that_are_none_are_refused_in_words(written: str) -> None:
    with pytest.raises(Invalid, match="số nguyên"):
        inputs.read(int, written)


@pytest.mark.parametrize("written", ["01/01/0001", "31/12/9999", "0001-01-01", "9999-12-31", "²/1/2016"])
def test_days_that_no_calendar_has_are_refused_in_words(written: str) -> None:
    with pytest.raises(Invalid, match="Ngày không đúng"):
        inputs.read_day(written)
