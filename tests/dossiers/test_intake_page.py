"""The counter's screen as a signed-in officer meets it, with and without script."""

import html
import json
import re
import urllib.parse
from dataclasses import replace
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import province as p
from vamco.core import clock
from vamco.core.models import File, LedgerEntry
from vamco.dossiers import actions, counter_fill, drafting, slips_data
from vamco.dossiers.counter import Desk
from vamco.dossiers.models import Dossier, Slip, Stage, Visit
from vamco.forms.field import Field
from vamco.parties.models import LookUp, Party
from vamco.payments import actions as cash
from vamco.payments.models import Receipt
from vamco.results.models import Result

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
NUMBER = "080161000412"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


@pytest.fixture
def officer(client):
    client.force_login(p.person("mot_cua"))
    return client


@pytest.fixture
def book():
    return (
        cash.open_book(p.actor("chu_tich"), p.unit(), symbol="BL-16T", first=1, last=100)
        if _may_open()
        else None
    )


def _may_open():
    return p.actor("chu_tich").may("payments.open_book")


def form(**changes):
    """Everything typed for a certificate of marital status, in order."""
    base = {
        "procedure": p.MARRIAGE,
        "case": "thuong",
        "applicant-number": NUMBER,
        "applicant-name": "Nguyễn Thị Mỹ Hạnh",
        "applicant-kind": "person",
        "applicant-phone": "0913 000 124",
        "applicant-address": "48/2 ấp 3",
        "f-tinh_trang": "chua_ket_hon",
        "f-muc_dich": "vay_von",
        "p-to_khai-ok": "on",
        "p-to_khai-o": "1",
        "p-giay_to_tuy_than-ok": "on",
        "p-giay_to_tuy_than-c": "1",
        "p-giay_to_cu_tru-ok": "on",
        "p-giay_to_cu_tru-c": "1",
        "pay": "on_return",
        "return_by": "counter",
        "channel": "counter",
        "request_key": "key-1",
        "do": "receive",
    }
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


def name_of(key):
    """Names of inputs use a dash; keyword arguments can't."""
    return key.replace("__", "-")


def press(client, do="receive", **changes):
    """Press a button with the form filled; `applicant__name=…` changes an input."""
    return client.post(
        reverse("intake"), form(do=do, **{name_of(key): value for key, value in changes.items()})
    )


def text_of(answer):
    body = re.sub(r"<(script|style|svg|option|datalist)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def value(answer, name):
    """The value that an input of the page holds."""
    found = re.search(rf'<input[^>]*\bname="{re.escape(name)}"[^>]*>', answer.content.decode())
    held = re.search(r'\bvalue="([^"]*)"', found[0]) if found else None
    return html.unescape(held[1]) if held else None


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
    assert slips_data.form_of(Slip.objects.get()).items[0].fee_note == "đã nộp"
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


# The person ------------------------------------------------------------------------------------------------


def test_a_number_shows_the_person_with_open_dossiers_and_warns_of_the_same_procedure(officer):
    dossier = p.receive()
    answer = press(officer, "find.applicant", applicant__name="", applicant__phone="")
    page = text_of(answer)
    assert "Nguyễn Thị Mỹ Hạnh" in page
    assert f"Đang có hồ sơ cùng thủ tục này: …{dossier.code.partition('-')[2]}" in page
    assert value(answer, "applicant-phone") == "0913000124"
    assert LookUp.objects.get().by == p.person("mot_cua")
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


# The procedure ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["gxn", "tinh trang hon", "tình trạng hôn", "xntthn", "1.004873"])
def test_letters_initials_and_code_find_the_procedure(officer, typed):
    answer = officer.get(reverse("intake_suggest"), {"q": typed})
    assert f'value="{p.MARRIAGE}"' in answer.content.decode()


def test_without_script_one_picks_it_with_a_button(officer):
    listed = press(officer, "search", procedure="", q="tình trạng hôn nhân")
    assert f'name="pick" value="{p.MARRIAGE}"' in listed.content.decode()
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


def scan(name="cmnd.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def test_scans_are_kept_when_something_else_is_wrong(officer):
    data = form(**{"f-tinh_trang": "", "p-giay_to_tuy_than-scan": [scan(), scan("mat-sau.pdf")]})
    answer = officer.post(reverse("intake"), data)
    ids = re.findall(r'name="p-giay_to_tuy_than-file" value="(\d+)"', answer.content.decode())
    assert len(ids) == 2
    officer.post(reverse("intake"), form(**{"p-giay_to_tuy_than-file": ids}))
    papers = Dossier.objects.get().papers.filter(code="giay_to_tuy_than")
    assert sorted(str(paper.file_id) for paper in papers) == sorted(ids)
    assert sum(paper.copies for paper in papers) == 1
    slip = slips_data.form_of(Slip.objects.get())
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


# Not received, and several -----------------------------------------------------------------------------------


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


# Putting right -----------------------------------------------------------------------------------------------


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
    unanswered = press(officer, "all", f__tinh_trang="").content.decode()
    assert re.search(r'name="p-to_khai-ok" checked', unanswered)
    assert not re.search(ticked, unanswered)
    assert re.search(ticked, press(officer, "all", f__tinh_trang="goa").content.decode())


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
    page = officer.post(reverse("intake"), form(do="update", signature="")).content.decode()
    hint = re.search(r'<p class="hint case__hint">.*?</p>', page, re.DOTALL)[0]
    assert hint.count("chưa kiểm chứng") == 2
    assert html.escape(source.text) in hint.partition("bản từ")[2]
    assert re.search(rf"<dt>Nội dung thủ tục.*?<dd[^>]*>{re.escape(html.escape(source.text))}", page)
