"""What a file is, by its content: the types that are taken, and nothing that could act.

Scripts, programs, SVG, HTML, office files with macros and everything unknown are no type here. No Django
models, and nothing is unpacked: of a zip only its directory and one small member are read.
"""

from __future__ import annotations

import mmap
import re
import struct
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

HEAD = 4096
TEXT_LIMIT = 5 * 1024 * 1024
PDF_LIMIT = 64 * 1024 * 1024
_OOXML = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Found:
    """What a file was found to be: media type, the extensions it may have (usual one first), name for
    people; width
    and height in pixels, pages where they could be counted."""

    media_type: str
    extensions: tuple[str, ...]
    name: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None


PDF = Found("application/pdf", ("pdf",), "PDF")
PNG = Found("image/png", ("png",), "PNG")
JPEG = Found("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), "JPEG")
TIFF = Found("image/tiff", ("tif", "tiff"), "TIFF")
DOCX = Found(f"{_OOXML}wordprocessingml.document", ("docx",), "DOCX")
XLSX = Found(f"{_OOXML}spreadsheetml.sheet", ("xlsx",), "XLSX")
ODT = Found("application/vnd.oasis.opendocument.text", ("odt",), "ODT")
ODS = Found("application/vnd.oasis.opendocument.spreadsheet", ("ods",), "ODS")
TEXT = Found("text/plain", ("txt", "csv"), "TXT")
XML = Found("application/xml", ("xml",), "XML")
TYPES = {found.media_type: found for found in (PDF, PNG, JPEG, TIFF, DOCX, XLSX, ODT, ODS, TEXT, XML)}
"""Every type that is taken, by media type."""

SCANS = frozenset({PDF.media_type, PNG.media_type, JPEG.media_type, TIFF.media_type})
"""What a scan of a paper may be."""


def names(allowed: Collection[str] | None = None) -> str:
    """The taken types for a sentence: "PDF, PNG, JPEG"."""
    return ", ".join(found.name for key, found in TYPES.items() if allowed is None or key in allowed)


def sniff(path: Path) -> Found | None:
    """What the file at `path` is, or nothing when it is none of `TYPES`."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(b"%PDF-"):
        return _with(PDF, pages=_pdf_pages(path))
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(head)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(path)
    if head.startswith((b"II*\0", b"MM\0*")):
        return _tiff(path)
    if head.startswith(b"PK\3\4"):
        return _zipped(path)
    return _text(path)


def _with(
    found: Found, width: int | None = None, height: int | None = None, pages: int | None = None
) -> Found:
    return Found(found.media_type, found.extensions, found.name, width, height, pages)


def _pdf_pages(path: Path) -> int | None:
    """Pages counted by their dictionaries; nothing when they lie in compressed object streams."""
    if path.stat().st_size > PDF_LIMIT:
        return None
    content = path.read_bytes()
    if b"/ObjStm" in content:
        return None
    return len(re.findall(rb"/Type\s*/Page(?![a-zA-Z])", content)) or None


def _png(head: bytes) -> Found | None:
    if len(head) < 24 or head[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", head[16:24])
    return _with(PNG, width, height) if width and height else None


_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def _jpeg(path: Path) -> Found | None:
    """Walks the segments to the frame header (ITU-T T.81, annex B)."""
    with path.open("rb") as file:
        file.seek(2)
        for _ in range(1000):
            marker = file.read(2)
            while marker[1:] == b"\xff":
                marker = b"\xff" + file.read(1)
            if len(marker) < 2 or marker[0] != 0xFF:
                return None
            if marker[1] == 0x01 or 0xD0 <= marker[1] <= 0xD7:
                continue
            size = file.read(2)
            if len(size) < 2 or (length := int.from_bytes(size)) < 2:
                return None
            if marker[1] in _JPEG_FRAMES:
                frame = file.read(5)
                if len(frame) < 5:
                    return None
                height, width = struct.unpack(">HH", frame[1:])
                return _with(JPEG, width, height) if width else None
            file.seek(length - 2, 1)
    return None


def _tiff(path: Path) -> Found | None:
    """Counts the image directories (TIFF 6.0, section 2); width and height are those of the first."""
    with path.open("rb") as file:
        order = "<" if file.read(2) == b"II" else ">"
        file.seek(4)
        pages, width, height = 0, None, None
        seen: set[int] = set()
        while True:
            raw = file.read(4)
            if len(raw) < 4:
                return None
            offset = struct.unpack(f"{order}I", raw)[0]
            if offset == 0:
                return _with(TIFF, width, height, pages) if pages and width and height else None
            if offset in seen or len(seen) > 5000:
                return None
            seen.add(offset)
            file.seek(offset)
            count = file.read(2)
            if len(count) < 2:
                return None
            entries = file.read(12 * struct.unpack(f"{order}H", count)[0])
            if pages == 0:
                width, height = _tiff_sizes(entries, order)
            pages += 1


def _tiff_sizes(entries: bytes, order: str) -> tuple[int | None, int | None]:
    sizes: dict[int, int] = {}
    for i in range(0, len(entries) - 11, 12):
        tag, kind, _ = struct.unpack(f"{order}HHI", entries[i : i + 8])
        value = entries[i + 8 : i + 12]
        if tag in (256, 257) and kind in (3, 4):
            sizes[tag] = struct.unpack(f"{order}{'H' if kind == 3 else 'I'}", value[: 2 if kind == 3 else 4])[
                0
            ]
    return sizes.get(256), sizes.get(257)


_ACTIVE_MEMBERS = re.compile(
    r"vbaproject|vbadata|/activex/|/embeddings/.*\.(bin|exe)|macrosheets|^basic/|^scripts/", re.I
)


MOST_PARTS = 20_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How parts of an office document are packed; `zipfile` inflates the other methods past the size that a part has."""


def _zipped(path: Path) -> Found | None:
    if not _short_directory(path):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names_ = {member.filename for member in members}
            if any(
                m.flag_bits & 1 or m.compress_type not in _METHODS or _ACTIVE_MEMBERS.search(m.filename)
                for m in members
            ):
                return None
            if "mimetype" in names_:
                if archive.getinfo("mimetype").file_size > 100:
                    return None
                kind = archive.read("mimetype").decode("ascii", "replace").strip()
                return next((found for found in (ODT, ODS) if found.media_type == kind), None)
            if "[Content_Types].xml" not in names_ or _macro_types(archive):
                return None
            if "word/document.xml" in names_:
                return DOCX
            return XLSX if "xl/workbook.xml" in names_ else None
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        NotImplementedError,
        EOFError,
        RuntimeError,
        zlib.error,
    ):
        return None


