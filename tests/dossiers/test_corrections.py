"""Putting right: under the version of the day of receipt, on the new case's way, old and new on record."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests import province as p
from tests.pages import one_line
from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.core.errors import Invalid
from vamco.dossiers import actions, queries, timeline
from vamco.dossiers.models import Dossier, Stage
from vamco.dossiers.rules import moves
from vamco.dossiers.rules.application import Application, PaperInput
from vamco.notify.models import Message
from vamco.organisation import actions as organisation
from vamco.payments.queries import balance
from vamco.procedures import actions as catalogue
from vamco.procedures import load, reading
from vamco.procedures import queries as procedures

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
BIRTH = "1.001193"


def publish_another(code=p.MARRIAGE, *, renamed="thuong_moi", price=8000, field=None):
    """A version in force from today on whose first case has another key and another price, and a field more."""
    data = reading.plain(next(one for one in load.shipped() if one.code == code))
    if field:
        data["cases"][0]["fields"].append(field)
    data["cases"][0]["key"] = renamed
    for fee in data["cases"][0]["fees"]:
        for tier in fee["tiers"]:
            tier["price"] = price
    draft = catalogue.import_definition(SYSTEM, None, data=data)
    return catalogue.publish(SYSTEM, draft, valid_from=clock.today())


def birth(case, **changes):
    """A complete application for a birth registration."""
    base = {
        "procedure": BIRTH,
        "case": case,
        "parties": p.application().parties,
        "answers": {
            "ho_ten_tre": "Nguyễn Minh An",
            "ngay_sinh": "2016-12-01",
            "gioi_tinh": "nam",
            "noi_sinh": "Bệnh viện Long An",
            "dan_toc": "Kinh",
            "que_quan": "Long An",
            "ho_ten_me": "Nguyễn Thị Mỹ Hạnh",
        },
        "papers": (
            PaperInput("to_khai", 1),
            PaperInput("giay_chung_sinh", 1),
            PaperInput("giay_to_tuy_than", 0, 1),
            PaperInput("giay_to_cu_tru", 0, 1),
        ),
    }
    return Application(**{**base, **changes})


def receive_birth(case):
    return actions.receive(p.actor("mot_cua"), p.unit(), application=birth(case))


def correct(dossier, application, **more):
    return actions.correct(
        p.actor("mot_cua"), dossier, application=application, reason="Ghi nhầm tại quầy.", **more
    )


# The version -----------------------------------------------------------------------------------------------


def test_a_correction_keeps_the_version_that_the_dossier_was_received_under():
    dossier = p.receive()
    owed = balance(dossier.code)
    new = publish_another()
    dossier = correct(dossier, p.application(summary="Vay vốn"))
    assert dossier.procedure_version_id != new.pk
    assert (dossier.case_key, balance(dossier.code)) == ("thuong", owed)
    assert p.decide(dossier).stage == Stage.READY
    assert p.receive(parties=(p.PartyInput(name="Trần Văn Nam"),)).case_key == "thuong_moi"


def test_the_screen_shows_and_saves_the_version_that_the_dossier_has(client):
    dossier = p.receive()
    publish_another()
    client.force_login(p.person("mot_cua"))
    address = reverse("correct", args=[dossier.code])
    page = client.get(address)
    desk = page.context["desk"]
    assert (desk.case.key, [line["amount"] for line in desk.fees]) == ("thuong", [5000])
    typed = {**desk.data.dict(), "summary": "Vay vốn", "reason": "Ghi thiếu.", "do": "correct"}
    assert client.post(address, typed).status_code == 302
    dossier.refresh_from_db()
    assert (dossier.summary, dossier.case_key) == ("Vay vốn", "thuong")


def test_what_was_received_under_a_retired_procedure_can_be_corrected():
    dossier = p.receive()
    with clock.told(p.MONDAY - timedelta(days=1)):
        catalogue.retire(SYSTEM, dossier.procedure_version, last_day=clock.today())
    dossier = correct(dossier, p.application(summary="Vay vốn"))
    assert dossier.summary == "Vay vốn"


def test_a_correction_does_not_change_the_procedure():
    with pytest.raises(Invalid) as refusal:
        correct(p.receive(), birth("xac_minh"))
    assert refusal.value.field == "procedure"


def test_what_came_by_post_on_an_earlier_day_has_that_days_version():
    publish_another()
    sent = p.application(channel="post")
    before = p.MONDAY - timedelta(days=3)
    dossier = actions.receive(p.actor("mot_cua"), p.unit(), application=sent, received_at=before)
    assert (dossier.case_key, balance(dossier.code)) == ("thuong", 5000)


def test_what_came_before_the_catalogue_begins_has_todays_version():
    long_ago = p.MONDAY.replace(year=2015, month=12, day=7)
    dossier = actions.receive(
        p.actor("mot_cua"), p.unit(), application=p.application(channel="post"), received_at=long_ago
    )
    assert dossier.procedure_version_id == procedures.guide(p.MARRIAGE).version_id


# The case --------------------------------------------------------------------------------------------------


def test_another_case_goes_its_own_way_from_its_first_step():
    dossier = receive_birth("dung_han")
    assert (dossier.step, dossier.due_at.date()) == ("giai_quyet", p.MONDAY.date())
    dossier = correct(dossier, birth("xac_minh"))
    assert (dossier.step, dossier.stage, dossier.status) == ("tham_tra", Stage.PROCESSING, 2)
    run = dossier.runs.get()
    assert (run.step, run.name, run.unit_id) == ("tham_tra", "Thẩm tra hồ sơ", dossier.holder_unit_id)
    assert run.due_at == dossier.step_due_at > p.MONDAY + timedelta(days=2)
    assert queries.step_name(Dossier.objects.get()) == "Thẩm tra hồ sơ"
    dossier = actions.advance(p.actor("tu_phap"), dossier, outcome="trinh_ky", answers={})
    assert dossier.step == "ky_duyet"


def test_the_applicant_is_told_when_the_due_day_moves():
    dossier = receive_birth("dung_han")
    dossier = correct(dossier, birth("dung_han", summary="Giấy khai sinh"))
    assert Message.objects.filter(dossier=dossier.code, kind="received").count() == 1
    dossier = correct(dossier, birth("xac_minh"))
    told = Message.objects.filter(dossier=dossier.code, kind="received").order_by("pk")
    assert told.count() == 2
    assert f"{clock.local(dossier.due_at):%d/%m/%Y}" in told[1].body


def test_a_case_done_at_once_is_not_what_a_received_dossier_becomes():
    dossier = receive_birth("xac_minh")
    with pytest.raises(Invalid) as refusal:
        correct(dossier, birth("dung_han"))
    assert refusal.value.field == "case"
    assert Dossier.objects.get(pk=dossier.pk).step == "tham_tra"


def test_the_step_is_due_no_later_than_the_dossier_when_the_limit_shrinks():
    dossier = p.receive()
    Dossier.objects.filter(pk=dossier.pk).update(step_due_at=p.MONDAY + timedelta(days=30))
    dossier = correct(dossier, p.application(summary="Vay vốn"))
    run = moves.open_run(dossier)
    assert run.due_at == dossier.step_due_at <= dossier.due_at


# Old and new -----------------------------------------------------------------------------------------------


def changed(dossier, kind="corrected"):
    """What the newest such event says was put right: label -> (old, new)."""
    line = next(one for one in timeline.lines(dossier) if one.kind == kind)
    return {one.label: (one.old, one.new) for one in line.changes}


def test_changed_answers_stand_side_by_side_in_words():
    dossier = correct(
        p.receive(), p.application(answers={"tinh_trang": "chua_ket_hon", "muc_dich": "tai_san"})
    )
    assert changed(dossier) == {"Mục đích sử dụng": ("Vay vốn ngân hàng", "Mua bán, chuyển nhượng tài sản")}


def test_an_identity_number_among_the_answers_is_named_and_not_shown():
    number = {"key": "so_giay_to", "type": "id_number", "label": "Số giấy tờ của mẹ", "label_en": "Number"}
    publish_another(renamed="thuong", field=number)
    given = p.application().answers
    dossier = p.receive(answers={**given, "so_giay_to": "080161000412"})
    dossier = correct(dossier, p.application(answers={**given, "so_giay_to": "080161000420"}))
    assert changed(dossier) == {"Số giấy tờ của mẹ": ("", "")}
    assert "0801610004" not in str(dossier.events.get(kind="corrected").data)


def test_changed_parties_stand_side_by_side_with_masked_numbers():
    other = p.PartyInput(name="Trần Văn Nam", id_number="080090000015", phone="0913000125")
    dossier = correct(p.receive(), p.application(parties=(other,)))
    old, new = changed(dossier)["Người nộp"]
    assert old.startswith("Nguyễn Thị Mỹ Hạnh, 0801••••0412, 0913000124")
    assert new == "Trần Văn Nam, 0800••••0015, 0913000125"
    assert "080161000412" not in str(dossier.events.get(kind="corrected").data)


def test_changed_papers_stand_side_by_side():
    papers = (*p.application().papers[:2], PaperInput("giay_to_cu_tru", 1, 2, remark="bản mờ"))
    found = changed(correct(p.receive(), p.application(papers=papers)))
    assert list(found.values()) == [("1 bản sao", "1 bản chính, 2 bản sao, bản mờ")]


def test_a_changed_fee_stands_side_by_side():
    dossier = p.receive()
    poor = p.PartyInput(name="Nguyễn Thị Mỹ Hạnh", id_number="080161000412", groups=("poor",))
    found = changed(correct(dossier, p.application(parties=(poor,))))
    assert ("5.000\u00a0đ", "0\u00a0đ") in found.values()


def test_a_changed_case_and_due_time_stand_side_by_side():
    found = changed(correct(receive_birth("dung_han"), birth("xac_minh")))
    assert found["Trường hợp"] == ("Đúng hạn (trong 60 ngày)", "Phải xác minh")
    assert found["Hẹn trả"] == ("17:00 thứ Hai 05/12/2016", "17:00 thứ Hai 12/12/2016")


def test_old_and_new_are_on_the_page_and_in_the_api(client):
    dossier = correct(p.receive(), p.application(summary="Vay vốn"))
    client.force_login(p.person("mot_cua"))
    page = one_line(client.get(f"/ho-so/{dossier.code}/"))
    assert "<del>chưa có</del> → <ins>Vay vốn</ins>" in page
    _token, key = organisation.issue_token(SYSTEM, p.person("mot_cua"), name="test")
    bearer = {"Authorization": f"Bearer {key}"}
    answer = client.get(f"/api/v1/dossiers/{dossier.code}", headers=bearer).json()
    line = next(one for one in answer["timeline"] if one["kind"] == "corrected")
    assert line["changes"] == [{"label": "Nội dung", "old": "", "new": "Vay vốn"}]
