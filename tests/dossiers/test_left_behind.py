"""Whoever goes leaves no dossier without somebody to do it, and no unit is closed over work that is left."""

from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from tests import province as p
from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.core.errors import Refused
from vamco.core.models import LedgerEntry
from vamco.dossiers import actions, queries, timeline
from vamco.dossiers.inbox import inbox
from vamco.dossiers.models import Consultation, Dossier
from vamco.notify import bell
from vamco.notify.models import Message
from vamco.organisation import actions as organisation
from vamco.organisation import leaving
from vamco.organisation.jobs import hand_over_of_leavers
from vamco.organisation.models import Holding, User
from vamco.payments import actions as payments
from vamco.payments.models import ReceiptBook

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
YESTERDAY, TODAY = date(2016, 12, 4), date(2016, 12, 5)


def officer() -> User:
    return p.person("tu_phap")


def held() -> Dossier:
    """A dossier that the officer has and works on."""
    return actions.take(p.actor("tu_phap"), p.receive())


def admin() -> object:
    return p.actor("quan_tri", p.PROVINCE)


def unassigned() -> list[Dossier]:
    """What the chairman finds in the list of what nobody has."""
    return [row.dossier for row in inbox.page(p.actor("chu_tich"), queries.Filter(tab="unassigned")).rows]


def holding(post: str = "tu_phap") -> Holding:
    return Holding.objects.select_related("user", "post").get(user=officer(), post__key=post)


def also_holds(post: str) -> None:
    organisation.appoint(SYSTEM, p.unit().posts.get(key=post), user=officer(), since=YESTERDAY)


def as_admin() -> Client:
    """An administrator who has just entered their password."""
    client = Client()
    user = p.person("quan_tri", p.PROVINCE)
    user.set_password("mot-cau-rat-dai")
    user.save()
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": "mot-cau-rat-dai"})
    return client


def shown(page: HttpResponse) -> str:
    """What stands on a page, without its marks."""
    return strip_tags(page.content.decode())


# Accounts --------------------------------------------------------------------------------------------------


def test_a_closed_account_gives_its_dossiers_back_and_the_head_finds_them():
    dossier = held()
    due, step = dossier.due_at, dossier.step

    organisation.deactivate(admin(), officer())

    dossier.refresh_from_db()
    assert (dossier.holder, dossier.step, dossier.due_at) == (None, step, due)
    assert dossier.runs.get(left_at=None).person is None
    assert unassigned() == [dossier]
    line = timeline.lines(dossier)[0]
    assert line.text == f"{officer().full_name} không còn xử lý, hồ sơ về hàng chung của đơn vị"
    assert line.actor == p.person("quan_tri", p.PROVINCE).full_name
    entry = LedgerEntry.objects.select_related("content").get(action="dossiers.back_to_pool")
    assert entry.actor_id == p.person("quan_tri", p.PROVINCE).pk
    assert entry.content.content["holder_id"] == [officer().pk, None]
    closed = LedgerEntry.objects.select_related("content").get(action="organisation.deactivate")
    assert closed.content.content["handed_over"] == [None, 1]
    rung = bell.notices(p.actor("chu_tich"))[0]
    assert rung.text.startswith(f"1 hồ sơ của {officer().full_name} về hàng chung")
    assert rung.url == "/viec/?tab=unassigned"
    told = Message.objects.filter(kind="back_to_pool")
    assert p.person("chu_tich").full_name in told.values_list("to_name", flat=True)
    assert not told.filter(body__contains=dossier.code).exists()


def test_another_officer_takes_it_from_the_pool_and_goes_on():
    dossier = held()
    organisation.deactivate(SYSTEM, officer())
    other = organisation.create_person(SYSTEM, p.unit(), username="nguoi.moi", full_name="Lê Thị Mới")
    organisation.appoint(SYSTEM, p.unit().posts.get(key="tu_phap"), user=other, since=TODAY)

    dossier = actions.assign(p.actor("chu_tich"), dossier, person=other.pk)

    assert dossier.holder == other
    assert dossier.runs.get(left_at=None).person == other


def test_what_waits_for_a_supplement_goes_back_too():
    dossier = actions.request_supplement(
        p.actor("tu_phap"), held(), items=[("Tờ khai", "Thiếu chữ ký")], reason="Thiếu chữ ký."
    )
    organisation.deactivate(SYSTEM, officer())
    dossier.refresh_from_db()
    assert dossier.holder is None
    assert actions.resume(p.actor("mot_cua"), dossier).holder is None


def test_what_is_done_or_others_have_stays():
    done, others = p.decide(held()), p.receive(parties=(p.PartyInput(name="Trần Văn Nam"),))
    organisation.deactivate(SYSTEM, officer())
    assert not LedgerEntry.objects.filter(action="dossiers.back_to_pool").exists()
    assert not Message.objects.filter(kind="back_to_pool").exists()
    assert {done.stage, others.holder} == {"ready", None}


