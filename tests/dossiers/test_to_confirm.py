"""What the system prepared waits for a person: apologies to be signed, closings to be confirmed."""

from datetime import datetime

import pytest
from django.urls import reverse

from tests import province as p
from vamco.core import clock
from vamco.dossiers import actions, jobs, queries
from vamco.dossiers.models import Dossier, Slip, Stage
from vamco.notify.models import Message

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2016, 12, day, hour, tzinfo=clock.HERE)


@pytest.fixture
def drafted() -> Dossier:
    """A dossier of the commune whose apology was drafted on Thursday morning, when it is."""
    dossier = p.receive()
    actions.take(p.actor("tu_phap"), dossier)
    with clock.told(at(8, 10)):
        jobs.watch_dossiers()
        assert dossier.new_dates.filter(signed_at__isnull=True).exists()
        yield dossier


def body(client, query: str) -> str:
    answer = client.get(f"/viec/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def counted(post: str, code: str = p.COMMUNE) -> int:
    return queries.tab_counts(p.actor(post, code))["apologies"]


def api(client, post: str, path: str, code: str = p.COMMUNE):
    return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {p.token(p.person(post, code))}"})


# Apologies -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("post", ["chu_tich", "pho_chu_tich"])
def test_who_may_sign_an_apology_finds_it_waiting(client, drafted, post):
    client.force_login(p.person(post))
    assert 'href="/viec/?tab=apologies"' in body(client, "?tab=unit")
    assert drafted.code in body(client, "?tab=apologies")
    assert counted(post) == 1
    assert [one["code"] for one in api(client, post, "dossiers?tab=apologies").json()["items"]] == [
        drafted.code
    ]
    assert api(client, post, "inbox").json()["apologies"] == 1


@pytest.mark.parametrize(("post", "code"), [("tu_phap", p.COMMUNE), ("chu_tich", p.OTHER_COMMUNE)])
def test_others_do_not_find_it(client, drafted, post, code):
    client.force_login(p.person(post, code))
    assert "tab=apologies" not in body(client, "?tab=unit")
    assert drafted.code not in body(client, "?tab=apologies")
    assert counted(post, code) == 0
    assert api(client, post, "dossiers?tab=apologies", code).json()["items"] == []


def test_it_waits_for_the_chair_of_the_commune_wherever_the_dossier_is(drafted):
    Dossier.objects.filter(pk=drafted.pk).update(holder_unit=p.unit(f"{p.DISTRICT}-tu_phap"))
    assert counted("chu_tich") == 1
    assert counted("chuyen_vien", f"{p.DISTRICT}-tu_phap") == 0


def test_signed_it_waits_no_more(drafted):
    drafted.refresh_from_db()
    actions.sign_new_date(p.actor("chu_tich"), drafted, reason="Chờ đối chiếu sổ.")
    assert counted("chu_tich") == 0


def test_the_row_is_marked_in_every_list(client, drafted):
    client.force_login(p.person("tu_phap"))
    assert "chờ ký xin lỗi</span>" in body(client, "?tab=mine")


def test_the_daily_mail_tells_who_may_sign(drafted):
    jobs.send_digests()
    mails = {one.user_id: one.body for one in Message.objects.filter(kind="digest")}
    for post in ("chu_tich", "pho_chu_tich"):
        assert "Chờ ký xin lỗi trước" in mails[p.person(post).pk]
    assert "Chờ ký xin lỗi" not in mails[p.person("tu_phap").pk]


# Closings --------------------------------------------------------------------------------------------------


@pytest.fixture
def unanswered() -> Dossier:
    """A dossier whose supplement did not come in five days, a week later."""
    dossier = actions.request_supplement(
        p.actor("tu_phap"), p.receive(), items=[("Giấy tờ cư trú", "mờ")], reason="Không đọc được.", days=5
    )
    with clock.told(at(13)):
        jobs.watch_dossiers()
        yield dossier


def test_the_closing_slip_is_looked_at_before_it_is_confirmed(client, unanswered):
    client.force_login(p.person("mot_cua"))
    address = reverse("dossier_closing", args=[unanswered.code])
    page = client.get(reverse("dossier", args=[unanswered.code])).content.decode()
    assert "Có dự thảo thông báo kết thúc hồ sơ, chờ xác nhận." in page
    assert f'href="{address}"' in page
    assert client.get(address).content.startswith(b"%PDF")
    assert api(client, "mot_cua", f"dossiers/{unanswered.code}/closing_slip").content.startswith(b"%PDF")
    assert not Slip.objects.filter(kind="closing").exists()
    unanswered.refresh_from_db()
    assert unanswered.stage == Stage.SUPPLEMENT


def test_the_reason_is_there_and_may_be_written_anew(client, unanswered):
    client.force_login(p.person("mot_cua"))
    form = client.get(reverse("dossier_act", args=[unanswered.code, "close_unanswered"])).content.decode()
    assert "Quá thời hạn bổ sung, người nộp không bổ sung hồ sơ.</textarea>" in form
    unanswered.refresh_from_db()
    actions.close_unanswered(p.actor("mot_cua"), unanswered, reason="Người nộp đã dọn đi.")
    assert Slip.objects.get(kind="closing").data["reason"] == "Người nộp đã dọn đi."


def test_its_row_is_marked_among_what_waits(client, unanswered):
    in_time = actions.request_supplement(
        p.actor("tu_phap"),
        p.receive(parties=(p.PartyInput(name="Lê Văn Phước", address="ấp 3"),)),
        items=[("Giấy tờ cư trú", "mờ")],
        reason="Không đọc được.",
    )
    client.force_login(p.person("mot_cua"))
    text = body(client, "?tab=waiting")
    assert in_time.code in text
    assert text.count("chờ xác nhận kết thúc</span>") == 1


def test_who_may_not_close_does_not_see_the_slip(client, unanswered):
    client.force_login(p.person("tu_phap"))
    address = reverse("dossier_closing", args=[unanswered.code])
    page = client.get(reverse("dossier", args=[unanswered.code])).content.decode()
    assert "chờ xác nhận." in page
    assert address not in page
    assert client.get(address).status_code == 403


def test_before_the_deadline_there_is_nothing_to_look_at(client):
    dossier = p.receive()
    client.force_login(p.person("mot_cua"))
    assert client.get(reverse("dossier_closing", args=[dossier.code])).status_code == 409
