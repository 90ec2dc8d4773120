"""Second thoughts: take back, send back, two at once, pressed twice. Nothing is lost and nothing happens twice."""

import pytest

from tests.e2e.people import Person

pytestmark = pytest.mark.browser

FOUND = "Chưa đăng ký kết hôn với ai."


def submits(examiner: Person, code: str) -> Person:
    """Submit a dossier for signature, back to the list."""
    examiner.opens("/viec/?tab=pool").picks(code, then="Thẩm tra hồ sơ").hits("t", then="Kết quả đối chiếu")
    examiner.fills({"Kết quả đối chiếu sổ hộ tịch": FOUND})
    return examiner.hits("F9", then="Hồ sơ sang bước «Ký duyệt»")


def test_what_i_just_sent_can_be_taken_back_until_the_receiver_opens_it(town, someone):
    [code] = town.received("Bùi Văn Vội")
    examiner = submits(someone("tu_phap"), code).reads("Hoàn tác").hits("z", then="Lấy lại.")
    examiner.reads(f"{examiner.name}, UBND phường 1", "Đủ điều kiện, trình ký", FOUND)
    examiner.opens("/viec/").picks(code).hits("t", then="Kết quả đối chiếu").hits(
        "F9", then="Hồ sơ sang bước"
    )

    leader = someone("chu_tich").opens("/viec/?tab=pool").picks(code).presses("Nhận việc", then="nhận việc")
    examiner.hits("z", then="Việc này không còn làm được vì hồ sơ đã sang bước khác hoặc người khác đã làm")
    assert not examiner.may_press("Lấy lại")

    leader.presses("Trả lại", then="Lý do").fills({"Lý do": "Ghi rõ số trang của sổ."}).hits(
        "F9", then="Trả lại."
    )
    assert examiner.name in leader.text("#messages")
    examiner.opens("/viec/", then="Của tôi").picks(code, then="Ghi rõ số trang của sổ.")
    examiner.reads(f"{examiner.name}, UBND phường 1")


def test_two_people_at_once_lose_nothing(town, someone):
    [code] = town.received("Bùi Thị Đôi")
    examiner = someone("tu_phap").opens(f"/ho-so/{code}/").hits("t", then="Kết quả đối chiếu sổ hộ tịch")
    examiner.fills({"Kết quả đối chiếu sổ hộ tịch": "Trang 12, quyển 3: chưa kết hôn."})
    supervisor = someone("chu_tich").opens(f"/ho-so/{code}/", then=f"{examiner.name} cũng đang mở hồ sơ này")
    supervisor.presses("Đính chính người nộp").fills(
        {"Họ và tên đúng": "Bùi Thị Đoan", "Lý do": "Ghi sai tên."}
    )
    supervisor.hits("F9", then="Đính chính người nộp.")

    examiner.hits("F9", then="Người khác vừa thay đổi, việc của ông/bà chưa được lưu")
    examiner.reads(supervisor.name, "Bùi Thị Đôi → Bùi Thị Đoan")
    assert examiner.field("Kết quả đối chiếu sổ hộ tịch").input_value() == "Trang 12, quyển 3: chưa kết hôn."
    examiner.hits("F9", then="Đủ điều kiện, trình ký.").opens(f"/ho-so/{code}/", then="Ký duyệt")
    examiner.reads("Trang 12, quyển 3: chưa kết hôn.", "Bùi Thị Đoan")


@pytest.mark.slow
def test_pressed_twice_and_f5_do_nothing_twice(town, someone):
    [code] = town.received("Bùi Văn Nhấp")
    officer = someone("mot_cua").opens(f"/ho-so/{code}/").presses("Ghi chú", then="Nội dung, @tên")
    officer.hits("F9", then="Hãy ghi mục này")
    officer.page.reload()  # sends the refused form once more
    officer.comes_to("Hãy ghi mục này").fills({"Nội dung, @tên": "Ông Nhấp hẹn đến chiều thứ Năm."})
    officer.hits("F9", "F9", then="Ghi chú nội bộ")
    officer.page.reload()
    officer.comes_to("Ghi chú nội bộ")
    officer.page.get_by_text("Toàn bộ diễn biến").click()
    assert officer.text(".history").count("Ông Nhấp hẹn đến chiều thứ Năm.") == 1

    examiner = someone("tu_phap").opens(f"/ho-so/{code}/").hits("t", then="Kết quả đối chiếu sổ hộ tịch")
    examiner.fills({"Kết quả đối chiếu sổ hộ tịch": FOUND})
    again = examiner.another_tab().opens(f"/ho-so/{code}/")
    examiner.hits("F9", "F9", then="Đủ điều kiện, trình ký.")
    again.hits("t", then="Việc này hiện không làm được với hồ sơ")
    again.page.get_by_text("Toàn bộ diễn biến").click()
    assert again.text(".history").count("Thẩm tra hồ sơ: Đủ điều kiện, trình ký") == 1
