"""Printed papers: a typst template and data give a PDF/A-2b (ISO 19005-2, level B), the same bytes each time.

Text from people goes to the template as JSON and is only ever shown, never read as markup or code. Fonts come
from `core/fonts` alone, so a paper looks the same on every machine. About 2-10 ms a slip.
"""

import functools
import json
import re
import struct
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import segno
import typst

#: templates may import and read files below this folder only
ROOT = Path(__file__).resolve().parent.parent
FONTS = Path(__file__).resolve().parent / "fonts"
#: printed for a character that no font here has, so that the loss is seen
UNKNOWN = "\u25a1"
#: a run without a space longer than this gets places where it may break, so that it stays on the paper
LONGEST_RUN = 40
#: characters of a title in the metadata (PDF allows 32,767 bytes a string)
TITLE = 300

_local = threading.local()


class PdfError(Exception):
    """The paper could not be made: the template is wrong or missing. The message holds no data."""


class Raw(str):
    """Text made by the program (a QR's SVG), handed to the template unchanged."""

    __slots__ = ()


def render(
    template: Path | str,
    data: Mapping[str, object],
    *,
    title: str,
    when: datetime,
    author: str = "",
    keywords: Sequence[str] = (),
    standard: Literal["a-2b", "a-1b"] = "a-2b",
) -> bytes:
    """The PDF of `template` (a path, absolute or from the package's folder: "dossiers/typst/receipt.typ").

    `data` holds strings, whole numbers, booleans, None, and lists and mappings of these; the template reads
    it with `#import "/core/typst/base.typ": data`. `when` (aware) is the document's date: the same data and
    date give the same bytes. `title`, `author` and `keywords` (a dossier's code) go to the metadata.
    """
    inputs = _inputs(data, title=title, author=author, keywords=keywords)
    if when.tzinfo is None:
        raise ValueError("when needs a time zone")
    stamp = when.astimezone(UTC).replace(microsecond=0)
    made = _compile(template, inputs, format="pdf", pdf_standards=[standard], timestamp=stamp)
    return made[0]


def pictures(
    template: Path | str, data: Mapping[str, object], *, title: str = "", ppi: int = 110
) -> list[bytes]:
    """The same paper as PNG pictures, one a page: for a preview on the screen."""
    return _compile(template, _inputs(data, title=title), format="png", ppi=ppi)


def printable(text: str) -> str:
    """`text` as it can be printed: accents composed (NFC), line ends as \\n, unseen characters left out.

    A character that no font here has is replaced by its plain form (NFKC) or else by a square.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if not text.isascii() or not text.replace("\n", "").isprintable():
        text = "".join(_shown(char) for char in text)
    return re.sub(rf"[^\s\u200b]{{{LONGEST_RUN},}}", _breakable, text)


def qr(text: str) -> Raw:
    """A QR code (level M) of `text` as an SVG without its quiet zone: leave white around it."""
    code = segno.make(text, error="m", micro=False)
    return Raw(code.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None))


def fonts() -> list[str]:
    """The families that a paper can be set in."""
    return sorted(set(_fonts().families()))


def _breakable(run: re.Match[str]) -> str:
    return "\u200b".join(re.findall(r".{1,10}", run.group()))


def _shown(char: str) -> str:
    if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp"):
        return "\n" if char == "\n" else ""
    if ord(char) in _coverage():
        return char
    plain = unicodedata.normalize("NFKC", char)
    if all(ord(each) in _coverage() for each in plain):
        return plain
    return "" if unicodedata.combining(char) else UNKNOWN


def _clean(value: object) -> object:
    match value:
        case Raw():
            return str(value)
        case str():
            return printable(value)
        case None | bool() | int():
            return value
        case Mapping():
            return {str(key): _clean(each) for key, each in value.items()}
        case list() | tuple():
            return [_clean(each) for each in value]
    raise TypeError(f"a paper cannot show a {type(value).__name__}: format it first")


def _inputs(
    data: Mapping[str, object], *, title: str, author: str = "", keywords: Sequence[str] = ()
) -> dict[str, str]:
    about = {
        "title": title[:TITLE],
        "author": author[:TITLE],
        "keywords": [word[:TITLE] for word in keywords],
    }
    return {"data": json.dumps(_clean(data)), "about": json.dumps(_clean(about))}


def _compile(template: Path | str, inputs: dict[str, str], **how: Any) -> list[bytes]:
    path = ROOT / template
    if not path.is_file():
        raise PdfError(f"no such template: {path.name}")
    try:
        made = _compiler().compile(path, sys_inputs=inputs, **how)
    except typst.TypstError as error:
        raise PdfError(f"{path.name}: {_without_values(error)}") from None
    return made if isinstance(made, list) else [made] if made else []


def _without_values(error: typst.TypstError) -> str:
    """The reason in words, without what a person wrote: messages go to the log."""
    if error.message.startswith("dictionary does not contain key"):
        return error.message
    return re.split(r'(?<!error)[:"`]', error.message)[0]


def _compiler() -> typst.Compiler:
    """One compiler a thread (it refuses to be shared) over fonts that are read once."""
    made: typst.Compiler | None = getattr(_local, "compiler", None)
    if made is None:
        made = _local.compiler = typst.Compiler(root=ROOT, font_paths=_fonts())
    return made


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@functools.cache
def _coverage() -> frozenset[int]:
    """Code points that every style of the face of last resort (Tinos) can show."""
    return frozenset.intersection(*(_code_points(path) for path in sorted(FONTS.glob("tinos-*.ttf"))))


def _code_points(font: Path) -> frozenset[int]:
    """The characters of a font, from its table "cmap" (formats 4 and 12 of OpenType 1.9)."""
    raw = font.read_bytes()
    tables = {
        raw[at : at + 4]: struct.unpack_from(">I", raw, at + 8)[0] for at in range(12, _directory(raw), 16)
    }
    cmap = tables[b"cmap"]
    found: set[int] = set()
    for record in range(struct.unpack_from(">H", raw, cmap + 2)[0]):
        at = cmap + struct.unpack_from(">I", raw, cmap + 4 + 8 * record + 4)[0]
        kind = struct.unpack_from(">H", raw, at)[0]
        if kind == 4:
            half = struct.unpack_from(">H", raw, at + 6)[0]
            ends = struct.unpack_from(f">{half // 2}H", raw, at + 14)
            starts = struct.unpack_from(f">{half // 2}H", raw, at + 16 + half)
            for first, last in zip(starts, ends, strict=True):
                found.update(range(first, last + 1))
        elif kind == 12:
            for group in range(struct.unpack_from(">I", raw, at + 12)[0]):
                first, last, _ = struct.unpack_from(">III", raw, at + 16 + 12 * group)
                found.update(range(first, last + 1))
    return frozenset(found - {0xFFFF})


def _directory(raw: bytes) -> int:
    tables: int = struct.unpack_from(">H", raw, 4)[0]
    return 12 + 16 * tables
