import io
import threading
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from vamco.core import pdf

WHEN = datetime(2016, 12, 9, 3, 42, tzinfo=UTC)
VIETNAMESE = "ẰẮẲẴẶ ẦẤẨẪẬ ỀẾỂỄỆ ỒỐỔỖỘ ỜỚỞỠỢ ỪỨỬỮỰ ỲÝỶỸỴ Đ ằắẳẵặ ầấẩẫậ ềếểễệ ồốổỗộ ờớởỡợ ừứửữự ỳýỷỹỵ đ ₫"


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Templates of these tests live in a folder of their own, beside a copy of the shared part."""
    base = tmp_path / "core" / "typst"
    base.mkdir(parents=True)
    (base / "base.typ").write_text((pdf.ROOT / "core/typst/base.typ").read_text())
    for face in ("sans", "serif"):
        (tmp_path / f"{face}.typ").write_text(
            '#import "/core/typst/base.typ": *\n'
            f"#show: paper.with(font: {face})\n#title(data.text)\n#data.text\n\n#strong(data.text)"
        )
    monkeypatch.setattr(pdf, "ROOT", tmp_path)
    monkeypatch.setattr(pdf, "_local", threading.local())


def render(text: object, face: str = "sans") -> bytes:
    return pdf.render(f"{face}.typ", {"text": text}, title="Thử", when=WHEN)


def text_of(made: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    return "\n".join(page.extract_text() for page in pages)


def test_the_document_is_pdf_a_2b_with_title_language_and_date() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render("xin chào")))
    xmp = reader.xmp_metadata.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert reader.metadata.title == "Thử"
    assert reader.metadata.creation_date == WHEN
    assert reader.trailer["/Root"]["/Lang"] == "vi-VN"
    assert reader.trailer["/Root"]["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"


def test_every_font_is_embedded_and_ours() -> None:
    page = pypdf.PdfReader(io.BytesIO(render("Ẵ 0123"))).pages[0]
    for font in page["/Resources"]["/Font"].values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in inner["/FontDescriptor"]
        assert inner["/BaseFont"].split("+")[1].startswith(("BeVietnamPro", "VamCoFigures", "Tinos"))
    assert set(pdf.fonts()) == {"Be Vietnam Pro", "Tinos", "Vam Co Figures"}


@pytest.mark.parametrize("face", ["sans", "serif"])
def test_all_vietnamese_letters_print_and_read_back(face: str) -> None:
    assert VIETNAMESE in " ".join(text_of(render(VIETNAMESE, face)).split())


def test_combining_accents_are_composed() -> None:
    apart = unicodedata.normalize("NFD", "Nguyễn Thị Mỹ Hạnh")
    assert render(apart) == render("Nguyễn Thị Mỹ Hạnh")
    assert "Nguyễn Thị Mỹ Hạnh" in text_of(render(apart))


def test_the_same_data_give_the_same_bytes() -> None:
    assert render("một") == render("một")
    assert render("một") != render("hai")


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        "`a` ```b``` $x^2$ *đậm* _nghiêng_ = tiêu đề",
        "#panic() ]] )) }} {{ [[ (( \\ / // /* */ <label> @ref ~ -- ---",
        "<script>alert(1)</script> '; DROP TABLE dossiers; --",
        '"\\u{0}" #let x = 1; #x',
    ],
)
def test_text_is_shown_and_never_read_as_code(text: str) -> None:
    assert " ".join(text.split()) in " ".join(text_of(render(text)).split())


def test_what_no_font_has_becomes_a_square_and_what_nobody_sees_is_left_out() -> None:
    assert pdf.printable("a😀中\ue000b") == "a□□□b"
    assert pdf.printable("a\u200b\u202e\x00\x07\ufeffb\r\nc\td") == "a" + "b\nc d"
    assert pdf.printable("Ａ𝐁ﬁ") in ("ABfi", "ABﬁ")
    assert pdf.printable("\ud800x") == "□x"


@given(st.text(max_size=200))
@settings(max_examples=150)
def test_any_text_prints(text: str) -> None:
    # the fixture's folder is not reset between examples and need not be
    for face in ("sans", "serif"):
        assert render(text, face).startswith(b"%PDF-1.7")


@pytest.mark.slow
@pytest.mark.parametrize("face", ["sans", "serif"])
def test_every_character_of_unicode_prints(face: str) -> None:
    for start in range(0, 0x110000, 0x1000):
        text = " ".join(chr(code) + " q" + chr(code) for code in range(start, start + 0x1000))
        assert render(text, face), hex(start)


def test_a_long_word_stays_on_the_paper() -> None:
    for word in ("Ẵ" * 10_000, "W" * 10_000, "nguyễn" * 1_600):
        pages = pdf.pictures("sans.typ", {"text": word}, ppi=36)
        assert len(pages) > 1
        for page in pages:
            picture = Image.open(io.BytesIO(page)).convert("L")
            edge = picture.crop((picture.width - 8, 0, picture.width, picture.height))
            assert edge.getextrema() == (255, 255)
    assert "\u200b" not in pdf.printable("000.00.12.H39-161209-0007")


def test_a_value_that_is_not_text_is_refused() -> None:
    with pytest.raises(TypeError, match="datetime"):
        render(WHEN)


def test_a_date_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        pdf.render("sans.typ", {"text": ""}, title="", when=datetime(2016, 12, 9))


def test_errors_name_the_template_and_never_the_data(tmp_path: Path) -> None:
    (tmp_path / "bad.typ").write_text('#panic("079190001234")')
    with pytest.raises(pdf.PdfError, match=r"bad\.typ") as caught:
        pdf.render("bad.typ", {}, title="", when=WHEN)
    assert "079190001234" not in str(caught.value)
    with pytest.raises(pdf.PdfError, match="no such template"):
        pdf.render("none.typ", {}, title="", when=WHEN)


def test_templates_cannot_read_outside_the_package(tmp_path: Path) -> None:
    (tmp_path / "out.typ").write_text('#read("/../../../../../../etc/passwd")')
    with pytest.raises(pdf.PdfError):
        pdf.render("out.typ", {}, title="", when=WHEN)


def test_threads_print_at_the_same_time() -> None:
    expected = [render(str(n)) for n in range(4)]
    got: dict[int, list[bytes]] = {n: [] for n in range(4)}

    def work(n: int) -> None:
        got[n] = [render(str(n)) for _ in range(10)]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(got[n] == [expected[n]] * 10 for n in range(4))
