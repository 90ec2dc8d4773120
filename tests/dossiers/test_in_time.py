"""Posts are held, and units are open, from a day on and to the end of a last day: each step of the work asks for today."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest

from tests import province as p
from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.core.errors import Invalid, NotAllowed, Refused
from vamco.core.models import LedgerEntry
from vamco.dossiers import actions, jobs, queries, timeline
from vamco.dossiers.inbox import inbox
from vamco.dossiers.models import Dossier, Stage
from vamco.dossiers.papers import drafting, slips
from vamco.dossiers.rules import checking, moves
from vamco.dossiers.rules.counters import counter_units
from vamco.notify.models import Message
from vamco.organisation import actions as organisation
from vamco.organisation.access import actor_for
from vamco.organisation.api.units import known
from vamco.organisation.models import Holding, User
from vamco.payments import queries as payments

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
LATER, SOON = date(2017, 1, 15), date(2016, 12, 12)


def leaves_later(*posts: str) -> None:
    """The people in these posts of the commune have been told their last day, which lies ahead."""
    for post in posts:
        (holding,) = Holding.objects.filter(user=p.person(post))
        organisation.end_holding(SYSTEM, holding, last_day=LATER)


def begins_soon(post: str, code: str = p.COMMUNE) -> User:
    """Somebody who is appointed from next week on, and holds nothing yet."""
    unit = p.unit(code)
    user = organisation.create_person(SYSTEM, unit, username="nguoi.moi", full_name="Lê Thị Mới")
    organisation.appoint(SYSTEM, unit.posts.get(key=post), user=user, since=SOON)
    return user


def test_who_leaves_next_month_works_until_then():
    leaves_later("mot_cua", "tu_phap", "chu_tich", "van_phong")
    dossier = p.receive()
    assert slips.signer(p.actor("mot_cua")).title == "Công chức tiếp nhận và trả kết quả"
    dossier = actions.assign(p.actor("chu_tich"), dossier, person=p.person("tu_phap").pk)
    dossier = p.decide(dossier, upto="ky_duyet")
    dossier = actions.advance(p.actor("chu_tich"), dossier, outcome="tra_lai", reason="Ghi rõ hơn.")
    assert dossier.holder == p.person("tu_phap")
    assert p.person("tu_phap") in inbox.people([dossier.holder_unit], "specialist")
    dossier = p.decide(dossier)
    result = drafting.current(dossier)
    assert (result.signed_by, result.signer_title[-8:]) == (p.person("chu_tich"), "CHỦ TỊCH")
    assert drafting.first_leader(p.unit()) == p.person("chu_tich")


def test_who_leaves_next_month_is_told_what_falls_due_until_then():
    leaves_later("tu_phap", "chu_tich")
    actions.take(p.actor("tu_phap"), p.receive())
    with clock.told(clock.now().replace(day=8, hour=6)):
        jobs.send_digests()
    told = set(Message.objects.filter(kind="digest").values_list("to_name", flat=True))
    assert p.person("tu_phap").full_name in told


def test_who_begins_next_week_has_no_work_yet():
    dossier, user = p.receive(), begins_soon("tu_phap")
    assert user not in inbox.people([dossier.holder_unit], "specialist")
    with pytest.raises(Invalid) as refusal:
        actions.assign(p.actor("chu_tich"), dossier, person=user.pk)
    assert refusal.value.field == "person"
    with clock.told(clock.now().replace(day=12)):
        assert actions.assign(p.actor("chu_tich"), dossier, person=user.pk).holder == user


def test_who_begins_next_week_is_no_signer_yet():
    (holding,) = Holding.objects.filter(user=p.person("chu_tich"))
    organisation.end_holding(SYSTEM, holding, last_day=date(2016, 12, 4))
    user = begins_soon("chu_tich")
    assert drafting.first_leader(p.unit()) == p.person("pho_chu_tich")
    assert drafting.post_title(user, p.unit()) == ""


# Standing in -----------------------------------------------------------------------------------------------


def stands_in(post: str = "tu_phap", other: str = "mot_cua", code: str = p.COMMUNE) -> None:
    """The person in the post goes away for the week; the other does their work."""
    organisation.delegate(
        p.actor(post, code),
        p.person(post, code),
        receiver=p.person(other, code),
        since=date(2016, 12, 5),
        until=date(2016, 12, 9),
        reason="Đi tập huấn.",
    )


def test_a_stand_in_finds_the_work_and_it_says_for_whom_it_was_done():
    dossier = p.receive()
    actions.take(p.actor("tu_phap"), dossier)
    stands_in()
    actor, giver = p.actor("mot_cua"), p.person("tu_phap").full_name
    assert [row.dossier for row in inbox.page(actor, queries.Filter(tab="mine")).rows] == [dossier]
    dossier = actions.advance(actor, dossier, outcome="trinh_ky", answers=p.FOUND)
    event = dossier.events.get(kind="step_done")
    assert event.actor == p.person("mot_cua")
    line = next(one for one in timeline.lines(dossier) if one.kind == "step_done")
    assert line.actor == f"{actor.label}, theo ủy quyền của {giver}"
    entry = LedgerEntry.objects.select_related("content").get(action="dossiers.advance")
    assert entry.actor_id == p.person("mot_cua").pk
    assert entry.content.content["on_behalf_of"] == [None, p.person("tu_phap").pk]


def test_what_comes_back_from_a_stand_in_s_work_is_the_giver_s():
    dossier = p.receive()
    actions.take(p.actor("tu_phap"), dossier)
    stands_in()
    dossier = actions.advance(p.actor("mot_cua"), dossier, outcome="trinh_ky", answers=p.FOUND)
    dossier = actions.take_back(p.actor("mot_cua"), dossier)
    assert dossier.holder == p.person("tu_phap")
    dossier = actions.advance(p.actor("mot_cua"), dossier, outcome="trinh_ky", answers=p.FOUND)
    with clock.told(clock.now().replace(day=12)):
        dossier = actions.advance(p.actor("chu_tich"), dossier, outcome="tra_lai", reason="Ghi rõ hơn.")
        assert dossier.holder == p.person("tu_phap")


def test_what_a_stand_in_does_of_their_own_names_nobody_else():
    stands_in()
    dossier = p.receive()
    line = next(one for one in timeline.lines(dossier) if one.kind == "received")
    assert line.actor == p.actor("mot_cua").label
    entry = LedgerEntry.objects.select_related("content").get(action="dossiers.receive")
    assert "on_behalf_of" not in entry.content.content


def test_a_delegation_ends_with_its_last_day():
    dossier = p.receive()
    actions.take(p.actor("tu_phap"), dossier)
    stands_in()
    with clock.told(clock.now().replace(day=12)), pytest.raises(NotAllowed):
        actions.advance(p.actor("mot_cua"), dossier, outcome="trinh_ky", answers=p.FOUND)


@pytest.mark.parametrize("gone", ["left the post", "account closed"])
def test_what_comes_back_to_somebody_who_left_waits_for_the_unit_not_for_a_stand_in(gone):
    dossier = p.decide(p.receive(), upto="ky_duyet")
    stands_in()
    if gone == "account closed":
        organisation.deactivate(SYSTEM, p.person("tu_phap"))
    else:
        holding = Holding.objects.get(user=p.person("tu_phap"))
        organisation.end_holding(SYSTEM, holding, last_day=date(2016, 12, 4))
    assert not p.actor("mot_cua").may_at("step.specialist", [dossier.unit_id])
    dossier = actions.advance(p.actor("chu_tich"), dossier, outcome="tra_lai", reason="Ghi rõ hơn.")
    assert dossier.holder is None
    other = begins_soon("tu_phap")
    with clock.told(clock.now().replace(day=12)):
        dossier = actions.take(actor_for(other), dossier)
    assert dossier.holder == other


# Units -----------------------------------------------------------------------------------------------------


def test_a_unit_whose_closing_is_announced_goes_on_until_its_last_day():
    organisation.close_unit(SYSTEM, p.unit(), last_day=date(2016, 12, 9))
    assert known(p.COMMUNE) == p.unit()
    assert p.unit() in counter_units(p.actor("mot_cua"), "dossiers.receive")
    assert p.unit() in payments.units(p.actor("mot_cua"))
    dossier = p.receive()
    with clock.told(clock.now().replace(day=12)):
        assert p.unit() not in counter_units(p.actor("mot_cua"), "dossiers.receive")
        with pytest.raises(Invalid):
            known(p.COMMUNE)
        with pytest.raises(Invalid, match="09/12/2016") as refusal:
            p.receive()
        assert refusal.value.field == "unit"
        # What it had then is finished by those who hold its posts.
        dossier = p.decide(dossier)
        p.pay(dossier)
        assert actions.hand_over(p.actor("mot_cua"), dossier).stage == Stage.RETURNED
        assert p.unit() in payments.units(p.actor("mot_cua"))


def test_a_room_whose_closing_is_announced_still_does_its_steps():
    room = p.unit(f"{p.DISTRICT}-ha_tang")
    step = SimpleNamespace(name="Thẩm định", unit_rule="room:ha_tang")
    dossier = Dossier(unit=p.unit(p.DISTRICT))
    assert moves.unit_for(dossier, step) == room
    organisation.close_unit(SYSTEM, room, last_day=date(2016, 12, 9))
    assert moves.unit_for(dossier, step) == room
    with clock.told(clock.now().replace(day=12)), pytest.raises(Refused):
        moves.unit_for(dossier, step)


def test_a_unit_receives_nothing_before_its_first_day():
    with clock.told(datetime(2016, 10, 14, 9, tzinfo=clock.HERE)):
        with pytest.raises(Invalid):
            known(p.CENTRE)
        assert counter_units(p.actor("mot_cua", p.CENTRE), "dossiers.receive") == []
        with pytest.raises(Invalid, match="17/10/2016") as refusal:
            checking.check(p.actor("mot_cua", p.CENTRE), p.unit(p.CENTRE), p.application(), clock.now())
        assert refusal.value.field == "unit"


def test_a_unit_with_dossiers_is_closed_for_a_day_ahead_only():
    dossier = p.receive()
    with pytest.raises(Refused, match="1 hồ sơ"):
        organisation.close_unit(SYSTEM, p.unit(), last_day=clock.today())
    organisation.close_unit(SYSTEM, p.unit(), last_day=date(2016, 12, 9))
    with pytest.raises(Refused, match="1 hồ sơ"):
        organisation.close_unit(SYSTEM, p.unit(), last_day=clock.today())
    actions.withdraw(p.actor("mot_cua"), dossier, reason="Không còn nhu cầu.")
    organisation.close_unit(SYSTEM, p.unit(), last_day=clock.today())
