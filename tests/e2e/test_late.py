"""Late: the system prepares the apology, a person signs it with a reason and a new date; signed too late, late it stays."""

import pytest

RECEIVED_AND_WATCHED = """
from datetime import timedelta
from tests import province as p
from vamco.core import clock, worktime
from vamco.dossiers import actions, deadlines, jobs
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
answer = [in_time.code, too_late.code]
"""


@pytest.fixture(scope="module")
def codes(town):
    """Two dossiers of the past, after the job has looked at them: the last hours to apologise, and days late."""
    return town.run(RECEIVED_AND_WATCHED)


def test_the_apology_is_ready_and_the_leader_signs_it_with_a_reason_and_a_new_date(codes, someone):
    code = codes[0]
    leader = someone("chu_tich").opens(f"/ho-so/{code}/", then="Có dự thảo phiếu xin lỗi, hẹn lại")
    leader.hits("k", then="Lý do chậm")
    leader.fills({"Lý do chậm": "Chờ UBND phường 3 trả lời xác minh."}).hits(
        "F9", then="Ký phiếu xin lỗi, hẹn lại."
    )
    print(leader.text())
    slip = leader.paper("Phiếu xin lỗi và hẹn lại")
    print(slip)
    citizen = someone().opens(f"/tra-cuu/{code}/", then="Xin lỗi và hẹn lại")
    print(citizen.text())


def test_signed_after_its_day_the_apology_goes_out_and_the_dossier_stays_late(codes, someone):
    code = codes[1]
    citizen = someone().opens(f"/tra-cuu/{code}/", then="Quá hạn")
    leader = someone("chu_tich").opens("/viec/?tab=late", then="Quá hạn").picks(code, then="Quá hạn")
    leader.hits("k", then="Lý do chậm").hits("F9", then="Ký phiếu xin lỗi, hẹn lại.").reads(
        "Quá hạn", "Trễ hạn"
    )
    leader.opens("/viec/?tab=late", then="Quá hạn")
    assert "trễ" in leader.row(code).inner_text()
    citizen.opens(f"/tra-cuu/{code}/", then="Xin lỗi và hẹn lại").reads("Quá hạn")
    print(leader.text(), citizen.text())
