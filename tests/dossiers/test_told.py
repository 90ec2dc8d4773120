"""Where a step says so, the applicant is told when the dossier comes to it."""

import random

import pytest
from django.test import Client
from django.urls import reverse

from tests import province as p
from vamco.demo.applicants import Maker
from vamco.dossiers import actions, timeline
from vamco.dossiers.models import Dossier
from vamco.dossiers.rules import moves
from vamco.notify.models import Message
from vamco.procedures import queries as procedures

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
LAND, ROOM = "2.000889", f"{p.DISTRICT}-tai_nguyen"
WORDS = "Chờ ông/bà nộp thuế và lệ phí theo thông báo"


@pytest.fixture
def dossier() -> Dossier:
    """A transfer of land that was found in order: what is owed is to be paid now."""
    maker = Maker(random.Random(1))
    said = procedures.guide(LAND, p.MONDAY.date())
    counter = p.actor("mot_cua", p.DISTRICT)
    found = actions.receive(counter, p.unit(p.DISTRICT), application=maker.application(said, said.cases[0]))
    found.parties.filter(role="applicant").update(email="nam@example.vn")
    return advance(found)


def advance(dossier: Dossier, post: str = "chuyen_vien", **more: object) -> Dossier:
    step = moves.step_of(dossier)
    answers = Maker(random.Random(2)).answers(moves.case_of(dossier).step_fields(step.key), dossier.answers)
    given = {"outcome": step.outcomes[0].key, "answers": answers, **more}
    return actions.advance(p.actor(post, ROOM), Dossier.objects.get(pk=dossier.pk), **given)


def told(dossier: Dossier) -> list[str]:
    messages = Message.objects.filter(dossier=dossier.code, kind="step").order_by("pk")
    return list(messages.values_list("subject", flat=True))


def test_the_applicant_reads_it_on_the_tracking_page_and_in_a_message(dossier: Dossier):
    assert (dossier.step, dossier.status) == ("nghia_vu", 6)
    message = Message.objects.get(dossier=dossier.code, kind="step")
    assert (message.to_email, message.subject) == ("nam@example.vn", f"Hồ sơ {dossier.code}: {WORDS}")
    assert WORDS in message.body
    assert timeline.lines(dossier, public=True)[0].text == WORDS
    page = Client().get(reverse("tracking", args=[dossier.code])).content.decode()
    assert WORDS in page.partition("Đã diễn ra")[2]


def test_the_step_that_is_left_says_nothing(dossier: Dossier):
    before = [line.text for line in timeline.lines(dossier, public=True)]
    dossier = advance(dossier)
    assert dossier.step == "ky_duyet"
    assert [line.text for line in timeline.lines(dossier, public=True)] == before
    assert len(told(dossier)) == 1


def test_what_is_sent_back_into_it_is_not_told_again(dossier: Dossier):
    dossier = advance(dossier)
    dossier = advance(dossier, "truong_phong", outcome="tra_lai", reason="Thiếu biên lai.")
    assert dossier.step == "nghia_vu"
    assert len(told(dossier)) == 1


def test_a_supervisor_who_moves_it_there_has_the_applicant_told():
    maker = Maker(random.Random(1))
    said = procedures.guide(LAND, p.MONDAY.date())
    counter = p.actor("mot_cua", p.DISTRICT)
    dossier = actions.receive(counter, p.unit(p.DISTRICT), application=maker.application(said, said.cases[0]))
    assert told(dossier) == []
    chief = p.actor("chanh_van_phong", p.DISTRICT)
    actions.move(chief, dossier, step="nghia_vu", reason="Đã thẩm tra trên giấy.")
    assert told(dossier) == [f"Hồ sơ {dossier.code}: {WORDS}"]
