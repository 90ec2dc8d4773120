"""What happens by the clock: warnings, apologies, reminders, closings; supplements and new dates under each regime."""

import itertools
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from tests import province as p
from vamco.core import clock
from vamco.core.errors import Invalid, Refused
from vamco.dossiers import actions, figures, jobs, queries
from vamco.dossiers.inbox import inbox
from vamco.dossiers.models import Dossier, Stage
from vamco.dossiers.rules.application import PartyInput
from vamco.dossiers.tracking import progress
from vamco.dossiers.work import offers
from vamco.notify.models import Message
from vamco.organisation.actions import delegate

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def at(day: int, hour: int = 9, *, month: int = 12, year: int = 2016) -> datetime:
    return datetime(year, month, day, hour, tzinfo=clock.HERE)


def ask(dossier: Dossier, days: int = 5) -> Dossier:
    return actions.request_supplement(
        p.actor("tu_phap"),
        dossier,
        items=[("Giấy tờ cư trú", "bản sao mờ, không đọc được")],
        reason="Không đối chiếu được nơi cư trú.",
        days=days,
    )


def test_warned_at_shares_of_the_time_holder_then_head_then_one_stop():
    dossier = p.receive()
    actions.take(p.actor("tu_phap"), dossier)
    told: list[set[str]] = []
    for when in (at(7, 17), at(8, 15), at(8, 18)):
        with clock.told(when):
            jobs.watch_dossiers()
            told.append(set(Message.objects.filter(kind="warning").values_list("to_name", flat=True)))
    specialist, chair, counter = (p.person(post).full_name for post in ("tu_phap", "chu_tich", "mot_cua"))
    assert told[0] == {specialist}
    assert chair in told[1]
    assert counter not in told[1]
    assert counter in told[2]


def warned(when: datetime) -> set[str]:
    """Who is warned when the clock says so."""
    with clock.told(when):
        jobs.watch_dossiers()
    return set(Message.objects.filter(kind="warning").values_list("to_name", flat=True))


def test_while_nobody_has_it_those_who_may_do_the_step_are_warned():
    p.receive()
    assert warned(at(7, 17)) == {p.person("tu_phap").full_name}


def test_the_stand_in_of_who_is_away_is_warned_too():
    actions.take(p.actor("tu_phap"), p.receive())
    away, stand_in = p.person("tu_phap"), p.person("van_phong")
    today = clock.today()
    delegate(p.actor("tu_phap"), away, receiver=stand_in, since=today, until=at(9).date(), reason="Nghỉ phép")
    assert warned(at(7, 17)) == {away.full_name, stand_in.full_name}


def test_a_stand_in_of_yesterday_is_not_warned():
    actions.take(p.actor("tu_phap"), p.receive())
    away, stand_in = p.person("tu_phap"), p.person("van_phong")
    today = clock.today()
    delegate(p.actor("tu_phap"), away, receiver=stand_in, since=today, until=today, reason="Nghỉ phép")
    assert warned(at(7, 17)) == {away.full_name}


def test_what_is_late_when_the_warning_comes_is_called_late():
    dossier = p.receive()
    warned(at(12, 9))
    dossier.refresh_from_db()
    assert dossier.warned == 100
    assert not Message.objects.filter(kind="warning").exclude(subject__endswith="đã quá hạn").exists()


def test_warned_once_however_often_the_job_runs():
    dossier = p.receive()
    actions.take(p.actor("tu_phap"), dossier)
    with clock.told(at(7, 17)):
        jobs.watch_dossiers()
        jobs.watch_dossiers()
    assert Message.objects.filter(kind="warning").count() == 1


def test_the_apology_is_drafted_in_time_and_a_person_signs_it():
    dossier = p.receive()
    with clock.told(at(8, 10)):
        jobs.watch_dossiers()
        dossier.refresh_from_db()
        draft = dossier.new_dates.get()
        assert draft.signed_at is None
        dossier = actions.sign_new_date(
            p.actor("chu_tich"), dossier, reason="Chờ đối chiếu sổ hộ tịch lưu tại huyện."
        )
    assert dossier.due_at == draft.new_due_at
    assert dossier.slips.filter(kind="apology").exists()
    assert Message.objects.filter(kind="new_date").exists()


def test_signed_too_late_the_apology_goes_out_but_late_stays_late():
    dossier = p.receive()
    with clock.told(at(8, 10)):
        jobs.watch_dossiers()
    dossier.refresh_from_db()
    due = dossier.due_at
    with clock.told(at(9, 10)):
        dossier = actions.sign_new_date(p.actor("chu_tich"), dossier, reason="Chờ đối chiếu.")
    assert dossier.due_at == due
    assert dossier.slips.filter(kind="apology").exists()


