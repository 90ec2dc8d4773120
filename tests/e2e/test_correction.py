"""Putting right: at the counter until work starts, by a supervisor afterwards, always with old and new on record."""

import pytest

pytestmark = pytest.mark.browser


def test_the_counter_corrects_until_work_starts_and_prints_the_slip_again(town, someone):
    [code] = town.received("Trương Văn Sai")
    officer = someone("mot_cua").opens(f"/ho-so/{code}/").presses("Sửa hồ sơ", then="Sửa hồ sơ đã tiếp nhận")
    officer.page.get_by_text("Ghi thông tin khác với hệ thống").click()
    officer.fills({"Họ và tên": "Trương Văn Đúng", "Mục đích sử dụng": "Mua bán, chuyển nhượng tài sản"})
    officer.hits("F9", then="Hãy ghi lý do sửa").fills({"Lý do sửa": "Ghi sai họ tên và mục đích."})
    officer.hits("F9", then="Hãy thu lại giấy cũ, giao giấy mới thay cho")
    officer.gets("Trương Văn Đúng")
    officer.opens(f"/ho-so/{code}/", then="Trương Văn Đúng").reads(
        "thay cho phiếu", "Mua bán, chuyển nhượng tài sản"
    )

    examiner = someone("tu_phap").opens(f"/ho-so/{code}/").presses("Nhận việc", then=" nhận việc")
    assert not examiner.may_press("Sửa hồ sơ")
    officer.opens(f"/ho-so/{code}/", then=examiner.name)
    assert not officer.may_press("Sửa hồ sơ")
    officer.opens(f"/ho-so/{code}/sua/", then="Hồ sơ đã bắt đầu được xử lý nên không sửa tại quầy được")


def test_afterwards_a_supervisor_corrects_and_old_and_new_stay_side_by_side(town, someone):
    [code] = town.received("Trương Thị Nhầm", upto="ky_duyet")
    supervisor = (
        someone("chu_tich").opens(f"/ho-so/{code}/").presses("Đính chính người nộp", then="Họ và tên đúng")
    )
    supervisor.fills({"Họ và tên đúng": "Trương Thị Nhẫn", "Lý do": "Tờ khai ghi Nhẫn."})
    supervisor.hits("F9", then="Đính chính người nộp.").reads("Trương Thị Nhẫn", "thay cho phiếu")
    supervisor.page.get_by_text("Toàn bộ diễn biến").click()
    supervisor.reads("Trương Thị Nhầm → Trương Thị Nhẫn", "Tờ khai ghi Nhẫn.")
