"""Pages for everybody: home with its figures, tracking by code, and what the second secret opens."""

import gzip
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page

from tests import axe
from tests import province as p
from tests.pages import one_line
from vamco.core import clock
from vamco.dossiers import actions, figures
from vamco.dossiers.models import Dossier
from vamco.dossiers.tracking import district_map, progress
from vamco.dossiers.tracking import typed as typed_codes
from vamco.dossiers.tracking.secret import MOST_FOR, MOST_FROM, MOST_HERE

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province"),
]
HERE = clock.HERE


@pytest.fixture(autouse=True)
def _monday(monday):
    """Every test starts on Monday, 5 December 2016, 9:00."""


def at(day, hour=9, minute=0):
    return clock.told(datetime(2016, 12, day, hour, minute, tzinfo=HERE))


def text(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return one_line(response)


def track(client, dossier, status=200):
    return text(client, f"/tra-cuu/{dossier.code}/", status)


def secret(client, dossier, typed, status=200, **extra):
    response = client.post(f"/tra-cuu/{dossier.code}/", {"secret": typed}, **extra)
    assert response.status_code == status
    return response.content.decode()


# The code as it is typed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "000.05.21.H39-161205-0007",
        " 000.05.21.h39 - 161205 - 0007 ",
        "000.05.21.H39–161205–0007",
        "000.05.21.H39 161205 0007",
        "000.05.21.H39-I612O5-OOO7",
        "000.05.21.H39-161205-7",
        "000.05.21.H391612050007",
        "https://dichvucong.example/tra-cuu/000.05.21.H39-161205-0007/",
    ],
)
def test_a_code_is_read_kindly(typed):
    assert typed_codes.read(typed).code == "000.05.21.H39-161205-0007"


@pytest.mark.parametrize("typed", ["161205-0007", "…161205-0007", "161205 7", "161205-0OO7"])
def test_the_end_of_a_code_is_read(typed):
    read = typed_codes.read(typed)
    assert (read.code, read.end) == ("", "161205-0007")


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "0007", "'; DROP TABLE x; --", "<script>", "\x00", "-" * 400, "../../etc/passwd", "9" * 5000],
)
def test_anything_else_is_no_code_and_no_fault(client, typed):
    assert not typed_codes.read(typed).code
    response = client.get("/tra-cuu/", {"code": typed})
    assert response.status_code == 404
    assert "<script" not in response.content.decode()


def test_the_form_leads_to_the_dossier(client):
    dossier = p.receive()
    response = client.get("/tra-cuu/", {"code": dossier.code.lower().replace("-", " – ")})
    assert response.status_code == 302
    assert response["Location"] == f"/tra-cuu/{dossier.code}/"
    assert client.get(f"/tra-cuu/{dossier.code.lower()}/")["Location"] == f"/tra-cuu/{dossier.code}/"


def test_the_end_alone_leads_to_the_one_dossier_or_asks_where(client):
    first = p.receive()
    end = first.code.partition("-")[2]
    assert client.get("/tra-cuu/", {"code": end})["Location"] == f"/tra-cuu/{first.code}/"
    other = p.receive(p.OTHER_COMMUNE, parties=(p.PartyInput(name="Lê Văn Tám"),))
    Dossier.objects.filter(pk=other.pk).update(code=f"{other.unit.agency_code}-{end}")
    html = text(client, f"/tra-cuu/?code={end}")
    assert "Ông/bà nộp hồ sơ ở đâu?" in html
    assert html.count(end) >= 2
    assert "Lê Văn Tám" not in html


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("000.99.99.H39-161205-0001", "Không có cơ quan nào của tỉnh mang mã 000.99.99.H39"),
        ("000.05.21.H39-161232-0014", "Ngày trong mã là 32/12/2016, không có ngày này"),
        ("000.05.21.H39-161305-0014", "Ngày trong mã là 05/13/2016, không có ngày này"),
        ("000.05.21.H39-1612050-0014", "Phần ngày có 7 chữ số"),
        ("000.05.21.H39-170105-0014", "chưa tới ngày này"),
        ("000.05.21.H39-161205-9999", "UBND phường 1 không có hồ sơ số thứ tự 9999 nhận ngày 05/12/2016"),
        ("161205-9999", "Không có hồ sơ nào nhận ngày 05/12/2016 mang số thứ tự 9999"),
        ("abc", "Mã gồm ba phần"),
    ],
)
def test_what_is_not_found_says_which_part_is_wrong(client, code, said):
    html = text(client, f"/tra-cuu/{code}/", 404)
    assert said in html
    assert 'aria-invalid="true"' in html
    assert 'value="' in html


