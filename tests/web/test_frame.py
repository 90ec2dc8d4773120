"""The frame of both faces, the pages that say no, and what they weigh."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory

from vamco.core.errors import NotFound
from vamco.web import context, messages, views

WEB = Path(views.__file__).parent
TEMPLATES = sorted(WEB.parent.glob("*/templates/**/*.html"))


class Officer:
    is_authenticated = True
    is_active = True
    pk = 7

    def __str__(self) -> str:
        return "Phan Thị Ngọc Diễm"


def request_of(user=None):
    request = RequestFactory().get("/khong-co/")
    request.user = user or AnonymousUser()
    request._messages = []
    return request


def page(name, user=None, **extra):
    request = request_of(user)
    return render_to_string(
        name, {"user": request.user, "request": request, **context.layout(request), **extra}
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(WEB.parent)))
def test_no_template_needs_inline_script_or_style(template):
    text = template.read_text()
    assert not re.search(r"""\sstyle=|<style|\son[a-z]+=["']|<script(?![^>]*\ssrc=)""", text)


@pytest.mark.parametrize("template", ["400.html", "403.html", "404.html"])
def test_a_refusal_says_what_to_do_next_to_both_faces(template):
    for user, face in ((None, "govuk-template"), (Officer(), 'class="staff"')):
        html = page(
            template,
            user,
            base=f"vamco/base_{'staff' if user else 'citizen'}.html",
            staff=bool(user),
            status=400,
        )
        assert face in html
        assert "<h1" in html
        assert html.count("<li>") >= 1


def test_the_page_of_a_fault_needs_no_request_and_no_database():
    response = views.server_error(request_of())
    assert response.status_code == 500
    assert "Thử lại sau ít phút" in response.content.decode()


def test_a_broken_error_page_still_answers(monkeypatch):
    monkeypatch.setattr(views.loader, "render_to_string", lambda *args, **kwargs: 1 / 0)
    response = views.server_error(request_of())
    assert response.status_code == 500
    assert "Hệ thống gặp sự cố" in response.content.decode()


def test_only_our_own_refusals_are_quoted(monkeypatch):
    seen = {}
    monkeypatch.setattr(views, "_page", lambda request, status, **context: seen.update(context))
    views.not_found(request_of(), NotFound("Không có hồ sơ này"))
    assert seen["message"] == "Không có hồ sơ này"
    views.not_found(request_of(), ValueError("SELECT secret"))
    assert seen["message"] == ""


def test_a_page_that_is_not_built_is_not_shown():
    assert context.ways((context.Way("no_such_page", "Không có"),), "/") == []


def test_the_nearest_way_in_is_current():
    ways = context.ways(
        (context.Way("account_login", "Vào"), context.Way("account_logout", "Ra")), "/tai-khoan/login/"
    )
    assert [way["current"] for way in ways] == [True, False]


def test_a_theme_from_a_cookie_is_one_of_two():
    request = request_of()
    request.COOKIES["theme"] = '"><script>'
    assert context.layout(request)["theme"] == ""
    request.COOKIES["theme"] = "dark"
    assert context.layout(request)["theme"] == "dark"


def test_an_undo_may_only_stay_on_this_site(monkeypatch):
    said = []
    monkeypatch.setattr(
        messages.messages, "success", lambda request, text, extra_tags: said.append(extra_tags)
    )
    messages.done(None, "Đã chuyển", undo="/ho-so/1/hoan-tac/", draft="intake")
    messages.done(None, "Đã chuyển", undo="//evil.example/")
    messages.done(None, "Đã chuyển", undo="https://evil.example/")
    assert said == ["undo:/ho-so/1/hoan-tac/ draft:intake", "", ""]


def test_a_message_with_undo_is_a_form_and_without_is_not():
    with_undo = Message(25, "Đã chuyển", extra_tags="undo:/x/ draft:intake")
    html = render_to_string(
        "vamco/parts/staff_messages.html", {"messages": [with_undo, Message(25, "Đã lưu")]}
    )
    assert html.count("<form") == 1
    assert 'action="/x/"' in html
    assert 'data-draft-done="intake"' in html


def test_the_search_box_never_puts_a_number_into_an_address():
    html = page("vamco/base_staff.html", Officer(), search_url="/tim/")
    assert re.search(r'<form class="bar__find"[^>]*method="post"', html)


def test_signing_out_is_a_post():
    html = page("vamco/base_staff.html", Officer())
    assert re.search(r'<form method="post" action="[^"]+" data-signout>', html)


def test_a_citizens_first_view_is_light():
    html = page("404.html", base="vamco/base_citizen.html", status=404)
    assert "<script" not in html
    files = [html.encode()] + [
        Path(finders.find(f"vamco/{name}.css")).read_bytes() for name in ("tokens", "govuk", "citizen")
    ]
    assert sum(len(gzip.compress(file)) for file in files) < 40_000


def test_a_citizens_page_loads_two_weights_only():
    sheets = "".join(Path(finders.find(f"vamco/{name}.css")).read_text() for name in ("govuk", "citizen"))
    weights = set(re.findall(r"font(?:-weight)?:\s*(\d00|bold)", sheets))
    assert weights <= {"400", "600"}


def test_fonts_and_licences_are_there():
    tokens = Path(finders.find("vamco/tokens.css"))
    for url in re.findall(r'url\("([^"]+)"\)', tokens.read_text()):
        assert (tokens.parent / url).exists(), url
    for name in ("fonts/OFL.txt", "govuk.LICENCE.txt", "htmx.LICENCE.txt"):
        assert finders.find(f"vamco/{name}")
