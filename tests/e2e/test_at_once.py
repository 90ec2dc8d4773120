"""What is done while the citizen waits: certified copies in few keys, and the book that holds them."""

import re

import pytest

pytestmark = pytest.mark.browser


def test_certified_copies_are_done_in_few_keys_and_stand_in_the_book(someone):
    officer = someone("mot_cua").opens("/lam-ngay/?thu_tuc=2.000815", then="Làm ngay")
    officer.stands_in("Họ và tên, hoặc tên tổ chức")
    officer.writes("Võ Văn Tám", "Enter").writes("bằng tốt nghiệp", "Enter").writes("3", "Enter").writes("2")
    officer.reads("Thu 10.000 đ").hits("F9", then="Sổ chứng thực bản sao").reads("Võ Văn Tám", "thu 10.000 đ")
    first = int(re.search(r"Số (\d+)", officer.text(".did"))[1])
    assert "Võ Văn Tám" in officer.paper("Biên lai")

    officer.stands_in("Họ và tên, hoặc tên tổ chức")  # the procedure stays chosen for the next person
    officer.writes("Công ty TNHH Vàm Cỏ", "Enter").writes("giấy phép", "Enter").writes("1", "Enter").writes(
        "1"
    )
    officer.reads("Thu 2.000 đ").hits("F9", then="Công ty TNHH Vàm Cỏ")
    assert f"Số {first + 1}" in officer.text(".did")
    officer.prints("Giấy tiếp nhận").gets("Công ty TNHH Vàm Cỏ", "Chứng thực bản sao từ bản chính")

    officer.opens("/so/", then="Sổ chứng thực bản sao").presses("Sổ chứng thực bản sao", then="Người ký")
    officer.reads("Võ Văn Tám", "bằng tốt nghiệp", "10.000 đ", "Công ty TNHH Vàm Cỏ")
    officer.prints("In sổ").gets("SỔ CHỨNG THỰC BẢN SAO", "Võ Văn Tám", "Công ty TNHH Vàm Cỏ")


def test_a_mistake_at_once_says_what_to_do_and_loses_nothing(someone):
    officer = someone("mot_cua").opens("/lam-ngay/?thu_tuc=2.000815", then="Làm ngay")
    officer.writes("Võ Văn Tám", "Enter").writes("bằng tốt nghiệp", "Enter").writes("ba", "Enter", "F9")
    officer.comes_to("Cần sửa 2 chỗ rồi bấm lại")
    assert officer.field("Loại giấy tờ").input_value() == "bằng tốt nghiệp"
    officer.fills({"Số trang của bản chính": "3", "Số bản cần chứng thực": "1"})
    officer.reads("Thu 5.000 đ").hits("F9", then="thu 5.000 đ")