@pytest.mark.parametrize(("identifier", "agency"), [("h39.05", "H39.05"), ("Sở KH/39", "SO-KH-39")])
def test_an_agency_whose_identifier_is_not_in_the_form_is_known_by_its_codes(client, identifier, agency):
    p.unit().__class__.objects.filter(code=p.COMMUNE).update(agency_code=identifier)
    dossier = p.receive()
    assert dossier.code.startswith(f"{agency}-161205-")
    html = text(client, f"/tra-cuu/{agency}-161205-9999/", 404)
    assert f"{p.unit().agency} không có hồ sơ số thứ tự 9999 nhận ngày 05/12/2016" in html


# What anyone may read --------------------------------------------------------------------------------------


def test_the_code_alone_shows_where_it_is_and_when_it_is_due_and_nothing_personal(client):
    dossier = p.decide(p.receive(summary="Vay vốn ngân hàng"), upto="ky_duyet")
    html = track(client, dossier)
    assert html.index("17:00 thứ Năm 08/12/2016") < html.index("Đang trình lãnh đạo ký")
    assert "Trong hạn, còn" in html
    assert "Thẩm tra hồ sơ" in html
    for hidden in ("Mỹ Hạnh", "080161000412", "48/2", "0913000124", "Vay vốn", "Tờ khai", dossier.secret):
        assert hidden not in html


def test_a_supplement_is_told_without_its_list(client):
    dossier = p.receive()
    actions.request_supplement(
        p.actor("tu_phap"), dossier, items=[("Bản án ly hôn", "Chưa có hiệu lực")], reason="Đã ly hôn hai lần"
    )
    html = track(client, dossier)
    assert "Chờ ông/bà bổ sung hồ sơ" in html
    assert "Tạm dừng" in html
    assert "ly hôn" not in html.lower()
    full = secret(client, dossier, dossier.secret)
    assert "Bản án ly hôn" in full
    assert "Chưa có hiệu lực" in full


def test_notes_and_reasons_stay_with_the_second_secret(client):
    dossier = p.receive(note="Ghi chú: người nộp bị bệnh")
    with at(6):
        dossier = actions.withdraw(p.actor("mot_cua"), dossier, reason="Lý do riêng của gia đình")
    html = track(client, dossier)
    assert "Người nộp rút hồ sơ" in html
    assert "bị bệnh" not in html
    assert "gia đình" not in html


def test_late_is_said_plainly_and_stays_said(client):
    dossier = p.receive()
    with at(12):
        html = track(client, dossier)
    assert "Quá hạn" in html
    assert "state--late" in html
    with at(12, 10):
        p.decide(dossier)
    with at(13):
        assert "Trễ hẹn, hẹn 17:00 thứ Năm 08/12/2016" in track(client, dossier)


def test_early_and_on_time_compare_when_the_result_was_ready(client):
    early = p.receive()
    on_time = p.receive(parties=(p.PartyInput(name="Lê Văn Tám"),))
    with at(6):
        p.decide(early)
    with at(8, 16, 59):
        p.decide(on_time)
    with at(20):
        assert "Sớm hơn hẹn" in track(client, early)
        html = track(client, on_time)
    assert "Đúng hẹn" in html
    assert "mời ông/bà đến nhận" in html


