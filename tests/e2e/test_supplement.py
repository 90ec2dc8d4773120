"""Papers are missing: they are asked for once and all together, the clock stands, and who asked gets the dossier back."""

import pytest

pytestmark = pytest.mark.browser


def test_a_supplement_is_asked_for_once_answered_and_comes_back_to_who_asked(town, someone):
    [code] = town.received("Trần Văn Bổ")
    examiner = someone("tu_phap").opens("/viec/?tab=pool").picks(code, then="Chưa giao")
    examiner.presses("Nhận việc", then=f"{examiner.name}, UBND phường 1")
    examiner.hits("b", then="Đánh dấu mọi thứ còn thiếu hoặc sai, một lần cho đủ")
    examiner.hits("F9", then="Hãy nêu ít nhất một giấy tờ").reads("Hãy ghi mục này")
    examiner.ticks("Tờ khai cấp Giấy xác nhận", "Sổ hộ khẩu")
    examiner.says_of("Tờ khai cấp Giấy xác nhận", "chưa ghi nơi cư trú trước đây")
    examiner.says_of("Sổ hộ khẩu", "bản sao mờ, đề nghị nộp lại")
    examiner.fills({"Lý do": "Chưa đủ cơ sở xác nhận.", "Hạn bổ sung": "5"})
    examiner.hits("F9", then="Hồ sơ chờ bổ sung")
    examiner.opens(f"/ho-so/{code}/", then="Thời hạn đang dừng").reads("dừng từ", "hạn bổ sung")
    slip = examiner.paper("Phiếu yêu cầu bổ sung")
    for said in ("chưa ghi nơi cư trú trước đây", "bản sao mờ, đề nghị nộp lại", "Chưa đủ cơ sở xác nhận."):
        assert said in slip

    citizen = someone().opens(f"/tra-cuu/{code}/", then="Chờ ông/bà bổ sung hồ sơ")
    citizen.reads("Tạm dừng", "Hãy bổ sung hồ sơ trước").misses("bản sao mờ", "Sổ hộ khẩu")
    citizen.fills({"Mã riêng": town.secret(code)}).presses("Xem đầy đủ", then="Cần bổ sung")
    citizen.reads("chưa ghi nơi cư trú trước đây", "bản sao mờ, đề nghị nộp lại")

    officer = (
        someone("mot_cua").opens("/viec/?tab=waiting", then="Chờ bổ sung").picks(code, then="Chờ bổ sung")
    )
    officer.hits("t", then="Giấy tờ nhận được").hits("F9", then="Hồ sơ sang bước «Thẩm tra hồ sơ»")
    assert examiner.name in officer.text("#messages")
    officer.opens(f"/ho-so/{code}/", then="Trong hạn, hẹn trả").misses("Thời hạn đang dừng")
    citizen.opens(f"/tra-cuu/{code}/", then="Trong hạn").reads("Đang thẩm tra hồ sơ")

    examiner.opens("/viec/", then="Của tôi").picks(code, then=f"{examiner.name}, UBND phường 1")
    examiner.hits("t", then="Kết quả đối chiếu sổ hộ tịch")
