import functools
import io
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pypdf
import pytest
import zxingcpp
from PIL import Image

from tests.dossiers import paper_samples as samples
from vamco.core import pdf
from vamco.core.papers import Person
from vamco.dossiers.papers.slips.course import HandOver
from vamco.dossiers.papers.slips.shared import Paper

FORMS: dict[str, Callable[[], bytes]] = {
    "receipt": samples.RECEIPT.pdf,
    "supplement": samples.SUPPLEMENT.pdf,
    "refusal": samples.REFUSAL.pdf,
    "apology": samples.APOLOGY.pdf,
    "closing": samples.CLOSING.pdf,
    "control": samples.CONTROL.pdf,
    "register": samples.register(40, date(2016, 12, 31)).pdf,
    "book": samples.book(40, date(2016, 12, 31)).pdf,
}
A5, A4, A4_LYING = (148, 210), (210, 297), (297, 210)
HOSTILE = '#read("/etc/passwd") `x` $y$ *a* _b_ [[ }} {{ // <b> \\ Ẵ'


def pages_of(made: bytes) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(made)).pages)


def words_of(made: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pages_of(made)).split())


def millimetres(page: pypdf.PageObject) -> tuple[int, int]:
    return round(float(page.mediabox.width) / 72 * 25.4), round(float(page.mediabox.height) / 72 * 25.4)


@pytest.mark.parametrize(
    ("form", "size", "pages"),
    [
        ("receipt", A5, 1),
        ("supplement", A5, 1),
        ("refusal", A5, 1),
        ("apology", A5, 1),
        ("closing", A5, 1),
        ("control", A5, 1),
        ("register", A4_LYING, None),
        ("book", A4_LYING, None),
    ],
)
def test_each_form_has_its_size_and_fits(form: str, size: tuple[int, int], pages: int | None) -> None:
    made = pages_of(FORMS[form]())
    assert {millimetres(page) for page in made} == {size}
    if pages:
        assert len(made) == pages


@pytest.mark.parametrize("form", FORMS)
def test_each_form_comes_out_the_same_every_time(form: str) -> None:
    assert FORMS[form]() == FORMS[form]()


def test_the_receipt_says_what_the_law_wants() -> None:
    words = words_of(FORMS["receipt"]())
    for wanted in (
        "ỦY BAN NHÂN DÂN HUYỆN BẾN LỨC",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Bến Lức, ngày 09 tháng 12 năm 2016",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        samples.CODE,
        "17:00 thứ Sáu, ngày 30/12/2016",
        "Nguyễn Thị Mỹ Hạnh",
        "48/2 ấp 3, xã Thạnh Đức, huyện Bến Lức",
        "0913 000 124",
        "10 giờ 42 phút, thứ Sáu ngày 09/12/2016, đủ hồ sơ",
        "15 ngày làm việc",
        "75.000 đồng, nộp khi nhận kết quả",
        "Giấy tờ đã nhận, 01 bộ",
        "Bản vẽ thiết kế xây dựng bản chính 2",
        "K7M4QX",
        "Sổ số 02/2016, số thứ tự 1.846.",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "Trần Quốc Bảo",
    ):
        assert wanted in words, wanted
    assert "THAY CHO" not in words


def test_the_receipt_of_a_moment_in_another_zone_tells_the_offices_time() -> None:
    utc = datetime.fromisoformat("2016-12-30T10:00:00+00:00")
    made = replace(samples.RECEIPT, items=[replace(samples.ITEM, due=utc)]).pdf()
    assert "17:00 thứ Sáu, ngày 30/12/2016" in words_of(made)


def test_a_receipt_printed_anew_says_which_it_stands_in_for() -> None:
    made = replace(samples.RECEIPT, number="02/TNHS", replaces="01/TNHS ngày 09/12/2016").pdf()
    assert "THAY CHO giấy số 01/TNHS ngày 09/12/2016" in words_of(made)


def test_four_papers_still_fit_one_sheet() -> None:
    item = replace(samples.ITEM, papers=[*samples.ITEM.papers, samples.ITEM.papers[0]])
    assert len(pages_of(replace(samples.RECEIPT, items=[item]).pdf())) == 1


