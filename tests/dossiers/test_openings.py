"""Opening a sensitive dossier is on record, whichever page or operation shows something of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import province as p
from vamco.core import clock, files
from vamco.core.actors import SYSTEM
from vamco.core.models import LedgerEntry
from vamco.dossiers.models import Consultation, Dossier, DossierPaper
from vamco.dossiers.opening import OPENED
from vamco.notify.models import Message
from vamco.organisation.actions import issue_token
from vamco.parties import queries as parties
from vamco.parties.models import LookUp
from vamco.results.models import Result

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def openings(user: Any) -> int:
    """In the ledger; the look-ups that tell the applicant are as many."""
    entries = LedgerEntry.objects.filter(
        action=OPENED, object_type="dossiers.dossier", actor_id=user.pk
    ).count()
    assert LookUp.objects.filter(kind="opened", by=user).count() == entries
    return entries


class Reader:
    """Somebody who handles dossiers, with a browser and a token; each look is more than an hour after the last one."""

    def __init__(self, user: Any) -> None:
        self.user, self.looks = user, 0
        self.token = issue_token(SYSTEM, user, name="x", days=30)[1]

    def records(self, url: str) -> int:
        """How many openings a look at an address leaves."""
        self.looks += 1
        before = openings(self.user)
        with clock.told(p.MONDAY + self.looks * timedelta(hours=2)):
            client = Client()
            if url.startswith("/api/"):
                answer = client.get(url, headers={"authorization": f"Bearer {self.token}"})
            else:
                client.force_login(self.user)
                answer = client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        return openings(self.user) - before


def sensitive(**changes: Any) -> Dossier:
    dossier = p.receive(**changes)
    Dossier.objects.filter(pk=dossier.pk).update(sensitive=True)
    return Dossier.objects.get(pk=dossier.pk)


def kept(name: str) -> Any:
    content = b"%PDF-1.4\n" + name.encode() + b"\n%%EOF\n"
    return files.store(SimpleUploadedFile(name, content), name=name)


def doors_while_it_is_worked_on(one: Dossier) -> list[str]:
    """Addresses that show something of a dossier that has just come in."""
    paper = one.papers.first()
    DossierPaper.objects.filter(pk=paper.pk).update(file=kept("to.pdf"))
    paper.refresh_from_db()
    asked = Consultation.objects.create(
        dossier=one, unit=one.unit, question="?", asked_at=p.MONDAY, due_at=p.MONDAY, file=kept("y-kien.pdf")
    )
    slip = one.slips.get()
    return [
        reverse("dossier", args=[one.code]),
        reverse("dossier_act", args=[one.code, "request_supplement"]),
        reverse("dossier_act", args=[one.code, "note"]),
        reverse("dossier_control", args=[one.code]),
        reverse("dossier_paper", args=[one.code, paper.pk]),
        reverse("dossier_opinion", args=[one.code, asked.pk]),
        reverse("slip", args=[slip.pk]),
        reverse("intake") + f"?theo={one.code}",
        f"/api/v1/dossiers/{one.code}",
        f"/api/v1/dossiers/{one.code}/notes",
        f"/api/v1/dossiers/{one.code}/slips",
        f"/api/v1/dossiers/{one.code}/control_slip",
        f"/api/v1/consultations?dossier={one.code}",
        f"/api/v1/files/{paper.file_id}",
        f"/api/v1/files/{asked.file_id}",
        f"/api/v1/slips/{slip.pk}/paper",
        reverse("correct", args=[one.code]),
    ]


def test_every_door_to_what_is_worked_on() -> None:
    one, reader = sensitive(), Reader(p.person("mot_cua"))
    doors = doors_while_it_is_worked_on(one)
    assert {door: reader.records(door) for door in doors} == dict.fromkeys(doors, 1)


def test_every_door_to_its_draft_and_its_result() -> None:
    one, examiner = sensitive(), Reader(p.person("tu_phap"))
    drafts = [reverse("dossier_draft", args=[one.code]), f"/api/v1/dossiers/{one.code}/draft"]
    assert {door: examiner.records(door) for door in drafts} == dict.fromkeys(drafts, 1)
    p.decide(one)
    result, reader = Result.objects.get(subject=one.code), Reader(p.person("chu_tich"))
    message = Message.objects.filter(dossier=one.code)[0]
    doors = [
        reverse("dossier_result", args=[one.code, result.pk]),
        reverse("result", args=[result.pk]),
        reverse("result_file", args=[result.pk]),
        f"/api/v1/results/{result.number}",
        f"/api/v1/results/{result.pk}/paper",
        f"/api/v1/files/{result.file_id}",
        reverse("message", args=[message.pk]),
        f"/api/v1/messages/{message.pk}",
    ]
    assert {door: reader.records(door) for door in doors} == dict.fromkeys(doors, 1)


def test_a_list_opens_nothing_nor_does_an_ordinary_dossier() -> None:
    one, reader = sensitive(), Reader(p.person("mot_cua"))
    lists = [
        reverse("inbox") + "?tab=unit",
        reverse("inbox") + "?tab=unit&kenh=counter",
        "/api/v1/dossiers?tab=unit",
    ]
    lists += [f"/api/v1/dossiers?q={one.code}", "/api/v1/results"]
    assert {url: reader.records(url) for url in lists} == dict.fromkeys(lists, 0)
    assert reader.records(reverse("dossier", args=[p.receive().code])) == 0


def test_work_on_many_opens_none() -> None:
    one, user = sensitive(), p.person("tu_phap")
    client = Client()
    client.force_login(user)
    client.post(reverse("inbox_many"), {"do": "take", "code": [one.code, p.receive().code], "ds": "tab=pool"})
    assert openings(user) == 0


def test_one_record_an_hour_of_each_person_and_door_alike() -> None:
    one, user, client = sensitive(), p.person("mot_cua"), Client()
    client.force_login(user)
    for url in (reverse("dossier", args=[one.code]), reverse("dossier_control", args=[one.code])) * 2:
        client.get(url)
    assert openings(user) == 1
    other = Client()
    other.force_login(p.person("tu_phap"))
    other.get(reverse("dossier", args=[one.code]))
    assert openings(p.person("tu_phap")) == 1


def test_the_applicant_can_be_told_who_opened_it() -> None:
    one, reader = sensitive(), p.person("mot_cua")
    client = Client()
    client.force_login(reader)
    client.get(reverse("dossier", args=[one.code]))
    told = parties.look_ups_of(SYSTEM, one.applicant).filter(kind="opened")
    assert [(row.by, row.dossier, row.purpose) for row in told] == [
        (reader, one.code, f"mở hồ sơ nhạy cảm {one.code}")
    ]
