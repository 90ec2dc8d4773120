"""Pictures for the documents, taken from a running demo: python tools/pictures.py URL COUNTER OFFICER HOLDER CODE NUMBER

COUNTER and OFFICER are user names that `./dev demo` printed: whose counter and whose inbox is shown. HOLDER is who has
the dossier CODE, NUMBER the identity number of somebody whom the counter knows. Needs the development environment and
Chromium (VAMCO_CHROMIUM names another one).
"""

import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
PASSWORD = "vamco-2016"  # noqa: S105 (what the demo prints)
WIDTHS = (1280, 360)
TALLEST = 1800


def main(url: str, counter: str, officer: str, holder: str, code: str, number: str) -> None:
    """Take every picture at both widths."""
    FOLDER.mkdir(exist_ok=True)
    chromium = os.environ.get("VAMCO_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for width in WIDTHS:
            citizen = _page(browser, url, width)
            for name, path in (
                ("home", "/"),
                ("procedure", "/thu-tuc/1.004873/"),
                ("tracking", f"/tra-cuu/{code}/"),
            ):
                _take(citizen, path, f"{name}-{width}")
            at_counter = _page(browser, url, width, counter)
            _take(at_counter, "/lam-ngay/", f"at-once-{width}")
            _take(at_counter, "/thu-tien/bien-lai/", f"cash-{width}")
            _fill_intake(at_counter, number)
            _keep(at_counter, f"intake-{width}")
            _take(_page(browser, url, width, officer), "/viec/?tab=unit", f"inbox-{width}")
            _take(_page(browser, url, width, holder), f"/ho-so/{code}/", f"dossier-{width}")
        browser.close()
    for name in ("inbox", "intake"):
        shutil.copy(FOLDER / f"{name}-1280.png", FOLDER / f"{name}.png")


def _page(browser: Browser, url: str, width: int, user: str = "") -> Page:
    page = browser.new_context(
        base_url=url, locale="vi-VN", viewport={"width": width, "height": 800}
    ).new_page()
    if user:
        page.goto("/tai-khoan/login/")
        page.fill("[name=login]", user)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/viec/**")
    return page


def _fill_intake(page: Page, number: str) -> None:
    """A counter in the middle of its work: the person is known, the procedure chosen, the papers are there."""
    page.goto("/tiep-nhan/")
    page.locator("input.big").first.fill(number)
    page.keyboard.press("Tab")
    page.wait_for_timeout(1500)
    page.get_by_label("Tên hoặc chữ cái đầu").fill("xntthn")
    page.wait_for_timeout(1500)
    page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    for answer, index in (("Tình trạng hôn nhân hiện tại", 1), ("Mục đích sử dụng", 3)):
        page.get_by_label(answer).select_option(index=index)
        page.wait_for_timeout(1500)
    page.keyboard.press("F8")
    page.wait_for_timeout(1500)
    page.evaluate("scrollTo(0, 0)")


def _take(page: Page, path: str, name: str) -> None:
    page.goto(path)
    _keep(page, name)


def _keep(page: Page, name: str) -> None:
    """The page as it opens at a desk; on a phone as far down as one scrolls once or twice."""
    page.wait_for_load_state("networkidle")
    whole = FOLDER / f"{name}.png"
    page.screenshot(path=whole, full_page="360" in name)
    picture = Image.open(whole)
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(whole, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:7])
