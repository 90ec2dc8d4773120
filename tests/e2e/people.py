"""People at browsers: what they open, press, type and read. Every page that they come to must look right.

Staff sit at a desk's screen; the pages that people also read on a phone are looked at on one, too.
"""

import re
from io import BytesIO
from random import randrange
from typing import Self

from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect
from pypdf import PdfReader

from tests import axe

DESK, PHONE = 1280, 360
ON_PHONES = re.compile(r"^/(viec/|ho-so/[^/]+/)$")
"""Pages of staff that are read on phones as well: the inbox and a dossier. All pages of citizens are."""
PAPERS = re.compile(r"/(phieu/|ho-so/[^/]+/(du-thao|giay|ket-qua)/|so/[^/]+/in/)")
"""Addresses that answer with a PDF."""
SKELETON = """() => [...document.querySelectorAll("*")].map((one) => [one.localName, one.className.baseVal ?? one.className,
  ...[...one.attributes].map(({name, value}) => /^(aria-|type|role|hidden|disabled|tabindex)/.test(name) ? name + value : name)
]).join("\\n")"""
"""What accessibility depends on: the elements of a page with their classes and states, not the words."""
LOOKED_AT: set[tuple[int, str]] = set()
"""Views that were found right in this run; one that differs in words only is not asked about again."""


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, page: Page, name: str = "", username: str = "") -> None:
        self.page, self.name, self.username = page, name, username
        self.shown: list[str] = []

    def is_shown_a_paper(self, route: Route, request: Request) -> None:
        """Keep the words of a PDF that a page shows or prints, and put one word in its place: playwright falls over
        Chromium's PDF viewer when its frame goes away."""
        answer = route.fetch()
        if answer.headers["content-type"] == "application/pdf":
            self.shown.append(pdf_text(answer.body()))
            route.fulfill(body="PDF", content_type="text/plain")
        else:
            route.fulfill(response=answer)

    @property
    def context(self) -> BrowserContext:
        """Their browser: cookies and what the machine keeps."""
        return self.page.context

    def another_tab(self) -> "Person":
        """The same person with one more tab."""
        return Person(self.context.new_page(), self.name, self.username)

    # What they do --------------------------------------------------------------------------------------

    def opens(self, path: str, then: str = "") -> Self:
        """Go to an address of the installation."""
        self.page.goto(path)
        return self.comes_to(then)

    def presses(self, label: str, then: str = "") -> Self:
        """Press the button or link with that label; its key may stand behind it."""
        self.control(label).click()
        return self.comes_to(then) if then else self

    def prints(self, label: str) -> Self:
        """Press a button that opens a paper in a new tab; `gets` reads it."""
        before = len(self.shown)
        with self.page.expect_popup() as tab:
            self.control(label).click()
        tab.value.wait_for_load_state()
        if len(self.shown) == before:  # led there by a redirect, which playwright shows to nobody
            self.shown.append(pdf_text(self.context.request.get(tab.value.url).body()))
        tab.value.close()
        return self

    def fills(self, fields: dict[str, str]) -> Self:
        """Fill fields by their labels; a list of choices by the words of the choice."""
        for label, value in fields.items():
            field = self.field(label)
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)
        return self

    def ticks(self, *labels: str) -> Self:
        """Tick boxes or choose among buttons by their labels."""
        for label in labels:
            self.page.get_by_label(label).filter(visible=True).first.check()
        return self

    def says_of(self, paper: str, fault: str) -> Self:
        """Write what is wrong with a paper, in the row of that paper."""
        self.page.get_by_label(
            re.compile(rf"^\s*(Cần sửa, bổ sung gì|Chỗ thiếu, sai): {re.escape(paper)}")
        ).fill(fault)
        return self

    def hits(self, *keys: str, then: str = "") -> Self:
        """Hit keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        return self.comes_to(then) if then else self

    def writes(self, text: str, *keys: str) -> Self:
        """Type where the cursor stands, then hit keys."""
        self.page.keyboard.type(text)
        return self.hits(*keys)

    def stands_in(self, label: str) -> Self:
        """The cursor is in the field with that label."""
        expect(self.field(label)).to_be_focused()
        return self

    def picks(self, code: str, then: str = "") -> Self:
        """Open the dossier in the list."""
        self.row(code).get_by_role("link").first.click()
        return self.comes_to(then)

    # What they see -------------------------------------------------------------------------------------

    def gets(self, *words: str) -> Self:
        """The paper that came last out of the printer says these words."""
        for one in words:
            assert one in self.shown[-1]
        return self

    def reads(self, *words: str) -> Self:
        """Each of the words can be read on the page."""
        for one in words:
            expect(self.page.locator("body")).to_contain_text(one, use_inner_text=True)
        return self

    def misses(self, *words: str) -> Self:
        """None of the words can be read on the page."""
        for one in words:
            expect(self.page.locator("body")).not_to_contain_text(one, use_inner_text=True)
        return self

    def comes_to(self, *words: str) -> Self:
        """A page is there that says these words, and it looks right."""
        self.reads(*filter(None, words))
        self.page.wait_for_load_state()
        everybody = self.page.locator("html.govuk-template").count() > 0
        if everybody or ON_PHONES.match(self.path):
            self._looks_right(PHONE)
            self.page.set_viewport_size({"width": DESK, "height": 800})
        return self._looks_right(DESK)

    def _looks_right(self, width: int) -> Self:
        self.page.set_viewport_size({"width": width, "height": 800})
        assert axe.sideways(self.page) == 0, (self.path, width)
        view = (width, self.page.evaluate(SKELETON))
        if view not in LOOKED_AT:
            assert axe.serious(self.page) == [], (self.path, width)
            LOOKED_AT.add(view)
        return self

    @property
    def path(self) -> str:
        """The address without the host."""
        return re.sub(r"^https?://[^/]+|[?#].*$", "", self.page.url)

    def row(self, code: str) -> Locator:
        """The row of a dossier in the list."""
        return self.page.locator("tr", has_text=code.partition("-")[2])

    def control(self, label: str) -> Locator:
        """The visible button or link with that label: of the page itself, or else of what stands around it."""
        inside = self._controls(self.page.locator("main, #messages"), label)
        return (inside if inside.count() else self._controls(self.page.locator("body"), label)).first

    def _controls(self, part: Locator, label: str) -> Locator:
        name = re.compile(rf"^\s*{re.escape(label)}(\s\S{{1,4}})?\s*$")
        return (
            part.get_by_role("button", name=name)
            .or_(part.get_by_role("link", name=name))
            .filter(visible=True)
        )

    def field(self, label: str) -> Locator:
        """The visible field with that label."""
        return self.page.get_by_label(label).filter(visible=True).first

    def may_press(self, label: str) -> bool:
        """Whether the page offers it."""
        return self.control(label).count() > 0

    def text(self, selector: str = "main") -> str:
        """What a part of the page says, on one line."""
        return one_line(self.page.locator(selector).first.inner_text())

    def paper(self, link: str) -> str:
        """The words of the paper behind a link."""
        address = self.control(link).get_attribute("href")
        assert address
        answer = self.context.request.get(address)
        assert answer.ok, (address, answer.status)
        return pdf_text(answer.body())


def a_number() -> str:
    """An identity number of a woman of Long An born in 1991 that nobody has been seen with yet."""
    return f"080191{randrange(1_000_000):06d}"


def pdf_text(content: bytes) -> str:
    """The words of a PDF, on one line."""
    return one_line(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def one_line(text: str) -> str:
    """Words with single spaces between them."""
    return " ".join(text.split())
