"""The counter's screen as a signed-in officer meets it, with and without script."""

import html
import re

import pytest
from django.urls import reverse

from tests import province as p
from tests.pages import one_line
from vamco.core.models import File
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier, Slip
from vamco.dossiers.papers import slips
from vamco.parties.models import Party
from vamco.payments.models import Receipt

from .counter_form import form, press, scan, text_of, value

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


# Receiving -------------------------------------------------------------------------------------------------


def test_a_dossier_is_received_and_its_slip_is_offered_once(officer):
    answer = press(officer)
    dossier = Dossier.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("intake"))
    assert (dossier.applicant_name, dossier.applicant.phone) == ("Nguyễn Thị Mỹ Hạnh", "0913000124")
    assert {paper.code for paper in dossier.papers.all()} == {"to_khai", "giay_to_tuy_than", "giay_to_cu_tru"}
    page = officer.get(answer.url)
    assert f"Đã tiếp nhận {dossier.code}, hẹn trả 17:00 thứ Năm 08/12/2016." in text_of(page)
    assert reverse("slip", args=[dossier.slips.get().pk]) in page.content.decode()
    assert officer.get(reverse("slip", args=[dossier.slips.get().pk])).content.startswith(b"%PDF")
    assert dossier.code not in text_of(officer.get(answer.url))
    assert value(page, "applicant-name") == ""


def test_pressed_twice_it_is_received_once(officer):
    press(officer)
    assert press(officer).status_code == 302
    assert Dossier.objects.count() == 1


def test_every_fault_is_named_on_top_and_beside_its_field_and_nothing_typed_is_lost(officer):
    answer = press(
        officer,
        applicant__number="12345",
        applicant__name="<b>Hạnh</b>",
        f__tinh_trang="",
        p__to_khai__ok=None,
        p__giay_to_tuy_than__bad="on",
        p__giay_to_tuy_than__remark="hết hạn",
        summary="x" * 1001,
    )
    assert answer.status_code == 422
    page, body = text_of(answer), answer.content.decode()
    assert "Cần sửa" in page
    for name in ("applicant-number", "f-tinh_trang", "p-to_khai-ok", "p-giay_to_tuy_than-ok", "summary"):
        assert f'href="#{name}"' in body, name
        assert f'id="{name}-error"' in body, name
    assert page.count("hết hạn") >= 2
    assert value(answer, "applicant-name") == "<b>Hạnh</b>"
    assert "<b>Hạnh" not in body
    assert value(answer, "request_key") == "key-1"
    assert value(answer, "p-giay_to_tuy_than-remark") == "hết hạn"
    assert not Dossier.objects.exists()


def test_composed_and_combining_accents_are_one_name(officer):
    press(officer)
    answer = press(
        officer, applicant__name="Nguye\u0302\u0303n Thi\u0323 My\u0303 Ha\u0323nh", request_key="key-2"
    )
    assert answer.status_code == 302
    assert Party.objects.count() == 1


def test_paid_now_gives_a_receipt_and_the_slip_says_so(officer, book):
    press(officer, pay="now", expected="5000")
    receipt = Receipt.objects.get()
    assert receipt.total == 5000
    assert slips.paper_of(Slip.objects.get()).items[0].fee_note == "đã nộp"
    page = officer.get(reverse("intake"))
    assert reverse("cash_receipt_pdf", args=[receipt.pk]) in page.content.decode()


def test_another_sum_than_was_told_takes_nothing_and_receives_nothing(officer, book):
    answer = press(officer, pay="now", expected="4000")
    assert answer.status_code == 422
    assert "Số tiền phải thu là 5.000 đ" in text_of(answer)
    assert not Dossier.objects.exists()
    assert not Receipt.objects.exists()


def test_without_a_receipt_book_nothing_is_half_done(officer):
    answer = press(officer, pay="now", expected="5000")
    assert answer.status_code == 422
    assert "quyển biên lai" in text_of(answer)
    assert not Dossier.objects.exists()


def test_who_is_exempt_pays_nothing(officer):
    press(officer, groups="poor")
    from vamco.payments.queries import charges_for

    [charge] = charges_for([Dossier.objects.get().code])[Dossier.objects.get().code]
    assert (charge.amount, charge.exempt) == (0, "poor")


# The procedure ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["gxn", "tinh trang hon", "tình trạng hôn", "xntthn", "1.004873"])
def test_letters_initials_and_code_find_the_procedure(officer, typed):
    answer = officer.get(reverse("intake_suggest"), {"q": typed})
    assert f'value="{p.MARRIAGE}"' in answer.content.decode()


def test_without_script_one_picks_it_with_a_button(officer):
    listed = press(officer, "search", procedure="", q="tình trạng hôn nhân")
    assert f'name="pick" value="{p.MARRIAGE}"' in one_line(listed)
    chosen = officer.post(reverse("intake"), {**form(procedure="", do=""), "pick": p.MARRIAGE})
    assert value(chosen, "procedure") == p.MARRIAGE
    assert value(chosen, "applicant-name") == "Nguyễn Thị Mỹ Hạnh"


