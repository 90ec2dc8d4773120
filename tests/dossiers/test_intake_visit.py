"""At the counter nothing received, several at once, the next person, a copy, and what is put right afterwards."""

import json
import re
from dataclasses import replace
from datetime import datetime

import pytest
from django.urls import reverse

from tests import province as p
from tests.pages import one_line
from vamco.core import clock
from vamco.dossiers import actions
from vamco.dossiers.intake import counter_fill
from vamco.dossiers.intake.counter import Desk
from vamco.dossiers.models import Dossier, Slip, Stage, Visit
from vamco.forms.field import Field
from vamco.parties.models import Party
from vamco.payments.models import Receipt

from .counter_form import NUMBER, form, name_of, press, text_of, value

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def test_a_supplement_slip_lists_every_fault_and_receives_nothing(officer):
    asked = press(officer, "ask", p__to_khai__ok=None)
    assert 'value="ask_print"' in asked.content.decode()
    press(
        officer,
        "ask_print",
        p__to_khai__ok=None,
        p__to_khai__remark="chưa có tờ khai",
        p__giay_to_cu_tru__bad="on",
        p__giay_to_cu_tru__remark="hết hạn",
    )
    slip = Slip.objects.get()
    assert slip.kind == "supplement"
    assert [paper["remark"] for paper in slip.data["papers"]] == ["chưa có tờ khai", "hết hạn"]
    assert not Dossier.objects.exists()
    assert reverse("slip", args=[slip.pk]) in officer.get(reverse("intake")).content.decode()


def test_the_wrong_authority_is_refused_with_directions(officer):
    page = press(officer, "update", procedure="1.009994", case="")
    assert "không tiếp nhận thủ tục này" in text_of(page)
    assert press(officer, procedure="1.009994", case="").status_code == 422
    asked = press(officer, "refuse", procedure="1.009994", case="")
    assert "không thuộc thẩm quyền tiếp nhận của UBND phường 1" in value(asked, "reason")
    assert value(asked, "directions") == "Ủy ban nhân dân cấp huyện"
    assert 'value="forward"' not in asked.content.decode()
    assert (
        press(officer, "refuse_print", procedure="1.009994", case="", reason="", directions="x").status_code
        == 422
    )
    press(
        officer,
        "refuse_print",
        procedure="1.009994",
        case="",
        reason="Không đúng nơi",
        directions="UBND huyện",
    )
    assert Slip.objects.get().kind == "intake_refusal"
    assert Dossier.objects.get().stage == Stage.REFUSED
    assert reverse("slip", args=[Slip.objects.get().pk]) in officer.get(reverse("intake")).content.decode()


def test_under_the_decree_of_2018_it_is_received_and_forwarded(officer):
    with clock.told(datetime(2019, 3, 4, 9, 0, tzinfo=clock.HERE)):
        typed = form(
            do="refuse",
            procedure="1.009994",
            case="gia_han",
            **{
                "f-so_giay_phep": "12/GPXD",
                "f-ly_do": "chưa khởi công",
                "p-don-ok": "on",
                "p-giay_phep_cu-ok": "on",
            },
        )
        asked = officer.post(reverse("intake"), typed)
        assert 'value="forward"' in asked.content.decode()
        answer = officer.post(reverse("intake"), {**typed, "do": "forward", "to": p.DISTRICT})
    assert answer.status_code == 302
    assert Dossier.objects.get().unit.code == p.DISTRICT


def test_several_procedures_of_one_visit_share_one_payment_and_one_slip(officer, book):
    first = press(officer, "more", pay="now", expected="5000")
    visit = Visit.objects.get()
    assert first.url == f"{reverse('intake')}?luot={visit.pk}"
    page = officer.get(first.url)
    assert "Lượt nộp này có 1 hồ sơ" in text_of(page)
    assert value(page, "applicant-number") == "0801••••0412"
    assert value(page, "procedure") == ""
    press(
        officer,
        request_key="key-2",
        visit=str(visit.pk),
        pay="now",
        expected="5000",
        f__muc_dich="tai_san",
        applicant__number="0801••••0412",
        applicant__known=value(page, "applicant-known"),
    )
    assert Party.objects.count() == 1
    assert Dossier.objects.filter(visit=visit).count() == 2
    assert Receipt.objects.get().total == 10_000
    slip = Slip.objects.get()
    assert (slip.visit, len(slip.data["items"])) == (visit, 2)


