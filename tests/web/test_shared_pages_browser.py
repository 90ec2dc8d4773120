"""The pages that rooms fill, and the settings, in a real browser: reachable for everybody, and nothing runs sideways."""

import pytest

from tests.organisation.test_browser import faults, known, sign_in  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORK = """
from tests import province
from vamco.core.actors import SYSTEM
from vamco.payments import actions
from vamco.payments.models import ReceiptBook
if not ReceiptBook.objects.filter(unit=province.unit()).exists():
    actions.open_book(SYSTEM, province.unit(), symbol="BL-16T", first=1, last=12)
for upto in ("", "ky_duyet", "", "ky_duyet"):
    province.decide(province.receive(), upto=upto) if upto else province.receive()
"""


def test_the_morning_and_the_unit(page, live, known) -> None:  # noqa: F811
    live.run(WORK)
    sign_in(page, known["tu_phap"])
    assert faults(page, ["/hom-nay/", "/don-vi/27694/", "/don-vi/80/", "/don-vi/803/"]) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/hom-nay/")
    page.get_by_role("link", name="Chưa ai nhận").click()
    assert page.url.endswith("/viec/?tab=pool")
    page.locator(".bar__unit").click()
    assert page.url.endswith("/don-vi/27694/")


def test_the_settings(page, known) -> None:  # noqa: F811
    sign_in(page, known["quan_tri"])
    own = "?don_vi=803"
    urls = ["/cau-hinh/", f"/cau-hinh/{own}", f"/cau-hinh/payments.low_book/{own}"]
    assert faults(page, urls) == []
    page.get_by_label("Quyển biên lai sắp hết khi còn").fill("15")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Lưu").click()
    assert page.url.endswith(f"/cau-hinh/{own}")
    assert faults(page, [f"/cau-hinh/payments.low_book/mac-dinh/{own}", "/hom-nay/"]) == []
