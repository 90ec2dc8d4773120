"""Papers and what is kept are Vietnamese whatever the officer's language; what code names speaks the reader's."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from tests import province as p
from vamco.core import proofs
from vamco.core.actors import SYSTEM
from vamco.core.models import LedgerEntry
from vamco.dossiers import actions, timeline
from vamco.dossiers.papers import registers
from vamco.dossiers.rules import moves
from vamco.dossiers.rules.application import PartyInput
from vamco.dossiers.tracking.views import _paper
from vamco.notify.models import Message
from vamco.organisation import audit
from vamco.organisation.access import NOBODY
from vamco.parties.models import LookUp
from vamco.results import places

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def reading_english(client, post: str):
    client.force_login(p.person(post))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_an_officer_who_reads_english_gives_out_vietnamese_slips(english):
    dossier = p.receive()
    receipt = dossier.slips.get().data
    assert receipt["office"]["name"] == "Bộ phận Tiếp nhận và Trả kết quả"
    assert receipt["items"][0]["limit"].endswith("ngày làm việc")
    assert receipt["items"][0]["where"].startswith("tại ")
    assert translation.get_language() == "en"


def test_a_slip_before_intake_says_what_is_missing_in_vietnamese(english):
    slip = actions.ask_before_intake(p.actor("mot_cua"), p.unit(), application=p.application(papers=()))
    assert {one["remark"] for one in slip.data["papers"]} == {"còn thiếu"}
    assert slip.data["reason"] == "Hồ sơ chưa đầy đủ, chưa hợp lệ."


def test_what_is_kept_of_a_move_and_of_a_reading_is_vietnamese(english):
    dossier = p.decide(p.receive(), upto="ky_duyet")
    run = dossier.runs.filter(left_at__isnull=False).last()
    actions.send_back(p.actor("chu_tich"), dossier, run=run.pk, reason="Thiếu năm kết hôn")
    assert dossier.runs.filter(outcome="send_back").get().outcome_name == "Trả về bước trước"
    actions.reveal_number(p.actor("tu_phap"), dossier, party=dossier.parties.first().pk)
    assert LookUp.objects.get(kind="revealed").purpose == f"xem đầy đủ số trên hồ sơ {dossier.code}"
    p.receive(parties=(PartyInput(name="Lê Văn Tư", id_number="080161000413"),))
    skipped = Message.objects.filter(state="skipped")
    assert {one.last_error for one in skipped} == {"Người nhận không có địa chỉ thư điện tử."}


def test_the_dossier_page_names_past_steps_in_the_readers_language(client):
    dossier = p.decide(p.receive(), upto="ky_duyet")
    step = moves.case_of(dossier).process.step(dossier.runs.first().step)
    page = reading_english(client, "tu_phap").get(reverse("dossier", args=[dossier.code])).content.decode()
    assert step.name_en in page
    assert step.name not in page


def test_the_timeline_speaks_the_readers_language(english):
    dossier = p.decide(p.receive(), upto="ky_duyet")
    step = moves.case_of(dossier).process.step(dossier.runs.first().step)
    way = step.outcome(dossier.runs.first().outcome)
    assert f"{step.name_en}: {way.name_en}" in [line.text for line in timeline.lines(dossier)]
    assert timeline._moment("2016-12-23T17:00:00+07:00") == "17:00 Friday 23/12/2016"


def test_a_register_has_its_vietnamese_name_on_the_cover_only(english):
    assert registers.name_of("so_dang_ky_ket_hon") == "Register of marriages"
    with translation.override("vi"):
        assert registers.name_of("so_dang_ky_ket_hon") == "Sổ đăng ký kết hôn"


def test_counts_of_papers_agree_in_number(english):
    dossier = p.receive()
    paper = dossier.papers.first()
    paper.originals, paper.copies = 1, 2
    assert _paper(paper)["kind"] == "1 original, 2 copies"


def test_places_of_a_template_are_said_in_the_readers_language(english):
    known = places.places_of(places.GENERIC)
    assert known.always["so"] == "number of the paper"
    assert known.sometimes["dai_dien_ngay_sinh"] == "date of birth of the representative"
    assert {"ly_do", "khieu_nai"} <= set(places.places_of(places.REFUSAL).always)


def test_the_ledger_says_who_the_system_is(english):
    assert SYSTEM.label == "hệ thống"
    assert audit.who(LedgerEntry(actor_label=SYSTEM.label)) == "system"
    assert audit.who(LedgerEntry(actor_label=NOBODY.label)) == "not signed in"
    assert audit.who(LedgerEntry(actor_id=7, actor_label="Hệ Thị Thống")) == "Hệ Thị Thống"


def test_a_proof_is_judged_in_the_readers_language(english):
    assert proofs.check_proof({}) == ["the file is not a proof of the ledger"]


def test_the_hours_of_the_centre_are_said_in_the_readers_language(client):
    assert "Thứ Hai đến thứ Sáu" in client.get("/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Monday to Friday" in client.get("/").content.decode()
