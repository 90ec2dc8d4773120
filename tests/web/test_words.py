"""How dates, money and working time are written."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from vamco.web import words

EVENING = datetime(2016, 12, 23, 10, 0, tzinfo=UTC)  # 17:00 in Viet Nam


def test_times_are_told_on_the_clock_of_viet_nam():
    assert words.due(EVENING) == "17:00 thứ Sáu 23/12/2016"
    assert words.day_hour(EVENING) == "17:00 23/12/2016"
    assert words.day(datetime(2016, 12, 23, 18, 0, tzinfo=UTC)) == "24/12/2016"


def test_a_date_has_no_hour():
    assert words.due(date(2016, 12, 25)) == "Chủ nhật 25/12/2016"
    assert words.short_day(date(2016, 12, 5)) == "05/12"


def test_nothing_is_written_for_nothing():
    assert (
        words.day(None)
        == words.due(None)
        == words.weekday(None)
        == words.money(None)
        == words.time_left(None)
        == ""
    )
    assert words.percent(None) == "–"


def test_a_weekday_can_open_a_sentence():
    assert words.weekday(EVENING, capital=True) == "Thứ Sáu"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(1284, 0, "1.284"), (0.5, 0, "1"), (98, 1, "98,0"), (-7054.25, 1, "-7.054,3")],
)
def test_numbers_have_vietnamese_separators(value, places, text):
    assert words.number(value, places) == text


def test_money_and_shares_keep_their_unit_on_the_line():
    assert words.money(75000) == "75.000\u00a0đ"
    assert words.percent(98.04) == "98,0\u00a0%"


def test_time_left_and_lateness():
    assert words.time_left(2 * 480 + 3 * 60) == "còn 2 ngày 3 giờ"
    assert words.time_left(-222) == "trễ 3 giờ 42 phút"


def test_english_has_its_own_separators_and_words():
    with translation.override("en"):
        assert words.number(1284.5, 1) == "1,284.5"
        assert words.time_left(-222) == "3 hours 42 minutes late"


def test_a_code_is_shortened_to_its_own_part():
    assert words.short_code("000.00.12.H39-161205-0003") == "…161205-0003"
    assert words.short_code("không mã") == "không mã"


def test_a_long_code_keeps_its_end_which_tells_it_from_its_neighbours():
    assert words.short_code("HS-2016.MOT-CUA.PHUONG-5.HO-TICH.000000123") == "…ICH.000000123"
    assert words.short_code("X" * 50 + "0123456789") == "…" + "X" * 3 + "0123456789"


def test_an_identity_number_never_shows_its_middle():
    assert words.masked("080161000412") == "0801••••0412"
    assert words.masked("301234567") == "3012•4567"
    assert words.masked("1234567") == "•••••••"
    assert words.masked(None) == ""
