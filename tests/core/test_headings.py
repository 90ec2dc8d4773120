"""Where the headings of a sheet stand: sheets as offices really send them."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.core import headings
from vamco.core.sheets import Grid, Merged

NAMES = {
    "name": ["Họ và tên", "Họ tên"],
    "born": ["Ngày sinh", "Ngày tháng năm sinh"],
    "since": ["Từ ngày"],
    "until": ["Đến ngày"],
    "price": ["Nguyên giá"],
    "serial": ["Số sê-ri", "Số máy", "S/N"],
}


def grid(*rows: list[Any], merged: list[Merged] | None = None, start: int = 1) -> Grid:
    filled = {number: row for number, row in enumerate(rows, start) if any(row)}
    return Grid(name="Tổng hợp", rows=filled, merged=merged or [], uncalculated=[])


def matched(sheet: Grid, **more: Any) -> dict[str, int]:
    found = headings.find(sheet, NAMES, **more)
    return {name: index for index, name in found.matched.items()}


PLAIN = ["TT", "Họ và tên", "Ngày sinh"]
DATA = [1, "Nguyễn Văn Út", "01/02/1990"]


def test_the_first_row() -> None:
    assert matched(grid(PLAIN, DATA)) == {"name": 1, "born": 2}


def test_below_titles_that_are_merged_over_the_table() -> None:
    sheet = grid(
        ["UBND HUYỆN ĐỨC HUỆ", None, None],
        ["DANH SÁCH CÁN BỘ", None, None],
        [],
        ["Đơn vị:", "Xã Mỹ Quý Tây", None],
        PLAIN,
        DATA,
        merged=[Merged(0, 1, 2, 1), Merged(0, 2, 2, 2)],
    )
    found = headings.find(sheet, NAMES)
    assert (found.first, found.last, dict(found.matched)) == (5, 5, {1: "name", 2: "born"})
    assert [number for number, _values in headings.body(sheet, found, found.matched)] == [6]


@pytest.mark.parametrize(
    "heading",
    [
        "HỌ VÀ TÊN",
        "Họ  và\u00a0tên ",
        "Họ và\ntên",
        unicodedata.normalize("NFD", "Họ và tên"),
        "Họ và tên (*)",
        "Họ và tên (viết chữ in hoa)",
        "Họ và tên:",
        "1. Họ và tên",
        "(2) Họ và tên",
        "Ho va ten",
        "\u200bHọ\u00advà tên".replace("\u00ad", " "),
    ],
)
def test_a_heading_however_it_is_written(heading: str) -> None:
    assert matched(grid(["TT", heading, "Ghi chú"], [1, "A", "B"])) == {"name": 1}


def test_two_rows_with_a_group_over_its_parts() -> None:
    sheet = grid(
        ["TT", "Họ và tên", "Thời gian công tác", None, "Nguyên giá"],
        [None, None, "Từ ngày", "Đến ngày", "(đồng)"],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        [1, "Lê Thị Diệu", "01/01/2015", "31/12/2015", 1000],
        merged=[Merged(0, 1, 0, 2), Merged(1, 1, 1, 2), Merged(2, 1, 3, 1)],
    )
    found = headings.find(sheet, NAMES)
    assert (found.first, found.last) == (1, 2)
    assert dict(found.matched) == {1: "name", 2: "since", 3: "until", 4: "price"}
    assert found.columns[2].heading == "Thời gian công tác – Từ ngày"
    assert [number for number, _values in headings.body(sheet, found, found.matched)] == [4]


def test_a_heading_with_its_unit_or_a_second_name_in_brackets() -> None:
    assert matched(grid(["Số máy (S/N)", "Nguyên giá (đồng)", "x"], ["a", 1, 2])) == {"serial": 0, "price": 1}


def test_two_columns_of_one_name_are_asked_about() -> None:
    found = headings.find(grid(["Họ tên", "Họ và tên", "Ngày sinh"], ["a", "b", "c"]), NAMES)
    assert dict(found.matched) == {2: "born"}
    assert found.doubtful == {0, 1}


def test_parts_of_two_groups_are_asked_about() -> None:
    sheet = grid(
        ["Họ và tên", "Công tác", None, "Nghỉ phép", None],
        [None, "Từ ngày", "Đến ngày", "Từ ngày", "Đến ngày"],
        ["A", 1, 2, 3, 4],
        merged=[Merged(0, 1, 0, 2), Merged(1, 1, 2, 1), Merged(3, 1, 4, 1)],
    )
    assert headings.find(sheet, NAMES).doubtful == {1, 2, 3, 4}


def test_one_name_of_two_inputs_is_asked_about() -> None:
    found = headings.find(grid(["Tên", "Ngày"], ["a", "b"]), {"a": ["Tên"], "b": ["Tên"], "c": ["Ngày"]})
    assert (dict(found.matched), found.doubtful) == ({1: "c"}, {0})


def test_what_a_person_mapped_before_goes_first_also_what_is_left_out() -> None:
    sheet = grid(["Cán bộ", "Họ tên", "Ngày sinh"], ["a", "b", "c"])
    assert matched(sheet, known={"can bo": "name", "ho ten": ""}) == {"name": 0, "born": 2}


def test_unknown_headings_are_found_by_their_shape() -> None:
    sheet = grid(["BÁO CÁO", None, None], ["A cột", "B cột", "C cột"], ["x", 1, 2])
    found = headings.find(sheet, NAMES)
    assert (found.first, found.unnamed, dict(found.matched)) == (2, True, {})


def test_a_person_points_at_the_row() -> None:
    sheet = grid(PLAIN, ["A", "B", "Họ tên"], DATA)
    assert headings.find(sheet, NAMES, at=2).first == 2


def test_headings_printed_again_and_empty_rows_are_no_lines() -> None:
    sheet = grid(PLAIN, DATA, [2, None, None], PLAIN, DATA)
    found = headings.find(sheet, NAMES)
    assert [number for number, _values in headings.body(sheet, found, found.matched)] == [2, 5]


def test_nothing_at_all() -> None:
    assert headings.find(grid(), NAMES).unnamed


cells = st.one_of(
    st.none(), st.integers(), st.text(max_size=12), st.sampled_from([n[0] for n in NAMES.values()])
)


@given(
    st.lists(st.lists(cells, max_size=6), max_size=6),
    st.lists(
        st.builds(Merged, st.integers(0, 5), st.integers(1, 6), st.integers(0, 5), st.integers(1, 6)),
        max_size=3,
    ),
)
def test_whatever_stands_there_an_input_has_one_column_and_every_line_is_below(rows, merged) -> None:  # type: ignore[no-untyped-def]
    sheet = grid(*rows, merged=merged)
    found = headings.find(sheet, NAMES)
    assert len(set(found.matched.values())) == len(found.matched)
    assert not found.doubtful & found.matched.keys()
    assert all(number > found.last for number, _values in headings.body(sheet, found, found.matched))
