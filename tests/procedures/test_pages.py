"""The catalogue for everybody: search, the guide, and what was not checked against its source."""

import re
from datetime import date

import pytest
from django.utils import translation

from vamco.core import clock
from vamco.procedures import queries, wording
from vamco.procedures.definition import FeeLine, Source, Tier
from vamco.procedures.load import shipped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province", "monday")]


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def names(html):
    return re.findall(r'href="/thu-tuc/([^/"?]+)/"', html)


@pytest.mark.parametrize("typed", ["xây nhà", "xay nha", "XAY  NHA", "gpxd"])
def test_found_with_and_without_accents_and_by_initials(client, typed):
    html = page(client, f"/thu-tuc/?q={typed}")
    assert "1.009994" in names(html)
    assert "Tìm thấy" in html


def test_a_procedure_is_counted_once_however_many_cases_it_has(client):
    total = queries.counts().total
    assert f"Tất cả {total} thủ tục" in page(client, "/thu-tuc/")
    found = names(page(client, "/thu-tuc/?q=1.009994"))
    assert found.count("1.009994") == 1


def test_filters_narrow_and_nonsense_filters_do_not_break(client):
    total = queries.counts().total
    commune = queries.search("", tier="commune").count()
    assert commune < total
    assert f"Tìm thấy {commune} thủ tục" in page(client, "/thu-tuc/?tier=commune")
    assert f"Tất cả {total} thủ tục" in page(client, "/thu-tuc/?tier=xxx&level=99&cursor=zzz")


def test_all_pages_of_the_list_show_every_procedure_once(client, monkeypatch):
    from vamco.procedures import views

    monkeypatch.setattr(views, "PAGE", 7)
    address, seen = "/thu-tuc/", []
    while address:
        html = page(client, address)
        seen += names(html)
        following = re.search(r'rel="next" href="(\?[^"]+)"', html)
        address = "/thu-tuc/" + following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == queries.counts().total


def test_nothing_found_says_what_to_try(client):
    html = page(client, "/thu-tuc/?q=phi+thuyen")
    assert "Tìm thấy 0 thủ tục" in html
    assert "sổ đỏ" in html


@pytest.mark.parametrize(
    "typed", ["'; DROP TABLE x; --", "<script>alert(1)</script>", "\x00", "%", "a" * 5000]
)
def test_hostile_searches_are_words_only(client, typed):
    html = client.get("/thu-tuc/", {"q": typed}).content.decode()
    assert "<script" not in html


def test_the_guide_says_what_to_bring_how_long_how_much_and_where(client):
    html = page(client, "/thu-tuc/1.004873/")
    for said in (
        "3 ngày làm việc",
        "5.000\u00a0đ",
        "UBND cấp xã",
        "Tờ khai cấp Giấy xác nhận",
        "bản chính, 1 bản",
        "Chỉ khi tình trạng hôn nhân hiện tại là “Vợ hoặc chồng đã chết, chưa kết hôn lại”.",
        "Miễn cho: người có công",
        "Thẩm tra hồ sơ",
        "60/2014/QH13",
        "Có giá trị 6 tháng.",
    ):
        assert said in html, said
    assert "Nộp hồ sơ qua mạng" not in html


def test_another_case_has_its_own_limit_and_papers(client):
    html = page(client, "/thu-tuc/1.009994/?case=gia_han")
    assert "Bản chính giấy phép xây dựng đã cấp" in html
    assert "Bản vẽ thiết kế" not in html
    assert "Trường hợp: Gia hạn." in html
    assert "Trường hợp: Cấp mới." in page(client, "/thu-tuc/1.009994/?case=khong_co")


def test_a_district_chosen_lists_its_communes(client):
    html = page(client, "/thu-tuc/1.004873/?noi=803")
    assert "UBND xã Thạnh Đức" in html
    assert "UBND xã Thạnh Đức" not in page(client, "/thu-tuc/1.004873/")


def test_every_mark_leads_to_its_source_on_the_page(client):
    for one in shipped():
        html = page(client, f"/thu-tuc/{one.code}/")
        marks = set(re.findall(r'class="vc-unchecked" href="#(nguon-\d+)"', html))
        assert marks == set(re.findall(r'<li id="(nguon-\d+)"', html))
        case = one.case()
        unchecked = [one.source, case.limit.source, *(p.source for p in case.papers)]
        for source in unchecked:
            if not source.verified:
                assert source.text.replace('"', "&quot;") in html


