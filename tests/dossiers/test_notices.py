"""What rings for colleagues about dossiers, and for whom it does not."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import province as p
from vamco.core.actors import SYSTEM
from vamco.dossiers import actions, jobs
from vamco.dossiers.models import Dossier
from vamco.notify import bell
from vamco.notify.models import Message, Notice
from vamco.organisation import actions as organisation
from vamco.organisation.access import actor_for

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def told(post: str) -> list[str]:
    return [one.text for one in bell.notices(p.actor(post), unread=True)]


def taken() -> Dossier:
    return actions.take(p.actor("tu_phap"), p.receive())


def colleague() -> None:
    second = organisation.create_person(
        SYSTEM, p.unit(), username="nguoi.thu.hai", full_name="Lê Văn Thứ Hai"
    )
    post = p.person("tu_phap").holdings.get().post
    return organisation.appoint(SYSTEM, post, user=second, since=p.MONDAY.date()).user


def test_a_note_rings_for_whom_it_names_and_leads_to_the_dossier():
    dossier, chair = p.receive(), p.person("chu_tich")
    me = p.person("tu_phap").username
    actions.note(p.actor("tu_phap"), dossier, text=f"@{chair.username} xin ý kiến. @{me} nhớ xem lại.")
    who = p.person("tu_phap").full_name
    assert told("chu_tich") == [f"{who} nhắc ông/bà trong ghi chú hồ sơ {dossier.code}."]
    assert told("tu_phap") == [], "nobody is told of what they wrote themselves"
    client = Client()
    client.force_login(chair)
    page = client.get(reverse("notice", args=[Notice.objects.get().pk]), follow=True)
    assert page.request["PATH_INFO"] == reverse("dossier", args=[dossier.code])
    assert told("chu_tich") == []


def test_who_takes_work_is_not_told_and_who_is_given_work_is():
    dossier, second = taken(), colleague()
    assert not Notice.objects.exists()
    actions.assign(p.actor("chu_tich"), dossier, person=second.pk)
    (notice,) = Notice.objects.all()
    assert (notice.user, notice.about) == (second, dossier.code)
    assert notice.text.startswith(f"{p.person('chu_tich').full_name} giao hồ sơ {dossier.code}")


def test_work_that_is_sent_and_sent_back_rings_and_doing_it_reads_it():
    dossier = taken()
    chair = p.person("chu_tich")
    dossier = actions.advance(
        p.actor("tu_phap"), dossier, outcome="trinh_ky", answers=p.FOUND, to_person=chair.pk
    )
    (text,) = told("chu_tich")
    assert f"chuyển hồ sơ {dossier.code} đến ông/bà, bước «" in text
    dossier = actions.advance(p.actor("chu_tich"), dossier, outcome="tra_lai", reason="Thiếu căn cứ.")
    (text,) = told("tu_phap")
    assert f"trả lại hồ sơ {dossier.code} cho ông/bà" in text
    assert told("chu_tich") == [], "who dealt with it has read it"


def test_opening_the_dossier_reads_what_was_told_of_it():
    dossier, other = p.receive(), p.receive()
    chair = p.person("chu_tich")
    for one in (dossier, other):
        actions.note(p.actor("tu_phap"), one, text=f"@{chair.username} xem giúp")
    client = Client()
    client.force_login(chair)
    client.get(reverse("dossier_presence", args=[dossier.code]))
    assert len(told("chu_tich")) == 2, "an open page that asks for news reads nothing"
    client.get(reverse("dossier", args=[dossier.code]))
    assert [one.about for one in bell.notices(p.actor("chu_tich"), unread=True)] == [other.code]


def test_a_supplement_rings_for_who_asked_for_it():
    dossier = taken()
    dossier = actions.request_supplement(
        p.actor("tu_phap"), dossier, items=[("Tờ khai", "thiếu chữ ký")], reason="Thiếu"
    )
    assert told("tu_phap") == []
    actions.resume(p.actor("mot_cua"), Dossier.objects.get(pk=dossier.pk))
    assert told("tu_phap") == [f"Người nộp đã bổ sung hồ sơ {dossier.code}. Thời hạn giải quyết chạy tiếp."]


def test_a_dossier_that_the_reader_may_not_see_any_more_is_not_told_of():
    dossier, chair = p.receive(), p.person("chu_tich")
    actions.note(p.actor("tu_phap"), dossier, text=f"@{chair.username} xem giúp")
    client = Client()
    client.force_login(chair)
    assert dossier.code in client.get(reverse("notices")).content.decode()
    dossier.units.all().delete()
    page = client.get(reverse("notices"))
    assert dossier.code not in page.content.decode()
    assert not page.context["bell_count"]
    assert client.get(reverse("notice", args=[Notice.objects.get().pk])).status_code == 404
    jobs.send_digests()
    assert not Message.objects.filter(kind="digest", user=chair, body__contains=dossier.code)


def test_the_daily_mail_tells_who_has_nothing_due_of_what_came_today():
    dossier, registrar = p.receive(), p.person("van_phong")
    actions.note(p.actor("tu_phap"), dossier, text=f"@{registrar.username} xem giúp")
    jobs.send_digests()
    mail = Message.objects.get(kind="digest", user=registrar)
    assert mail.subject == "Thông báo chưa đọc: 1"
    assert dossier.code in mail.body
    Message.objects.filter(kind="digest").delete()
    bell.mark_read(actor_for(registrar), upto=Notice.objects.latest("pk").pk)
    jobs.send_digests()
    assert not Message.objects.filter(kind="digest", user=registrar).exists()
