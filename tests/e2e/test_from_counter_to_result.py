"""The happy path: the counter takes a dossier in by keyboard, and a citizen walks home with the result."""

import re

import pytest

from tests.e2e.people import Person, a_number

pytestmark = pytest.mark.browser


def takes_in(officer: Person) -> tuple[str, str]:
    """Take a certificate of marital status in without a mouse; its code and the second secret, as the slip has them."""
    officer.opens("/tiep-nhan/", then="Tiếp nhận tại quầy")
    officer.writes(a_number(), "Enter").reads("Chưa có hồ sơ nào với số này").stands_in("Họ và tên")
    officer.writes("Lê Thị Cẩm Tú", "Enter").writes("12/05/1991", "Enter").hits("n", "n", "Enter", "Enter")
    officer.writes("215 ấp 1", "Enter").writes("0913000888", "Enter").writes("camtu@example.vn", "Tab", "Tab")
    officer.writes("xntthn", "Enter").comes_to("Mục đích sử dụng").stands_in("Trường hợp")
    officer.hits("Enter", "Enter").stands_in("Tình trạng hôn nhân hiện tại").hits("C", "Enter", "V")
    officer.reads("Còn 3 chỗ").hits("F8").reads("Đủ để tiếp nhận", "Hẹn trả")
    officer.hits("F9", then="Đã tiếp nhận")
    code = re.search(r"Đã tiếp nhận (\S+),", officer.text(".band--done"))[1]
    officer.gets(f"Mã hồ sơ {code}", "Lệ phí 5.000 đồng, nộp khi nhận kết quả")  # the slip prints by itself
    return code, re.search(r"Mã riêng ([0-9A-Z]{6})\b", officer.shown[-1])[1]


def test_a_dossier_goes_from_the_counter_to_the_returned_result(someone):
    officer = someone("mot_cua")
    code, secret = takes_in(officer)

    citizen = someone().opens("/", then="Bạn cần làm gì?")
    citizen.presses("Tra cứu hồ sơ", then="In đậm ở đầu giấy hẹn")
    citizen.fills({"Mã hồ sơ": code.lower()}).presses("Tra cứu", then="Trong hạn")
    citizen.reads("Đang thẩm tra hồ sơ").misses("Cẩm Tú")
    citizen.fills({"Mã riêng": secret}).presses("Xem đầy đủ", then="Người trong hồ sơ")
    citizen.reads("Lê Thị Cẩm Tú", "Còn phải nộp 5.000 đ", "Tờ khai cấp Giấy xác nhận")
    assert secret not in citizen.page.url

    examiner = someone("tu_phap").opens("/viec/?tab=pool", then="Chờ nhận").picks(code, then="Chưa giao")
    examiner.presses("Nhận việc", then="Đang giữ").reads(f"{examiner.name}, UBND phường 1")
    examiner.opens("/viec/", then="Của tôi").picks(code, then="Thẩm tra hồ sơ")
    examiner.hits("t", then="Kết quả đối chiếu sổ hộ tịch")
    examiner.fills({"Kết quả đối chiếu sổ hộ tịch": "Chưa đăng ký kết hôn với ai."})
    examiner.hits("F9", then="Hồ sơ sang bước «Ký duyệt»")
    assert examiner.path == "/viec/"
    citizen.opens(f"/tra-cuu/{code}/", then="Đang trình lãnh đạo ký")

    leader = someone("chu_tich").opens("/viec/?tab=pool", then="Chờ nhận").picks(code, then="Ký duyệt")
    leader.hits("t", then="Hồ sơ sang bước «Vào sổ, đóng dấu»")
    registrar = (
        someone("van_phong").opens("/viec/?tab=pool", then="Chờ nhận").picks(code, then="Vào sổ, đóng dấu")
    )
    registrar.hits("t", then="Hồ sơ chờ trả kết quả")

    officer.opens("/viec/?tab=ready", then="Chờ trả").picks(code, then="Còn phải thu 5.000 đ trước khi trả")
    officer.presses("Thu tiền", then="Đã nhận đủ 5.000 đ").hits("F9", then="Biên lai")
    number = int(officer.text("h1").split()[-1])
    assert "5.000" in officer.paper("In biên lai")
    officer.opens(f"/ho-so/{code}/", then=f"Biên lai BL-26T số {number}").misses("Còn phải thu")
    result = officer.paper("Giấy xác nhận tình trạng hôn nhân")
    assert "Lê Thị Cẩm Tú" in result
    officer.hits("t", then="Giấy tờ đã xem").hits("F9", then="đã trả kết quả")

    citizen.opens(f"/tra-cuu/{code}/", then="Đã trả kết quả").reads("Sớm hơn hẹn")
    number, check = re.search(r"nhập số (\S+) và mã kiểm tra (\S{9})\.", result).groups()
    citizen.opens("/kiem-tra/", then="Nhập số và mã in trên giấy")
    citizen.fills({"Số của giấy": number, "Mã kiểm tra": check}).presses("Kiểm tra", then="Cấp cho")
    citizen.reads(number, "Còn hiệu lực", "UBND phường 1").misses(check)
    citizen.presses("Kiểm tra giấy khác").fills({"Số của giấy": number, "Mã kiểm tra": "AAAA-BBBB"})
    citizen.presses("Kiểm tra", then="Không tìm thấy giấy có số và mã này")
