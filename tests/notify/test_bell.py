"""The bell: told once, to one person, as long as they may see what it is about."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from vamco.core import clock
from vamco.core.actors import SYSTEM, Actor
from vamco.core.errors import NotFound
from vamco.core.models import LedgerEntry
from vamco.notify import bell, jobs
from vamco.notify.digest import Row, digest_due
from vamco.notify.models import Notice
from vamco.organisation.actions import issue_token
from vamco.organisation.models import User

URL = "/thong-bao/"


def ring(user: User, text: str = "Đã bổ sung hồ sơ.", **more) -> None:
    with transaction.atomic():
        bell.ring(user, text, **{"url": "/viec/", "kind": "supplemented", **more})


def of(user: User) -> Actor:
    return Actor(user.pk, user.full_name)


@pytest.fixture
def other(db) -> User:
    return User.objects.create_user("nguoi.khac", full_name="Lê Văn Khác")


def test_it_shows_how_many_wait_on_every_page_and_the_newest_first(client, officer, other):
    client.force_login(officer)
    assert 'class="bar__bell"' in client.get(URL).content.decode()
    for text in ("Việc thứ nhất", "Việc thứ hai"):
        ring(officer, text)
    ring(other, "Việc của người khác")
    page = client.get(URL).content.decode()
    assert '<span class="num">2<span class="sr">' in page
    assert page.index("Việc thứ hai") < page.index("Việc thứ nhất")
    assert "Việc của người khác" not in page
    assert "Chưa có thông báo nào" not in page


def test_following_one_leads_there_and_marks_it_read(client, officer):
    client.force_login(officer)
    ring(officer, "Việc thứ nhất")
    ring(officer, "Việc thứ hai")
    first = Notice.objects.earliest("pk")
    answer = client.get(f"{URL}{first.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/viec/")
    assert bell.unread_count(of(officer)) == 1
    assert client.head(f"{URL}{Notice.objects.latest('pk').pk}/").status_code == 405
    assert bell.unread_count(of(officer)) == 1


def test_another_persons_is_neither_opened_nor_marked(client, officer, other):
    ring(other)
    theirs = Notice.objects.get()
    client.force_login(officer)
    assert client.get(f"{URL}{theirs.pk}/").status_code == 404
    client.post(f"{URL}da-doc/", {"id": theirs.pk})
    client.post(f"{URL}da-doc/", {"upto": theirs.pk})
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_one_is_marked_and_all_but_what_came_meanwhile(client, officer):
    client.force_login(officer)
    for n in range(4):
        ring(officer, f"Việc {n}")
    _first, second, third, fourth = Notice.objects.order_by("pk")
    client.post(f"{URL}da-doc/", {"id": second.pk})
    assert bell.unread_count(of(officer)) == 3
    client.post(f"{URL}da-doc/", {"upto": third.pk})
    assert list(bell.notices(of(officer), unread=True)) == [fourth]
    before = LedgerEntry.objects.count()
    for bad in ({}, {"id": "x"}, {"id": "9" * 40}, {"upto": "-1"}, {"upto": "²"}):
        assert client.post(f"{URL}da-doc/", bad).status_code == 302
    assert bell.unread_count(of(officer)) == 1
    assert LedgerEntry.objects.count() == before


def test_long_lists_come_in_pages(client, officer):
    client.force_login(officer)
    for n in range(53):
        ring(officer, f"Việc {n:03}")
    first = client.get(URL)
    assert "Việc 052" in first.content.decode()
    assert "Việc 002" not in first.content.decode()
    assert "Việc 002" in client.get(URL, {"cursor": first.context["next_cursor"]}).content.decode()
    assert client.get(URL, {"cursor": "x\0"}).status_code == 200


def test_told_once_is_told_once_and_fails_nobody(officer, other):
    with transaction.atomic():
        for user in (officer, officer, other):
            bell.ring(user, "Họp lúc 9 giờ", url="/hop/1/", kind="meeting", once="meeting:1")
        bell.ring(officer, "Họp lúc 9 giờ", url="/hop/1/", kind="meeting")
    assert Notice.objects.filter(user=officer).count() == 2
    assert Notice.objects.filter(user=other).count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_goes_with_a_cause_that_is_rolled_back(officer):
    def do() -> None:
        with transaction.atomic():
            bell.ring(officer, "x", url="/", kind="x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        do()
    assert not Notice.objects.exists()
    with pytest.raises(RuntimeError):
        bell.ring(officer, "x", url="/", kind="x")


@pytest.mark.parametrize("url", ["/", "/ho-so/000.00.12.H39-161209-0007/?t=1#x"])
def test_addresses_of_ours_are_taken(officer, url):
    ring(officer, url=url)
    assert Notice.objects.get().url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://x.example/",
        "//x.example/",
        "/\\x.example/",
        "\\\\x",
        "/\t/x.example",
        "/a\n//x",
        "javascript:x",
        " /",
        "/a b",
    ],
)
def test_addresses_of_others_are_not(officer, url):
    with pytest.raises(IntegrityError, match="notice_url_is_ours"):
        ring(officer, url=url)


def test_the_bell_costs_one_query_of_an_index_and_counts_so_far(client, officer):
    Notice.objects.bulk_create(
        Notice(user=officer, kind="x", text="x", url="/", about="1-2", created_at=clock.now())
        for _ in range(150)
    )
    with CaptureQueriesContext(connection) as asked:
        assert bell.unread_count(of(officer)) == bell.COUNTED + 1
    assert len(asked) == 1
    client.force_login(officer)
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/uy-quyen/").content.decode()
    assert '<span class="num">99+<span' in page
    assert sum("notify_notice" in one["sql"] for one in asked.captured_queries) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "notice_unread" in bell.notices(of(officer), unread=True).explain()


def test_what_is_about_a_dossier_is_read_once_that_is_before_them(officer, other):
    for user in (officer, other):
        ring(user, about="1-2")
        ring(user, about="1-3")
    bell.read_about(of(officer), "1-2")
    assert [one.about for one in bell.notices(of(officer), unread=True)] == ["1-3"]
    assert bell.unread_count(of(other)) == 2


def test_the_daily_mail_says_what_was_not_read(unit, officer):
    for n in range(23):
        ring(officer, f"Việc {n:02}")
    unread = list(bell.notices(of(officer), unread=True))
    message = digest_due(officer, [], unit=unit, notices=unread, url="https://x.example/thong-bao/")
    assert message.subject == "Thông báo chưa đọc: 23"
    assert "Việc 22" in message.body
    assert "Việc 02" not in message.body
    assert "Và 3 thông báo nữa." in message.body
    with clock.told(clock.now() + timedelta(days=1)):
        late = Row("1-1", "Khai sinh", clock.now(), "trễ 3 giờ", late=True)
        message = digest_due(officer, [late], unit=unit, notices=unread[:1])
    assert "1 hồ sơ" in message.subject
    assert message.body.index("1-1") < message.body.index("Việc 22")


def test_old_ones_are_thrown_away(officer):
    ring(officer, "cũ")
    with clock.told(clock.now() + timedelta(days=181)):
        ring(officer, "mới")
        jobs.forget_notices(0)
    assert [one.text for one in Notice.objects.all()] == ["mới"]


def test_the_api_lists_and_marks_the_callers_own(client, officer, other):
    ring(officer, "Lê Văn A nhắc ông/bà", about="")
    ring(other)
    headers = {"HTTP_AUTHORIZATION": f"Bearer {issue_token(SYSTEM, officer, name='x')[1]}"}
    (row,) = client.get("/api/v1/notices", **headers).json()["items"]
    assert (row["text"], row["read_at"]) == ("Lê Văn A nhắc ông/bà", None)
    theirs = Notice.objects.get(user=other).pk

    def read(body):
        return client.post("/api/v1/notices/actions/read", body, content_type="application/json", **headers)

    assert read({"ids": [theirs], "upto": None}).json() == {"read": 0}
    assert read({"ids": ["x"]}).status_code == 422
    assert read({"upto": theirs}).json() == {"read": 1}
    assert client.get("/api/v1/notices", {"unread": True}, **headers).json()["items"] == []
    assert client.get("/api/v1/notices", {"q": "le van"}, **headers).json()["items"]
    assert client.post("/api/v1/notices/actions/read").status_code == 401
    assert bell.unread_count(of(other)) == 1


def test_nobody_has_notices(db):
    with pytest.raises(NotFound):
        bell.notice(SYSTEM, 1)
    assert bell.unread_count(SYSTEM) == 0
