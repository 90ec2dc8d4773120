"""An administrator adds a case and a step and puts them in order, by keyboard, without a script, and on a phone."""

import pytest
from playwright.sync_api import expect

from tests import axe
from tests.organisation.test_browser import PASSWORD, faults, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SET_UP = """
from tests import province
from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.organisation import actions as people
from vamco.organisation.models import Post, User
from vamco.procedures import actions
from vamco.procedures.models import Procedure
province.load()
name = "danh-muc.quan-tri"
made = User.objects.filter(username=name).first() or people.create_person(
    SYSTEM, province.unit("80"), username=name, full_name="Lê Thị Danh Mục", password=%r
)
if not made.holdings.exists():
    people.appoint(SYSTEM, Post.objects.get(unit__code="80", key="quan_tri"), user=made, since=clock.today())
procedure = Procedure.objects.get(code="1.009994")
if procedure.versions.filter(state="draft").exists():
    actions.discard(SYSTEM, procedure)
answer = {"name": name, "draft": actions.new_draft(SYSTEM, procedure.versions.order_by("-number")[0]).pk}
"""


@pytest.fixture
def draft(page, live) -> str:
    """The address of a fresh draft, looked at by an administrator of the province."""
    known = live.run(SET_UP % PASSWORD)
    sign_in(page, known["name"])
    return f"/thu-tuc/quan-tri/{known['draft']}/"


def step_names(page) -> list[str]:
    return page.locator("#steps li > a").all_inner_texts()


def test_every_form_is_right_at_a_desk_and_on_a_phone(page, draft) -> None:
    case = f"{draft}truong-hop/moi/"
    forms = [
        "/thu-tuc/quan-tri/", "/thu-tuc/quan-tri/them/", "/thu-tuc/quan-tri/them-linh-vuc/", draft,
        f"{draft}thong-tin/", f"{draft}them-truong-hop/", case, f"{case}bo/", f"{case}thoi-han/",
        f"{case}quy-trinh/", f"{case}them-buoc/", f"{case}buoc/tham_dinh/", f"{case}buoc/tham_dinh/bo/",
        f"{case}parties/", f"{case}parties/applicant/",
    ]  # fmt: skip
    assert faults(page, forms) == []


def test_a_case_and_a_step_are_added_by_keyboard(page, draft) -> None:
    page.goto(draft)
    page.get_by_role("link", name="Thêm trường hợp").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Tên trường hợp").focus()
    page.keyboard.type("Cấp lại")
    page.keyboard.press("Tab")
    page.keyboard.type("Again")
    page.keyboard.press("F9")
    page.wait_for_url("**truong_hop=cap_lai")
    page.get_by_role("link", name="Thêm bước").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Tên bước").fill("Kiểm tra thực tế")
    page.get_by_label("Tên tiếng Anh").fill("Look at the place")
    page.get_by_label("Số giờ làm việc").fill("0")
    page.get_by_label("Người nộp đọc thấy").fill("Đang kiểm tra thực tế")
    page.get_by_label("Tiếng Anh", exact=True).fill("The place is being looked at")
    page.keyboard.press("F9")
    page.wait_for_url("**#steps")
    assert "Kiểm tra thực tế" in step_names(page)
    before = step_names(page)
    page.get_by_role("button", name="Chuyển Kiểm tra thực tế lên trước").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#steps-kiem_tra_thuc_te")
    place = before.index("Kiểm tra thực tế")
    assert step_names(page).index("Kiểm tra thực tế") == place - 1
    assert axe.serious(page) == []


def test_the_same_on_a_phone_without_a_script(page, draft, browser, live) -> None:
    cookies = page.context.cookies()
    context = browser.new_context(
        base_url=live.url, java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="vi-VN"
    )
    context.add_cookies(cookies)
    phone = context.new_page()
    phone.goto(draft)
    before = step_names(phone)
    phone.get_by_role("button", name=f"Chuyển {before[0]} xuống sau").click()
    assert step_names(phone)[:2] == [before[1], before[0]]
    phone.get_by_role("link", name=f"Bỏ {before[0]}").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text(f"Bỏ bước «{before[0]}»")
    phone.get_by_role("button", name="Bỏ khỏi bản nháp").click()
    expect(phone.get_by_text(f"Đã bỏ bước «{before[0]}».")).to_be_visible()
    assert before[0] not in step_names(phone)
    context.close()
