"""Saying no: at the counter with directions or with all that is missing, after examination with reasons and remedies."""

import pytest

from tests.e2e.people import Person

pytestmark = pytest.mark.browser


def comes_without_a_paper(officer: Person) -> Person:
    """A citizen stands at the counter for a certificate of marital status; nothing is ticked yet."""
    officer.opens("/tiep-nhan/?thu_tuc=1.004873", then="Tờ khai cấp Giấy xác nhận")
    return officer.ticks("Chưa có số").fills(
        {
            "Họ và tên": "Đinh Thị Thiếu",
            "Địa chỉ": "12 ấp 2",
            "Điện thoại": "0913000333",
            "Tình trạng hôn nhân hiện tại": "Đã ly hôn, chưa kết hôn lại",
        }
    )


def test_what_is_missing_at_the_counter_is_one_slip_made_from_the_verdicts(someone):
    officer = comes_without_a_paper(someone("mot_cua"))
    officer.hits("F6", then="Ghi mọi chỗ thiếu, sai ở cột giấy tờ, một lần cho đủ")
    officer.ticks("Chưa đạt: Tờ khai cấp Giấy xác nhận")
    officer.says_of("Tờ khai cấp Giấy xác nhận", "thiếu chữ ký người khai")
    officer.hits("F6", then="Đã lập phiếu yêu cầu bổ sung")
    officer.gets("PHIẾU YÊU CẦU BỔ SUNG", "Đinh Thị Thiếu", "thiếu chữ ký người khai", "Sổ hộ khẩu", "ly hôn")
    assert "khai tử" not in officer.shown[-1]


def test_a_refusal_at_the_counter_says_where_to_go(someone):
    officer = comes_without_a_paper(someone("mot_cua"))
    officer.hits("F7", then="Phiếu từ chối tiếp nhận").hits("F7", then="Hãy ghi lý do")
    officer.fills(
        {
            "Lý do từ chối": "Ông/bà thường trú tại phường 3.",
            "Người dân cần đến đâu, làm gì": "Nộp tại UBND phường 3, 25 Trần Văn Nam.",
        }
    )
    officer.hits("F7", then="Đã lập phiếu từ chối")
    officer.gets(
        "TỪ CHỐI", "Đinh Thị Thiếu", "thường trú tại phường 3", "Nộp tại UBND phường 3, 25 Trần Văn Nam."
    )
    officer.reads("Không tiếp nhận")


def test_a_refusal_after_examination_is_a_letter_and_the_message_says_the_same(town, someone):
    [code] = town.received("Phan Thị Từ")
    examiner = someone("tu_phap").opens(f"/ho-so/{code}/", then="Thẩm tra hồ sơ")
    examiner.presses("Không đủ điều kiện", then="Lý do từ chối").hits("F9", then="Hãy chọn ít nhất một lý do")
    examiner.ticks("Người yêu cầu đang có vợ hoặc có chồng")
    examiner.fills({"Lý do": "Sổ đăng ký kết hôn ghi bà kết hôn ngày 12/5/2014."})
    examiner.hits("F9", then="Ký văn bản từ chối")
    leader = someone("chu_tich").opens(f"/ho-so/{code}/", then="Ký văn bản từ chối")
    leader.hits("t", then="Ký văn bản từ chối.")
    leader.opens(f"/ho-so/{code}/", then="Thông báo không giải quyết hồ sơ")
    letter = leader.paper("Thông báo không giải quyết hồ sơ")
    for said in (
        "Người yêu cầu đang có vợ hoặc có chồng theo sổ hộ tịch",
        "Sổ đăng ký kết hôn ghi bà kết hôn ngày 12/5/2014.",
        "khiếu nại lần đầu đến người đứng đầu Ủy ban nhân dân phường 1 trong thời hạn 90 ngày",
    ):
        assert said in letter
    leader.page.get_by_text(f"Trả lời hồ sơ {code}").click()
    body = leader.text(".typed >> visible=true")
    content = letter.partition("THÔNG BÁO")[2].partition("Nơi nhận:")[0]
    assert content.replace(" – ", " - ").strip() in body

    citizen = someone().opens(f"/tra-cuu/{code}/", then="Đã có văn bản trả lời, mời ông/bà đến nhận")
    citizen.misses("kết hôn ngày 12/5/2014")
