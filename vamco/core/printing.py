"""A printed paper is one declaration: a frozen dataclass of what it says, with its form, layout, title and file name.

    @dataclass(frozen=True)
    class Apology(Printed):
        template = "dossiers/typst/apology.typ"
        form = "Mẫu số 04, Thông tư 01/2018/TT-VPCP"
        name = "Phiếu xin lỗi và hẹn lại ngày trả kết quả"
        file = "phieu-xin-loi"

        office: Office
        at: datetime
        ...
        def values(self): what the layout prints, in words

Papers are Vietnamese, whatever the reader's language. The same data give the same bytes, years later too: a room that
must print a paper again in the same words stores `kept()` with its row, and reads it by `of`.

This is no room and has no table: the rooms that print keep their papers in three ways, each for a reason of its own. A
slip keeps its data, a receipt of money is made from rows that never change, an issued result keeps the file itself.
Who may read a paper is asked by the query that finds it, as for any row; `answer` hands out what was found.
"""

import functools
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Self, cast

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from . import files, pdf
from .errors import NotFound
from .papers import Office
from .stored import in_vietnamese


class Printed:
    """A printed paper. What is declared here without a value is a field of each paper, or said by a method of its own."""

    #: the layout, from the package's folder
    template: ClassVar[str]
    #: number and name of the form in law, where it has one
    form: ClassVar[str] = ""
    #: what the paper is called; with the first keyword it is the document's title
    name: ClassVar[str]
    #: what its file is called; with the first keyword it is the file's name
    file: ClassVar[str]

    #: who issues it: the document's author
    office: Office
    #: when it was made: the document's date
    at: datetime

    def values(self) -> dict[str, object]:
        """What the layout prints: words, whole numbers, lists and mappings of these. Raises `ValueError` for a paper that
        would say nothing."""
        raise NotImplementedError

    def keywords(self) -> Sequence[str]:
        """What the paper is found by: the dossier's code, its number. The first stands in its title and file name."""
        return ()

    def when(self) -> datetime:
        """The document's date."""
        return self.at

    def title(self) -> str:
        """The document's title."""
        return " ".join((self.name, *self.keywords()[:1]))

    def file_name(self) -> str:
        """What the file is called for who saves it."""
        return "-".join((self.file, *self.keywords()[:1])).replace("/", "-") + ".pdf"

    @in_vietnamese
    def pdf(self) -> bytes:
        """The paper as PDF/A-2b."""
        return pdf.render(
            self.template,
            self.values(),
            title=self.title(),
            when=self.when(),
            author=self.office.name,
            keywords=self.keywords(),
        )

    @in_vietnamese
    def pictures(self, ppi: int = 110) -> list[bytes]:
        """Its pages as PNG pictures, to be looked at on the screen."""
        return pdf.pictures(self.template, self.values(), title=self.title(), ppi=ppi)

    def kept(self) -> dict[str, Any]:
        """What it says as plain JSON values, to be stored with its row."""
        paper: type = type(self)
        return cast(dict[str, Any], _adapter(paper).dump_python(self, mode="json"))

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """The paper from what was stored."""
        paper: type = cls
        return cast(Self, _adapter(paper).validate_python(kept))


@functools.cache
def _adapter(paper: type) -> TypeAdapter[Any]:
    return TypeAdapter(paper)


def handed_out(paper: Printed) -> HttpResponse:
    """The paper, to be shown in the page and kept nowhere."""
    content = paper.pdf()
    made = files.made(content, paper.file_name(), "application/pdf")
    made["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return made


def answer(request: HttpRequest, paper: Printed) -> HttpResponse:
    """The paper to who reads it; nothing is sent to who says that they have it (`If-None-Match`)."""
    made = handed_out(paper)
    return cast(HttpResponse, get_conditional_response(request, etag=made["ETag"], response=made))


def picture(paper: Printed, page: str) -> HttpResponse:
    """One page of the paper as a picture, counted from 1. Raises `NotFound` for a page that it does not have."""
    pages = paper.pictures()
    if not page.isascii() or not page.isdigit() or not 0 < int(page[:6]) <= len(pages):
        raise NotFound(_("Giấy này không có trang đó. Hãy mở từ trang đầu."))
    name = paper.file_name().removesuffix(".pdf")
    return files.made(pages[int(page) - 1], f"{name}-{page}.png", "image/png")
