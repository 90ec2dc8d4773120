"""A dossier's way on the happy path and back."""

import pytest

from tests import province as p
from vamco.core import clock
from vamco.core.errors import Invalid, NotAllowed, Refused, Stale
from vamco.core.models import LedgerEntry
from vamco.dossiers import actions, queries
from vamco.dossiers.inbox import inbox
from vamco.dossiers.models import Dossier, Stage
from vamco.dossiers.papers import drafting, slips
from vamco.dossiers.rules import moves
from vamco.dossiers.rules.application import PaperInput
from vamco.notify.models import Message
from vamco.payments.queries import balance, charges_for
from vamco.results import paper

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def test_from_the_counter_to_the_returned_result():
    dossier = p.receive()
    assert dossier.due_at == clock.now().replace(day=8, hour=17)
    dossier = p.decide(dossier)
    assert dossier.stage == Stage.READY
    result = drafting.current(dossier)
    assert result.number == "01/2016/XNTTHN"
    p.pay(dossier)
    dossier = actions.hand_over(p.actor("mot_cua"), dossier)
    assert (dossier.stage, dossier.status) == (Stage.RETURNED, 10)
    assert set(dossier.slips.values_list("kind", flat=True)) == {"receipt", "control"}
    assert list(
        Message.objects.filter(dossier=dossier.code).values_list("kind", flat=True).order_by("pk")
    ) == ["received", "result_ready"]


def test_every_action_is_in_the_ledger_without_the_name():
    dossier = p.decide(p.receive())
    entries = LedgerEntry.objects.filter(
        object_id=str(dossier.pk), object_type="dossiers.dossier"
    ).select_related("content")
    assert [entry.action for entry in entries.order_by("pk")] == ["dossiers.receive"] + [
        "dossiers.advance"
    ] * 3
    assert not any(
        "Hạnh" in str(entry.content.content) or "0412" in str(entry.content.content) for entry in entries
    )


def test_a_result_is_not_handed_over_before_it_is_paid():
    dossier = p.decide(p.receive())
    with pytest.raises(Refused, match=r"5\.000 đ"):
        actions.hand_over(p.actor("mot_cua"), dossier)


def test_somebody_else_collects_with_a_proof_only():
    dossier = p.decide(p.receive())
    p.pay(dossier)
    with pytest.raises(Invalid) as refusal:
        actions.hand_over(p.actor("mot_cua"), dossier, collector="Lê Văn Bé")
    assert refusal.value.field == "proof"
    actions.hand_over(
        p.actor("mot_cua"), dossier, collector="Lê Văn Bé", proof="Giấy ủy quyền ngày 05/12/2016"
    )


def test_another_unit_may_not_touch_it():
    dossier = p.receive()
    with pytest.raises(NotAllowed):
        actions.advance(p.actor("tu_phap", p.OTHER_COMMUNE), dossier, outcome="trinh_ky", answers=p.FOUND)


def test_the_wrong_role_may_not_decide_the_step():
    dossier = p.receive()
    with pytest.raises(NotAllowed):
        actions.advance(p.actor("chu_tich"), dossier, outcome="trinh_ky", answers=p.FOUND)


def test_a_stale_form_is_refused_and_says_who_changed_it():
    dossier = p.receive()
    actions.take(p.actor("tu_phap"), dossier)
    with pytest.raises(Stale, match=p.person("tu_phap").full_name):
        actions.advance(p.actor("tu_phap"), dossier, outcome="trinh_ky", answers=p.FOUND, version=1)


def test_of_two_who_take_the_second_is_told_who_has_it():
    dossier = p.receive()
    actions.take(p.actor("tu_phap"), dossier)
    with pytest.raises(NotAllowed):
        actions.take(p.actor("mot_cua"), dossier)


def test_pressed_twice_it_happens_once():
    actor = p.actor("mot_cua").once("form-1")
    first = actions.receive(actor, p.unit(), application=p.application())
    second = actions.receive(actor, p.unit(), application=p.application())
    assert first.pk == second.pk
    assert Dossier.objects.count() == 1
    with pytest.raises(Invalid):
        actions.receive(actor, p.unit(), application=p.application(summary="khác"))


def test_sent_back_it_goes_to_the_person_who_had_it():
    dossier = p.decide(p.receive(), upto="ky_duyet")
    dossier = actions.advance(
        p.actor("chu_tich"), dossier, outcome="tra_lai", reason="Ghi rõ kết quả đối chiếu."
    )
    assert (dossier.step, dossier.holder) == ("tham_tra", p.person("tu_phap"))
    assert dossier.runs.last().back


def test_send_back_to_an_earlier_step_needs_a_reason():
    dossier = p.decide(p.receive(), upto="vao_so")
    run = dossier.runs.first()
    with pytest.raises(Invalid):
        actions.send_back(p.actor("van_phong"), dossier, run=run.pk, reason=" ")
    dossier = actions.send_back(p.actor("van_phong"), dossier, run=run.pk, reason="Sai ngày sinh.")
    assert (dossier.step, dossier.holder) == ("tham_tra", p.person("tu_phap"))


