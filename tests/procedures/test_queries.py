"""Finding procedures, and the catalogue's API."""

from datetime import date

import pytest

from vamco.core.actors import SYSTEM
from vamco.core.errors import NotFound
from vamco.procedures import actions, load, queries
from vamco.procedures.models import ProcedureVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
DAY = date(2016, 12, 5)


def found(q="", **filters):
    return [version.procedure.code for version in queries.search(q, on=DAY, **filters)]


WORDS = [
    ("khai sinh", "1.001193"),
    ("KHAI SINH", "1.001193"),
    ("khai sin", "1.001193"),
    ("tinh trang hon nhan", "1.004873"),
    ("tình trạng hôn nhân", "1.004873"),
    ("1.004873", "1.004873"),
    ("gpxd", "1.009994"),
    ("gpxd nhà ở", "1.009994"),
    ("gplx", "1.002809"),
    ("bang lai", "1.002809"),
    ("sổ đỏ", "2.000889"),
    ("lltp", "2.000488"),
    ("marital", "1.004873"),
    ("hkd", "1.001612"),
]


def test_people_find_it_by_their_own_words():
    for q, code in WORDS:
        assert code in found(q), q


def test_the_whole_phrase_comes_first():
    assert found("đăng ký khai sinh")[0] == "1.001193"


NOT_THERE = ["xyzzy", "%", "_____", "'; DROP TABLE x; --", "\\", "khai sinh xyzzy"]


def test_what_is_not_there_is_not_found():
    for q in NOT_THERE:
        assert found(q) == [], q


def test_endless_searches_are_answered():
    assert isinstance(found("a " * 100_000), list)


def test_filters_and_counts_agree():
    figures = queries.counts(DAY)
    assert figures.total == len(found()) == len(load.shipped_files())
    assert sum(figures.by_level.values()) == figures.total
    assert sum(n for _code, _name, n in figures.by_field) == figures.total
    for level, number in figures.by_level.items():
        assert len(found(level=level)) == number
    for tier, number in figures.by_tier.items():
        assert len(found(tier=tier)) == number
    for code, _name, number in figures.by_field:
        assert len(found(field=code)) == number


def test_a_procedure_counts_once_however_many_versions_and_cases_it_has():
    version = ProcedureVersion.objects.get(procedure__code="1.004873")
    before = queries.counts(DAY).total
    draft = actions.new_draft(SYSTEM, version)
    assert queries.counts(DAY).total == before
    actions.publish(SYSTEM, draft, valid_from=date(2017, 1, 1))
    assert queries.counts(DAY).total == queries.counts(date(2017, 6, 1)).total == before
    assert found("tình trạng hôn nhân").count("1.004873") == 1


def test_a_list_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [v.sector.name + v.procedure.code for v in queries.search("giấy", on=DAY)]


def test_a_guide_of_nothing_is_not_found():
    with pytest.raises(NotFound):
        queries.guide("9.999999", DAY)
    with pytest.raises(NotFound):
        queries.guide("1.004873", date(1990, 1, 1))


# --- API ---------------------------------------------------------------------------------------------------


def test_the_list_goes_page_by_page_without_repeating(client):
    seen, cursor = [], ""
    while True:
        page = client.get("/api/v1/procedures", {"limit": 7, "cursor": cursor, "on": "2016-12-05"}).json()
        seen += [item["code"] for item in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
        assert len(page["items"]) == 7
    assert seen == found()
    assert len(set(seen)) == len(seen)


def test_the_ranked_list_goes_page_by_page_too(client):
    first = client.get("/api/v1/procedures", {"limit": 3, "q": "đăng ký", "on": "2016-12-05"}).json()
    second = client.get(
        "/api/v1/procedures", {"limit": 3, "q": "đăng ký", "on": "2016-12-05", "cursor": first["next"]}
    ).json()
    codes = [item["code"] for item in first["items"] + second["items"]]
    assert codes == found("đăng ký")[:6]


def test_the_guide_says_everything_a_person_needs(client):
    guide = client.get("/api/v1/procedures/1.004873", {"on": "2016-12-05"}).json()
    case = guide["cases"][0]
    assert case["limit"]["amount"] == 3
    assert case["limit"]["source"]["verified"] is False
    assert case["fees"][0]["tiers"][0]["price"] == 5000
    assert case["fees"][0]["source"]["verified"] is True
    assert case["steps"][0]["public_words"] == "Đang thẩm tra hồ sơ"
    assert "instruction" not in case["steps"][0]
    assert "nguoi_du_dinh" in case["fields"]["properties"]
    assert "ket_qua_doi_chieu" not in case["fields"]["properties"]
    assert guide["all_verified"] is False
    assert guide["legal_basis"][0]["ref"] == "60/2014/QH13"


def test_every_guide_is_given_in_both_languages(client):
    for code in found():
        for lang in ("vi", "en"):
            answer = client.get(f"/api/v1/procedures/{code}", {"on": "2016-12-05", "lang": lang})
            assert answer.status_code == 200, code
            assert answer.json()["cases"]


BAD_REQUESTS = [
    ("/api/v1/procedures/9.999999", 404),
    ("/api/v1/procedures/%00", 404),
    ("/api/v1/procedures?cursor=zzz", 422),
    ("/api/v1/procedures?level=9", 422),
    ("/api/v1/procedures?tier=village", 422),
    ("/api/v1/procedures?on=soon", 422),
    ("/api/v1/procedures?q=%00", 422),
    ("/api/v1/procedures?field=%00x", 422),
]


def test_bad_requests_get_a_problem_document(client):
    for path, status in BAD_REQUESTS:
        answer = client.get(path)
        assert answer.status_code == status, path
        if status != 200:
            assert answer["Content-Type"].startswith("application/problem+json")
