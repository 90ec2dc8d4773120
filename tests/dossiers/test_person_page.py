"""A person's page, and the books: who sees what, and what is on record."""

import html
import re
from datetime import datetime

import pytest
from django.urls import reverse

from tests import province as p
from vamco.core import clock
from vamco.dossiers import actions
from vamco.dossiers.models import Export, RegisterBook
from vamco.dossiers.rules.application import PartyInput
from vamco.parties.models import LookUp, Party

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
NUMBER = "080161000412"


@pytest.fixture
def officer(client):
    client.force_login(p.person("mot_cua"))
    return client


def text_of(answer):
    body = re.sub(r"<(script|style|svg|option)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def page_of(client, party):
    return client.get(reverse("person", args=[party.pk]))


# The person ------------------------------------------------------------------------------------------------


def test_open_and_ended_dossiers_and_results_stand_there(officer):
    first = p.decide(p.receive())
    p.pay(first)
    actions.hand_over(p.actor("mot_cua"), first)
    second = p.receive()
    page = text_of(page_of(officer, first.applicant))
    assert "Nguyễn Thị Mỹ Hạnh" in page
    assert first.code[-11:] in page
    assert second.code[-11:] in page
    assert "Giấy xác nhận tình trạng hôn nhân" in page


def test_the_number_is_masked_until_revealed_on_record(officer):
    party = p.receive().applicant
    assert NUMBER not in page_of(officer, party).content.decode()
    answer = officer.post(reverse("person", args=[party.pk]))
    assert NUMBER in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    seen = LookUp.objects.get(kind="revealed")
    assert (seen.party, seen.by) == (party, p.person("mot_cua"))


def test_another_units_person_is_not_found_unless_looked_up(officer):
    party = p.receive(p.OTHER_COMMUNE).applicant
    assert page_of(officer, party).status_code == 404
    from vamco.parties import queries

    queries.find_by_number(p.actor("mot_cua"), NUMBER)
    answer = page_of(officer, party)
    assert answer.status_code == 200
    assert party.dossiers.get().code not in answer.content.decode()


def test_an_auditor_sees_who_looked_the_person_up(officer, client):
    party = p.receive().applicant
    officer.post(reverse("person", args=[party.pk]))
    assert "Ai đã tra cứu" not in text_of(page_of(officer, party))
    client.force_login(p.person("thanh_tra", p.PROVINCE))
    page = text_of(page_of(client, party))
    assert f"Ai đã tra cứu người này {p.person('mot_cua').full_name}" in page


@pytest.mark.parametrize("post", ["tu_phap", "van_phong"])
def test_who_may_not_search_people_finds_nobody(client, post):
    party = p.receive().applicant
    client.force_login(p.person(post))
    assert page_of(client, party).status_code == 404
    assert client.post(reverse("person", args=[party.pk])).status_code == 404
    assert client.get(reverse("person_correct", args=[party.pk])).status_code == 403


def typed(**changes):
    return {
        "name": "Nguyễn Thị Mỹ Hân",
        "kind": "person",
        "reason": "ghi sai tên",
        "request_key": "k",
        **changes,
    }


def test_a_correction_keeps_the_number_and_wants_a_reason(officer):
    party = p.receive().applicant
    url = reverse("person_correct", args=[party.pk])
    assert officer.post(url, typed(reason="")).status_code == 422
    assert officer.post(url, typed(email="không phải")).status_code == 422
    assert officer.post(url, typed()).status_code == 302
    party.refresh_from_db()
    assert (party.name, party.number) == ("Nguyễn Thị Mỹ Hân", NUMBER)


def test_a_number_of_somebody_else_is_refused(officer):
    party = p.receive().applicant
    p.receive(parties=(PartyInput(name="Trần Thị Bé Ba", id_number="080155000418"),))
    answer = officer.post(reverse("person_correct", args=[party.pk]), typed(id_number="080155000418"))
    assert answer.status_code == 422
    assert "đã thuộc về một người" in text_of(answer)
    assert Party.objects.get(pk=party.pk).number == NUMBER


# Books -----------------------------------------------------------------------------------------------------


@pytest.fixture
def register():
    p.decide(p.receive())
    return RegisterBook.objects.get()


def test_a_book_lists_its_entries_and_prints_on_record(officer, register):
    assert "Sổ cấp Giấy xác nhận tình trạng hôn nhân" in text_of(officer.get(reverse("books")))
    assert "Nguyễn Thị Mỹ Hạnh" in text_of(officer.get(reverse("book", args=[register.pk])))
    answer = officer.post(reverse("book_pdf", args=[register.pk]))
    assert answer.content.startswith(b"%PDF")
    assert Export.objects.get().by == p.person("mot_cua")


def test_the_register_of_dossiers_prints_for_a_period(officer):
    p.receive()
    sent = {"first": "01/12/2016", "last": "31/12/2016"}
    assert officer.post(reverse("register_pdf"), sent).content.startswith(b"%PDF")
    assert Export.objects.get().count == 1
    assert (
        officer.post(reverse("register_pdf"), {"first": "31/12/2016", "last": "01/12/2016"}).status_code
        == 422
    )
    assert officer.post(reverse("register_pdf"), {"first": "x", "last": ""}).status_code == 422


def test_a_book_is_closed_after_its_year_by_the_supervisor(client, register):
    supervisor = p.person("giam_sat", p.PROVINCE)
    client.force_login(supervisor)
    client.post(reverse("book_close", args=[register.pk]))
    register.refresh_from_db()
    assert register.closed_at is None
    with clock.told(datetime(2017, 1, 3, 9, 0, tzinfo=clock.HERE)):
        client.post(reverse("book_close", args=[register.pk]))
    register.refresh_from_db()
    assert register.closed_by == supervisor


def test_the_counter_does_not_close_and_others_do_not_print(officer, client, register):
    assert officer.post(reverse("book_close", args=[register.pk])).status_code == 403
    client.force_login(p.person("mot_cua", p.OTHER_COMMUNE))
    assert client.get(reverse("book", args=[register.pk])).status_code == 404
    client.force_login(p.person("tu_phap"))
    assert client.post(reverse("book_pdf", args=[register.pk])).status_code == 403
    assert (
        client.post(reverse("register_pdf"), {"first": "01/12/2016", "last": "31/12/2016"}).status_code == 403
    )
    assert not Export.objects.exists()
