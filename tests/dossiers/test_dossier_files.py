"""On a dossier's page: opinions of other units, scans, drafts and slips, each for those of the dossier alone."""

import pytest
from django.urls import reverse

from tests import province as p
from tests.pages import one_line
from vamco.core.models import File, LedgerEntry
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier
from vamco.dossiers.papers import drafting

from .dossier_form import again, picture, press, sign_in, url

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


@pytest.fixture
def dossier() -> Dossier:
    return p.receive()


def test_the_asked_unit_answers_on_the_page(client, dossier):
    actions.consult(p.actor("tu_phap"), dossier, unit=p.OTHER_COMMUNE, question="Có cư trú không?")
    asked = dossier.consultations.get()
    sign_in(client, "tu_phap", p.OTHER_COMMUNE)
    assert f'href="#y-kien-{asked.pk}" data-key="e"' in one_line(client.get(url(dossier)))
    address = reverse("dossier_answer", args=[dossier.code, asked.pk])
    assert client.post(address, {"text": " "}).status_code == 422
    client.post(address, {"text": "Có, từ năm 2010", "file": picture("y-kien.png")})
    asked.refresh_from_db()
    assert asked.answer == "Có, từ năm 2010"
    assert (
        client.get(reverse("dossier_opinion", args=[dossier.code, asked.pk])).headers["Content-Type"]
        == "image/png"
    )
    text = sign_in(client, "tu_phap").get(url(dossier)).content.decode()
    assert "Có, từ năm 2010" in text
    assert client.post(address, {"text": "Tôi trả lời thay"}).status_code == 403


def test_a_scan_is_shown_to_those_of_the_dossier_only(client, dossier):
    sign_in(client, "mot_cua")
    press(
        client,
        dossier,
        "add_papers",
        papers__khac1__code="khac",
        papers__khac1__name="Ảnh",
        papers__khac1__file=picture(),
    )
    paper = dossier.papers.get(name="Ảnh")
    address = reverse("dossier_paper", args=[dossier.code, paper.pk])
    answer = client.get(address)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].startswith("inline")
    other = p.receive(parties=(p.PartyInput(name="Lê Văn Phước", id_number="080060000001", address="x"),))
    assert client.get(reverse("dossier_paper", args=[other.code, paper.pk])).status_code == 404
    assert sign_in(client, "tu_phap", p.OTHER_COMMUNE).get(address).status_code == 404


def test_one_scan_goes_to_two_dossiers_of_the_same_person(client, dossier):
    sign_in(client, "mot_cua")
    for each in (dossier, p.receive()):
        scan = {"papers__khac1__code": "khac", "papers__khac1__name": "Ảnh", "papers__khac1__file": picture()}
        press(client, each, "add_papers", **scan)
        assert each.papers.get(name="Ảnh").file


def test_somebody_elses_file_can_not_be_attached_by_its_number(dossier):
    from vamco.core import files
    from vamco.core.errors import Invalid
    from vamco.dossiers.rules.application import PaperInput

    secret = files.store(
        picture().read(), name="mat.png", uploaded_by_id=p.person("tu_phap", p.OTHER_COMMUNE).pk
    )
    with pytest.raises(Invalid):
        actions.add_papers(
            p.actor("mot_cua"), dossier, papers=[PaperInput("khac", 1, remark="x", file=secret.pk)]
        )


def test_the_draft_is_looked_at_before_it_is_made_and_keeps_nothing(client, dossier):
    sign_in(client, "tu_phap")
    press(client, dossier, "draft", answers__ket_qua_doi_chieu="Chưa đăng ký kết hôn")
    answer = client.get(reverse("dossier_draft", args=[dossier.code]))
    assert answer.content.startswith(b"%PDF")
    assert drafting.current(dossier) is None
    dossier = p.decide(again(dossier), upto="ky_duyet")
    result = drafting.current(dossier)
    sign_in(client, "chu_tich")
    text = one_line(client.get(url(dossier)))
    assert (
        f'<iframe class="sheet sheet--pdf" src="{reverse("dossier_result", args=[dossier.code, result.pk])}'
        in text
    )
    assert client.get(reverse("dossier_result", args=[dossier.code, result.pk])).content.startswith(b"%PDF")
    assert client.get(reverse("dossier_draft", args=[dossier.code])).status_code == 409


def test_slips_print_in_the_page(client, dossier):
    sign_in(client, "mot_cua")
    address = reverse("slip", args=[dossier.slips.get().pk])
    assert client.get(address, {"trang": "1"}).headers["Content-Type"] == "image/png"
    assert client.get(address, {"trang": "9"}).status_code == 404
    answer = client.get(address)
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert client.get(reverse("dossier_control", args=[dossier.code])).content.startswith(b"%PDF")
    assert dossier.slips.count() == 1


def test_a_sensitive_dossier_is_opened_on_record_once_an_hour(client, dossier):
    Dossier.objects.filter(pk=dossier.pk).update(sensitive=True)
    sign_in(client, "tu_phap")
    for _turn in range(3):
        assert client.get(url(dossier)).status_code == 200
    assert LedgerEntry.objects.filter(action="dossiers.open_sensitive").count() == 1
    assert File.objects.count() == 0