def test_several_dossiers_of_one_visit_share_a_slip_and_one_total() -> None:
    items = [
        replace(samples.ITEM, code=f"000.00.12.H39-161209-{n:04}", fee=fee, secret=f"SECRET{n}")
        for n, fee in ((7, 75_000), (8, 28_000), (9, None))
    ]
    words = words_of(replace(samples.RECEIPT, items=items).pdf())
    for item in items:
        assert item.code in words
        assert item.secret in words
    assert "28.000 đồng" in words
    assert "không thu" in words
    assert "Tổng số tiền 103.000 đồng" in words
    assert "Trang 1/" in words


def codes_on(picture: bytes) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))}


def test_the_qr_reads_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "render", lambda name, data, **rest: pdf.pictures(name, data, ppi=200))
    assert codes_on(samples.RECEIPT.pdf()[0]) == {samples.URL}
    urls = [f"{samples.URL}{n}" for n in range(3)]
    items = [replace(samples.ITEM, tracking_url=url) for url in urls]
    assert codes_on(replace(samples.RECEIPT, items=items).pdf()[0]) == set(urls)


def test_a_supplement_slip_lists_every_fault() -> None:
    words = words_of(FORMS["supplement"]())
    for wanted in (
        "Bản đã nộp không đọc được số thửa",
        "Còn thiếu mặt cắt móng",
        "Đơn chưa ghi số điện thoại",
        "Chưa ký tên ở trang 2",
        "17:00 thứ Ba, ngày 20/12/2016",
        "12/HDHS",
        "NGƯỜI HƯỚNG DẪN",
        "0272 000 000",
    ):
        assert wanted in words, wanted


def test_a_supplement_slip_that_asks_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError):
        replace(samples.SUPPLEMENT, papers=[], requests=[]).pdf()


def test_a_refusal_gives_reason_law_and_directions() -> None:
    words = words_of(FORMS["refusal"]())
    for wanted in (
        "thẩm quyền của Sở Xây dựng",
        "Điều 103 Luật Xây dựng",
        "Trung tâm Phục vụ hành chính công",
    ):
        assert wanted in words, wanted
    with pytest.raises(ValueError):
        replace(samples.REFUSAL, reasons=[]).pdf()


def test_an_apology_names_both_dates_and_the_reason() -> None:
    words = words_of(FORMS["apology"]())
    for wanted in ("thứ Sáu, ngày 30/12/2016", "thứ Sáu, ngày 06/01/2017", "cơ quan phối hợp", "xin lỗi"):
        assert wanted in words, wanted


def test_a_closing_slip_tells_the_two_grounds_apart() -> None:
    assert "Hồ sơ quá hạn bổ sung" in words_of(FORMS["closing"]())
    asked = replace(samples.CLOSING, asked_at=None, deadline=None)
    words = words_of(asked.pdf())
    assert "Theo yêu cầu của người nộp" in words
    assert "quá hạn" not in words


def test_the_control_slip_has_a_row_for_each_hand_over() -> None:
    words = words_of(FORMS["control"]())
    assert words.count("Người giao") == 2
    assert "quá hạn" in words
    many = replace(samples.CONTROL, hand_overs=list(samples.CONTROL.hand_overs) * 8)
    pages = pages_of(many.pdf())
    assert len(pages) > 1
    assert all("Thời gian giao, nhận" in page.extract_text() for page in pages)


def test_the_register_repeats_its_head_and_numbers_its_pages() -> None:
    pages = pages_of(samples.register(60).pdf())
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert "Trang" in text
        assert f"{number}/{len(pages)}" in text
    assert all("Mã hồ sơ" in page.extract_text() for page in pages[:-1])
    words = words_of(samples.register(60).pdf())
    assert "Cộng: 60 hồ sơ." in words
    assert "Khóa sổ" not in words


def test_a_closed_book_has_a_closing_line_with_the_count_in_words() -> None:
    words = words_of(FORMS["book"]())
    assert "Khóa sổ ngày 31/12/2016: sổ có 40 (bốn mươi) số." in words
    assert "120" in words
    assert "960.000" in words
    assert "Sổ chưa khóa" in words_of(samples.book(3).pdf())


