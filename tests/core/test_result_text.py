import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from vamco.core import pdf
from vamco.core.papers import Office
from vamco.core.result_text import blocks, keys, problems
from vamco.results.paper import Letter

TEXTS = {path.stem: path.read_text() for path in (Path(__file__).parent / "result_texts").glob("*.txt")}
OFFICE = Office(name="Ủy ban nhân dân xã Thạnh Đức", parent="Huyện Bến Lức", place="Thạnh Đức")
PAPER = Letter(OFFICE, "Giấy xác nhận", datetime(2016, 12, 12, 2, tzinfo=UTC), number="125/UBND-XN")
SIMPLE = "@tên GIẤY\n{{name}}\n@ký\nCHỦ TỊCH\nNguyễn Văn Lộc"


def result(text: str, values: dict[str, str]) -> bytes:
    """The text in print."""
    return replace(PAPER, blocks=blocks(text, values)).pdf()


def words_of(made: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\u200b", "")


@pytest.mark.parametrize(
    "name", ["tinh_trang_hon_nhan", "trich_luc_khai_sinh", "giay_phep_xay_dung", "chung"]
)
def test_real_results_print_on_one_page_with_every_value(name: str) -> None:
    text = TEXTS[name]
    assert problems(text, keys(text)) == []
    values = {key: f"giá trị {n}" for n, key in enumerate(sorted(keys(text)))}
    made = result(text, values)
    words = words_of(made)
    for value in values.values():
        assert value in words
    for wanted in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "125/UBND-XN", "ngày 12 tháng 12 năm 2016"):
        assert wanted in words
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) == 1
    assert made == result(text, values)


@pytest.mark.parametrize(
    "hostile",
    [
        '#read("/etc/passwd")',
        "#panic() `x` ```y``` $z$ *a* _b_ = c",
        "[[[ ((( }}} {{{ <b> @ref <label>",
        "{{name}} {{other}} {{?name}}",
        "**đậm** @ký @tên --- Nhãn:: giá trị",
        "\\ // /* */ ~ -- --- ...",
    ],
)
def test_hostile_text_prints_as_it_is_in_values_and_in_the_text(hostile: str) -> None:
    assert hostile in words_of(result(SIMPLE, {"name": hostile}))
    escaped = hostile.replace("{{", "{ {").replace("**", "* *")
    assert escaped in words_of(result(f"Dòng {escaped}\n{SIMPLE}", {"name": "A"}))


def test_a_value_cannot_add_a_block() -> None:
    made = blocks(SIMPLE, {"name": "A\n@ký\nGiả mạo\n---\n**B**"})
    assert [block["kind"] for block in made] == ["title", "paragraph", "sign"]
    assert made[1]["runs"] == [{"text": "A\n@ký\nGiả mạo\n---\n**B**", "bold": False}]


def test_broken_markup_prints_as_it_is_and_is_told_to_the_editor() -> None:
    text = f"{{{{ }}}} {{{{a b}}}} {{{{name\n@hủy gì đó\n{SIMPLE}"
    words = words_of(result(text, {"name": "A"}))
    for wanted in ("{{ }} {{a b}} {{name", "@hủy gì đó"):
        assert wanted in words
    assert len(problems(text, ["name"])) == 2


def test_problems_name_unknown_keys_and_missing_parts() -> None:
    found = "\n".join(problems("{{tên_sai}} {{wrong}}", []))
    assert "wrong" in found
    assert "@tên" in found
    assert "@ký" in found


def test_a_conditional_line_is_left_out_when_its_value_is_empty() -> None:
    text = f"{{{{?note}}}}Ghi chú: {{{{note}}}}\n{SIMPLE}"
    assert "Ghi chú: x" in words_of(result(text, {"name": "A", "note": "x"}))
    assert "Ghi chú" not in words_of(result(text, {"name": "A", "note": " "}))


def test_commands_are_understood_without_accents() -> None:
    accented = "@đầu\n@tên A\n@phụ b\n@mục c\n@giữa d\n@phải e\n@nơi nhận\n- x\n\n@ký\nT\nN"
    plain = "@dau\n@ten A\n@phu b\n@muc c\n@giua d\n@phai e\n@noi nhan\n- x\n\n@ky\nT\nN"
    assert blocks(plain, {}) == blocks(accented, {})


def test_bold_stands_in_the_text_only() -> None:
    made = blocks("**a {{k}}** b", {"k": "c**d"})
    assert made[0]["runs"] == [{"text": "a c**d", "bold": True}, {"text": " b", "bold": False}]


def test_the_picture_of_a_page_has_a_qr_that_reads_back() -> None:
    url = "https://dichvucong.example/kiem-tra/125"
    paper = replace(PAPER, blocks=blocks(SIMPLE, {"name": "A"}), check_url=url, check="Kiểm tra giấy này")
    pages = paper.pictures(ppi=150)
    assert len(pages) == 1
    assert [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(pages[0])))] == [url]


def test_a_very_long_value_goes_on_over_the_pages() -> None:
    made = result(SIMPLE, {"name": "Ẵ" * 10_000})
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) > 1


@given(st.text(max_size=300), st.text(max_size=100))
@settings(max_examples=150)
def test_any_text_with_any_value_prints(text: str, value: str) -> None:
    made = result(text + "\n{{k}}", dict.fromkeys(keys(text) | {"k"}, value))
    assert made.startswith(b"%PDF-1.7")


def test_the_layout_is_in_the_package() -> None:
    assert (pdf.ROOT / "core/typst/result.typ").is_file()
