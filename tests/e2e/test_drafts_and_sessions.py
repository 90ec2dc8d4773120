"""What is typed outlives a lost line, but not the sign-out; a session that is ended has ended."""

import pytest

from tests.e2e.people import Person, a_number

pytestmark = pytest.mark.browser

ELSEWHERE = "27688"
FORM = "/tiep-nhan/?thu_tuc=1.004873"


def types(officer: Person, number: str) -> Person:
    """Half a form of intake."""
    officer.opens(FORM, then="Tờ khai cấp Giấy xác nhận")
    officer.writes(number, "Enter").reads("Chưa có hồ sơ nào với số này").stands_in("Họ và tên")
    return officer.fills(
        {
            "Họ và tên": "Lâm Thị Dở Dang",
            "Ngày sinh": "01/02/1991",
            "Địa chỉ": "9 ấp 4",
            "Điện thoại": "0913000999",
            "Tình trạng hôn nhân hiện tại": "Chưa đăng ký kết hôn với ai",
            "Mục đích sử dụng": "Vay vốn ngân hàng",
        }
    )


def test_a_draft_outlives_a_lost_line_and_is_sent_once_it_is_back(someone):
    officer = types(someone("mot_cua"), a_number())
    officer.hits("F8").reads("Đủ để tiếp nhận")
    officer.context.set_offline(True)
    officer.hits("F9").reads("Mất kết nối mạng")
    assert officer.field("Họ và tên").input_value() == "Lâm Thị Dở Dang"
    officer.context.set_offline(False)
    officer.opens("/viec/").opens(FORM, then="Đã lấy lại phần ông/bà nhập dở").reads("Đủ để tiếp nhận")
    assert officer.field("Họ và tên").input_value() == "Lâm Thị Dở Dang"
    officer.hits("F9", then="Đã tiếp nhận").gets("Lâm Thị Dở Dang")
    officer.opens(FORM).misses("Đã lấy lại")


def test_signing_out_leaves_no_draft_on_the_machine(someone):
    officer = types(someone("mot_cua", ELSEWHERE, fresh=True), a_number())
    officer.opens(FORM, then="Đã lấy lại phần ông/bà nhập dở")
    officer.page.locator("details.menu summary").click()
    officer.presses("Đăng xuất").reads("Đăng nhập")
    assert "Lâm Thị" not in officer.page.evaluate("JSON.stringify(localStorage)")
    officer.page.go_back()
    officer.page.wait_for_load_state()
    officer.misses("Lâm Thị Dở Dang")


def test_a_session_that_is_ended_from_elsewhere_has_ended(someone):
    desk, lost = (someone("tu_phap", ELSEWHERE, fresh=True) for _machine in range(2))
    lost.opens("/viec/", then="Của tôi")
    desk.page.locator("details.menu summary").click()
    desk.presses("Nơi đang đăng nhập", then="(máy này)").presses("Đăng xuất các nơi khác")
    desk.comes_to("chỉ đăng nhập ở máy này")
    lost.opens("/viec/", then="Cán bộ, công chức đăng nhập")
    desk.opens("/viec/", then="Của tôi")
