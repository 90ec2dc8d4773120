"""The administrator's pages of settings, as people meet them, and the API beside them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.pages import as_, press, text_of
from tests.province import CENTRE, COMMUNE, DISTRICT, PROVINCE, person, token, unit
from vamco.configuration import values
from vamco.configuration.models import Value

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province", "monday")]
LOW = "payments.low_book"


@pytest.fixture
def admin() -> Client:
    return as_("quan_tri", PROVINCE)


@pytest.fixture
def lower() -> Client:
    return as_("chanh_van_phong", DISTRICT)


def test_an_administrator_sees_what_holds_and_changes_it(admin: Client) -> None:
    listed = text_of(admin.get(reverse("settings")))
    assert re.search(r"Quyển biên lai sắp hết khi còn .* 20 mặc định", listed)
    assert "Phí, lệ phí" in listed
    url = reverse("setting", args=[LOW])
    assert 'value="20"' in admin.get(url).content.decode()
    answer = press(admin, url, value="15")
    assert answer["Location"] == reverse("settings")
    listed = text_of(admin.get(answer["Location"]))
    assert f"15 cả tỉnh 09:00 05/12/2016, {person('quan_tri', PROVINCE).full_name}" in listed
    press(admin, reverse("setting_reset", args=[LOW]))
    assert "20 mặc định" in text_of(admin.get(reverse("settings")))


def test_a_wrong_value_comes_back_beside_its_field(admin: Client) -> None:
    answer = press(admin, reverse("setting", args=[LOW]), value="1001")
    assert answer.status_code == 422
    assert "Hãy ghi một số từ 0 đến 1000." in text_of(answer)
    assert press(admin, reverse("setting", args=[LOW]), value="").status_code == 422
    assert not Value.objects.exists()


def test_a_district_sets_its_own_and_sees_the_provinces(admin: Client, lower: Client) -> None:
    press(admin, reverse("setting", args=[LOW]), value="15")
    own = f"?don_vi={DISTRICT}"
    assert "15 cả tỉnh" in text_of(lower.get(reverse("settings") + own))
    assert press(lower, reverse("setting", args=[LOW]) + own, value="7")["Location"] == f"/cau-hinh/{own}"
    assert "7 riêng đơn vị" in text_of(lower.get(reverse("settings") + own))
    assert "15" in text_of(lower.get(reverse("settings")))
    assert f"{unit(DISTRICT).name}: 7" in text_of(admin.get(reverse("settings")))
    below = unit(f"{DISTRICT}-tu_phap")
    assert f"7 {unit(DISTRICT).name}" in text_of(admin.get(f"{reverse('settings')}?don_vi={below.code}"))


def test_a_district_changes_nothing_of_the_province_or_of_others(lower: Client) -> None:
    assert lower.get(reverse("setting", args=[LOW])).status_code == 403
    assert lower.post(reverse("setting", args=[LOW]), {"value": "7"}).status_code == 403
    assert lower.get(f"{reverse('setting', args=[LOW])}?don_vi={CENTRE}").status_code == 404
    assert lower.get(f"{reverse('settings')}?don_vi={CENTRE}").status_code == 404
    assert "Sửa" not in text_of(lower.get(reverse("settings")))


def test_a_setting_that_is_not_there(admin: Client) -> None:
    for key in ("payments.nothing", "x" * 300, "a'--"):
        assert admin.get(f"/cau-hinh/{key}/").status_code == 404


def test_only_administrators_come_in() -> None:
    client = as_("tu_phap", COMMUNE)
    assert client.get(reverse("settings")).status_code == 403
    assert 'href="/cau-hinh/"' not in client.get(reverse("morning")).content.decode()


# The API ---------------------------------------------------------------------------------------------------


def call(post: str, code: str):
    headers = {"Authorization": f"Bearer {token(person(post, code))}"}
    return Client(headers=headers)


def test_a_program_reads_and_changes_settings() -> None:
    admin = call("quan_tri", PROVINCE)
    url = f"/api/v1/settings/{LOW}/actions"
    answer = admin.post(f"{url}/set", {"value": 15}, content_type="application/json")
    assert answer.status_code == 200
    assert (answer.json()["value"], answer.json()["default"], answer.json()["unit"]) == (15, 20, None)
    answer = admin.post(f"{url}/set", {"value": 7, "unit": DISTRICT}, content_type="application/json")
    assert (answer.json()["value"], answer.json()["unit"]) == (7, DISTRICT)
    listed = admin.get("/api/v1/settings", {"unit": DISTRICT, "q": "bien lai"}).json()["items"]
    assert [(one["key"], one["value"]) for one in listed] == [(LOW, 7)]
    answer = admin.post(f"{url}/reset", {"unit": DISTRICT}, content_type="application/json")
    assert answer.json()["value"] == values.value(LOW) == 15


@pytest.mark.parametrize("wrong", [True, "nhiều", -1, 1001, None, [1], 1.5])
def test_a_program_is_told_what_is_wrong(wrong: object) -> None:
    admin = call("quan_tri", PROVINCE)
    answer = admin.post(
        f"/api/v1/settings/{LOW}/actions/set", {"value": wrong}, content_type="application/json"
    )
    assert answer.status_code == 422
    assert all(one["field"].startswith("value") for one in answer.json()["errors"])


def test_settings_are_not_for_everybody() -> None:
    assert call("tu_phap", COMMUNE).get("/api/v1/settings").status_code == 403
    answer = call("chanh_van_phong", DISTRICT).post(
        f"/api/v1/settings/{LOW}/actions/set", {"value": 3}, content_type="application/json"
    )
    assert answer.status_code == 403