def test_taken_back_until_the_receiver_opened_it():
    dossier = p.decide(p.receive(), upto="ky_duyet")
    dossier = actions.take_back(p.actor("tu_phap"), dossier)
    assert (dossier.step, dossier.holder) == ("tham_tra", p.person("tu_phap"))
    dossier = actions.advance(p.actor("tu_phap"), dossier, outcome="trinh_ky", answers=p.FOUND)
    actions.take(p.actor("chu_tich"), dossier)
    with pytest.raises(Refused):
        actions.take_back(p.actor("tu_phap"), dossier)


def test_a_refusal_after_examination_is_a_letter_with_the_same_words_as_the_message():
    dossier = p.receive()
    dossier = actions.advance(
        p.actor("tu_phap"),
        dossier,
        outcome="de_nghi_tu_choi",
        reasons=("dang_co_vo_chong",),
        reason="Theo sổ đăng ký kết hôn.",
        answers=p.FOUND,
    )
    while dossier.stage == Stage.PROCESSING:
        step = next(s for s in moves.case_of(dossier).process.steps if s.key == dossier.step)
        post = {"leader": "chu_tich", "registrar": "van_phong"}[step.role]
        dossier = actions.advance(p.actor(post), dossier, outcome=step.outcomes[0].key)
    assert dossier.stage == Stage.REFUSED_READY
    letter = drafting.refusal_of(dossier)
    message = Message.objects.get(dossier=dossier.code, kind="refused")
    assert letter.number
    assert paper.letter_text(letter).splitlines()[-1] in message.body
    assert "khiếu nại" in message.body
    assert balance(dossier.code) == 0
    stations = [one.words for one in queries.tracking(queries.track(dossier.code)).route]
    assert "Đang vào sổ, đóng dấu" not in stations
    assert stations[-1] == "Trả kết quả"
    dossier = actions.hand_over(p.actor("mot_cua"), dossier)
    assert {one.state for one in queries.tracking(queries.track(dossier.code)).route} == {"done"}


def test_withdrawn_and_stopped_end_with_a_reason():
    dossier = actions.withdraw(p.actor("mot_cua"), p.receive(), reason="Không còn nhu cầu.")
    assert (dossier.stage, dossier.status) == (Stage.WITHDRAWN, 7)
    assert [one.words for one in queries.tracking(queries.track(dossier.code)).route] == [
        "Tiếp nhận",
        "Đang thẩm tra hồ sơ",
    ]
    other = p.receive(parties=(p.PartyInput(name="Trần Văn Nam"),))
    other = actions.stop(p.actor("chu_tich"), other, reason="Theo quyết định của tòa án.")
    assert (other.stage, other.status) == (Stage.STOPPED, 8)
    with pytest.raises(Refused):
        actions.withdraw(p.actor("mot_cua"), other, reason="x y z")


def test_received_is_told_from_taken_up():
    dossier = p.receive()
    assert dossier.status == 2
    assert actions.take(p.actor("tu_phap"), dossier).status == 4


def test_what_was_withdrawn_owes_nothing():
    dossier = actions.withdraw(p.actor("mot_cua"), p.receive(), reason="Không còn nhu cầu.")
    assert balance(dossier.code) == 0
    assert not [charge for charge in charges_for([dossier.code])[dossier.code] if charge.state == "due"]


def test_refused_at_the_counter_it_is_on_record_with_directions():
    slip = actions.refuse_intake(
        p.actor("mot_cua"),
        p.unit(),
        application=p.application(papers=()),
        reason="Không thường trú tại phường.",
        directions="Nộp tại UBND xã nơi thường trú.",
    )
    dossier = slip.dossier
    assert (dossier.stage, dossier.status) == (Stage.REFUSED, 3)
    assert slips.paper_of(slip).pdf().startswith(b"%PDF")


def test_incomplete_it_is_not_received_and_every_fault_is_named_at_once():
    papers = (
        PaperInput("to_khai", verdict="not_ok", remark="thiếu chữ ký"),
        PaperInput("giay_to_tuy_than", verdict="missing"),
    )
    with pytest.raises(Invalid) as refusal:
        p.receive(papers=papers, answers={})
    assert {
        "papers.to_khai",
        "papers.giay_to_tuy_than",
        "papers.giay_to_cu_tru",
        "fields.tinh_trang",
        "fields.muc_dich",
    } <= set(refusal.value.fields)
    slip = actions.ask_before_intake(p.actor("mot_cua"), p.unit(), application=p.application(papers=papers))
    assert [paper["remark"] for paper in slip.data["papers"]] == ["thiếu chữ ký", "còn thiếu", "còn thiếu"]
    assert not Dossier.objects.exists()


def test_a_paper_that_only_some_need_is_asked_for_with_its_condition():
    nothing_known = p.application(papers=(), answers={})
    slip = actions.ask_before_intake(p.actor("mot_cua"), p.unit(), application=nothing_known)
    remarks = {paper["name"]: paper["remark"] for paper in slip.data["papers"]}
    conditional = [remark for remark in remarks.values() if remark.startswith("cần có nếu ")]
    assert (
        "cần có nếu tình trạng hôn nhân hiện tại là “Vợ hoặc chồng đã chết, chưa kết hôn lại”" in conditional
    )
    assert list(remarks.values()).count("còn thiếu") == 3


