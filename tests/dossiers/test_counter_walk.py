"""The counter's screens in a real browser: by keyboard alone, with drafts, conditions and scans, few keys at once."""

import re
import time

import pytest

from tests import axe

pytestmark = pytest.mark.browser
SET_UP = """
from importlib import import_module
from django.conf import settings
from tests import province as p
from vamco.core.actors import SYSTEM
from vamco.payments import actions as payments
from vamco.payments.models import ReceiptBook
p.load()
if not ReceiptBook.objects.filter(unit=p.unit()).exists():
    payments.open_book(SYSTEM, p.unit(), symbol="BL-26T", first=1, last=1000)
officer = p.person("mot_cua")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session["_auth_user_id"] = str(officer.pk)
session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
session["_auth_user_hash"] = officer.get_session_auth_hash()
session.save()
answer = [settings.SESSION_COOKIE_NAME, session.session_key]
"""
MOST_KEYS = 24
"""Keys beside the words themselves, from an empty screen to the printed slip of a prepared citizen."""


class Counter:
    """An officer at the screen who has a keyboard and no mouse."""

    def __init__(self, page) -> None:
        self.page, self.keys, self.violations = page, 0, []
        page.on("pageerror", lambda error: self.violations.append(str(error)))

    def opens(self, path):
        self.page.goto(path)
        self.keys = 0
        return self

    def hits(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1
        return self

    def writes(self, text, *keys):
        self.page.keyboard.type(text)
        return self.hits(*keys)

    def stands_in(self, name):
        self.page.wait_for_function("name => document.activeElement?.id === name", arg=name)
        return self

    def sees(self, selector, text):
        self.page.locator(selector).filter(has_text=text).first.wait_for()
        return self

    def looks_right(self):
        for width in (360, 1280):
            self.page.set_viewport_size({"width": width, "height": 800})
            assert axe.sideways(self.page) == 0, width
            assert axe.serious(self.page) == [], width
        return self


@pytest.fixture
def counter(live, page):
    name, key = live.run(SET_UP)
    page.context.add_cookies([{"name": name, "value": key, "url": live.url}])
    # The dialog of the printer would wait for a person.
    page.context.add_init_script("Object.defineProperty(navigator, 'pdfViewerEnabled', {get: () => false})")
    officer = Counter(page)
    yield officer
    assert officer.violations == []


def test_from_the_number_to_the_slip_by_keyboard_in_under_a_minute(counter, live):
    counter.opens("/tiep-nhan/").stands_in("applicant-number")
    began = time.monotonic()
    counter.writes("080191000528", "Enter").stands_in("applicant-name")
    counter.writes("Lê Thị Cẩm Tú").hits("Enter").writes("12/05/1991").hits(
        "Enter", "n", "n", "Enter", "Enter"
    )
    counter.writes("215 ấp 1").hits("Enter").writes("0913000888").hits("Enter", "Enter", "Tab").stands_in("q")
    counter.writes("xntthn").hits("Enter").stands_in("case-key")
    counter.hits("Enter", "Enter").stands_in("f-tinh_trang").hits("C", "Enter", "V", "F8")
    counter.sees("#status", "Đủ để tiếp nhận")
    counter.hits("F9").sees(".band--done", "Đã tiếp nhận")
    assert time.monotonic() - began < 60
    assert counter.keys <= MOST_KEYS
    counter.stands_in("applicant-number").looks_right()
    slip = counter.page.request.get(counter.page.locator("#slip").get_attribute("href"))
    assert (slip.headers["content-type"], slip.body()[:5]) == ("application/pdf", b"%PDF-")

    # The same person once more: known, and warned of what is open already.
    counter.writes("080191000528", "Enter").stands_in("q").sees(".found", "Lê Thị Cẩm Tú")
    counter.writes("xntthn").hits("Enter").sees(
        ".found--warn", "Đang có hồ sơ cùng thủ tục này"
    ).looks_right()


def test_a_condition_shows_a_field_and_what_was_typed_there_stays(counter):
    counter.opens("/tiep-nhan/?thu_tuc=1.004873")
    page = counter.page
    page.locator("#f-muc_dich").select_option("ket_hon")
    page.locator("#f-nguoi_du_dinh").fill("Lê Văn Tám")
    page.locator("#f-muc_dich").select_option("vay_von")
    page.locator("#f-nguoi_du_dinh").wait_for(state="hidden")
    page.locator("#f-muc_dich").select_option("ket_hon")
    page.locator("#f-nguoi_du_dinh").wait_for(state="visible")
    assert page.locator("#f-nguoi_du_dinh").input_value() == "Lê Văn Tám"


def test_a_draft_comes_back_with_the_procedures_own_fields_and_scans(counter, live):
    counter.opens("/tiep-nhan/").writes("080191000529", "Enter").stands_in("applicant-name").writes(
        "Võ Văn Tư"
    )
    page = counter.page
    page.locator("#q").focus()
    counter.writes("xntthn").hits("Enter").stands_in("case-key")
    page.locator("#summary").fill("Vay vốn")
    page.locator("#p-to_khai-ok").check()
    page.locator("[name=p-to_khai-scan]").set_input_files(
        [{"name": "to-khai.png", "mimeType": "image/png", "buffer": PNG}]
    )
    page.locator("[name=p-to_khai-file]").wait_for(state="attached")
    page.reload()
    counter.sees("#messages", "Đã lấy lại phần ông/bà nhập dở")
    page.locator("#p-to_khai-ok").wait_for()
    assert page.locator("#applicant-name").input_value() == "Võ Văn Tư"
    assert page.locator("#summary").input_value() == "Vay vốn"
    assert page.locator("#p-to_khai-ok").is_checked()
    assert page.locator("[name=p-to_khai-file]").count() == 1
    counter.looks_right()


def test_what_is_missing_is_said_on_top_and_beside_the_field_and_goes_when_it_is_there(counter):
    counter.opens("/tiep-nhan/?thu_tuc=1.004873").writes("08019", "Enter")
    counter.hits("F9").sees("#problems", "Cần sửa")
    page = counter.page
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    counter.looks_right()
    page.locator("#f-tinh_trang").select_option("goa")
    page.locator("#f-tinh_trang-error").wait_for(state="detached")


def test_two_procedures_of_one_person_end_in_one_slip(counter):
    counter.opens("/tiep-nhan/?thu_tuc=1.004873").stands_in("applicant-number")
    counter.writes("080191000530", "Enter").stands_in("applicant-name").writes("Phan Thị Sáu")
    page = counter.page
    for purpose, key in (("vay_von", "F4"), ("tai_san", "F9")):
        page.locator("#f-tinh_trang").select_option("chua_ket_hon")
        page.locator("#f-muc_dich").select_option(purpose)
        counter.hits("F8").sees("#status", "Đủ để tiếp nhận")
        counter.hits(key)
        if key == "F4":
            counter.sees(".band", "Lượt nộp này có 1 hồ sơ").sees(".found", "Phan Thị Sáu")
            page.locator("#q").focus()
            counter.writes("xntthn").hits("Enter").stands_in("case-key")
    counter.sees(".band--done", "Đã tiếp nhận")


def test_a_copy_is_certified_in_few_keys(counter):
    page = counter.opens("/lam-ngay/").page
    page.get_by_label("Chứng thực bản sao từ bản chính").check()
    page.locator("#f-so_trang").wait_for()
    numbers = []
    for name in ("Lê Văn Phước", "Trần Thị Bé"):
        page.locator("#applicant-name").focus()
        counter.keys, began = 0, time.monotonic()
        counter.writes(name).hits("Enter").writes("Bằng tốt nghiệp").hits("Enter")
        counter.writes("3").hits("Enter").writes("2").hits("F9")
        counter.sees(".did", name)
        assert time.monotonic() - began < 30
        assert counter.keys == 4
        counter.stands_in("applicant-name").looks_right()
        numbers.append(int(re.search(r"\d+", page.locator(".did__no").inner_text())[0]))
        assert "10.000" in page.locator(".did").inner_text()
    assert numbers[1] == numbers[0] + 1


def test_without_script_the_screen_is_a_plain_form(browser, live, counter):
    cookies = counter.page.context.cookies()
    context = browser.new_context(base_url=live.url, locale="vi-VN", java_script_enabled=False)
    context.set_default_timeout(10_000)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto("/tiep-nhan/")
    page.locator("#applicant-number").fill("080191000531")
    page.locator("#applicant-name").fill("Đặng Văn Bảy")
    page.locator("#q").fill("tình trạng hôn nhân")
    page.locator("#q").press("Enter")
    page.get_by_role("option", name="Cấp Giấy xác nhận tình trạng hôn nhân").click()
    page.locator("#f-tinh_trang").select_option("chua_ket_hon")
    page.locator("#f-muc_dich").select_option("vay_von")
    page.locator("#all-papers").click()
    page.get_by_role("button", name="Tiếp nhận và in").click()
    page.locator(".band--done").wait_for()
    assert "Đã tiếp nhận" in page.locator(".band--done").inner_text()
    context.close()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005000"
    "1ffff0e29c80000000049454e44ae426082"
)
