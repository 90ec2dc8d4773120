import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.core.words import DIGITS, dong, dong_in_words, in_words

SCALES = {"nghìn": 10**3, "triệu": 10**6}
VALUES = {name: value for value, name in enumerate(DIGITS)} | {"mốt": 1, "tư": 4, "lăm": 5}


def read(text: str) -> int:
    """The number that Vietnamese words name, by an independent way: from the left, scale by scale."""
    billions = total = group = 0
    for word in text.split():
        if word in VALUES:
            group += VALUES[word]
        elif word == "trăm":
            group *= 100
        elif word == "mười":
            group += 10
        elif word == "mươi":
            tens = group % 10
            group += tens * 9
        elif word in SCALES:
            total, group = total + group * SCALES[word], 0
        elif word == "tỷ":
            billions, total, group = billions + total + group, 0, 0
        else:
            assert word in ("lẻ", "linh"), word
    return billions * 10**9 + total + group


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm lẻ một"),
        (105, "một trăm lẻ năm"),
        (110, "một trăm mười"),
        (111, "một trăm mười một"),
        (121, "một trăm hai mươi mốt"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm lẻ năm"),
        (1015, "một nghìn không trăm mười lăm"),
        (75_000, "bảy mươi lăm nghìn"),
        (1_000_001, "một triệu không trăm lẻ một"),
        (1_050_000, "một triệu không trăm năm mươi nghìn"),
        (10**9, "một tỷ"),
        (10**9 + 5, "một tỷ không trăm lẻ năm"),
        (10**12, "một nghìn tỷ"),
        (1_234_000_000_000, "một nghìn hai trăm ba mươi tư tỷ"),
    ],
)
def test_numbers_read_as_people_say_them(number: int, words: str) -> None:
    assert in_words(number) == words


def test_the_gap_is_linh_in_the_north() -> None:
    assert in_words(1_204, gap="linh") == "một nghìn hai trăm linh bốn"


def test_money_in_words_and_figures() -> None:
    assert dong_in_words(75_000) == "Bảy mươi lăm nghìn đồng"
    assert dong_in_words(0) == "Không đồng"
    assert dong(1_234_567) == "1.234.567 đồng"


@pytest.mark.parametrize("number", [-1, 10**18])
def test_numbers_out_of_range_are_refused(number: int) -> None:
    with pytest.raises(ValueError):
        in_words(number)


@given(st.one_of(st.integers(0, 10**18 - 1), st.integers(0, 9999), st.integers(0, 10**9)))
def test_words_read_back_as_the_number(number: int) -> None:
    assert read(in_words(number)) == number
    assert "  " not in in_words(number)