def test_a_draft_whose_day_has_passed_is_signed_with_a_new_one_only():
    dossier = p.receive()
    with clock.told(at(8, 10)):
        jobs.watch_dossiers()
    dossier.refresh_from_db()
    chair = p.actor("chu_tich")
    with clock.told(at(27, 10)):
        with pytest.raises(Invalid, match="Hãy nhập ngày hẹn mới khác") as refusal:
            actions.sign_new_date(chair, dossier, reason="Chờ đối chiếu.")
        assert refusal.value.field == "new_due_at"
        actions.sign_new_date(chair, dossier, reason="Chờ đối chiếu.", new_due_at=at(29, 17))
    assert dossier.new_dates.get().new_due_at == at(29, 17)


def test_a_supplement_stops_the_clock_and_it_goes_on_under_2015():
    dossier = ask(p.receive())
    assert (dossier.stage, dossier.status, dossier.due_at) == (Stage.SUPPLEMENT, 5, None)
    with clock.told(at(12, 9)):
        dossier = actions.resume(p.actor("mot_cua"), dossier)
    assert dossier.due_at == at(15, 17)
    assert dossier.holder == p.person("tu_phap")


def test_asked_for_too_late_it_is_late_and_stays_late_in_every_figure(client):
    """A supplement stops the clock of a dossier that is in time; it makes none of a late one."""
    with clock.told(at(1, 9, month=12)):
        late, in_time = p.receive(), p.receive(parties=(PartyInput(name="Lê Văn Phước", address="ấp 3"),))
        in_time = ask(in_time)
    with clock.told(at(7, 9)):
        late.refresh_from_db()
        late = ask(late)
        specialist = p.actor("tu_phap")
        listed = inbox.page(specialist, queries.Filter(tab="late")).rows
        assert [row.dossier for row in listed] == [late]
        assert [(row.state, row.left) for row in listed] == [("late", -2 * 60)]
        assert queries.tab_counts(specialist)["late"] == 1
        assert figures.read().late == 1
        assert [progress.tracking_of(one).state for one in (late, in_time)] == ["late", "paused"]
        shown = client.get(reverse("tracking", args=[late.code])).content.decode()
        assert "Quá hạn 2 giờ làm việc" in shown
        client.force_login(p.person("tu_phap"))
        assert "Trễ hạn" in client.get(reverse("dossier", args=[late.code])).content.decode()
        jobs.send_digests()
    assert late.code in Message.objects.get(kind="digest", to_name=p.person("chu_tich").full_name).body


def test_it_may_be_asked_for_once():
    examiner = p.actor("tu_phap")
    dossier = p.receive()
    assert "request_supplement" in {offer.key for offer in offers.offers(examiner, dossier)}
    dossier = actions.resume(p.actor("mot_cua"), ask(dossier))
    assert "request_supplement" not in {offer.key for offer in offers.offers(examiner, dossier)}
    with pytest.raises(Refused, match="1 lần"):
        ask(dossier)


JUMPS = (-7, -7, 8)
"""Days by which the clock of the next walk is off at each station in turn: back, back, forward."""


@pytest.mark.parametrize("turn", range(3))
def test_a_clock_that_jumps_stops_nobody(client, turn):
    """Wherever the clock jumps back or forward on the way, the dossier reaches its end, its times in order."""
    jumps = itertools.islice(itertools.cycle(JUMPS), turn, None)
    dossier = p.receive()
    stations = (
        lambda: ask(dossier, 20),
        lambda: actions.resume(p.actor("mot_cua"), dossier),
        lambda: actions.draft_new_date(p.actor("tu_phap"), dossier, days=5),
        lambda: actions.sign_new_date(p.actor("chu_tich"), dossier, reason="Chờ sổ.", new_due_at=at(28, 17)),
        lambda: p.decide(dossier),
        lambda: p.pay(dossier),
        lambda: actions.hand_over(p.actor("mot_cua"), dossier),
    )
    for do, jump in zip(stations, jumps, strict=False):
        with clock.told(clock.now() + timedelta(days=jump)):
            do()
            dossier.refresh_from_db()
            client.force_login(p.person("mot_cua"))
            assert client.get(reverse("dossier", args=[dossier.code])).status_code == 200
            assert client.get(reverse("tracking", args=[dossier.code])).status_code == 200
    assert dossier.stage == Stage.RETURNED
    asked = dossier.supplements.get()
    assert dossier.received_at <= asked.asked_at <= asked.answered_at
    assert dossier.received_at <= dossier.ready_at <= dossier.ended_at


def test_the_clock_starts_anew_under_2018():
    with clock.told(at(4, 9, month=3, year=2019)):
        dossier = p.receive()
        dossier = ask(dossier)
    with clock.told(at(11, 9, month=3, year=2019)):
        dossier = actions.resume(p.actor("mot_cua"), dossier)
    assert dossier.regime == "nd61_2018"
    assert dossier.due_at == at(14, 17, month=3, year=2019)


