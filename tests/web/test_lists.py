"""The page of a declared list: tabs, search, filters, headings, pages, and what it says when there is nothing."""

import html
import re
from dataclasses import replace

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import axe
from tests.core.test_listing import made, unit
from tests.pages import one_line
from tests.payments.conftest import make_actor, make_book, make_charges, make_unit
from tests.payments.test_pages import employ, text_of
from vamco.core.actors import SYSTEM
from vamco.organisation.models import Unit, User
from vamco.payments import actions
from vamco.web.lists import Button, list_page

LISTED = made(tabs="level", words_label="tên, mã", empty=("Chưa có đơn vị", "Thêm đơn vị thì sẽ thấy ở đây."))


def page(listing=LISTED, method="get", sent=None, **more):
    request = getattr(RequestFactory(), method)("/so/", sent or {})
    user, _new = User.objects.get_or_create(username="diem", full_name="Phan Thị Ngọc Diễm")
    request.user, request.actor, request._messages, request.session = user, SYSTEM, [], {}
    return list_page(request, listing, **more)


def body(*args, **kwargs):
    return one_line(page(*args, **kwargs))


@pytest.fixture
def units(db):
    upper = unit("9", "Huyện Bến Lức", level="district")
    upper.save()
    Unit.objects.bulk_create(unit(str(n), f"Xã {n:02}", parent=upper) for n in range(10, 70))


def links(said):
    return {html.unescape(href) for href in re.findall(r'href="(\?[^"]*)"', said)}


def test_rows_tabs_counts_and_the_way_on(units):
    said = body()
    assert said.count("data-row") == 50
    assert re.search(r'aria-current="page">\s*Tất cả <span class="num">61</span>', said)
    assert "61 dòng" in said
    assert re.search(r'type="search" name="q" value=""[^>]*placeholder="tên, mã"', said, re.DOTALL)
    (following,) = [link for link in links(said) if "cursor=" in link]
    rest = body(sent={"cursor": following.removeprefix("?cursor=")})
    assert rest.count("data-row") == 11
    assert 'rel="prev"' in rest
    district = body(sent={"level": "district"})
    assert district.count("data-row") == 1
    assert '<input type="hidden" name="level" value="district">' in district


def test_a_heading_sorts_and_says_so(units):
    said = body()
    assert re.search(r'aria-sort="ascending">\s*<a href="\?sort=-name">', said)
    down = body(sent={"sort": "-name", "q": "xa"})
    assert re.search(r'aria-sort="descending">\s*<a href="\?q=xa&amp;sort=name">', down)
    down = down.partition("<tbody>")[2]
    assert down.index("Xã 69") < down.index("Xã 68")


def test_a_phone_shows_the_labels_and_the_first_column_names_the_row(units):
    said = body()
    assert 'data-label="Cấp trên"' in said
    assert re.search(r'<th scope="row">\s*Huyện Bến Lức', said)


def test_nothing_found_says_what_to_do_and_nothing_yet_says_what_will_come(units):
    said = body(sent={"q": "zzqx <b>"})
    assert "Không có dòng nào khớp “zzqx &lt;b&gt;”" in said
    assert "Bỏ mọi bộ lọc" in said
    Unit.objects.filter(parent__isnull=False).delete()
    Unit.objects.all().delete()
    assert "Chưa có đơn vị" in body()


@pytest.mark.parametrize(
    "sent",
    [{"level": "village"}, {"until": "mai"}, {"open": "x"}, {"sort": "pk"}, {"cursor": "x"}, {"q": "\0"}],
)
def test_what_cannot_be_asked_is_said_on_the_page(units, sent):
    answer = page(sent=sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert "data-row" not in answer.content.decode()
    if "until" in sent:
        assert '<a href="#f-until">Ngày không đúng' in answer.content.decode()
        assert 'value="mai"' in answer.content.decode()


def test_buttons_stand_above(units):
    said = body(buttons=(Button("Thêm đơn vị", "/them/", "n", main=True),))
    assert re.search(r'class="btn btn--main" href="/them/" data-key="n"', said)


def test_private_words_stand_in_no_address(units):
    private = replace(LISTED, private_words=True)
    said = body(private, "post", {"q": "xa", "sort": "name"})
    assert said.count("data-row") == 50
    assert not [link for link in links(said) if "q=" in link]
    assert '<input type="hidden" name="q" value="xa">' in said
    cursor = re.search(r'name="cursor" value="([^"]+)"', said)[1]
    assert body(private, "post", {"q": "xa", "sort": "name", "cursor": cursor}).count("data-row") == 10


def test_a_page_costs_the_same_for_one_row_and_for_fifty(db):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            page()
        return len(seen)

    unit("9", "Huyện", level="district").save()
    page()
    few = cost()
    upper = Unit.objects.get()
    Unit.objects.bulk_create(unit(str(n), f"Xã {n}", parent=upper) for n in range(10, 70))
    assert cost() == few


def test_receipts_are_found_by_a_name_that_stands_in_no_address(client, db):
    where = make_unit()
    actor = make_actor(where)
    make_book(where)
    for name in ("Đặng Văn Út", "Lê Thị Bê"):
        charges = make_charges(where, 8000, name=name)
        actions.collect(actor, where, charges=[charges[0].pk], total=8000)
    client.force_login(employ(where, "cashier", "cuc"))
    found = client.post(reverse("cash_receipts"), {"q": "dang ut", "day": ""})
    assert "Đặng Văn Út" in text_of(found)
    assert "Lê Thị Bê" not in text_of(found)
    assert not [link for link in links(found.content.decode()) if "q=" in link]
    wrong = client.get(reverse("cash_receipts"), {"day": "31/02/2016"})
    assert wrong.status_code == 422
    assert "Ngày không đúng" in text_of(wrong)


@pytest.mark.browser
def test_everybody_can_use_it_at_a_desk_and_on_a_phone(units, browser):
    profile = browser.new_context(locale="vi-VN")
    screen = profile.new_page()
    said = [
        body(),
        body(sent={"q": "zzqx"}),
        body(sent={"until": "mai"}),
        body(replace(LISTED, private_words=True)),
    ]

    def answer(route, request):
        path = request.url.removeprefix("http://vamco.test")
        if path.startswith("/static/"):
            route.fulfill(path=finders.find(path.removeprefix("/static/")))
        else:
            route.fulfill(body=said[int(path.strip("/"))], content_type="text/html; charset=utf-8")

    screen.route("**/*", answer)
    for n in range(len(said)):
        for width in (1280, 360):
            screen.set_viewport_size({"width": width, "height": 800})
            screen.goto(f"http://vamco.test/{n}")
            assert (n, width, axe.serious(screen), axe.sideways(screen)) == (n, width, [], 0)
    profile.close()