def test_a_visit_ends_without_another_procedure(officer, book):
    press(officer, "more", pay="now", expected="5000")
    ended = {"visit": str(Visit.objects.get().pk), "request_key": "key-9", "do": "receive"}
    assert officer.post(reverse("intake"), {**ended, "q": "khai sinh"}).status_code == 422
    assert not Slip.objects.exists()
    assert officer.post(reverse("intake"), ended).status_code == 302
    assert Slip.objects.get().visit == Visit.objects.get()
    assert Receipt.objects.get().total == 5000


def test_the_next_person_starts_with_what_repeats(officer):
    answer = press(officer, "next")
    page = officer.get(answer.url)
    assert value(page, "procedure") == p.MARRIAGE
    assert value(page, "applicant-number") == ""
    assert re.search(r'<option value="vay_von" selected>', page.content.decode())


def test_a_copy_keeps_everything_but_the_papers(officer):
    dossier = p.receive()
    page = officer.get(reverse("intake"), {"tu": dossier.code})
    assert value(page, "applicant-name") == "Nguyễn Thị Mỹ Hạnh"
    assert NUMBER not in page.content.decode()
    assert "checked" not in re.search(r'<input[^>]*name="p-to_khai-ok"[^>]*>', page.content.decode())[0]


def correcting(officer, dossier, **changes):
    page = officer.get(reverse("correct", args=[dossier.code]))
    data = form(do="correct", request_key="key-c", **{name_of(key): value for key, value in changes.items()})
    data |= {name: value(page, name) for name in ("version", "applicant-number", "applicant-known")}
    return officer.post(reverse("correct", args=[dossier.code]), data)


def test_until_work_starts_everything_is_put_right_and_the_slip_printed_instead(officer):
    dossier = p.receive()
    answer = correcting(officer, dossier, f__muc_dich="tai_san", reason="ghi nhầm mục đích", return_by="post")
    assert answer.status_code == 302
    dossier.refresh_from_db()
    assert (dossier.answers["muc_dich"], dossier.return_by) == ("tai_san", "post")
    old, new = dossier.slips.order_by("pk")
    assert new.replaces == old
    assert Party.objects.count() == 1


def test_a_correction_wants_a_reason_and_refuses_a_stale_form(officer):
    dossier = p.receive()
    assert "Hãy ghi lý do sửa." in text_of(correcting(officer, dossier, reason=""))
    page = officer.get(reverse("correct", args=[dossier.code]))
    actions.note(p.actor("mot_cua"), dossier, text="chờ")
    Dossier.objects.filter(pk=dossier.pk).update(version=dossier.version + 1)
    data = form(do="correct", reason="sai", summary="mới", version=value(page, "version"))
    answer = officer.post(reverse("correct", args=[dossier.code]), data)
    assert answer.status_code == 409
    assert value(answer, "summary") == "mới"


def test_a_corrected_dossier_of_a_visit_gets_the_common_slip_anew(officer, book):
    press(officer, "more")
    visit = Visit.objects.get()
    press(officer, request_key="key-2", visit=str(visit.pk), f__muc_dich="tai_san")
    first = visit.dossiers.order_by("pk")[0]
    correcting(officer, first, reason="ghi nhầm", summary="vay ngân hàng")
    old, new = Slip.objects.order_by("pk")
    assert (new.replaces, new.visit, len(new.data["items"])) == (old, visit, 2)


def test_when_work_has_started_the_counter_corrects_no_more(officer):
    dossier = p.receive()
    p.decide(dossier, upto="ky_duyet")
    assert officer.get(reverse("correct", args=[dossier.code])).status_code == 409


def test_an_identity_number_among_the_answers_stays_masked_and_is_kept():
    dossier = p.receive()
    dossier.secret_answers = json.dumps({"so_khac": NUMBER})
    desk = Desk(p.actor("mot_cua"), p.unit(), clock.now(), counter_fill.to_correct(dossier), corrects=dossier)
    assert desk.case
    desk.case = replace(desk.case, fields=(*desk.case.fields, Field("so_khac", "id_number", "Số", "Number")))
    assert (desk.fields[-1].value, desk.application().answers["so_khac"]) == ("0801••••0412", NUMBER)
    assert "f-so_khac" not in counter_fill.copied(dossier)


def test_all_at_once_ticks_what_is_asked_for_and_waits_for_an_answer_that_must_come(officer):
    ticked = r'name="p-trich_luc_khai_tu-ok" checked'
    unanswered = one_line(press(officer, "all", f__tinh_trang=""))
    assert re.search(r'name="p-to_khai-ok" checked', unanswered)
    assert not re.search(ticked, unanswered)
    assert re.search(ticked, one_line(press(officer, "all", f__tinh_trang="goa")))
