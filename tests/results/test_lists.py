"""The register of results and the list of templates: who sees what, narrowed, in pages, taken away."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.payments.test_pages import text_of
from vamco.core.actors import SYSTEM, Actor
from vamco.core.errors import NotAllowed
from vamco.core.listing import Asked
from vamco.core.models import Export, LedgerContent, LedgerEntry
from vamco.core.models.exports import Format
from vamco.organisation.models import Unit
from vamco.results import actions, lists
from vamco.results.models import Result

from .conftest import actor_at, draft, issue, make_unit
from .test_check import post

PAGE = "/ket-qua/"


@pytest.fixture
def registrar(client, unit, leader):
    """A client of somebody who keeps the register and may correct and withdraw."""
    post(leader, unit, "registrar", "supervisor", "specialist")
    client.force_login(leader)
    return client


def lines(taken):
    return list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))


def test_the_newest_comes_first_and_what_does_not_stand_is_marked(registrar, unit, leader):
    first, second = issue(unit, leader), issue(unit, leader, holder_name="Trần Văn Bé")
    answer = registrar.get(PAGE)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert said.index("Trần Văn Bé") < said.index("Nguyễn Thị Ẩn")
    assert "đã hết hạn" in said
    assert reverse("result", args=[first.pk]) in said
    assert reverse("result", args=[second.pk]) in said


def test_a_name_is_searched_by_post_and_stands_in_no_address(registrar, unit, leader):
    issue(unit, leader)
    issue(unit, leader, holder_name="Trần Văn Bé")
    found = text_of(registrar.post(PAGE, {"q": "tran be"}))
    assert "Trần Văn Bé" in found
    assert "Nguyễn Thị Ẩn" not in found
    assert "q=" not in registrar.post(PAGE, {"q": "tran be"}).content.decode()


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"state": "lapsed"}, ["01/2016/XNTTHN"]),
        ({"state": "valid"}, ["02/2016/XNTTHN"]),
        ({"state": "withdrawn"}, ["03/2016/XNTTHN"]),
        ({"state": "draft"}, [""]),
        ({"kind": "refusal"}, []),
        (
            {"since": "09/12/2016", "until": "2016-12-09"},
            ["01/2016/XNTTHN", "02/2016/XNTTHN", "03/2016/XNTTHN"],
        ),
        ({"since": "10/12/2016"}, []),
        ({"until": "08/12/2016"}, []),
        ({"number": "02/2016/XNTTHN"}, ["02/2016/XNTTHN"]),
    ],
)
def test_the_register_is_narrowed(unit, leader, asked, numbers):
    issue(unit, leader)
    standing, withdrawn = issue(unit, leader), issue(unit, leader)
    Result.objects.filter(pk__in=[standing.pk, withdrawn.pk]).update(expires_on=None)
    actions.withdraw(SYSTEM, withdrawn, reason="Cấp nhầm")
    draft(unit)
    wanted = lists.RESULTS.asked(SYSTEM, asked)
    rows, _following = lists.RESULTS.page(SYSTEM, wanted, 50)
    assert [row.number for row in rows] == numbers


def test_other_units_results_are_not_there_in_no_list_count_or_file(registrar, unit, leader):
    there = make_unit("80124", "Xã Lương Hòa")
    issue(there, leader, holder_name="Trần Văn Bé")
    assert "Trần Văn Bé" not in registrar.get(PAGE).content.decode()
    assert registrar.get(PAGE, {"unit": there.code}).status_code == 404
    taken = registrar.post(PAGE, {"export": "csv"})
    assert taken.status_code == 200
    assert "Trần Văn Bé" not in taken.content.decode()


def test_results_of_a_closed_unit_are_found(unit, leader):
    issue(unit, leader)
    Unit.objects.filter(pk=unit.pk).update(valid_to="2016-12-10")
    asked = lists.RESULTS.asked(SYSTEM, {"unit": unit.code})
    assert lists.RESULTS.count(SYSTEM, asked) == 1


def test_the_file_is_on_record_without_what_was_searched(unit, leader):
    issue(unit, leader, holder_name="=HYPERLINK(1)")
    keeper = actor_at(unit, "dossiers.view", "results.export")
    asked = lists.NEWEST_FIRST.asked(keeper, {"q": "hyperlink", "kind": "result"})
    head, row = lines(lists.export_results.take(keeper, asked, Format.CSV))
    assert head == [str(column.label) for column in lists.RESULTS.columns if column.sheet]
    assert row[head.index("Cấp cho")] == "'=HYPERLINK(1)"
    assert Export.objects.get().asked == "Loại: kết quả; từ tìm: không ghi lại"
    entry = LedgerEntry.objects.get(action="results.export_results")
    assert "hyperlink" not in str(LedgerContent.objects.get(pk=entry.pk).content)


def test_who_may_not_export_in_a_unit_takes_nothing_of_it_away(unit, leader):
    issue(unit, leader)
    with pytest.raises(NotAllowed):
        lists.export_results.take(actor_at(unit, "dossiers.view"), Asked(), Format.CSV)
    there = make_unit("80124", "Xã Lương Hòa")
    held = {"dossiers.view": frozenset([unit.pk]), "results.export": frozenset([there.pk])}
    half = Actor(actor_at(unit).user_id, "Phan Thị Ngọc Diễm", held)
    with pytest.raises(NotAllowed):
        lists.export_results.take(half, Asked(), Format.CSV)


def test_a_page_costs_as_many_queries_as_a_row_and_reads_nothing_encrypted(registrar, unit, leader):
    issue(unit, leader)
    registrar.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        registrar.get(PAGE)
    first = Result.objects.get()
    for _n in range(3):
        issue(unit, leader)
    new = issue(unit, leader)
    Result.objects.filter(pk=new.pk).update(replaces=first)
    with CaptureQueriesContext(connection) as many:
        registrar.get(PAGE)
    assert len(many) == len(few)
    read = [one["sql"] for one in many if 'FROM "results_result"' in one["sql"]]
    assert read
    assert not any("sealed_values" in sql or '"secret"' in sql for sql in read)


def test_a_page_follows_an_index_however_many_results_there_are(unit, leader):
    issue(unit, leader)
    rows = lists.NEWEST_FIRST.rows(SYSTEM, Asked()).order_by("-pk")[:51]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        plan = rows.explain()
    assert "Sort" not in plan
    assert "results_result_pkey" in plan


def test_programs_walk_in_the_order_of_drafting(unit, leader):
    made = [issue(unit, leader).pk for _n in range(3)]
    rows, following = lists.RESULTS.page(SYSTEM, Asked(), 2)
    rest, end = lists.RESULTS.page(SYSTEM, Asked(cursor=following or ""), 2)
    assert ([row.pk for row in rows + rest], end) == (made, None)


# Templates -------------------------------------------------------------------------------------------------


def test_administrators_list_search_and_take_away_the_templates(client: Client, unit, leader):
    province = make_unit("80", "Long An")
    Unit.objects.filter(pk=province.pk).update(level="province")
    post(leader, province, "admin")
    client.force_login(leader)
    said = client.get(reverse("result_templates")).content.decode()
    assert reverse("result_template", args=["ket_qua"]) in said
    assert reverse("result_template_new") in said
    found = client.get(reverse("result_templates"), {"q": "tu choi"}).content.decode()
    assert "tu_choi" in found
    assert reverse("result_template", args=["ket_qua"]) not in found
    taken = client.post(reverse("result_templates"), {"export": "csv"})
    assert [row[1] for row in lines(taken)] == ["Khóa", "ket_qua", "tu_choi"]
    assert LedgerEntry.objects.filter(action="results.export_result_templates").exists()
