"""One filled-in form of each kind, for the tests and the bench of printed papers."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from vamco.core.papers import Office, Person, Signer
from vamco.dossiers.papers.books import Book, BookRow, Register, RegisterRow
from vamco.dossiers.papers.slips.course import Apology, Closing, Control, HandOver
from vamco.dossiers.papers.slips.faults import Refusal, Supplement
from vamco.dossiers.papers.slips.receipt import Receipt, ReceiptItem
from vamco.dossiers.papers.slips.shared import Paper

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CODE = "000.00.12.H39-161209-0007"
URL = f"https://dichvucong.example/tra-cuu/{CODE}"
PROCEDURE = "Cấp giấy phép xây dựng nhà ở riêng lẻ"
CONTENT = f"{PROCEDURE}, thửa 214, tờ bản đồ 12, xã Thạnh Đức"
RECEIVED = datetime(2016, 12, 9, 10, 42, tzinfo=ZONE)
DUE = datetime(2016, 12, 30, 17, tzinfo=ZONE)
LATER = datetime(2016, 12, 12, 9, 5, tzinfo=ZONE)

OFFICE = Office(
    name="Bộ phận Tiếp nhận và Trả kết quả",
    parent="Ủy ban nhân dân huyện Bến Lức",
    place="Bến Lức",
    site="dichvucong.example",
)
PEOPLES_COMMITTEE = Office(name="Ủy ban nhân dân huyện Bến Lức", parent="Tỉnh Long An", place="Bến Lức")
APPLICANT = Person("Nguyễn Thị Mỹ Hạnh", "48/2 ấp 3, xã Thạnh Đức, huyện Bến Lức", "0913 000 124")
CHAIR = Signer("Nguyễn Văn Lộc", "TM. Ủy ban nhân dân\nKT. Chủ tịch\nPhó Chủ tịch")

ITEM = ReceiptItem(
    code=CODE,
    procedure=PROCEDURE,
    content=CONTENT,
    due=DUE,
    limit="15 ngày làm việc",
    fee=75_000,
    fee_note="nộp khi nhận kết quả",
    where="tại quầy 6, Bộ phận Tiếp nhận và Trả kết quả huyện",
    tracking_url=URL,
    secret="K7M4QX",
    papers=[
        Paper("Đơn đề nghị cấp giấy phép xây dựng", originals=1),
        Paper("Giấy chứng nhận quyền sử dụng đất", copies=2),
        Paper("Bản vẽ thiết kế xây dựng", originals=2),
    ],
    register="02/2016",
    serial=1846,
)
RECEIPT = Receipt(OFFICE, APPLICANT, "Trần Quốc Bảo", RECEIVED, [ITEM])
SUPPLEMENT = Supplement(
    OFFICE,
    APPLICANT,
    CONTENT,
    Signer("Trần Quốc Bảo", "Người hướng dẫn"),
    LATER,
    papers=[
        Paper("Giấy chứng nhận quyền sử dụng đất", certified=1, remark="Bản đã nộp không đọc được số thửa"),
        Paper("Bản vẽ thiết kế xây dựng", originals=2, remark="Còn thiếu mặt cắt móng"),
    ],
    requests=["Đơn chưa ghi số điện thoại", "Chưa ký tên ở trang 2"],
    reason="Chưa đủ thành phần hồ sơ.",
    code=CODE,
    number="12/HDHS",
    contact="0272 000 000",
    deadline=datetime(2016, 12, 20, 17, tzinfo=ZONE),
)
REFUSAL = Refusal(
    OFFICE,
    APPLICANT,
    CONTENT,
    ["Công trình thuộc thẩm quyền của Sở Xây dựng"],
    "Trần Quốc Bảo",
    LATER,
    basis=["Khoản 2 Điều 103 Luật Xây dựng năm 2014"],
    directions="Sở Xây dựng, tại Trung tâm Phục vụ hành chính công tỉnh.",
    number="03/PTC",
)
APOLOGY = Apology(
    OFFICE,
    APPLICANT,
    CODE,
    CONTENT,
    RECEIVED,
    DUE,
    datetime(2017, 1, 6, 17, tzinfo=ZONE),
    "Chưa có ý kiến của cơ quan phối hợp.",
    CHAIR,
    datetime(2016, 12, 29, 9, tzinfo=ZONE),
    number="07/PXL",
)
CLOSING = Closing(
    OFFICE,
    APPLICANT,
    CODE,
    CONTENT,
    RECEIVED,
    CHAIR,
    datetime(2017, 1, 9, 9, tzinfo=ZONE),
    asked_at=LATER,
    deadline=datetime(2017, 1, 6, 17, tzinfo=ZONE),
    papers=ITEM.papers,
    number="02/TB",
)
CONTROL = Control(
    OFFICE,
    APPLICANT.name,
    CODE,
    CONTENT,
    RECEIVED,
    DUE,
    [
        HandOver(
            OFFICE.name, "Phòng Kinh tế và Hạ tầng", LATER, "đúng hạn", "", "Trần Quốc Bảo", "Lê Thị Thủy"
        ),
        HandOver("Phòng Kinh tế và Hạ tầng", "Ủy ban nhân dân huyện", LATER + timedelta(days=2), "quá hạn"),
    ],
    LATER,
)


def register(rows: int, closed_on: date | None = None) -> Register:
    return Register(
        OFFICE,
        "02/2016",
        date(2016, 1, 1),
        date(2016, 12, 31),
        [
            RegisterRow(
                n,
                f"000.00.12.H39-161209-{n:04}",
                PROCEDURE,
                APPLICANT.name,
                RECEIVED,
                DUE,
                address=APPLICANT.address,
                phone=APPLICANT.phone,
            )
            for n in range(1, rows + 1)
        ],
        LATER,
        closed_on,
        "Trần Quốc Bảo",
        "Nguyễn Văn Lộc",
    )


def book(rows: int, closed_on: date | None = None) -> Book:
    return Book(
        PEOPLES_COMMITTEE,
        "Sổ chứng thực bản sao từ bản chính",
        "01/2016",
        2016,
        [
            BookRow(n, RECEIVED, "Lê Văn Ẵm", "Bản sao giấy chứng nhận", 3, 4, "Nguyễn Văn Lộc", 24_000)
            for n in range(1, rows + 1)
        ],
        LATER,
        closed_on,
        "Trần Quốc Bảo",
        "Nguyễn Văn Lộc",
    )