def test_the_page_says_first_what_is_left_and_so_does_the_api_in_doing_it(client):
    dossier = held()
    page = as_admin().get(reverse("organisation_deactivate", args=[officer().pk]))
    assert "hồ sơ đang giữ: sẽ về hàng chung của đơn vị" in shown(page)

    token = p.token(p.person("quan_tri", p.PROVINCE))
    done = client.post(
        f"/api/v1/people/{officer().pk}/actions/deactivate",
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )

    assert done.status_code == 200
    assert unassigned() == [dossier]


# Posts -----------------------------------------------------------------------------------------------------


def test_who_left_the_post_gives_back_what_no_other_post_lets_them_do():
    dossier = held()
    also_holds("van_phong")
    organisation.end_holding(admin(), holding(), last_day=YESTERDAY)
    assert unassigned() == [dossier]
    entry = LedgerEntry.objects.select_related("content").get(action="organisation.end_holding")
    assert entry.content.content["handed_over"] == [None, 1]


def test_who_has_another_post_that_does_the_step_goes_on():
    dossier = held()
    post = organisation.create_post(SYSTEM, p.unit(), key="tu_phap_2", title="Công chức Tư pháp")
    organisation.grant(SYSTEM, post, role="head", unit=p.unit())  # heads do their specialists' steps, too
    also_holds("tu_phap_2")
    page = as_admin().get(reverse("organisation_end_holding", args=[holding().pk]))
    assert "hồ sơ đang giữ" not in shown(page)

    organisation.end_holding(SYSTEM, holding(), last_day=YESTERDAY)

    dossier.refresh_from_db()
    assert dossier.holder == officer()


def test_a_role_that_is_taken_from_a_post_takes_the_work_along():
    dossier = held()
    post = holding().post
    for given in post.grants.exclude(role="specialist"):
        organisation.revoke(SYSTEM, given)
    dossier.refresh_from_db()
    assert dossier.holder == officer()

    organisation.revoke(admin(), post.grants.get(role="specialist"))

    assert unassigned() == [dossier]
    entry = LedgerEntry.objects.select_related("content").filter(action="organisation.revoke").latest("pk")
    assert entry.content.content["handed_over"] == [None, 1]


def test_the_nightly_hand_over_looks_only_at_leavers_who_still_have_something(monkeypatch):
    asked = []
    monkeypatch.setattr(leaving, "hand_over", lambda actor, person: asked.append(person))
    held()
    organisation.end_holding(SYSTEM, holding(), last_day=TODAY)
    empty_handed = p.person("van_phong").holdings.get()
    organisation.end_holding(SYSTEM, empty_handed, last_day=TODAY)
    hand_over_of_leavers()
    assert asked == []
    with clock.told(clock.now() + timedelta(days=1)):
        hand_over_of_leavers()
    assert asked == [officer()]


def test_a_last_day_ahead_is_worked_and_then_handed_over():
    dossier = held()
    page = as_admin().get(reverse("organisation_end_holding", args=[holding().pk]))
    assert "hồ sơ đang giữ: sẽ về hàng chung của đơn vị" in shown(page)
    organisation.end_holding(SYSTEM, holding(), last_day=TODAY)
    hand_over_of_leavers()
    dossier.refresh_from_db()
    assert dossier.holder == officer()

    with clock.told(clock.now() + timedelta(days=1)):
        hand_over_of_leavers()
        hand_over_of_leavers()

        assert unassigned() == [dossier]
    assert LedgerEntry.objects.filter(action="dossiers.back_to_pool").count() == 1
    chairs = User.objects.filter(
        holdings__post__unit=p.unit(), holdings__post__grants__role__in=["head", "leader"]
    )
    assert Message.objects.filter(kind="back_to_pool").count() == len(set(chairs))


# Units -----------------------------------------------------------------------------------------------------


def test_a_unit_is_not_closed_over_what_is_left_and_it_says_what_to_do_first():
    dossier = held()
    p.pay(dossier)
    Consultation.objects.create(
        dossier=dossier, unit=p.unit(), question="?", asked_at=clock.now(), due_at=clock.now()
    )
    also = p.receive(parties=(p.PartyInput(name="Trần Văn Nam"),))
    with pytest.raises(Refused) as refusal:
        organisation.close_unit(SYSTEM, p.unit(), last_day=TODAY)
    for words in (
        "2 hồ sơ chưa xong (giải quyết hoặc điều chuyển trước)",
        "1 khoản phải nộp chưa thu (thu, hoặc kết thúc hồ sơ đó trước)",
        "1 quyển biên lai đang dùng (khóa quyển trước)",
        "1 ý kiến được hỏi mà chưa trả lời (trả lời các ý kiến đó trước)",
    ):
        assert words in refusal.value.message
    page = shown(as_admin().get(reverse("organisation_unit_close", args=[p.COMMUNE])))
    assert "quyển biên lai đang dùng: khóa quyển trước" in page

    for one in (dossier, also):
        actions.withdraw(p.actor("mot_cua"), one, reason="Không còn nhu cầu.")
    with pytest.raises(Refused, match="còn: 1 quyển biên lai"):
        organisation.close_unit(SYSTEM, p.unit(), last_day=TODAY)
    payments.close_book(SYSTEM, ReceiptBook.objects.get(unit=p.unit()))
    assert organisation.close_unit(SYSTEM, p.unit(), last_day=TODAY).valid_to == TODAY