def test_in_english_the_page_speaks_english_where_the_switch_says_so_only(client):
    dossier = p.receive()
    html = client.get(f"/tra-cuu/{dossier.code}/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="vi"' in html
    answer = client.post("/ngon-ngu/", {"language": "en", "next": f"/tra-cuu/{dossier.code}/"})
    assert answer["Location"] == f"/tra-cuu/{dossier.code}/"
    html = track(client, dossier)
    assert '<html lang="en"' in html
    assert "Certificate of marital status" in html


# The second secret -----------------------------------------------------------------------------------------


def test_the_second_secret_opens_people_papers_and_money(client):
    dossier = p.receive()
    html = secret(client, dossier, f" {dossier.secret[:3].lower()} {dossier.secret[3:]} ")
    assert "Nguyễn Thị Mỹ Hạnh" in html
    assert "Tờ khai cấp Giấy xác nhận" in html
    assert "5.000" in html
    assert "080161000412" not in html
    assert "Mỹ Hạnh" not in track(client, dossier), "nothing stays open"


def test_what_is_personal_is_kept_by_no_cache(client):
    dossier = p.receive()
    response = client.post(f"/tra-cuu/{dossier.code}/", {"secret": dossier.secret})
    assert "no-store" in response["Cache-Control"]
    assert "no-store" in client.get(f"/tra-cuu/{dossier.code}/")["Cache-Control"]


def test_the_secret_in_an_address_opens_nothing(client):
    dossier = p.receive()
    assert "Mỹ Hạnh" not in text(client, f"/tra-cuu/{dossier.code}/?secret={dossier.secret}")


def test_the_secret_needs_the_forms_token():
    dossier = p.receive()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/tra-cuu/{dossier.code}/", {"secret": dossier.secret}).status_code == 403


def test_wrong_secrets_are_limited_also_for_the_right_one(client):
    dossier = p.receive()
    for _try in range(MOST_HERE):
        assert "Mã riêng không đúng" in secret(client, dossier, "AAAAAA", 422)
    html = secret(client, dossier, dossier.secret, 429)
    assert "thử lại sau 15 phút" in html
    assert "Mỹ Hạnh" not in html


def test_a_stranger_does_not_lock_the_applicant_out(client):
    dossier = p.receive()
    for _try in range(MOST_HERE + 1):
        client.post(f"/tra-cuu/{dossier.code}/", {"secret": "AAAAAA"}, REMOTE_ADDR="203.0.113.9")
    assert "Mỹ Hạnh" in secret(client, dossier, dossier.secret, REMOTE_ADDR="203.0.113.10")


def test_the_limits_hold_when_the_cache_forgets(client):
    dossier = p.receive()
    for _try in range(MOST_HERE):
        secret(client, dossier, "AAAAAA", 422)
    for number in range(1_000):  # anybody can make so many entries that all others are dropped
        cache.set(f"~{number}", 1, 600)
    secret(client, dossier, dossier.secret, 429)


def test_a_flood_from_one_address_does_not_lock_the_applicant_out(client):
    dossier = p.receive()
    for _try in range(MOST_FOR + 1):
        client.post(f"/tra-cuu/{dossier.code}/", {"secret": "AAAAAA"}, REMOTE_ADDR="203.0.113.9")
    assert "Mỹ Hạnh" in secret(client, dossier, dossier.secret, REMOTE_ADDR="203.0.113.10")


def test_wrong_secrets_are_limited_for_an_address_and_for_a_dossier(client):
    many = [p.receive() for _i in range(MOST_FROM // MOST_HERE + 1)]
    for dossier in many[:-1]:
        for _try in range(MOST_HERE):
            secret(client, dossier, "AAAAAA", 422)
    secret(client, many[-1], many[-1].secret, 429)
    for number in range(MOST_FOR):
        address = f"198.51.100.{number // MOST_HERE}"
        secret(client, many[-1], "AAAAAA", 422, REMOTE_ADDR=address)
    secret(client, many[-1], many[-1].secret, 429, REMOTE_ADDR="198.51.100.200")
    with at(5, 9, 15):
        assert "Mỹ Hạnh" in secret(client, many[-1], many[-1].secret)


def test_the_right_secret_may_be_used_as_often_as_one_likes(client):
    dossier = p.receive()
    for _try in range(MOST_HERE * 2):
        secret(client, dossier, dossier.secret)


def test_page_and_api_share_one_limit(client):
    dossier = p.receive()
    for _try in range(MOST_HERE):
        secret(client, dossier, "AAAAAA", 422)
    answer = client.get(f"/api/v1/tracking/{dossier.code}", headers={"X-Tracking-Secret": dossier.secret})
    assert answer.status_code == 429


def test_no_secret_and_strange_secrets_get_a_clear_word(client):
    dossier = p.receive()
    assert "Hãy nhập mã riêng" in secret(client, dossier, " ", 422)
    for typed in ("\x00", "Ẵ" * 500, "<script>"):
        assert "<script" not in secret(client, dossier, typed, 422)


# Speed and weight ------------------------------------------------------------------------------------------


def test_tracking_costs_three_queries_and_the_api_one(client, django_assert_num_queries):
    dossier = p.decide(p.receive(), upto="ky_duyet")
    track(client, dossier)
    with django_assert_num_queries(3):
        track(client, dossier)
    with django_assert_num_queries(1):
        answer = client.get(f"/api/v1/tracking/{dossier.code}")
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


def test_what_tracking_reads_is_the_dossier_and_its_units(django_assert_num_queries):
    dossier = p.decide(p.receive())
    with django_assert_num_queries(1):
        found = progress.track(f" {dossier.code.lower()} ")
        there = (found.unit.name, found.holder_unit.name)
    assert found.__dict__.pop("been") == list(dossier.runs.order_by("pk").values_list("step", flat=True))
    kept = Dossier.objects.select_related("unit", "holder_unit").get(pk=dossier.pk)
    assert there == (kept.unit.name, kept.holder_unit.name)
    for one, other in ((found, kept), (found.unit, kept.unit), (found.holder_unit, kept.holder_unit)):
        read = {name: value for name, value in vars(one).items() if name != "_state"}
        assert read == {name: vars(other)[name] for name in read}


def test_home_costs_one_query_while_its_figures_are_fresh(client, django_assert_num_queries):
    text(client, "/")
    with django_assert_num_queries(1):
        text(client, "/")


def test_the_first_view_is_light_and_has_no_script(client):
    sheets = sum(
        len(gzip.compress(Path(finders.find(f"vamco/{name}.css")).read_bytes()))
        for name in ("tokens", "govuk", "citizen")
    )
    dossier = p.receive()
    for address in ("/", "/thu-tuc/", "/thu-tuc/1.009994/", "/tra-cuu/", f"/tra-cuu/{dossier.code}/"):
        html = text(client, address)
        assert "<script" not in html
        assert sheets + len(gzip.compress(html.encode())) < 60_000, address


def test_machines_get_what_they_ask_for(client):
    robots = client.get("/robots.txt").content.decode().splitlines()
    assert {line for line in robots if line.startswith("Allow")} == {
        "Allow: /$",
        "Allow: /static/",
        "Allow: /thu-tuc/",
    }
    assert robots[-1] == "Disallow: /"
    security = client.get("/.well-known/security.txt").content.decode()
    assert re.search(r"^Contact: \S+$", security, re.M)
    assert re.search(r"^Expires: 2017-\d\d-\d\dT", security, re.M)


# Home ------------------------------------------------------------------------------------------------------


def test_home_shows_what_is_built_and_nothing_else(client):
    html = text(client, "/")
    for shown in (
        "Bạn cần làm gì?",
        'href="/thu-tuc/"',
        'href="/tra-cuu/"',
        'href="/kiem-tra/"',
        "Cập nhật lúc",
    ):
        assert shown in html
    for missing in ("Đặt lịch", "Góp ý", "Nộp hồ sơ qua mạng"):
        assert missing not in html
    for address in re.findall(r'class="vc-ask__often">(.*?)</p>', html)[0].split('href="')[1:]:
        found = text(client, address.split('"')[0].replace("&amp;", "&"))
        assert "Tìm thấy 0" not in found


def test_the_figures_are_counted_from_the_rows():
    before = figures.read()
    one = p.receive()
    two = p.receive(p.OTHER_COMMUNE, parties=(p.PartyInput(name="Lê Văn Tám"),))
    p.receive(parties=(p.PartyInput(name="Trần Thị Bé"),))
    with at(6):
        one = p.decide(one)
    with at(12):
        p.decide(two)
        p.pay(one)
        actions.hand_over(p.actor("mot_cua"), Dossier.objects.get(pk=one.pk))
        now = figures.read()
        assert now.received_today == 0
        assert now.returned_today == before.returned_today + 1
        assert (now.month.decided, now.month.on_time) == (before.month.decided + 2, before.month.on_time + 1)
        assert now.late == before.late + 1
        tan_an = next(one for one in now.districts if one.code == "794")
        assert (tan_an.share.decided, tan_an.share.on_time) == (2, 1)
        assert tan_an.share.percent == 50
        assert sum(one.share.decided for one in now.districts) == now.month.decided
    with clock.told(datetime(2017, 1, 3, 9, tzinfo=HERE)):
        assert figures.read().month.percent is None


def test_received_today_counts_a_dossier_once_whatever_happens_to_it():
    dossier = p.receive()
    assert figures.read().received_today == 1
    with at(5, 10):
        p.decide(dossier)
    with at(5, 11):
        assert figures.read().received_today == 1
    with at(6, 0, 1):
        assert figures.read().received_today == 0


def test_what_is_asked_for_most_comes_first():
    assert figures.most_asked().versions[0] != _version(p.MARRIAGE)
    p.receive()
    assert figures.most_asked().versions[0] == _version(p.MARRIAGE)
    assert len(figures.most_asked().versions) == figures.POPULAR


def _version(code):
    from vamco.procedures import queries

    return queries.guide(code).version_id


def test_the_map_holds_every_district_once_and_marks_by_rate():
    districts = figures.read().districts
    marks = district_map.marks(districts)
    assert len(marks) == len({mark.district.code for mark in marks}) == 15
    assert district_map.marks(districts[1:]) == []
    assert [district_map.state(rate) for rate in (None, 100, 97, 96.9, 95, 94.9)] == [
        "",
        "ok",
        "ok",
        "soon",
        "soon",
        "late",
    ]


def test_the_same_figures_are_a_table(client):
    p.decide(p.receive())
    html = text(client, "/")
    assert html.count('<th scope="row">') == 15
    assert re.search(r"Thành phố Tân An </th> <td[^>]*>1</td> <td[^>]*>1</td> <td[^>]*>100,0\u00a0%", html)


# In a browser ----------------------------------------------------------------------------------------------

LOADED = """
from tests import province as p
p.load()
waiting, done = p.receive(), p.receive(parties=(p.PartyInput(name="Lê Văn Tám"),))
p.decide(done)
answer = [waiting.code, waiting.secret, done.code]
"""


def weight(page: Page, address: str) -> int:
    """The bytes that came over the line for a page and its files, fonts aside."""
    sizes: dict[str, int] = {}
    fonts = set()
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.on("Network.responseReceived", lambda e: fonts.add(e["requestId"]) if e["type"] == "Font" else None)
    line.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    page.goto(address, wait_until="networkidle")
    return int(sum(size for request, size in sizes.items() if request not in fonts))


@pytest.mark.browser
def test_a_citizens_first_view_is_light_and_the_next_lighter(live, browser):
    code, _opens, _done = live.run(LOADED)
    for address in ("/", "/thu-tuc/", "/thu-tuc/1.004873/?noi=803", f"/tra-cuu/{code}/"):
        context = browser.new_context(base_url=live.url)
        page = context.new_page()
        first = weight(page, address)
        again = weight(page, address)
        context.close()
        assert 5_000 < first < 60_000, (address, first)
        assert again < first / 2, (address, again, "styles and scripts were fetched again")


@pytest.mark.browser
def test_a_citizens_walk_at_both_widths_without_script(live, browser):
    code, opens, done = live.run(LOADED)
    pages = [
        "/",
        "/thu-tuc/",
        "/thu-tuc/?q=xay",
        "/thu-tuc/1.009994/",
        "/thu-tuc/1.004873/?noi=803",
        "/tra-cuu/",
    ]
    pages += [f"/tra-cuu/{code}/", f"/tra-cuu/{done}/", "/tra-cuu/?code=000.05.21.H39-161232-0001"]
    for width in (1280, 360):
        context = browser.new_context(base_url=live.url, viewport={"width": width, "height": 800})
        page = context.new_page()
        for address in pages:
            page.goto(address)
            assert axe.sideways(page) == 0, (address, width)
            assert axe.serious(page) == [], (address, width)
        context.close()
        plain = browser.new_context(base_url=live.url, java_script_enabled=False)
        page = plain.new_page()
        page.goto("/")
        page.get_by_role("link", name="Tra cứu hồ sơ").click()
        page.get_by_label("Mã hồ sơ").fill(code.lower())
        page.get_by_role("button", name="Tra cứu").click()
        page.get_by_label("Mã riêng").fill(opens.lower())
        page.get_by_role("button", name="Xem đầy đủ").click()
        assert "Nguyễn Thị Mỹ Hạnh" in page.content()
        assert opens not in page.url
        page.get_by_role("button", name="EN").click()
        assert 'lang="en"' in page.content()
        plain.close()
