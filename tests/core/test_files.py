"""Storing files: judged by their content, kept under their hash, served so that nothing in them acts."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from vamco.core import files, sniff
from vamco.core.errors import Invalid
from vamco.core.models import File

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n"
PDF += b"2 0 obj <</Type/Page>> endobj 3 0 obj <</Type /Pages>> endobj\n%%EOF"


def image(kind: str, pages: int = 1) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (30, 20)) for _ in range(pages)]
    more = {"save_all": True, "append_images": frames[1:]} if pages > 1 else {}
    frames[0].save(out, kind, **more)
    return out.getvalue()


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("Types", "[Content_Types].xml"), content)
    return out.getvalue()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.FILES = tmp_path / "files"
    return settings.FILES


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


GOOD = {
    "a.pdf": (PDF, "application/pdf"),
    "a.png": (image("PNG"), "image/png"),
    "a.jpg": (image("JPEG"), "image/jpeg"),
    "A.JPEG": (image("JPEG"), "image/jpeg"),
    "a.tif": (image("TIFF"), "image/tiff"),
    "a.docx": (
        zipped(Types="<Types/>", word__document="x", **{"word__document.xml": "x"}),
        sniff.DOCX.media_type,
    ),
    "a.xlsx": (zipped(Types="<Types/>", **{"xl__workbook.xml": "x"}), sniff.XLSX.media_type),
    "a.odt": (zipped(mimetype=sniff.ODT.media_type), sniff.ODT.media_type),
    "a.txt": ("Kính gửi: Ủy ban".encode(), "text/plain"),
    "b.txt": ("Kính gửi".encode("utf-16"), "text/plain"),
    "a.csv": (b"a;b\r\n1;2\r\n", "text/plain"),
    "a.xml": ('<?xml version="1.0" encoding="UTF-8"?><hồ-sơ>1</hồ-sơ>'.encode(), "application/xml"),
}


@pytest.mark.parametrize("name", GOOD)
def test_keeps_what_is_taken_and_knows_its_type(name: str, folder: Path) -> None:
    content, media_type = GOOD[name]
    file = files.store(io.BytesIO(content), name=name)
    assert (file.media_type, file.size, file.name) == (media_type, len(content), name)
    assert files.open_file(file).read() == content == files.read(file)
    assert files.verify(file)
    (path,) = on_disk(folder)
    assert path == folder / file.sha256[:2] / file.sha256[2:4] / file.sha256
    assert path.stat().st_mode & 0o077 == 0


BAD = {
    "empty.pdf": b"",
    "page.html": b"<!DOCTYPE html><html></html>",
    "page.txt": b"hello <SCRIPT>alert(1)</SCRIPT>",
    "draw.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "draw.xml": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "draw2.xml": b'<?xml version="1.0"?><x:a xmlns:x="http://www.w3.org/1999/xhtml"/>',
    "bomb.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "broken.xml": b'<?xml version="1.0"?><a>',
    "style.xml": b'<?xml version="1.0"?><?xml-stylesheet href="x"?><a/>',
    "program.exe": b"MZ\x90\0" + b"\0" * 100,
    "program.txt": b"\x7fELF\x02\x01\x01",
    "run.txt": b"#!/bin/sh\nrm -rf /",
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "macro.docx": zipped(Types="<Types/>", **{"word__document.xml": "x", "word__vbaProject.bin": "x"}),
    "macro2.docx": zipped(Types="<Types t='macroEnabled'/>", **{"word__document.xml": "x"}),
    "macro.odt": zipped(mimetype=sniff.ODT.media_type, **{"Basic__Standard": "x"}),
    "plain.zip": zipped(a="x"),
    "broken.docx": b"PK\3\4 not a zip",
    "short.png": b"\x89PNG\r\n\x1a\n",
    "short.jpg": b"\xff\xd8\xff",
    "loop.tif": b"II*\0\x08\0\0\0\0\0\x08\0\0\0",
}


@pytest.mark.parametrize("name", BAD)
def test_refuses_what_could_act_or_is_unknown_and_keeps_nothing(name: str, folder: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        files.store(io.BytesIO(BAD[name]), name=name, field="papers.0.file")
    assert refusal.value.field == "papers.0.file"
    assert not on_disk(folder)
    assert not File.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"), [("a.png", PDF), ("a.pdf", image("PNG")), ("a.docx", PDF), ("a.exe", PDF)]
)
def test_refuses_content_that_is_not_what_its_name_says(name: str, content: bytes, folder: Path) -> None:
    with pytest.raises(Invalid, match="đuôi"):
        files.store(content, name=name)
    assert not on_disk(folder)


def test_refuses_a_type_that_the_caller_does_not_want() -> None:
    with pytest.raises(Invalid, match="PDF, PNG, JPEG, TIFF"):
        files.store(b"abc", name="a.txt", allowed=sniff.SCANS)


def test_refuses_more_than_the_limit_without_reading_on(settings, folder: Path) -> None:
    settings.MAX_UPLOAD = 3 * files.CHUNK

    class Endless:
        read_calls = 0

        def read(self, size: int, /) -> bytes:
            self.read_calls += 1
            return b"%PDF-" + b"x" * (size - 5)

    endless = Endless()
    with pytest.raises(Invalid, match="MB"):
        files.store(endless, name="a.pdf")
    assert endless.read_calls == 4
    assert not on_disk(folder)


def test_sizes_and_pages_are_counted() -> None:
    png, tiff, pdf = (
        files.store(image("PNG"), name="a.png"),
        files.store(image("TIFF", pages=3), name="a.tiff"),
        files.store(PDF, name="a.pdf"),
    )
    assert (png.width, png.height, png.pages) == (30, 20, None)
    assert (tiff.width, tiff.height, tiff.pages) == (30, 20, 3)
    assert (pdf.width, pdf.pages) == (None, 1)
    assert files.store(image("JPEG"), name="a.jpg").width == 30


def test_equal_contents_share_their_bytes_not_their_records(folder: Path) -> None:
    first, second = files.store(PDF, name="a.pdf"), files.store(PDF, name="b.pdf")
    assert first.pk != second.pk
    assert first.sha256 == second.sha256
    assert len(on_disk(folder)) == 1


def test_verify_tells_altered_and_lost_contents() -> None:
    file = files.store(PDF, name="a.pdf")
    path = files.path_of(file.sha256)
    path.chmod(0o600)
    path.write_bytes(PDF[:-1] + b"!")
    assert not files.verify(file)
    path.unlink()
    assert not files.verify(file)


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("Giấy khai sinh.pdf", "Giấy khai sinh.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\a\\đơn.pdf", "đơn.pdf"),
        ("a\u202efdp.exe\u0000\r\n.pdf", "afdp.exe.pdf"),
        ("...", "tep.pdf"),
        ("", "tep.pdf"),
        ("x" * 10_000 + ".pdf", "x" * 140 + ".pdf"),
        ('a"b;<c>|?*.pdf', "ab;c.pdf"),
        ("Số 12.2016 của xã", "Số 12.2016 của xã.pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert files.safe_name(given, "pdf") == safe
    assert files.store(PDF, name=given).name == safe


def test_answers_let_nothing_act() -> None:
    pdf, text = files.store(PDF, name='Đơn "xin".pdf'), files.store(b"abc", name="a.txt")
    shown = files.response(pdf, as_attachment=False)
    assert shown["Content-Disposition"].startswith(
        "inline; filename=\"Don xin.pdf\"; filename*=UTF-8''%C4%90%C6%A1n"
    )
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert "no-store" in shown["Cache-Control"]
    assert b"".join(shown.streaming_content) == PDF
    answer = files.response(text, as_attachment=False)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].endswith("sandbox")
    assert answer["Content-Length"] == "3"
    for each in (shown, answer):
        each.close()


def test_a_header_cannot_be_broken_by_a_name() -> None:
    header = files.disposition('a"\r\nSet-Cookie: x=1\\', attachment=True)
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2


def test_what_the_system_makes_is_kept_without_judging(settings) -> None:
    settings.MAX_UPLOAD = 1
    file = files.keep(PDF, name="phieu/1.pdf")
    assert file.name == "1.pdf"
    assert files.verify(file)


@pytest.mark.parametrize("sha256", ["../../x", "A" * 64, "", "a" * 63])
def test_a_hash_cannot_lead_elsewhere(sha256: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        files.path_of(sha256)


def test_a_zip_with_a_hundred_thousand_parts_is_refused_before_its_directory_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(zipped(Types="<Types/>", **{"word__document.xml": "x"}) + b"PK\1\2" * 100_000)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert sniff.sniff(path) is None


def test_a_part_packed_by_a_method_that_inflates_past_its_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    for method, found in ((zipfile.ZIP_DEFLATED, sniff.DOCX), (zipfile.ZIP_BZIP2, None)):
        with zipfile.ZipFile(path, "w", method) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("word/document.xml", "x")
        assert sniff.sniff(path) == found
