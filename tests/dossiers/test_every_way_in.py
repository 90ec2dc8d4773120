"""The checks of intake hold on every way in: counter, API, action, done at once, spreadsheet. They are made once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from tests import province as p
from tests.api.conftest import Caller
from vamco.core import clock, files
from vamco.core.errors import Invalid
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier, DossierPaper
from vamco.dossiers.rules import checking
from vamco.dossiers.rules.application import Application, PaperInput, PartyInput
from vamco.dossiers.rules.checking import Checked, check

from .counter_form import PDF, form, press, scan
from .test_import import GOOD, faults

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
WEDDING, PERMIT = "1.000894", "1.009994"
BRIDE = PartyInput(name="Nguyễn Thị Mỹ Hạnh", id_number="080161000412", address="48/2 ấp 3")
GROOM = PartyInput(
    name="Trần Văn Nam", role="co_applicant", id_number="080080000123", phone="0913000125", address="ấp 2"
)
FIRM = replace(BRIDE, kind="business", id_number="", name="Công ty An Phú")


def wedding(*parties: PartyInput, case: str = "xac_minh") -> Application:
    papers = (
        PaperInput("to_khai", 1),
        PaperInput("giay_to_tuy_than", 0, 2),
        PaperInput("giay_to_cu_tru", 0, 1),
    )
    return Application(procedure=WEDDING, case=case, parties=parties, papers=papers)


WRONG = {
    "one number": ((BRIDE, replace(GROOM, id_number="080161 000 412", name=BRIDE.name)), {"parties.1.id_number"}),
    "too few": ((BRIDE,), {"parties.co_applicant"}),
    "nobody applies": ((GROOM,), {"parties", "parties.applicant"}),
    "a wrong kind": ((FIRM, GROOM), {"parties.0.kind"}),
    "two applicants": ((BRIDE, replace(GROOM, role="applicant", id_number=""), GROOM), {"parties.1.role"}),
    "no such role": ((BRIDE, GROOM, replace(GROOM, role="beneficiary")), {"parties.2.role"}),
    "a number that is none": ((replace(BRIDE, id_number="12"), GROOM), {"parties.0.id_number"}),
}  # fmt: skip


@pytest.mark.parametrize(("parties", "at"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("way", ["receive", "at_once", "API", "API at once", "correct"])
def test_parties_that_cannot_be_are_refused(way, parties, at):
    case = "ngay" if "once" in way else "xac_minh"
    right = actions.receive(p.actor("mot_cua"), p.unit(), application=wedding(BRIDE, GROOM))
    assert refused(way, wedding(*parties, case=case), right) == at
    assert [dossier.pk for dossier in Dossier.objects.all()] == [right.pk]


def refused(way: str, application: Application, dossier: Dossier) -> set[str]:
    """The fields that the way in refuses."""
    if way.startswith("API"):
        path = "/dossiers" if way == "API" else f"/units/{p.COMMUNE}/actions/at_once"
        body = sent(application) | ({"unit": p.COMMUNE} if way == "API" else {})
        answer = Caller(p.person("mot_cua")).post(path, body)
        assert answer.status_code == 422
        return {error["field"] for error in answer.json()["errors"]}
    target, reason = (dossier, {"reason": "Ghi nhầm"}) if way == "correct" else (p.unit(), {})
    with pytest.raises(Invalid) as refusal:
        getattr(actions, way)(p.actor("mot_cua"), target, application=application, **reason)
    return set(refusal.value.fields)


def sent(application: Application) -> dict[str, object]:
    """The application as a program sends it."""
    names = ("name", "role", "kind", "id_number", "phone", "address")
    return {
        "procedure": application.procedure,
        "case": application.case,
        "parties": [{name: getattr(party, name) for name in names} for party in application.parties],
        "papers": [
            {"code": paper.code, "originals": paper.originals, "copies": paper.copies, "verdict": "ok"}
            for paper in application.papers
        ],
    }


def typed(**changes):
    groom = {
        "co_applicant-number": "080080000123", "co_applicant-name": "Trần Văn Nam",
        "co_applicant-kind": "person", "co_applicant-on": "on", "co_applicant-address": "ấp 2",
    }  # fmt: skip
    return form(**{"procedure": WEDDING, "case": "xac_minh", "p-giay_to_tuy_than-c": "2", **groom, **changes})


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"co_applicant-number": "080161000412", "co_applicant-name": "Nguyễn Thị Mỹ Hạnh"}, "co_applicant-number"),
        ({"co_applicant-number": "", "co_applicant-name": ""}, "co_applicant-name"),
        ({"applicant-kind": "business", "applicant-number": "1100123456"}, "applicant-kind"),
        ({"procedure": PERMIT, "case": ""}, "q"),
    ],
    ids=["one number", "too few", "a wrong kind", "another level"],
)  # fmt: skip
def test_the_counter_refuses_the_same(officer, changes, at):
    answer = officer.post(reverse("intake"), typed(**changes))
    assert answer.status_code == 422
    assert f'href="#{at}"' in answer.content.decode()
    assert not Dossier.objects.exists()
    assert officer.post(reverse("intake"), typed(request_key="key-2")).status_code == 302


@pytest.mark.parametrize("way", ["receive", "at_once", "API", "API at once"])
def test_a_procedure_of_another_level_is_refused(way):
    application = replace(p.application(), procedure=PERMIT)
    assert refused(way, application, Dossier()) == {"procedure"}
    assert not Dossier.objects.exists()


def test_a_spreadsheet_is_refused_by_the_same_rules():
    row = {**GOOD, "trường: tinh_trang": None}
    assert set(faults({**row, "mã thủ tục": PERMIT, "bước": "tiep_nhan"})) >= {"B2"}
    assert "Bên nam" in faults({**row, "mã thủ tục": WEDDING, "trường hợp": "xac_minh"})["B2"]
    firm = {"loại": "doanh nghiệp", "số định danh": None}
    assert set(faults({**GOOD, **firm})) == {"F2"}


# Checked once ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["counter", "API", "at_once"])
def test_an_application_is_checked_once(officer, monkeypatch, way):
    checks = []
    monkeypatch.setattr(
        checking, "_papers", lambda *args, old=checking._papers: checks.append(1) or old(*args)
    )
    if way == "counter":
        assert press(officer).status_code == 302
    elif way == "API":
        body = sent(p.application()) | {"unit": p.COMMUNE, "fields": dict(p.application().answers)}
        assert Caller(p.person("mot_cua")).post("/dossiers", body).status_code == 201
    else:
        actions.at_once(p.actor("mot_cua"), p.unit(), application=wedding(BRIDE, GROOM, case="ngay"))
    assert (len(checks), Dossier.objects.count()) == (1, 1)


def checked(post: str = "mot_cua", code: str = p.COMMUNE) -> Checked:
    return check(p.actor(post, code), p.unit(code), p.application(), clock.now())


def test_what_was_checked_is_received_by_the_same_actor_at_the_same_unit():
    dossier = actions.receive(p.actor("mot_cua"), p.unit(), application=checked())
    assert (dossier.applicant_name, dossier.papers.count()) == ("Nguyễn Thị Mỹ Hạnh", 3)


def test_a_check_of_somebody_else_of_another_unit_moment_or_purpose_is_not_taken(monkeypatch):
    dossier = p.receive()
    other = checked("mot_cua", p.OTHER_COMMUNE)
    correction = check(p.actor("mot_cua"), p.unit(), p.application(), dossier.received_at, dossier=dossier)
    mine = checked()
    for foreign in (other, correction):
        with pytest.raises(ValueError, match="another"):
            actions.receive(p.actor("mot_cua"), p.unit(), application=foreign)
    with pytest.raises(ValueError, match="another"):
        actions.receive(
            p.actor("mot_cua"), p.unit(), application=mine, received_at=mine.received_at - timedelta(days=1)
        )
    later = clock.now() + checking.LASTS + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(ValueError, match="another"):
        actions.receive(p.actor("mot_cua"), p.unit(), application=mine)
    assert Dossier.objects.count() == 1


def test_only_the_check_makes_what_was_checked():
    mine = checked()
    values = {name: getattr(mine, name) for name in mine.__dataclass_fields__ if name != "seal"}
    with pytest.raises(TypeError):
        Checked(**values, seal=object())
    with pytest.raises((TypeError, ValueError)):
        replace(mine, unit=p.unit(p.OTHER_COMMUNE))
    with pytest.raises(AttributeError):
        mine.unit = p.unit(p.OTHER_COMMUNE)
    for raw in ({"procedure": p.MARRIAGE}, mine.content, None):
        with pytest.raises(TypeError):
            actions.receive(p.actor("mot_cua"), p.unit(), application=raw)
    assert not Dossier.objects.exists()


# Scans -----------------------------------------------------------------------------------------------------


def test_an_upload_that_is_used_is_nobodys_own():
    kept = files.store(PDF, name="to-khai.pdf", uploaded_by_id=p.person("mot_cua").pk)
    papers = (PaperInput("to_khai", 1, file=kept.pk), *p.application().papers[1:])
    p.receive(papers=papers)
    with pytest.raises(Invalid) as refusal:
        p.receive(papers=papers)
    assert set(refusal.value.fields) == {"papers.to_khai"}


def test_pressed_twice_with_a_scan_it_is_received_once(officer):
    """With the scan in the form itself, and with one that was uploaded before."""
    for _again in range(2):
        assert press(officer, p__to_khai__scan=scan()).status_code == 302
    kept = DossierPaper.objects.get(file__isnull=False).file
    assert Dossier.objects.count() == 1
    own = files.store(PDF, name="khac.pdf", uploaded_by_id=kept.uploaded_by_id)
    for _again in range(2):
        assert press(officer, p__to_khai__file=own.pk, request_key="key-2").status_code == 302
    assert Dossier.objects.count() == 2
