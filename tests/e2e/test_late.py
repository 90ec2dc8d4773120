"""Late: the system prepares the apology, a person signs it with a reason and a new date; signed too late, late it stays."""

import re

import pytest

pytestmark = pytest.mark.browser

RECEIVED_AND_WATCHED = """
from datetime import timedelta
from tests import province as p
from vamco.core import clock, worktime
from vamco.dossiers import actions, jobs
from vamco.dossiers.rules import deadlines
from vamco.timing import queries as timing
now, unit = clock.now(), p.unit()

def sign_by(at):
    regime = timing.regime_at(at)
    due = deadlines.first_due(at, 3, "working_day", office=unit, regime=regime)
    return worktime.apology_by(due, calendar=timing.calendar_for(unit), regime=regime)

def receive(at, name):
    with clock.told(at):
        dossier = p.receive(parties=(p.PartyInput(name=name, email="dan@example.vn"),))
        return actions.take(p.actor("tu_phap"), dossier)

soon = now + timedelta(minutes=10)
hours_ago = [now - timedelta(hours=hours) for hours in range(20 * 24)]
in_time = receive([at for at in hours_ago if sign_by(at) > soon][-1], "Huỳnh Văn Kịp")
too_late = receive(now - timedelta(days=20), "Huỳnh Thị Trễ")
with clock.told(soon):
    for _ten_minutes in range(3):
        jobs.watch_dossiers()
answer = [in_time.code, too_late.code, in_time.secret]
"""


@pytest.fixture(scope="module")
def codes(town):
    """Two dossiers of the past that the job has looked at: in the last hours to apologise, and days late; and the second
    secret of the first."""
    return town.run(RECEIVED_AND_WATCHED)


DAY = re.compile(r"\d\d/\d\d/\d{4}")


def test_the_apology_is_ready_and_the_leader_signs_it_with_a_reason_and_a_new_date(codes, someone):
    code = codes[0]
    leader = someone("chu_tich").opens(f"/ho-so/{code}/", then="Có dự thảo phiếu xin lỗi, hẹn lại")
    old = DAY.search(leader.text("#now").partition("hẹn trả")[2])[0]
    new = DAY.search(leader.text("#now").partition("xin lỗi, hẹn lại")[2])[0]
    leader.hits("k", then="Lý do chậm").fills({"Lý do chậm": "Chờ UBND phường 3 trả lời xác minh."})
    leader.hits("F9", then="Ký phiếu xin lỗi, hẹn lại.").reads("Trong hạn").misses("chờ ký")
    assert DAY.search(leader.text("#now").partition("hẹn trả")[2])[0] == new != old
    slip = leader.paper("Phiếu xin lỗi và hẹn lại")
    for said in ("XIN LỖI", "Huỳnh Văn Kịp", "Chờ UBND phường 3 trả lời xác minh.", old, new, leader.name):
        assert said in slip

    citizen = someone().opens(f"/tra-cuu/{code}/", then="hẹn lại").reads(new, "Trong hạn")
    citizen.fills({"Mã riêng": codes[2]}).presses("Xem đầy đủ", then="Chờ UBND phường 3 trả lời xác minh.")


def test_signed_after_its_day_the_apology_goes_out_and_the_dossier_stays_late(codes, someone):
    code = codes[1]
    citizen = someone().opens(f"/tra-cuu/{code}/", then="Quá hạn")
    leader = someone("chu_tich").opens("/viec/?tab=late", then="Quá hạn").picks(code, then="Quá hạn")
    leader.hits("k", then="Lý do chậm").hits("F9", then="Ký phiếu xin lỗi, hẹn lại.").reads("Trễ hạn")
    leader.opens("/viec/?tab=late", then="Quá hạn")
    assert "trễ" in leader.row(code).inner_text()
    citizen.opens(f"/tra-cuu/{code}/", then="hẹn lại").reads("Quá hạn")
