"""The administrator's pages of time, as people meet them."""

from datetime import date, time

import pytest
from django.test import Client
from django.urls import reverse

from tests.pages import as_, press, text_of
from tests.province import DISTRICT, PROVINCE, unit
from vamco.timing import queries
from vamco.timing.models import REGIME_VALUES, CalendarDay, OfficeHours, Regime

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province", "monday")]


@pytest.fixture(autouse=True)
def _fresh():
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def admin() -> Client:
    return as_("quan_tri", PROVINCE)


@pytest.fixture
def lower() -> Client:
    return as_("chanh_van_phong", DISTRICT)


def test_a_swap_day_is_added_and_taken_out(admin: Client) -> None:
    answer = press(
        admin,
        reverse("calendar_day_new"),
        day="2016-12-10",
        kind="swap_work",
        replaces="2016-12-30",
        name="Làm bù nghỉ 30/12",
        source="Thông báo 1/TB-BLĐTBXH",
    )
    assert answer["Location"] == "/lich/?nam=2016"
    shown = text_of(admin.get(answer["Location"]))
    assert "Thứ Bảy 10/12/2016 làm việc hoán đổi thay cho 30/12/2016" in shown
    assert "chưa kiểm chứng" in shown
    made = CalendarDay.objects.get(date=date(2016, 12, 10))
    press(admin, reverse("calendar_day_remove", args=[made.pk]))
    assert "10/12/2016" not in text_of(admin.get("/lich/?nam=2016"))
    assert admin.get(reverse("calendar_day_remove", args=[made.pk])).status_code == 404


def test_a_wrong_day_comes_back_with_its_reason(admin: Client) -> None:
    answer = press(
        admin,
        reverse("calendar_day_new"),
        day="2016-12-10",
        kind="holiday",
        replaces="2016-12-30",
        name="x",
        source="y",
    )
    assert answer.status_code == 422
    assert "Chỉ ngày làm việc hoán đổi mới ghi ngày được thay" in text_of(answer)
    assert "Hãy nhập căn cứ" in text_of(
        press(admin, reverse("calendar_day_new"), day="2016-12-10", kind="holiday")
    )


@pytest.mark.parametrize("year", ["abc", "99999", "1", "0", "-5"])
def test_a_year_that_is_none_shows_this_one(admin: Client, year: str) -> None:
    assert admin.get(reverse("calendar_admin"), {"nam": year}).context["year"] == 2016


def _morning(opens: str, closes: str) -> dict[str, str]:
    return {"morning.opens": opens, "morning.closes": closes}


def test_hours_are_changed_for_the_province_and_for_one_unit(admin: Client, lower: Client) -> None:
    press(admin, reverse("calendar_hours_change", args=[5]), **_morning("07:30", "11:00"))
    assert OfficeHours.objects.get(unit=None, weekday=5).hours() == ((time(7, 30), time(11)),)
    assert "07:30 – 11:00" in text_of(admin.get(reverse("calendar_hours")))
    own = f"?don_vi={DISTRICT}"
    press(lower, reverse("calendar_hours_change", args=[5]) + own, **_morning("", ""))
    assert OfficeHours.objects.get(unit=unit(DISTRICT), weekday=5).hours() == ()
    assert "riêng đơn vị" in text_of(lower.get(reverse("calendar_hours") + own))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (_morning("07:30", ""), "Hãy nhập đủ mục «Buổi sáng»"),
        (_morning("11:00", "07:00"), "Giờ kết thúc phải sau giờ bắt đầu"),
        (_morning("sáng", "11:00"), "Giờ không đúng"),
    ],
)
def test_wrong_hours_come_back_with_their_reason(admin: Client, typed: dict, said: str) -> None:
    answer = press(admin, reverse("calendar_hours_change", args=[5]), **typed)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_an_office_that_never_opens_is_refused(admin: Client) -> None:
    empty = dict.fromkeys(("morning.opens", "morning.closes", "afternoon.opens", "afternoon.closes"), "")
    answers = [press(admin, reverse("calendar_hours_change", args=[day]), **empty) for day in range(7)]
    assert answers[-1].status_code == 422 or any(answer.status_code == 422 for answer in answers)
    assert any(hours for hours in queries.calendar_for().hours_by_weekday)


def test_a_regime_is_shown_with_its_sources_and_changed(admin: Client) -> None:
    shown = text_of(admin.get(reverse("calendar_regimes")))
    assert "Nghị định 61/2018/NĐ-CP, Điều 19 khoản 4" in shown
    assert "chưa kiểm chứng" in shown
    answer = press(
        admin,
        reverse("calendar_regime", args=["qd09_2015"]),
        cut_off="16:00",
        **{
            "sources.cut_off.source": "Quy chế một cửa của tỉnh, Điều 5",
            "sources.cut_off.verified": "on",
        },
    )
    assert answer.status_code == 302, text_of(answer)
    regime = Regime.objects.get(key="qd09_2015")
    assert regime.cut_off == time(16)
    source = regime.sources.get(field="cut_off")
    assert (source.source, source.verified) == ("Quy chế một cửa của tỉnh, Điều 5", True)


def test_a_value_without_source_and_two_regimes_on_one_day_are_refused(admin: Client) -> None:
    answer = press(admin, reverse("calendar_regime", args=["qd09_2015"]), **{"sources.cut_off.source": ""})
    assert answer.status_code == 422
    start = {f"sources.{name}.source": "x" for name in REGIME_VALUES}
    start |= {"key": "moi_2016", "name": "Mới", "cut_off": "15:00"}
    start |= {"supplement": "stop", "apology_days_before": "0", "wrong_authority": "refuse"}
    answer = press(admin, reverse("calendar_regime_new"), **start, valid_from="2016-01-01")
    assert "Mỗi ngày chỉ có một chế độ pháp lý" in text_of(answer)


def test_a_lower_administrator_changes_their_own_calendar_only(lower: Client) -> None:
    day = {"day": "2016-12-09", "kind": "closed", "name": "Mất điện", "source": "Thông báo 3/TB-UBND"}
    assert press(lower, reverse("calendar_day_new") + f"?don_vi={DISTRICT}", **day).status_code == 302
    assert lower.post(reverse("calendar_day_new"), day).status_code == 403
    assert not CalendarDay.objects.filter(unit=None, date=date(2016, 12, 9)).exists()
    assert lower.get(reverse("calendar_admin"), {"don_vi": PROVINCE}).status_code == 404
    shown = CalendarDay.objects.filter(unit=None, removed=False)[0]
    assert lower.get(reverse("calendar_day_remove", args=[shown.pk])).status_code == 404
    for name, more in (
        ("calendar_regime", ["qd09_2015"]),
        ("calendar_regime_new", []),
        ("calendar_hours_change", [1]),
    ):
        assert lower.get(reverse(name, args=more)).status_code == 403
        assert lower.post(reverse(name, args=more), {"name": "Khác"}).status_code == 403
    assert Regime.objects.get(key="qd09_2015").name != "Khác"
