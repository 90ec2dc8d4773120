import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pypdf
import pytest

from vamco.core.papers import Office, Person
from vamco.payments.papers import CashReceipt, DayClosing, FeeLine, Taken

AT = datetime(2016, 12, 12, 9, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
OFFICE = Office(name="Ủy ban nhân dân huyện Bến Lức", parent="Tỉnh Long An", place="Bến Lức")
PAYER = Person("Nguyễn Thị Mỹ Hạnh", "48/2 ấp 3, xã Thạnh Đức")
CODE = "000.00.12.H39-161209-0007"


def words_of(made: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def receipt(*lines: FeeLine, **more: str) -> bytes:
    paper = CashReceipt(
        OFFICE, PAYER, lines, "Trần Quốc Bảo", AT, "AA/2016", "03", "0000123", codes=[CODE], **more
    )
    return paper.pdf()


def test_the_receipt_adds_its_lines_in_figures_and_words() -> None:
    words = words_of(receipt(FeeLine("Lệ phí", 75_000, 1, 75_000), FeeLine("Phí chứng thực", 6_000, 4)))
    for wanted in (
        "BIÊN LAI THU PHÍ, LỆ PHÍ",
        "Ký hiệu: AA/2016",
        "Số: 0000123",
        "Nguyễn Thị Mỹ Hạnh",
        CODE,
        "81.000 đồng",
        "Bằng chữ: Tám mươi mốt nghìn đồng.",
        "Bến Lức, ngày 12 tháng 12 năm 2016",
    ):
        assert wanted in words, wanted


def test_a_cancelled_and_a_replacing_receipt_say_so() -> None:
    assert "ĐÃ HỦY" in words_of(receipt(FeeLine("Lệ phí", 75_000), stamp="ĐÃ HỦY"))
    assert "THAY CHO biên lai số 0000122" in words_of(receipt(FeeLine("Lệ phí", 75_000), replaces="0000122"))


def test_a_receipt_without_lines_is_refused() -> None:
    with pytest.raises(ValueError):
        receipt()


def test_hostile_text_prints_as_text() -> None:
    assert '#read("/etc/passwd") *x* `y`' in words_of(receipt(FeeLine('#read("/etc/passwd") *x* `y`', 1)))


def closing(**more: object) -> str:
    taken = [
        Taken("0000120", AT, "Lê Văn Ẵm", CODE, "Tiền mặt", 75_000),
        Taken("0000121", AT + timedelta(minutes=5), "Lê Văn Ẵm", CODE, "Tiền mặt", 50_000, cancelled=True),
        Taken("0000122", AT + timedelta(minutes=9), "Lê Văn Ẵm", CODE, "Chuyển khoản", 28_000),
    ]
    return words_of(DayClosing(OFFICE, "Trần Quốc Bảo", date(2016, 12, 12), taken, AT, **more).pdf())


def test_the_closing_counts_what_was_not_cancelled_by_method() -> None:
    words = closing(counted=70_000)
    for wanted in (
        "Ngày 12/12/2016 (thứ Hai)",
        "từ số 0000120 đến số 0000122",
        "đã hủy",
        "Thu bằng tiền mặt 75.000 đồng",
        "Thu bằng chuyển khoản 28.000 đồng",
        "Tiền mặt kiểm đếm 70.000 đồng",
        "Chênh lệch thiếu 5.000 đồng",
        "Một trăm lẻ ba nghìn đồng.",
    ):
        assert wanted in words, wanted


def test_a_day_without_receipts_prints() -> None:
    made = DayClosing(OFFICE, "Trần Quốc Bảo", date(2016, 12, 12), [], AT).pdf()
    assert "Không đồng." in words_of(made)