def test_a_condition_shows_its_field_and_hides_it_without_losing_what_was_typed(officer):
    shown = press(officer, "update", f__muc_dich="ket_hon", f__nguoi_du_dinh="Lê Văn Tám")
    hidden = press(officer, "update", f__muc_dich="vay_von", f__nguoi_du_dinh="Lê Văn Tám")
    field = r'<div data-field="nguoi_du_dinh"[^>]*>'
    assert " hidden" not in re.search(field, shown.content.decode())[0]
    assert " hidden" in re.search(field, hidden.content.decode())[0]
    assert value(hidden, "f-nguoi_du_dinh") == "Lê Văn Tám"
    press(officer, f__muc_dich="vay_von", f__nguoi_du_dinh="Lê Văn Tám")
    assert "nguoi_du_dinh" not in Dossier.objects.get().answers


def test_htmx_is_answered_with_what_follows_only(officer):
    same = form(do="update", signature="")
    first = officer.post(reverse("intake"), same, headers={"HX-Request": "true"})
    signature = value(first, "signature")
    assert 'id="papers"' in first.content.decode()
    second = officer.post(reverse("intake"), {**same, "signature": signature}, headers={"HX-Request": "true"})
    body = second.content.decode()
    assert 'id="papers"' not in body
    assert 'name="applicant-name"' not in body
    assert "17:00 thứ Năm 08/12/2016" in body
    assert "5.000" in body


def test_what_is_not_checked_against_a_source_says_so_and_where_it_is_from(officer):
    page = text_of(press(officer, "update"))
    assert "chưa kiểm chứng" in page
    assert "Quy trình nội bộ ngành tư pháp" in page


def test_the_other_case_asks_for_its_own_time(officer):
    press(officer, case="xac_minh")
    dossier = Dossier.objects.get()
    assert (dossier.case_key, dossier.limit_amount) == ("xac_minh", 23)


# Scans -----------------------------------------------------------------------------------------------------


def test_scans_are_kept_when_something_else_is_wrong(officer):
    data = form(**{"f-tinh_trang": "", "p-giay_to_tuy_than-scan": [scan(), scan("mat-sau.pdf")]})
    answer = officer.post(reverse("intake"), data)
    ids = re.findall(r'name="p-giay_to_tuy_than-file" value="(\d+)"', answer.content.decode())
    assert len(ids) == 2
    officer.post(reverse("intake"), form(**{"p-giay_to_tuy_than-file": ids}))
    papers = Dossier.objects.get().papers.filter(code="giay_to_tuy_than")
    assert sorted(str(paper.file_id) for paper in papers) == sorted(ids)
    assert sum(paper.copies for paper in papers) == 1
    slip = slips.paper_of(Slip.objects.get())
    assert len([paper for paper in slip.items[0].papers if "Giấy chứng minh" in paper.name]) == 1


def test_one_paper_uploads_alone_and_drops_a_sheet(officer):
    answer = officer.post(
        reverse("intake_upload", args=["to_khai"]),
        form(**{"p-to_khai-scan": scan()}),
        headers={"HX-Request": "true"},
    )
    [pk] = re.findall(r'name="p-to_khai-file" value="(\d+)"', answer.content.decode())
    assert officer.get(reverse("intake_scan", args=[pk])).status_code == 200
    dropped = press(officer, f"drop.to_khai.{pk}", p__to_khai__file=pk)
    assert 'name="p-to_khai-file"' not in dropped.content.decode()


def test_nobody_attaches_or_sees_a_scan_of_somebody_else(officer, client):
    officer.post(reverse("intake_upload", args=["to_khai"]), form(**{"p-to_khai-scan": scan()}))
    pk = File.objects.get().pk
    client.force_login(p.person("mot_cua", p.OTHER_COMMUNE))
    assert client.get(reverse("intake_scan", args=[pk])).status_code == 404
    application = p.application(papers=(p.PaperInput("to_khai", 1, file=pk),))
    from vamco.core.errors import Invalid

    with pytest.raises(Invalid) as refusal:
        actions.receive(p.actor("mot_cua", p.OTHER_COMMUNE), p.unit(p.OTHER_COMMUNE), application=application)
    assert "tệp" in refusal.value.fields["papers.to_khai"]


# Who may -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("post", ["tu_phap", "van_phong", "chu_tich"])
def test_only_the_counter_sees_the_screen(client, post):
    client.force_login(p.person(post))
    assert client.get(reverse("intake")).status_code == 403
    assert client.post(reverse("intake"), form()).status_code == 403
    assert client.get(reverse("intake_suggest"), {"q": "hôn"}).status_code == 403
    assert not Dossier.objects.exists()


def test_nobody_receives_for_a_unit_that_is_not_theirs(officer):
    assert press(officer, unit=str(p.unit(p.OTHER_COMMUNE).pk)).status_code == 404
    assert not Dossier.objects.exists()


def test_another_officers_visit_is_not_joined(officer, client):
    visit = actions.open_visit(p.actor("mot_cua", p.OTHER_COMMUNE), p.unit(p.OTHER_COMMUNE))
    press(officer, visit=str(visit.pk))
    assert not visit.dossiers.exists()


def test_what_has_no_source_of_its_own_carries_the_mark_of_the_whole_at_the_counter(officer):
    from vamco.procedures import queries as procedures

    source = procedures.guide(p.MARRIAGE).source
    assert not source.verified
    page = one_line(officer.post(reverse("intake"), form(do="update", signature="")))
    hint = re.search(r'<p class="hint case__hint">.*?</p>', page, re.DOTALL)[0]
    assert hint.count("chưa kiểm chứng") == 2
    assert html.escape(source.text) in hint.partition("bản từ")[2]
    assert re.search(rf"<dt>Nội dung thủ tục.*?<dd[^>]*> {re.escape(html.escape(source.text))}", page)