def test_empty_registers_print() -> None:
    assert "Chưa có hồ sơ nào" in words_of(samples.register(0).pdf())
    assert "Chưa có việc nào" in words_of(samples.book(0).pdf())


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "x" * 10_000,
        pytest.param("Ẵ" * 10_000, marks=pytest.mark.slow),
        pytest.param("Nguyễn Thị " * 1_000, marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("form", ["receipt", "supplement", "refusal", "apology", "closing", "control"])
def test_hostile_and_endless_text_prints_as_text(form: str, text: str) -> None:
    person = Person(text, text, text, text)
    make = {
        "receipt": lambda: replace(
            samples.RECEIPT,
            applicant=person,
            receiver=text,
            items=[replace(samples.ITEM, content=text, where=text, papers=[Paper(text, 1)])],
        ).pdf(),
        "supplement": lambda: replace(
            samples.SUPPLEMENT, applicant=person, requests=[text], papers=[Paper(text, remark=text)]
        ).pdf(),
        "refusal": lambda: replace(samples.REFUSAL, applicant=person, reasons=[text, text]).pdf(),
        "apology": lambda: replace(samples.APOLOGY, applicant=person, reason=text).pdf(),
        "closing": lambda: replace(samples.CLOSING, applicant=person, reason=text).pdf(),
        "control": lambda: replace(
            samples.CONTROL,
            applicant=text,
            hand_overs=[HandOver(text, text, samples.LATER, text, text, text, text)],
        ).pdf(),
    }
    made = make[form]()
    shown = "".join("".join(page.extract_text().split()) for page in pages_of(made)).replace("\u200b", "")
    assert "".join(text.split())[:60] in shown


@pytest.mark.parametrize("text", [HOSTILE, "Ẵ" * 3_000])
def test_hostile_text_prints_in_registers(text: str) -> None:
    row = replace(samples.register(1).rows[0], name=text, address=text, note=text)
    assert pages_of(replace(samples.register(0), rows=[row] * 3).pdf())
    act = replace(samples.book(1).rows[0], name=text, what=text)
    assert pages_of(replace(samples.book(0), rows=[act] * 3).pdf())


def test_composed_and_combining_names_give_the_same_slip() -> None:
    apart = replace(samples.APPLICANT, name=unicodedata.normalize("NFD", samples.APPLICANT.name))
    assert replace(samples.RECEIPT, applicant=apart).pdf() == FORMS["receipt"]()


@pytest.mark.parametrize("form", FORMS)
def test_nothing_runs_over_the_edge(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "render", lambda name, data, **rest: pdf.pictures(name, data, ppi=60))
    for page in FORMS[form]():
        picture = Image.open(io.BytesIO(page)).convert("L")
        width, height = picture.size
        for box in ((0, 0, 10, height), (width - 10, 0, width, height), (0, 0, width, 10)):
            assert picture.crop(box).getextrema() == (255, 255)


JARS = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in (
        "preflight",
        "pdfbox2",
        "fontbox2",
        "xmpbox",
        "commons-logging",
        "commons-io",
        "javax.activation",
        "jaxb-api",
    )
]


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_an_independent_validator_agrees(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Apache Preflight (Debian: libpdfbox2-java, libactivation-java, libjaxb-api-java) knows only PDF/A-1b:
    the same templates are written as 1b for it, which allows less than 2b."""
    if not shutil.which("java") or not all(jar.exists() for jar in JARS):
        pytest.skip("Apache Preflight is not installed")
    monkeypatch.setattr(pdf, "render", functools.partial(pdf.render, standard="a-1b"))
    path = tmp_path / "form.pdf"
    path.write_bytes(FORMS[form]())
    classes = ":".join(map(str, JARS))
    command = ["java", "-cp", classes, "org.apache.pdfbox.preflight.Validator_A1b", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "is a valid PDF/A-1b file" in said.stdout, said.stdout + said.stderr


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
@pytest.mark.parametrize("form", FORMS)
def test_the_file_is_well_formed(form: str, tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    path.write_bytes(FORMS[form]())
    subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True)
