"""What is on record: the ledger alone tells what was done, offers ask for what actions take, and who collected."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from tests import province as p
from vamco.core import clock
from vamco.core.errors import Invalid, Refused
from vamco.core.models import LedgerEntry
from vamco.dossiers import actions, timeline
from vamco.dossiers.models import Dossier, Slip
from vamco.dossiers.papers import drafting, slips
from vamco.dossiers.rules import moves
from vamco.dossiers.work import offers
from vamco.notify.models import Message
from vamco.payments.queries import charges_for

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def entry(dossier, action):
    """The content of the newest ledger entry of an action on the dossier."""
    rows = LedgerEntry.objects.filter(
        object_id=str(dossier.pk), object_type="dossiers.dossier", action=f"dossiers.{action}"
    )
    return rows.select_related("content").latest("pk").content.content


def ready(**changes):
    dossier = p.decide(p.receive(**changes))
    p.pay(dossier)
    return dossier


# The ledger ------------------------------------------------------------------------------------------------


def test_the_ledger_alone_tells_signed_from_sent_back():
    dossier = p.decide(p.receive(), upto="ky_duyet")
    reason = "Ghi rõ kết quả đối chiếu."
    dossier = actions.advance(p.actor("chu_tich"), dossier, outcome="tra_lai", reason=reason)
    back = entry(dossier, "advance")
    assert back["left"][1] == {"step": "ky_duyet", "outcome": "tra_lai", "reason": moves.digest(reason)}
    dossier = p.decide(dossier, upto="vao_so")
    assert entry(dossier, "advance")["left"][1] == {"step": "ky_duyet", "outcome": "ky", "reason": ""}


def test_the_ledger_holds_digests_of_contents_and_no_contents():
    secret = "Chưa đăng ký kết hôn với ai."
    dossier = actions.advance(
        p.actor("tu_phap"), p.receive(), outcome="trinh_ky", answers={"ket_qua_doi_chieu": secret}
    )
    kept = entry(dossier, "advance")
    assert kept["answers"][1] == moves.digest(dossier.answers)
    dossier = actions.send_back(
        p.actor("chu_tich"), dossier, run=dossier.runs.first().pk, reason="Bà Hạnh khai sai."
    )
    sent = entry(dossier, "send_back")
    assert sent["left"][1]["outcome"] == "send_back"
    assert secret not in json.dumps(kept, ensure_ascii=False)
    assert "Hạnh" not in json.dumps(sent, ensure_ascii=False)


def test_what_the_timeline_says_can_be_proved_by_the_ledger():
    dossier = p.receive()
    dossier = actions.correct(
        p.actor("mot_cua"), dossier, application=p.application(summary="Vay vốn"), reason="Ghi thiếu."
    )
    kept = entry(dossier, "correct")
    event = dossier.events.get(kind="corrected")
    assert kept["told"][1] == {"corrected": moves.digest(event.data)}
    assert {"answers", "papers", "parties"} <= kept.keys()
    assert "Vay vốn" not in json.dumps(kept, ensure_ascii=False)
    dossier = actions.withdraw(p.actor("mot_cua"), dossier, reason="Không cần nữa.")
    assert entry(dossier, "withdraw")["left"][1]["outcome"] == "withdrawn"


# Who collected ---------------------------------------------------------------------------------------------


def handed(dossier):
    line = next(one for one in timeline.lines(dossier) if one.kind == "handed_over")
    return line.text, line.detail


def test_who_collects_for_the_applicant_is_named_with_the_number_of_their_paper():
    dossier = actions.hand_over(
        p.actor("mot_cua"),
        ready(),
        collector="Lê Văn Bé",
        collector_number="080090001234",
        proof="Giấy ủy quyền ngày 05/12/2016",
    )
    assert handed(dossier) == (
        "Trả kết quả: Lê Văn Bé nhận thay, giấy tờ số …1234",
        "Giấy ủy quyền ngày 05/12/2016",
    )
    assert "080090001234" not in str(dossier.events.get(kind="handed_over").data)


def test_what_was_looked_at_is_on_record_when_the_applicant_comes():
    dossier = actions.hand_over(
        p.actor("mot_cua"), ready(), collector_number="080161000412", proof="Căn cước công dân"
    )
    assert handed(dossier) == (
        "Trả kết quả cho Nguyễn Thị Mỹ Hạnh",
        "Giấy tờ đã xem: Căn cước công dân, số …0412",
    )


def test_the_page_asks_for_the_number_of_who_collects(client):
    dossier = ready()
    client.force_login(p.person("mot_cua"))
    client.post(
        reverse("dossier_act", args=[dossier.code, "hand_over"]),
        {
            "version": dossier.version,
            "collector": "Lê Văn Bé",
            "collector_number": "080090001234",
            "proof": "Giấy ủy quyền",
        },
    )
    assert dossier.events.get(kind="handed_over").data["number"] == "…1234"


# Offers ----------------------------------------------------------------------------------------------------


def _states():
    """Dossiers in every state that offers something else, each with who looks at it."""
    yield p.receive(), ("mot_cua", "tu_phap", "chu_tich")
    yield (
        p.decide(p.receive(parties=(p.PartyInput(name="Trần Văn Nam"),)), "ky_duyet"),
        ("tu_phap", "chu_tich"),
    )
    promised = p.receive(parties=(p.PartyInput(name="Lê Văn Tư"),))
    yield actions.draft_new_date(p.actor("tu_phap"), promised, days=2, reason="Chờ xác minh"), ("chu_tich",)
    asked = actions.request_supplement(
        p.actor("tu_phap"),
        p.receive(parties=(p.PartyInput(name="Lê Văn Năm"),)),
        items=[("Sổ hộ khẩu", "")],
        reason="Thiếu",
        days=1,
    )
    asked.supplements.update(closing_drafted_at=clock.now(), deadline=clock.now() - timedelta(minutes=1))
    yield asked, ("mot_cua",)
    yield p.decide(p.receive(parties=(p.PartyInput(name="Lê Văn Sáu"),))), ("mot_cua",)


def test_what_is_offered_is_what_the_action_takes():
    offered: dict[str, set[str]] = {}
    for dossier, posts in _states():
        dossier = Dossier.objects.get(pk=dossier.pk)
        for post in posts:
            for one in offers.offers(p.actor(post), dossier):
                names = {given.name for given in one.inputs} | ({"outcome"} if one.outcome else set())
                assert names <= {parameter.name for parameter in one.action.inputs}, one.key
                offered.setdefault(one.key, set()).update(names)
    assert offered.keys() == set(offers.ACTIONS)
    # No step of this procedure asks for a file.
    offered["advance"].add("file")
    for key, names in offered.items():
        declared = {parameter.name for parameter in offers.ACTIONS[key].inputs}
        assert names | {"version"} == declared | {"version"}, key


def test_every_kind_of_slip_has_a_form_and_a_name():
    assert set(Slip.KINDS) == set(slips.SLIPS)
    assert all(slips.label_of(kind) != kind for kind in Slip.KINDS)


# Notes -----------------------------------------------------------------------------------------------------


def test_a_note_does_not_reach_who_may_not_see_the_dossier():
    dossier = p.receive()
    stranger = p.person("tu_phap", p.OTHER_COMMUNE)
    with pytest.raises(Invalid, match=f"@{stranger.username}") as refusal:
        actions.note(p.actor("mot_cua"), dossier, text=f"Nhờ @{stranger.username} xem.")
    assert refusal.value.field == "text"
    assert not Message.objects.filter(kind="mention").exists()
    assert not dossier.notes.exists()


def test_a_name_that_nobody_has_is_told_and_not_dropped():
    with pytest.raises(Invalid, match="@khongaica"):
        actions.note(p.actor("mot_cua"), p.receive(), text="Nhờ @khongaica, xem sớm.")


# The applicant ---------------------------------------------------------------------------------------------


def put_right(dossier, **given):
    base = {"name": "Nguyễn Thị Mỹ Hạnh", "reason": "Ghi nhầm người."}
    return actions.correct_applicant(p.actor("chu_tich"), dossier, **{**base, **given})


def test_a_dossier_of_the_wrong_person_is_put_to_the_right_ones_name():
    right = p.receive(parties=(p.PartyInput(name="Trần Văn Nam", id_number="080090000015"),)).applicant
    dossier = p.decide(p.receive(), upto="ky_duyet")
    dossier = put_right(dossier, name="Trần Văn Nam", id_number="080090000015")
    assert dossier.applicant == right
    assert dossier.parties.get(role="applicant").party == right
    line = next(one for one in timeline.lines(dossier) if one.kind == "applicant_corrected")
    said = {one.label: (one.old, one.new) for one in line.changes}
    assert said["Số giấy tờ"] == ("0801••••0412", "0800••••0015")
    assert said["Họ và tên"] == ("Nguyễn Thị Mỹ Hạnh", "Trần Văn Nam")
    assert "080090000015" not in str(dossier.events.get(kind="applicant_corrected").data)
    assert {one.party_id for one in charges_for([dossier.code])[dossier.code]} == {right.pk}
    draft = drafting.current(dossier)
    assert (draft.holder, draft.holder_name) == (right, "Trần Văn Nam")


def test_a_number_known_under_another_name_is_refused_and_a_new_one_registered():
    p.receive(parties=(p.PartyInput(name="Trần Văn Nam", id_number="080090000015"),))
    dossier = p.receive()
    with pytest.raises(Invalid) as refusal:
        put_right(dossier, name="Lê Văn Bé", id_number="080090000015")
    assert "name" in refusal.value.fields
    with pytest.raises(Invalid) as refusal:
        put_right(dossier, id_number="12")
    assert "id_number" in refusal.value.fields
    dossier = put_right(dossier, name="Lê Văn Bé", id_number="080090000023")
    assert dossier.applicant.name == "Lê Văn Bé"


def test_a_name_put_right_with_the_same_number_keeps_the_record():
    dossier = p.receive()
    was = dossier.applicant
    dossier = put_right(dossier, name="Nguyễn Thị Mỹ Hằng", id_number="080161000412")
    assert (dossier.applicant, dossier.applicant_name) == (was, "Nguyễn Thị Mỹ Hằng")


# Take back -------------------------------------------------------------------------------------------------


def test_a_supplement_that_was_asked_for_is_not_taken_back_and_says_what_to_do():
    dossier = actions.request_supplement(
        p.actor("tu_phap"), p.receive(), items=[("Sổ hộ khẩu", "")], reason="Thiếu"
    )
    with pytest.raises(Refused, match="Nhận bổ sung"):
        actions.take_back(p.actor("tu_phap"), dossier)