def test_what_has_no_source_of_its_own_carries_the_mark_of_the_whole(client):
    """Who it is for, the result and how long it holds, who decides, the legal basis, the reasons for refusal."""
    said = queries.guide("1.004873")
    assert not said.source.verified
    html = page(client, "/thu-tuc/1.004873/")
    number = re.search(rf'<li id="(nguon-\d+)">\s*{re.escape(said.source.text)}', html)[1]
    mark = rf'(?:(?!<h2|<details|</details|<dt).)*?<a class="vc-unchecked" href="#{number}"'
    for value in (
        "Ai làm thủ tục này",
        "Có giá trị 6 tháng",
        "Cơ quan giải quyết:",
        "60/2014/QH13",
        "Khi nào bị từ chối",
        said.code + "</span>",
    ):
        assert re.search(re.escape(value) + mark, html, re.DOTALL), value


def test_in_lists_what_was_not_checked_has_a_star():
    said = queries.guide("1.004873")
    assert wording.summary(said, clock.today()) == "UBND cấp xã\u00a0· 3 ngày làm việc*\u00a0· 5.000\u00a0đ"


def test_an_unknown_code_is_a_page_that_leads_on(client):
    html = page(client, "/thu-tuc/9.999999/", 404)
    assert "Không tìm thấy" in html


def test_the_guide_in_english_has_no_vietnamese_names(client):
    client.cookies["django_language"] = "en"
    html = page(client, "/thu-tuc/1.009994/")
    assert "Building permit for a detached house" in html
    assert "Bản vẽ thiết kế" not in html


def line(*tiers, **more):
    given = {"max_per": None, "quantity_field": "", "times_field": "", **more}
    return FeeLine(
        "k", "Phí", "Fee", "fee", tuple(Tier(*one) for one in tiers), exempt=(), only=(), channels=(), when=None,
        valid_from=None, valid_to=None, legal_ref="", source=Source("x"), **given,
    )  # fmt: skip


def test_fees_in_words():
    case = queries.guide("2.000815").case()
    paged = line((2, 2000), (None, 1000), quantity_field="so_trang", times_field="so_ban", max_per=100_000)
    assert wording.amount(paged, case.fields) == (
        "2.000\u00a0đ mỗi trang của bản chính, từ trang thứ 3 là 1.000\u00a0đ; nhiều nhất 100.000\u00a0đ; "
        "tính cho mỗi bản cần chứng thực"
    )
    assert wording.amount(line((None, 0)), case.fields) == "không thu"
    assert wording.amount(line((None, 5000)), case.fields) == "5.000\u00a0đ"


def test_fees_of_another_time_are_not_shown_and_coming_ones_say_when():
    case = queries.guide("2.000815").case()
    shown = [(one.line.key, " ".join(one.notes)) for one in wording.fees(case, date(2016, 12, 5))]
    assert [key for key, _notes in shown] == ["phi_2016", "phi_2017"]
    assert "Áp dụng từ 01/01/2017." in shown[1][1]
    assert [one.line.key for one in wording.fees(case, date(2017, 1, 1))] == ["phi_2017"]
    assert wording.fee(case, date(2016, 12, 5)) == "2.000\u00a0đ/trang"


@pytest.mark.parametrize(
    ("public", "station"),
    [
        ("Đang thẩm định hồ sơ", "Thẩm định hồ sơ"),
        ("Đã ký, đang vào sổ và đóng dấu", "Vào sổ và đóng dấu"),
        ("Huyện đang thẩm định hồ sơ", "Huyện thẩm định hồ sơ"),
        ("Chờ ông/bà nộp thuế và lệ phí theo thông báo", "Chờ ông/bà nộp thuế và lệ phí theo thông báo"),
        ("", ""),
    ],
)
def test_the_name_of_a_station_from_the_words_for_being_in_it(public, station):
    assert wording.station(public) == station


def test_every_shipped_condition_can_be_said():
    with translation.override("vi"):
        for one in shipped():
            for case in one.cases:
                for paper in wording.papers(case):
                    assert paper.paper.required != "when" or len(paper.when) > len("Chỉ khi .")
                assert all(
                    "%(" not in " ".join((fee.amount, *fee.notes))
                    for fee in wording.fees(case, date(2016, 12, 5))
                )


def test_the_guide_costs_few_queries_when_it_is_known(client, django_assert_max_num_queries):
    client.get("/thu-tuc/1.004873/")
    with django_assert_max_num_queries(6):
        client.get("/thu-tuc/1.004873/")