def _short_directory(path: Path) -> bool:
    """Whether the zip has at most `MOST_PARTS` parts. `ZipFile` takes its directory into memory before one can ask, so
    the beginnings of entries are counted here."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return not any(islice(re.finditer(rb"PK\x01\x02", content), MOST_PARTS, None))


def _macro_types(archive: zipfile.ZipFile) -> bool:
    """Whether the list of content types names macros (docm, xlsm under another name), or is too long to
    tell.
    """
    member = archive.getinfo("[Content_Types].xml")
    if member.file_size > 1024 * 1024:
        return True
    content = archive.read(member).lower()
    return b"macroenabled" in content or b"vbaproject" in content


_MARKUP = re.compile(
    rb"<\s*(?:[\w-]+:)?(?:svg|html|script|iframe|object|embed|body|head|foreignobject)\b", re.I
)
_XML_ACTIVE = re.compile(
    rb"<!doctype|<!entity|<\?xml-stylesheet|http://www\.w3\.org/1999/xhtml|http://www\.w3\.org/2000/svg", re.I
)


def _text(path: Path) -> Found | None:
    """Plain text or XML, in UTF-8 or UTF-16 with a mark, with nothing that a browser would run."""
    if path.stat().st_size > TEXT_LIMIT:
        return None
    content = path.read_bytes()
    try:
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    if re.search("[\x00-\x08\x0b\x0e-\x1f\x7f]", text):
        return None
    plain = text.encode()
    if text.lstrip().startswith("<?xml"):
        return None if _MARKUP.search(plain) or _XML_ACTIVE.search(plain) else _well_formed(content)
    if _MARKUP.search(plain) or re.match(rb"\s*(#!|<\?|<!)", plain):
        return None
    return TEXT


def _well_formed(content: bytes) -> Found | None:
    """XML that parses. No entities get here: documents with a DOCTYPE were refused before."""
    from xml.parsers import expat

    try:
        expat.ParserCreate().Parse(content, True)
    except (
        expat.ExpatError,
        LookupError,
        ValueError,
    ):  # the last two: an encoding that expat does not have, as UTF-7
        return None
    return XML
