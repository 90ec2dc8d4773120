"""The morning page: what waits for a person today, told by the rooms."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import province as p
from tests.pages import one_line
from vamco.configuration import actions as configuration
from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.dossiers import actions
from vamco.payments import actions as payments
from vamco.timing import actions as timing

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def opened(post: str, code: str = p.COMMUNE) -> str:
    """The page of a person, as its HTML."""
    client = Client()
    client.force_login(p.person(post, code))
    answer = client.get(reverse("morning"))
    assert answer.status_code == 200
    return one_line(answer)


def read(page: str) -> str:
    body = page.split("<main", 1)[1].split("</main", 1)[0].split(">", 1)[1]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def test_nobody_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(reverse("morning"))["Location"].startswith("/tai-khoan/login/")


def test_it_says_the_day_and_what_will_appear_when_nothing_waits() -> None:
    text = read(opened("tu_phap"))
    assert text.startswith("Thứ Hai 05/12/2016 Sáng nay không có việc nào chờ ông/bà")
    assert "việc chờ ông/bà ký" in text


def test_every_role_has_the_way_in_second_to_the_list_of_work() -> None:
    page = opened("tu_phap")
    ways = re.findall(r'<li> <a href="([^"]+)"', page.split("<nav", 1)[1].split("</nav", 1)[0])
    assert ways[:2] == ["/viec/", "/hom-nay/"]
    assert '<a href="/hom-nay/" aria-current="page">' in page


def test_what_nobody_took_is_counted_as_in_the_inbox() -> None:
    for _i in range(2):
        p.receive()
    page = opened("tu_phap")
    assert "Chờ nhận 2" in read(page)
    assert 'href="/viec/?tab=pool"' in page


def test_late_and_due_today_in_my_hands() -> None:
    due = actions.take(p.actor("tu_phap"), p.receive())
    actions.take(p.actor("tu_phap"), p.receive())
    with clock.told(due.due_at - timedelta(hours=2)):
        assert "Trong tay tôi 2 tất cả Hồ sơ của tôi 2 2 hẹn trả hôm nay" in read(opened("tu_phap"))
    with clock.told(due.due_at + timedelta(days=1)):
        assert "2 quá hạn" in read(opened("tu_phap"))


def test_a_leader_finds_what_waits_for_a_signature_and_where() -> None:
    p.decide(p.receive(), upto="ky_duyet")
    page = opened("chu_tich")
    assert read(page).startswith("Thứ Hai 05/12/2016 Chờ tôi ký 1")
    assert "tab=pool&amp;buoc=ky_duyet" in page or "tab=mine&amp;buoc=ky_duyet" in page
    assert "Chờ tôi ký" not in opened("tu_phap")


def test_a_head_finds_what_is_late_in_the_unit_and_others_do_not() -> None:
    late = p.receive()
    with clock.told(late.due_at + timedelta(days=1)):
        text = read(opened("chu_tich"))
        assert "Trong đơn vị tôi" in text
        assert "Quá hạn 1 1 quá hạn" in text
        assert "Chưa giao cho ai 1" in text
        assert "Trong đơn vị tôi" not in read(opened("tu_phap"))


def test_a_question_waits_for_the_unit_that_is_asked() -> None:
    actions.consult(p.actor("tu_phap"), p.receive(), unit=p.OTHER_COMMUNE, question="Đề nghị xác minh.")
    page = opened("tu_phap", p.OTHER_COMMUNE)
    assert "Đơn vị khác hỏi ý kiến 1" in read(page)
    assert "tab=y-kien" in page


def test_a_day_without_its_closing_waits_for_the_cashier() -> None:
    p.pay(p.receive())
    assert "Sổ thu chưa khóa" not in opened("mot_cua"), "today is closed in the evening"
    with clock.told(p.MONDAY + timedelta(days=1)):
        page = opened("mot_cua")
        assert "Sổ thu chưa khóa Thứ Hai 05/12/2016" in read(page)
        assert "Sổ thu chưa khóa" not in opened("tu_phap")
        assert "Sổ thu chưa khóa" not in opened("mot_cua", p.OTHER_COMMUNE)
    closing = re.search(r'href="(/thu-tien/khoa-so/[^"]+day=2016-12-05)"', page)
    assert closing
    with clock.told(p.MONDAY + timedelta(days=1)):
        payments.close_day(p.actor("mot_cua"), p.unit(), day=date(2016, 12, 5), counted=8000, note="x")
        assert "Sổ thu chưa khóa" not in opened("mot_cua")


def test_a_book_that_runs_out_is_told_from_the_number_that_is_set() -> None:
    payments.open_book(SYSTEM, p.unit(), symbol="BL-16T", first=1, last=21)
    assert "sắp hết" not in opened("mot_cua")
    configuration.set_value(SYSTEM, p.unit(), key="payments.low_book", value="21")
    assert "Quyển biên lai sắp hết BL-16T còn 21 tờ" in read(opened("mot_cua"))
    assert "sắp hết" not in opened("mot_cua", p.OTHER_COMMUNE)


def test_the_next_day_off_is_told_two_weeks_before_it() -> None:
    with clock.told(p.MONDAY.replace(month=8, day=18)):
        assert "Quốc khánh" not in opened("tu_phap")
    with clock.told(p.MONDAY.replace(month=8, day=19)):
        assert "Lịch sắp tới thứ Sáu 02/09/2016 nghỉ lễ Quốc khánh" in read(opened("tu_phap"))


def test_a_units_own_day_goes_before_the_provinces() -> None:
    said = {"day": date(2016, 12, 7), "source": "Công văn 1"}
    timing.set_day(SYSTEM, None, kind="swap_work", name="Cả tỉnh", **said)
    timing.set_day(SYSTEM, p.unit(), kind="closed", name="Lũ", **said)
    assert "thứ Tư 07/12/2016 nghỉ đột xuất: Lũ" in read(opened("tu_phap"))
    assert "thứ Tư 07/12/2016 làm việc hoán đổi: Cả tỉnh" in read(opened("tu_phap", p.OTHER_COMMUNE))


def test_the_page_costs_the_same_however_much_waits() -> None:
    client = Client()
    client.force_login(p.person("chu_tich"))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse("morning"))
        return len(asked)

    p.receive()
    client.get(reverse("morning"))
    few = queries()
    for _i in range(4):
        p.receive()
        p.decide(p.receive(), upto="ky_duyet")
    assert queries() == few <= 20
