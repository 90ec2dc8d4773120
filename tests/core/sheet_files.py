"""Spreadsheets made by hand, part by part: what no library would write."""

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = "xl/worksheets/sheet1.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"


def sheet(rows: str = "", before: str = "", after: str = "") -> str:
    """The XML of a worksheet."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def strings(items: str, before: str = "") -> str:
    """The XML of the shared strings."""
    return f'{before}<sst xmlns="{MAIN}">{items}</sst>'


def row(number: int, *values: str) -> str:
    """A row of texts."""
    cells = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    return f'<row r="{number}">{cells}</row>'


def parts(
    content: str, *, shared: str = "", kind: str = "worksheet", state: str = "visible"
) -> dict[str, str]:
    """The parts of a workbook with one sheet."""
    override = '<Override PartName="/{}" ContentType="' + _TYPE + '.{}+xml"/>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        + override.format("xl/workbook.xml", "sheet.main")
        + (override.format("xl/sharedStrings.xml", "sharedStrings") if shared else "")
        + "</Types>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        f'<sheet name="Hồ sơ" sheetId="1" state="{state}" r:id="rId1"/></sheets></workbook>',
        RELATIONS: f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="worksheets/sheet1.xml"/></Relationships>',
        SHEET: content,
    } | ({"xl/sharedStrings.xml": shared} if shared else {})


def packed(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a zip."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def lying(content: bytes, name: str, size: int) -> bytes:
    """The zip, with another size of a part in its directory."""
    at = content.rindex(name.encode()) - 46
    assert content[at : at + 4] == b"PK\1\2"
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


HEAD = row(1, "mã hồ sơ", "mã thủ tục", "nhận lúc", "người nộp", "bước")


def _book(rows: str, before: str = "", after: str = "", **more: str) -> bytes:
    return packed(parts(sheet(HEAD + rows, before, after), **more))


def refused() -> dict[str, tuple[bytes, str]]:
    """Files that are refused, each with a word of its refusal."""
    good = parts(sheet(HEAD))
    whole = packed(good)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    doctype = '<!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    text = "<si><t>" + "x" * 30_000 + "</t></si>"
    long = "".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(2, 1002))
    return {
        "nothing at all": (b"", "không phải bảng tính"),
        "text": ("mã hồ sơ;bước".encode(), "không phải bảng tính"),
        "an old spreadsheet": (ole, ".xls"),
        "with a password": (ole + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        "another zip": (packed({"a.txt": "a"}), "không phải bảng tính"),
        "a text document": (
            packed(good | {"[Content_Types].xml": '<Types xmlns="' + _PACKAGE + '/content-types"/>'}),
            "không phải bảng tính",
        ),
        "strict Open XML": (
            packed(parts(sheet(HEAD).replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"))),
            "không phải bảng tính",
        ),
        "cut off at the end": (whole[:-30], "cắt cụt"),
        "cut off in the middle": (whole[: len(whole) // 2], "cắt cụt"),
        "XML cut off": (packed(parts(sheet(HEAD)[:-20])), "hỏng"),
        "a part damaged": (whole.replace(b"PK\3\4", b"PK\3\5", 4), "hỏng"),
        "a part missing": (packed({k: v for k, v in good.items() if k != SHEET}), "hỏng"),
        "a sheet outside of the zip": (
            packed(
                good | {RELATIONS: good[RELATIONS].replace("worksheets/sheet1.xml", "../../../../etc/passwd")}
            ),
            "hỏng",
        ),
        "a string that is not there": (_book('<row r="2"><c t="s"><v>7</v></c></row>'), "hỏng"),
        "a number that is none": (_book('<row r="2"><c><v>1e999</v></c></row>'), "hỏng"),
        "a row twice": (_book(row(2, "a") + row(2, "b")), "hỏng"),
        "a cell twice": (_book('<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>'), "hỏng"),
        "a cell in a foreign row": (_book('<row r="2"><c r="A3"><v>1</v></c></row>'), "hỏng"),
        "a chart sheet only": (packed(parts("<chartsheet/>", kind="chartsheet")), "biểu đồ"),
        "a hidden sheet only": (packed(parts(sheet(HEAD), state="hidden")), "bị ẩn"),
        "no sheet": (
            packed(good | {"xl/workbook.xml": f'<workbook xmlns="{MAIN}"><sheets/></workbook>'}),
            "không có trang tính",
        ),
        "a cell in row 999,999,999,999": (
            _book('<row r="2"><c r="A999999999999"><v>1</v></c></row>'),
            "1048576",
        ),
        "row 999,999,999,999": (_book('<row r="999999999999"><c><v>1</v></c></row>'), "1048576"),
        "257 columns": (_book(row(2, *["x"] * 257)), "256 cột"),
        "column XFD": (_book('<row r="2"><c r="XFD2"><v>1</v></c></row>'), "256 cột"),
        "column AAAA": (_book('<row r="2"><c r="AAAA2"><v>1</v></c></row>'), "hỏng"),
        "too many rows": (_book("<row><c><v>1</v></c></row>" * 20_001), "20000 dòng"),
        "too many cells": (
            _book("".join(f'<row r="{n}"><c r="IV{n}"><v>1</v></c></row>' for n in range(2, 1602))),
            "400000 ô",
        ),
        "one long string in every row": (_book(long, shared=strings(text)), "quá lớn"),
        "2,000 parts": (packed(good | {f"{n}.txt": "" for n in range(2000)}), "quá lớn"),
        "a directory that says less": (lying(whole, SHEET, 100), "hỏng"),
        "a directory that says 3 GB": (lying(whole, SHEET, 3_000_000_000), "quá lớn"),
        "a method without limit": (packed(good, zipfile.ZIP_BZIP2), "hỏng"),
        "a document type": (
            packed(parts("<!DOCTYPE worksheet SYSTEM 'file:///etc/passwd'>" + sheet(HEAD))),
            "DOCTYPE",
        ),
        "entities": (_book("", shared=strings("<si><t>&b;</t></si>", doctype)), "DOCTYPE"),
        "entities in UTF-16": (
            packed(good | {"xl/styles.xml": ("<?xml version='1.0'?>" + doctype).encode("utf-16")}),
            "DOCTYPE",
        ),
        "merged all over": (
            _book(
                "",
                after="<mergeCells>"
                + "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(2, 1004))
                + "</mergeCells>",
            ),
            "1000 vùng ô gộp",
        ),
        "never calculated": (_book("<row><c><f>1+1</f><v/></c></row>" * 1001), "1000 công thức"),
    }  # fmt: skip


def heavy() -> dict[str, tuple[Callable[[], bytes], str]]:
    """Files that are small until they are opened, made one at a time."""
    return {
        "a million cells in a row": (
            lambda: _book("<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>"),
            "quá l",
        ),
        "seven million empty cells": (lambda: _book("<row>" + "<c/>" * 7_000_000 + "</row>"), "quá l"),
        "40 MB of spaces": (lambda: _book(" " * 40_000_000), "quá l"),
        "a root that never ends": (lambda: packed(parts("<" + "A" * 30_000_000)), "không phải bảng tính"),
        "deeper than any memory": (lambda: _book("<a>" * 4_000_000 + "</a>" * 4_000_000), "quá l"),
    }
