"""The page of a unit: for everybody who is signed in, and no more in it than the reader may know."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import province as p
from vamco.core import clock
from vamco.core.actors import EVERYWHERE, SYSTEM, Actor
from vamco.core.rooms import Indicator
from vamco.dossiers import indicators
from vamco.organisation import actions as organisation
from vamco.organisation import unit_page
from vamco.organisation.models import User
from vamco.payments import actions as payments

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
NARROW = "\u00a0"


def opened(post: str, code: str = p.COMMUNE, of: str = p.COMMUNE) -> str:
    """A unit's page as a person sees it."""
    client = Client()
    client.force_login(p.person(post, code))
    answer = client.get(reverse("unit_page", args=[of]))
    assert answer.status_code == 200
    return answer.content.decode()


def read(page: str) -> str:
    body = page.split("<main", 1)[1].split("</main", 1)[0].split(">", 1)[1]
    plain = html.unescape(re.sub(r"<[^>]+>", " ", body)).replace(NARROW, " ")
    return re.sub(r"\s+", " ", plain).strip()


def test_nobody_sees_it_without_signing_in(client: Client) -> None:
    assert client.get(reverse("unit_page", args=[p.COMMUNE]))["Location"].startswith("/tai-khoan/login/")


def test_a_code_that_is_no_units_says_what_to_do(client: Client) -> None:
    client.force_login(p.person("tu_phap"))
    for code in ("99999", "x" * 500, "%00"):
        answer = client.get(f"/don-vi/{code}/")
        assert answer.status_code == 404
    assert "Không có đơn vị mang mã này" in answer.content.decode()


def test_officials_of_other_units_see_who_works_there_and_nothing_that_is_the_units_own() -> None:
    User.objects.filter(pk=p.person("tu_phap").pk).update(email="rieng@example.vn", phone="0913777888")
    organisation.change_unit(
        SYSTEM, p.unit(), on=date(2016, 12, 5), address="12 Hùng Vương", phone="072 382 0000"
    )
    p.pay(p.receive())
    page = opened("tu_phap", p.OTHER_COMMUNE)
    text = read(page)
    assert p.person("tu_phap").full_name in text
    assert "Công chức Tư pháp - Hộ tịch" in text
    assert "12 Hùng Vương" in text
    assert "rieng@example.vn" not in page
    assert "0913777888" not in page
    assert "Đang giải quyết" not in text
    assert "Chỉ số" not in text
    assert "Thu phí, lệ phí" not in text
    assert "Sửa đơn vị" not in text


def test_units_above_and_below_are_a_press_away() -> None:
    page = opened("tu_phap", of=p.DISTRICT)
    assert f'rel="up" href="/don-vi/{p.PROVINCE}/"' in page
    assert f'href="/don-vi/{p.COMMUNE}/"' in opened("tu_phap", of=p.unit().parent.code)


def test_who_left_their_post_or_has_no_account_is_not_there() -> None:
    held = p.person("tu_phap").holdings.get()
    organisation.end_holding(SYSTEM, held, last_day=date(2016, 12, 4))
    organisation.deactivate(SYSTEM, p.person("van_phong"))
    text = read(opened("chu_tich"))
    assert held.user.full_name not in text
    assert "Công chức Văn phòng - Thống kê" not in text


def test_a_closed_unit_stays_readable() -> None:
    made = organisation.create_unit(
        SYSTEM, p.unit(p.DISTRICT), code="27999", name="Xã Cũ", level="commune", agency_code="H39.x",
        valid_from=date(2016, 1, 1),
    )  # fmt: skip
    organisation.close_unit(SYSTEM, made, last_day=date(2016, 12, 1))
    assert "Đã đóng sau 01/12/2016" in read(opened("tu_phap", of="27999"))