def test_under_2018_it_is_asked_for_within_three_working_days():
    with clock.told(at(4, 9, month=3, year=2019)):
        dossier = p.receive()
    with clock.told(at(8, 9, month=3, year=2019)), pytest.raises(Refused, match="3 ngày làm việc"):
        ask(dossier)


def test_everything_missing_must_be_named():
    with pytest.raises(Invalid) as refusal:
        actions.request_supplement(p.actor("tu_phap"), p.receive(), items=[], reason="thiếu")
    assert refusal.value.field == "items"


def test_reminded_before_the_deadline_and_closed_by_a_person_after_it():
    dossier = ask(p.receive(), days=5)
    with pytest.raises(Refused):
        actions.close_unanswered(p.actor("mot_cua"), dossier)
    with clock.told(at(10, 9)):
        jobs.watch_dossiers()
        jobs.watch_dossiers()
    reminder = Message.objects.get(kind="closing")
    assert "sắp hết hạn bổ sung" in reminder.subject
    with clock.told(at(14, 9)):
        jobs.watch_dossiers()
        dossier.refresh_from_db()
        assert dossier.stage == Stage.SUPPLEMENT
        dossier = actions.close_unanswered(p.actor("mot_cua"), dossier)
    assert dossier.stage == Stage.STOPPED
    assert dossier.slips.filter(kind="closing").exists()
    assert Message.objects.filter(kind="closing", subject__endswith="đã được đóng").exists()


@pytest.mark.parametrize(
    ("days", "too_early", "in_time"),
    [
        (2, (at(5, 10), at(6, 9)), at(6, 16)),
        (30, (at(5, 10), at(28), at(12, 9, month=1, year=2017)), at(13, 9, month=1, year=2017)),
    ],
)
def test_reminded_three_working_days_before_and_not_before_half_of_the_time(days, too_early, in_time):
    ask(p.receive(), days)
    for when in too_early:
        with clock.told(when):
            jobs.watch_dossiers()
        assert not Message.objects.filter(kind="closing").exists(), when
    with clock.told(in_time):
        jobs.watch_dossiers()
    reminder = Message.objects.get(kind="closing")
    assert reminder.to_name == "Nguyễn Thị Mỹ Hạnh"
    assert "1. Giấy tờ cư trú: bản sao mờ" in reminder.body
    assert "Nếu đến" in reminder.body
    assert Message.objects.filter(kind="supplement").count() == 1


def test_one_digest_a_day_for_officers_and_heads():
    dossier = p.receive()
    actions.take(p.actor("tu_phap"), dossier)
    with clock.told(at(7, 7)):
        jobs.send_digests()
        jobs.send_digests()
    told = Message.objects.filter(kind="digest")
    assert p.person("tu_phap").full_name in {message.to_name for message in told}
    assert told.count() == len({message.user_id for message in told})


def test_heads_and_deputies_read_of_another_officers_late_dossier():
    dossier = p.receive()
    actions.take(p.actor("tu_phap"), dossier)
    with clock.told(at(12, 7)):
        jobs.send_digests()
    for post in ("chu_tich", "pho_chu_tich"):
        mail = Message.objects.get(kind="digest", user=p.person(post)).body
        assert "ĐÃ QUÁ HẠN" in mail
        assert f"{dossier.code} · trễ" in mail
        assert p.person("tu_phap").full_name in mail
    assert not Message.objects.filter(kind="digest", user=p.person("van_phong")).exists()


def test_time_used_does_not_count_while_the_applicant_is_waited_for():
    dossier = ask(p.receive())
    with clock.told(at(12, 9)):
        dossier = actions.resume(p.actor("mot_cua"), dossier)
        dossier = actions.advance(p.actor("tu_phap"), dossier, outcome="trinh_ky", answers=p.FOUND)
    assert [run.minutes for run in dossier.runs.exclude(left_at=None)] == [0, 0]


def test_the_system_acts_by_name():
    dossier = p.receive()
    with clock.told(at(7, 17)):
        jobs.watch_dossiers()
    assert dossier.events.filter(kind="warned", actor__isnull=True).exists()


def test_who_is_asked_for_an_opinion_is_reminded_in_the_daily_mail():
    dossier = p.receive()
    actions.consult(
        p.actor("tu_phap"), dossier, unit=p.OTHER_COMMUNE, question="Đã đăng ký kết hôn tại xã chưa?", days=2
    )
    with clock.told(at(6, 7)):
        jobs.send_digests()
    mail = Message.objects.get(kind="digest", to_name=p.person("tu_phap", p.OTHER_COMMUNE).full_name)
    assert "Đã đăng ký kết hôn tại xã chưa?" in mail.body
