"""Who comes to the counter: known or new, with a number or without, for somebody else, and with others."""

import re
import urllib.parse

import pytest
from django.urls import reverse

from tests import province as p
from vamco.core.models import LedgerEntry
from vamco.dossiers.models import Dossier
from vamco.dossiers.papers import drafting
from vamco.parties.models import LookUp, Party
from vamco.results.models import Result

from .counter_form import NUMBER, press, text_of, value

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def test_a_number_shows_the_person_with_open_dossiers_and_warns_of_the_same_procedure(officer):
    dossier = p.receive()
    answer = press(officer, "find.applicant", applicant__name="", applicant__phone="")
    page = text_of(answer)
    assert "Nguyễn Thị Mỹ Hạnh" in page
    assert f"Đang có hồ sơ cùng thủ tục này: …{dossier.code.partition('-')[2]}" in page
    assert value(answer, "applicant-phone") == "0913000124"
    assert LookUp.objects.get(kind="asked").by == p.person("mot_cua")
    assert NUMBER not in urllib.parse.unquote(answer.wsgi_request.get_full_path())
    assert not any(
        NUMBER in str(entry.content)
        for entry in LedgerEntry.objects.order_by("-pk")[:20]
        if hasattr(entry, "content")
    )


def test_a_number_shows_what_was_given_to_the_person_here_and_nothing_of_another_unit(officer, client):
    """The results in force that the person holds, by their numbers."""
    here, there = (drafting.current(p.decide(p.receive(code))) for code in (p.COMMUNE, p.OTHER_COMMUNE))
    assert here.holder_id == there.holder_id
    there.number = "77/UBND-XNTTHN"
    Result.objects.filter(pk=there.pk).update(number=there.number)
    page = text_of(press(officer, "find.applicant", applicant__name=""))
    assert f"Đã cấp: {here.type_name} {here.number}" in page
    assert there.number not in page
    client.force_login(p.person("mot_cua", p.OTHER_COMMUNE))
    page = text_of(press(client, "find.applicant", applicant__name=""))
    assert f"Đã cấp: {there.type_name} {there.number}" in page


def test_another_name_under_the_number_asks_whether_it_is_the_same_person(officer):
    p.receive()
    known = str(Party.objects.get().pk)
    found = press(officer, "find.applicant", applicant__name="Nguyễn Thị Mỹ Hân")
    assert value(found, "applicant-name") == "Nguyễn Thị Mỹ Hân"
    assert "Số này trên hệ thống ghi tên «Nguyễn Thị Mỹ Hạnh»." in text_of(found)
    refused = press(officer, applicant__name="Nguyễn Thị Mỹ Hân", applicant__known=known)
    assert refused.status_code == 422
    assert 'id="applicant-same"' in refused.content.decode()
    assert Dossier.objects.count() == 1
    done = press(officer, applicant__name="Nguyễn Thị Mỹ Hân", applicant__known=known, applicant__same="on")
    assert done.status_code == 302
    assert Dossier.objects.count() == 2
    assert Party.objects.count() == 1


def test_a_record_that_was_not_looked_up_is_not_shown(officer):
    p.receive(p.OTHER_COMMUNE)
    LookUp.objects.all().delete()
    stranger = Party.objects.get()
    answer = press(
        officer,
        "update",
        applicant__number=stranger.masked_number,
        applicant__known=str(stranger.pk),
        applicant__name="",
    )
    assert "Nguyễn Thị Mỹ Hạnh" not in text_of(answer)
    refused = press(officer, applicant__number=stranger.masked_number, applicant__known=str(stranger.pk))
    assert refused.status_code == 422
    assert not Dossier.objects.filter(unit=p.unit()).exists()


def test_a_child_without_a_number_stays_one_record(officer):
    typed = {
        "applicant__number": "",
        "applicant__none": "on",
        "applicant__name": "Lê Gia Bảo",
        "applicant__birth": "02/03/2014",
    }
    press(officer, **typed)
    child = Party.objects.get()
    again = officer.get(reverse("intake"), {"nguoi": child.pk})
    assert value(again, "applicant-known") == str(child.pk)
    press(officer, request_key="key-2", applicant__known=str(child.pk), **typed)
    assert Party.objects.count() == 1
    assert Dossier.objects.filter(applicant=child).count() == 2


def test_no_number_and_no_word_about_it_is_a_fault(officer):
    answer = press(officer, applicant__number="")
    assert answer.status_code == 422
    assert 'id="applicant-number-error"' in answer.content.decode()


def test_a_foreigner_is_known_by_passport_and_country(officer):
    press(officer, applicant__number="M12345678", applicant__nationality="KR", applicant__name="Kim Min-ho")
    assert (Party.objects.get().number_kind, Party.objects.get().nationality) == ("passport", "KR")


def test_who_submits_for_another_stands_beside_the_applicant(officer):
    press(
        officer,
        submitter__on="on",
        submitter__number="080155000418",
        submitter__name="Trần Thị Bé Ba",
        submitter__kind="person",
    )
    roles = dict(Dossier.objects.get().parties.values_list("role", "name"))
    assert roles == {"applicant": "Nguyễn Thị Mỹ Hạnh", "submitter": "Trần Thị Bé Ba"}


def test_a_tax_code_is_of_a_business(officer):
    answer = press(officer, "find.applicant", applicant__number="0100233488", applicant__name="")
    assert re.search(r'<option value="business" selected>', answer.content.decode())


def test_a_kind_that_the_procedure_does_not_take_is_said(officer):
    answer = press(officer, applicant__kind="business", applicant__number="0100233488")
    assert answer.status_code == 422
    assert 'id="applicant-kind-error"' in answer.content.decode()


def test_further_parties_are_asked_for_as_the_case_needs(officer):
    code = "1.000894"
    answer = press(officer, "update", procedure=code, case="")
    assert 'id="party-co_applicant"' in answer.content.decode()
    refused = press(officer, procedure=code, case="")
    assert 'href="#co_applicant-name"' in refused.content.decode()


def test_one_more_of_a_role_has_a_place_of_its_own(officer):
    typed = {"procedure": "2.001035", "case": "", "co_applicant__name": "Lê Văn Tám"}
    answer = press(officer, "add.co_applicant", **typed)
    assert value(answer, "co_applicant-name") == "Lê Văn Tám"
    assert value(answer, "co_applicant-2-name") == ""