def test_the_units_people_see_its_work() -> None:
    late = p.receive()
    p.receive()
    text = read(opened("chu_tich"))
    assert "Đang giải quyết 2 Quá hạn 0 Nhận trong tháng 12/2016 2" in text
    with clock.told(late.due_at + timedelta(days=1)):
        assert "Đang giải quyết 2 Quá hạn 2" in read(opened("chu_tich"))


def test_who_takes_money_there_sees_books_and_the_last_closing() -> None:
    assert "Thu phí, lệ phí" not in read(opened("mot_cua"))
    p.pay(p.receive())
    assert "BL-16T còn 999 tờ Ngày khóa sổ gần nhất chưa khóa ngày nào" in read(opened("mot_cua"))
    payments.close_day(SYSTEM, p.unit(), day=date(2016, 12, 5), counted=0, note="x")
    assert "Ngày khóa sổ gần nhất 05/12/2016" in read(opened("mot_cua"))
    assert "Thu phí, lệ phí" not in read(opened("tu_phap"))


def test_the_name_of_the_unit_in_the_header_leads_to_its_page() -> None:
    assert f'class="bar__unit" href="/don-vi/{p.COMMUNE}/"' in opened("tu_phap", of=p.DISTRICT)


# Indicators ------------------------------------------------------------------------------------------------


def figure(met: int, of: int | None, none: str = "") -> str:
    indicator = Indicator("x", lambda units: (met, of), none=none)
    return unit_page._words(indicator, [1]).replace(NARROW, " ")


def test_a_share_says_of_how_many_and_is_never_rounded_up() -> None:
    assert figure(412, 421) == "97,8 % (412 trên 421)"
    assert figure(9999, 10_000) == "99,9 % (9.999 trên 10.000)"
    assert figure(3, 3) == "100,0 % (3 trên 3)"
    assert figure(0, 3) == "0,0 % (0 trên 3)"


def test_nothing_of_nothing_is_no_share() -> None:
    assert figure(0, 0, "chưa có hồ sơ nào") == "chưa có hồ sơ nào"
    assert figure(0, 0) == "chưa có gì để tính"
    assert "%" not in read(opened("chu_tich"))


def test_a_count_is_a_number() -> None:
    assert figure(1284, None) == "1.284"


def test_on_time_counts_what_was_decided_at_the_unit_that_received_it() -> None:
    p.decide(p.receive())
    late = p.receive()
    with clock.told(late.due_at + timedelta(days=1)):
        p.decide(late)
        assert indicators.on_time([p.unit().pk]) == (1, 2)
        assert indicators.on_time([p.unit(p.OTHER_COMMUNE).pk]) == (0, 0)
        assert "50,0 % (1 trên 2)" in read(opened("chu_tich"))
    with clock.told(late.due_at + timedelta(days=95)):
        assert indicators.on_time([p.unit().pk]) == (0, 0)


def test_figures_of_a_unit_hold_those_of_all_units_below() -> None:
    p.receive()
    everyone = Actor(1, "x", {"dossiers.view": EVERYWHERE})
    found = [one.words for one in unit_page.figures(everyone, p.unit(p.PROVINCE))]
    assert found == ["chưa có hồ sơ nào", "1"]
    assert unit_page.figures(Actor(1, "x"), p.unit(p.PROVINCE)) == []


def test_the_page_costs_the_same_however_many_work_there() -> None:
    client = Client()
    client.force_login(p.person("chu_tich"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("unit_page", args=[p.COMMUNE]))
        return len(asked)

    queries()  # what the process keeps from now on
    few = queries()
    for n in range(4):
        p.receive()
        post = organisation.create_post(SYSTEM, p.unit(), key=f"moi_{n}", title="Mới")
        user = organisation.create_person(
            SYSTEM, p.unit(), username=f"moi.{n}", full_name="Lê Mới", password="Sen-vàng-nở-2016"
        )
        organisation.appoint(SYSTEM, post, user=user, since=date(2016, 12, 1))
    assert queries() == few <= 21