def test_several_for_one_person_in_one_visit_on_one_slip():
    visit = actions.open_visit(p.actor("mot_cua"), p.unit())
    for purpose in ("vay_von", "tai_san"):
        actions.receive(
            p.actor("mot_cua"),
            p.unit(),
            application=p.application(answers={"tinh_trang": "chua_ket_hon", "muc_dich": purpose}),
            visit=visit,
            slip=False,
        )
    slip = actions.close_visit(p.actor("mot_cua"), visit)
    assert len(slip.data["items"]) == 2
    assert slips.paper_of(slip).pdf().startswith(b"%PDF")


def test_corrected_until_work_starts_the_slip_is_printed_again_in_its_place():
    dossier = p.receive()
    changed = p.application(
        answers={"tinh_trang": "goa", "muc_dich": "vay_von"},
        papers=(*p.application().papers, PaperInput("trich_luc_khai_tu", 1)),
    )
    dossier = actions.correct(p.actor("mot_cua"), dossier, application=changed, reason="Ghi nhầm tình trạng.")
    old, new = dossier.slips.filter(kind="receipt")
    assert new.replaces == old
    assert dossier.answers["tinh_trang"] == "goa"
    actions.take(p.actor("tu_phap"), dossier)
    with pytest.raises(Refused):
        actions.correct(p.actor("mot_cua"), dossier, application=changed, reason="Ghi nhầm.")
    with pytest.raises(NotAllowed):
        actions.correct_applicant(p.actor("mot_cua"), dossier, name="Nguyễn Thị Mỹ Hạnh", reason="Sai tên.")
    dossier = actions.correct_applicant(
        p.actor("chu_tich"), dossier, name="Nguyễn Thị Mỹ Hạnh (Hằng)", reason="Sai tên đệm."
    )
    event = dossier.events.get(kind="applicant_corrected")
    assert (event.data["old"]["name"], event.data["new"]["name"]) == (
        "Nguyễn Thị Mỹ Hạnh",
        "Nguyễn Thị Mỹ Hạnh (Hằng)",
    )


def test_the_wrong_authority_is_refused_under_2015_and_forwarded_under_2018():
    with pytest.raises(Refused):
        actions.forward(p.actor("mot_cua"), p.unit(), application=p.application(), to=p.OTHER_COMMUNE)
    with clock.told(p.MONDAY.replace(year=2019, month=3, day=4)):
        dossier = actions.forward(
            p.actor("mot_cua"), p.unit(), application=p.application(), to=p.OTHER_COMMUNE
        )
    assert dossier.unit.code == p.OTHER_COMMUNE
    assert set(dossier.units.values_list("unit__code", flat=True)) == {p.COMMUNE, p.OTHER_COMMUNE}


def test_a_stuck_dossier_is_moved_on_record():
    dossier = p.decide(p.receive(), upto="vao_so")
    dossier = actions.move(
        p.actor("chu_tich"),
        dossier,
        step="tham_tra",
        person=p.person("tu_phap").pk,
        reason="Người giữ sổ nghỉ ốm.",
    )
    assert (dossier.step, dossier.holder) == ("tham_tra", p.person("tu_phap"))
    assert dossier.events.filter(kind="moved", data__reason="Người giữ sổ nghỉ ốm.").exists()


def test_another_unit_is_consulted_and_answers():
    dossier = p.receive()
    dossier = actions.consult(
        p.actor("tu_phap"),
        dossier,
        unit=p.OTHER_COMMUNE,
        question="Ông/bà Hạnh đã đăng ký kết hôn tại xã chưa?",
        days=2,
    )
    asked = dossier.consultations.get()
    with pytest.raises(NotAllowed):
        actions.answer(p.actor("tu_phap"), asked, text="Chưa.")
    actions.answer(p.actor("tu_phap", p.OTHER_COMMUNE), asked, text="Chưa đăng ký kết hôn tại xã.")
    with pytest.raises(Refused):
        actions.answer(p.actor("tu_phap", p.OTHER_COMMUNE), asked, text="Lại.")


def test_a_note_tells_the_colleague_whom_it_mentions():
    dossier = p.receive()
    colleague = p.person("tu_phap")
    actions.note(p.actor("mot_cua"), dossier, text=f"Nhờ @{colleague.username} xem sớm.")
    assert Message.objects.get(kind="mention").to_name == colleague.full_name


def test_nobody_gets_what_their_post_above_has_no_right_to_do_here():
    dossier, above = p.decide(p.receive(), upto="ky_duyet"), p.person("chu_tich", p.PROVINCE)
    assert not p.actor("chu_tich", p.PROVINCE).may_at("step.leader", [dossier.unit_id])
    assert above not in inbox.people([dossier.holder_unit], "leader")
    with pytest.raises(Invalid):
        actions.assign(p.actor("chu_tich"), dossier, person=above.pk)
