"""Keys, drafts and lost connections of staff pages, in a real browser on pages served by the test itself."""

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import RequestFactory

from tests import axe
from vamco.web import context as frame

pytestmark = pytest.mark.browser
POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'"
SITE = "http://vamco.test"

LIST = """
<h1>Việc của tôi</h1>
<form data-bulk hidden method="post">
<b data-selected>0</b><button class="btn" data-key="a">Giao việc</button></form>
<table class="list" data-list><thead><tr><th>Chọn</th><th>Thủ tục</th></tr></thead><tbody>
<tr data-row><td><input type="checkbox" aria-label="Chọn 1"></td><td><a href="/one">Khai sinh</a></td></tr>
<tr data-row><td><input type="checkbox" aria-label="Chọn 2"></td><td><a href="/two">Kết hôn</a></td></tr>
</tbody></table>"""
FORM = """
<h1>Tiếp nhận</h1><p><a href="/" rel="up">Về danh sách</a></p>
<form class="fields" method="post" action="/done" data-draft="intake" data-enter="next">
<input type="hidden" name="csrfmiddlewaretoken" value="token">
<input type="hidden" name="request_key" value="%s">
<div><label for="name">Họ và tên</label><input id="name" name="name"></div>
<div><label for="pin">Mã PIN</label><input id="pin" name="pin" type="password"></div>
<div><label for="way">Cách trả</label><select id="way" name="way">
<option>quầy</option><option>mạng</option></select></div>
<label class="inline"><input type="checkbox" name="paper" value="1"> Đơn</label>
<label class="inline"><input type="checkbox" name="paper" value="2"> Bản vẽ</label>
<button class="btn btn--main" data-key="F9">Tiếp nhận <kbd>F9</kbd></button></form>"""
DONE = '<h1>Xong</h1><div class="message" data-draft-done="intake"><p>Đã tiếp nhận</p></div>'
PLAIN = "<h1>Trang khác</h1>"


class Officer:
    is_authenticated = True

    def __init__(self, pk: int) -> None:
        self.pk = pk

    def __str__(self) -> str:
        return "Phan Thị Ngọc Diễm"


class Office:
    """A small site: pages by path, every POST on record."""

    def __init__(self, page) -> None:
        self.page = page
        self.pages = {
            "/": LIST,
            "/form": FORM % "k1",
            "/done": DONE,
            "/one": PLAIN,
            "/two": PLAIN,
            "/healthz": "",
        }
        self.user = 7
        self.posts: list[str] = []
        self.refused: list[str] = []
        page.on(
            "console", lambda message: self.refused.append(message.text) if "Policy" in message.text else None
        )
        page.on("pageerror", lambda error: self.refused.append(str(error)))
        page.route("**/*", self.answer)

    def answer(self, route, request):
        path = request.url.removeprefix(SITE).partition("?")[0]
        if path.startswith("/static/"):
            route.fulfill(path=finders.find(path.removeprefix("/static/")))
            return
        if request.method == "POST":
            self.posts.append(path)
        body = self.pages.get(path, PLAIN)
        route.fulfill(
            body=self.html(body),
            headers={"content-type": "text/html; charset=utf-8", "content-security-policy": POLICY},
        )

    def html(self, body: str) -> str:
        source = '{% extends "vamco/base_staff.html" %}{% block title %}Thử{% endblock %}{% block content %}'
        request = RequestFactory().get("/")
        return Template(source + body + "{% endblock %}").render(
            Context(
                {
                    **frame.layout(request),
                    "request": request,
                    "user": Officer(self.user),
                    "search_url": "/find",
                }
            )
        )

    def open(self, path: str):
        self.page.goto(SITE + path)
        return self.page


@pytest.fixture
def office(browser):
    profile = browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 800})
    profile.set_default_timeout(5000)
    running = Office(profile.new_page())
    yield running
    assert running.refused == []
    profile.close()


def test_j_and_enter_open_the_second_row(office):
    page = office.open("/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(SITE + "/two")


def test_k_stops_at_the_first_row(office):
    page = office.open("/")
    for key in "jjkk":
        page.keyboard.press(key)
    assert page.locator("[data-row][aria-current]").inner_text().strip() == "Khai sinh"


def test_x_selects_and_shows_what_may_be_done_with_the_selection(office):
    page = office.open("/")
    assert page.locator("[data-bulk]").is_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-selected]").inner_text() == "1"
    page.keyboard.press("x")
    assert page.locator("[data-bulk]").is_hidden()


def test_slash_searches_and_letters_typed_there_are_letters(office):
    page = office.open("/")
    page.keyboard.press("/")
    page.keyboard.type("jax")
    assert page.locator("#find").input_value() == "jax"
    assert page.locator("[data-row][aria-current]").count() == 0


