"""The pages of administrators and auditors in a real browser: reachable for everybody, and nothing runs sideways."""

import re

import pytest

from tests import axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "mot-cau-dai-de-nho"

SET_UP = """
from tests import province
from vamco.core import ledger, clock
from vamco.core.actors import SYSTEM
from vamco.organisation import actions as people
from vamco.organisation.models import Post, User
province.load()
answer = {}
for post, code in (("quan_tri", "80"), ("thanh_tra", "80"), ("tu_phap", "27694")):
    # People of their own: other tests on this installation are signed in as those who are there.
    name = f"trinh-duyet.{post.replace('_', '-')}"
    made = User.objects.filter(username=name).first() or people.create_person(
        SYSTEM, province.unit(code), username=name, full_name="Lê Thị Trình Duyệt", password="mot-cau-dai-de-nho"
    )
    where = Post.objects.get(unit__code=code, key=post)
    if not made.holdings.exists():
        people.appoint(SYSTEM, where, user=made, since=clock.today())
    answer[post] = name
ledger.seal(clock.now())
from vamco.procedures import actions
from vamco.procedures.models import Procedure
procedure = Procedure.objects.get(code="1.004873")
version = procedure.versions.order_by("number")[0]
answer["version"] = version.pk
if not procedure.versions.filter(state="draft").exists():
    actions.new_draft(SYSTEM, version)
answer["draft"] = procedure.versions.get(state="draft").pk
answer["post"] = province.person("tu_phap", "27694").holdings.get().post_id
answer["person"] = province.person("tu_phap", "27694").pk
from vamco.core.models import LedgerEntry
answer["entry"] = LedgerEntry.objects.latest("pk").pk
"""


@pytest.fixture(scope="module")
def known(live) -> dict:
    """Long An on the live installation: names to sign in with, and numbers of things."""
    return live.run(SET_UP)


def sign_in(page, name: str) -> None:
    page.goto("/tai-khoan/login/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda address: "/tai-khoan/" not in address)


def faults(page, urls: list[str]) -> list[tuple]:
    """What is wrong with the pages at a desk and on a phone."""
    found = []
    for url in urls:
        page.set_viewport_size({"width": 1280, "height": 800})
        answer = page.goto(url)
        if answer.status != 200:
            found.append((url, answer.status))
        found += [(url, *one) for one in axe.serious(page)]
        page.set_viewport_size({"width": 360, "height": 740})
        found += [(url, "phone", *one) for one in axe.serious(page)]
        if axe.sideways(page):
            found.append((url, "sideways", axe.sideways(page)))
    return found


def test_an_administrators_pages(page, known) -> None:
    sign_in(page, known["quan_tri"])
    page.goto(f"/to-chuc/nguoi/{known['person']}/mat-khau/")
    assert axe.serious(page) == []
    page.get_by_label("Mật khẩu đang dùng").fill(PASSWORD)
    page.get_by_role("button", name="Xác nhận").click()
    page.wait_for_url("**/mat-khau/")
    draft = f"/thu-tuc/quan-tri/{known['draft']}/"
    urls = [
        "/to-chuc/", "/to-chuc/?q=phuong", "/to-chuc/don-vi/27694/", "/to-chuc/don-vi/27694/sua/",
        "/to-chuc/don-vi/27694/nguoi/", f"/to-chuc/chuc-vu/{known['post']}/", "/to-chuc/nguoi/",
        f"/to-chuc/nguoi/{known['person']}/", f"/to-chuc/nguoi/{known['person']}/mat-khau/",
        f"/to-chuc/nguoi/{known['person']}/ma/", "/ma-truy-cap/", "/ma-truy-cap/moi/",
        "/lich/?nam=2016", "/lich/ngay/moi/", "/lich/gio/", "/lich/gio/0/", "/lich/che-do/",
        "/lich/che-do/nd61_2018/", "/thu-tuc/quan-tri/", draft, f"{draft}thong-tin/",
        f"{draft}truong-hop/thuong/", f"{draft}truong-hop/thuong/papers/to_khai/",
        f"{draft}truong-hop/thuong/fields/tinh_trang/", f"{draft}truong-hop/thuong/fees/le_phi/",
        f"{draft}truong-hop/thuong/buoc/tham_tra/",
    ]  # fmt: skip
    assert faults(page, urls) == []


def test_an_auditors_and_an_officers_pages(page, known) -> None:
    sign_in(page, known["thanh_tra"])
    assert faults(page, ["/nhat-ky/", "/nhat-ky/?nhay_cam=1", f"/nhat-ky/{known['entry']}/"]) == []
    page.context.clear_cookies()
    sign_in(page, known["tu_phap"])
    assert faults(page, ["/uy-quyen/", "/uy-quyen/?q=nguyen"]) == []


def test_a_new_person_by_keyboard_then_their_first_sign_in(page, known) -> None:
    sign_in(page, known["quan_tri"])
    page.goto("/to-chuc/don-vi/27694/")
    page.keyboard.press("n")
    page.get_by_label("Mật khẩu đang dùng").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Họ và tên").fill("Trần Thị Hạnh")
    page.get_by_label("Tên đăng nhập").fill("hanh.thu")
    page.get_by_label("Chức vụ").select_option(index=1)
    page.keyboard.press("F9")
    page.wait_for_url("**/to-chuc/nguoi/*/")
    password = page.locator(".once__text").inner_text()
    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){2}", password)
    assert axe.serious(page) == []
    page.reload()
    assert page.locator(".once__text").count() == 0

    page.context.clear_cookies()
    page.goto("/tai-khoan/login/")
    page.get_by_label("Tên đăng nhập").fill("hanh.thu")
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/password/change/")
    page.get_by_label("Mật khẩu đang dùng").fill(password)
    page.get_by_label("Mật khẩu mới", exact=True).fill(PASSWORD)
    page.get_by_label("Mật khẩu mới, nhập lại").fill(PASSWORD)
    page.get_by_role("button", name="Đổi mật khẩu").click()
    page.goto("/viec/")
    assert page.url.endswith("/viec/")