def test_a_question_mark_lists_the_keys_of_the_page(office):
    page = office.open("/form")
    page.keyboard.press("?")
    words = page.locator("#all-keys").inner_text()
    assert "F9" in words
    assert "Tiếp nhận" in words
    page.keyboard.press("Escape")
    assert page.locator("#all-keys").is_hidden()


def test_u_goes_up(office):
    page = office.open("/form")
    page.keyboard.press("u")
    page.wait_for_url(SITE + "/")


def test_f9_works_while_typing_and_sends_once(office):
    page = office.open("/form")
    page.locator("#name").fill("Nguyễn Văn Á")
    page.keyboard.press("F9")
    page.keyboard.press("F9")
    page.wait_for_url(SITE + "/done")
    assert office.posts == ["/done"]


def test_enter_goes_to_the_next_field(office):
    page = office.open("/form")
    page.locator("#name").press("Enter")
    assert page.evaluate("document.activeElement.id") == "pin"
    assert office.posts == []


def test_what_was_typed_comes_back_but_no_secret(office):
    page = office.open("/form")
    page.locator("#name").fill("Nguyễn Văn Á")
    page.locator("#pin").fill("123456")
    page.locator("#way").select_option("mạng")
    page.locator('[name="paper"][value="2"]').check()
    office.pages["/form"] = FORM % "k2"
    page.reload()
    assert page.locator("#name").input_value() == "Nguyễn Văn Á"
    assert page.locator("#way").input_value() == "mạng"
    assert page.locator('[name="paper"][value="2"]').is_checked()
    assert not page.locator('[name="paper"][value="1"]').is_checked()
    assert page.locator("#pin").input_value() == ""
    assert page.locator('[name="request_key"]').input_value() == "k1"
    assert "Đã lấy lại phần ông/bà nhập dở" in page.locator("#messages").inner_text()
    assert "123456" not in page.evaluate("JSON.stringify(localStorage)")
    assert "token" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_draft_can_be_dropped(office):
    page = office.open("/form")
    page.locator("#name").fill("Nguyễn Văn Á")
    page.reload()
    page.get_by_role("button", name="Bỏ phần này").click()
    page.wait_for_load_state()
    page.wait_for_function("localStorage.length === 0")
    assert page.locator("#name").input_value() == ""


def test_success_drops_the_draft(office):
    page = office.open("/form")
    page.locator("#name").fill("Nguyễn Văn Á")
    page.keyboard.press("F9")
    page.wait_for_url(SITE + "/done")
    assert page.evaluate("localStorage.length") == 0


def test_a_refusal_page_keeps_the_draft(office):
    office.pages["/done"] = (
        PLAIN + "{% endblock %}{% block body_attrs %} data-keep-drafts{% endblock %}{% block keys %}"
    )
    page = office.open("/form")
    page.locator("#name").fill("Nguyễn Văn Á")
    page.keyboard.press("F9")
    page.wait_for_url(SITE + "/done")
    office.open("/form")
    assert page.locator("#name").input_value() == "Nguyễn Văn Á"


def test_signing_out_drops_every_draft(office):
    page = office.open("/form")
    page.locator("#name").fill("Nguyễn Văn Á")
    page.locator("details.menu summary").click()
    page.locator("[data-signout] button").click()
    page.wait_for_load_state()
    assert page.evaluate("localStorage.length") == 0


def test_another_user_never_sees_a_draft(office):
    page = office.open("/form")
    page.locator("#name").fill("Nguyễn Văn Á")
    office.user = 8
    office.open("/form")
    assert page.locator("#name").input_value() == ""
    assert "Nguyễn" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_lost_connection_keeps_the_page_and_sends_nothing(office):
    page = office.open("/form")
    page.locator("#name").fill("Nguyễn Văn Á")
    page.context.set_offline(True)
    page.keyboard.press("F9")
    page.locator(".message--error").wait_for()
    assert "Mất kết nối mạng" in page.locator("#messages").inner_text()
    assert page.locator("#name").input_value() == "Nguyễn Văn Á"
    assert office.posts == []
    page.context.set_offline(False)
    page.keyboard.press("F9")
    page.wait_for_url(SITE + "/done")
    assert office.posts == ["/done"]


def test_the_theme_is_kept_in_a_cookie(office):
    page = office.open("/")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="tối", exact=True).click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert any(c["name"] == "theme" and c["value"] == "dark" for c in page.context.cookies(SITE))


@pytest.mark.parametrize("path", ["/", "/form"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_never_scroll_sideways(office, path, width, scheme):
    office.page.set_viewport_size({"width": width, "height": 800})
    office.page.emulate_media(color_scheme=scheme)
    page = office.open(path)
    assert axe.sideways(page) == 0
    assert axe.serious(page) == []
