"""The log as pages and through the API."""

from django.urls import reverse

from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.notify.models import Message, State
from vamco.organisation.actions import issue_token
from vamco.organisation.models import Grant, Holding, Post, Unit

from .conftest import write


def appoint(user, unit, role="admin"):
    post = Post.objects.create(unit=unit, key=role, title="Quản trị")
    Holding.objects.create(user=user, post=post, since="2016-01-01")
    Grant.objects.create(post=post, role=role, unit=unit)


def test_log_filters_and_sends_again(client, unit, officer):
    write(unit)
    failed = write(unit, subject="Thư hỏng", dossier="1-2")
    Message.objects.filter(pk=failed.pk).update(state=State.FAILED, last_error="550", next_at=None)
    appoint(officer, unit)
    client.force_login(officer)
    page = client.get(reverse("messages"), {"state": "failed"}).content.decode()
    assert "Thư hỏng" in page
    assert "Đã tiếp nhận" not in page
    assert "Thư hỏng" not in client.get(reverse("messages"), {"code": "khac"}).content.decode()
    assert (
        "Kính gửi ông/bà Nguyễn Thị Ẩn" in client.get(reverse("message", args=[failed.pk])).content.decode()
    )
    client.post(reverse("message_resend", args=[failed.pk]))
    failed.refresh_from_db()
    assert failed.state == State.QUEUED
    wrong = client.get(reverse("messages"), {"state": "'", "cursor": "x"})
    assert wrong.status_code == 422
    assert "Hãy chọn một trong danh sách." in wrong.content.decode()


def test_the_newest_stands_first_and_is_found_by_words_sent_by_post(client, unit, officer):
    write(unit, subject="Thư trước", to_name="Lê Văn Sáu")
    write(unit, subject="Thư sau")
    appoint(officer, unit)
    client.force_login(officer)
    page = client.get(reverse("messages")).content.decode()
    assert page.index("Thư sau") < page.index("Thư trước")
    found = client.post(reverse("messages"), {"q": "le van sau"}).content.decode()
    assert "Thư trước" in found
    assert "Thư sau" not in found


def test_long_logs_come_in_pages(client, unit, officer):
    for number in range(53):
        write(unit, subject=f"Thư {number:03}")
    appoint(officer, unit)
    client.force_login(officer)
    first = client.get(reverse("messages"))
    assert "Thư 052" in first.content.decode()
    assert "Thư 002" not in first.content.decode()
    second = client.get(reverse("messages"), {"cursor": first.context["next_cursor"]}).content.decode()
    assert "Thư 002" in second


def test_others_see_nothing(client, unit, officer):
    message = write(unit)
    assert client.get(reverse("messages")).status_code == 302
    client.force_login(officer)
    assert client.get(reverse("messages")).status_code == 403
    other = Unit.objects.create(
        code="9", name="Xã Khác", level="commune", agency_code="9", valid_from="2016-01-01"
    )
    appoint(officer, other)
    assert "an@example.vn" not in client.get(reverse("messages")).content.decode()
    assert client.get(reverse("message", args=[message.pk])).status_code == 404
    assert client.post(reverse("message_resend", args=[message.pk])).status_code == 404


def test_api(client, unit, officer):
    message = write(unit)
    Message.objects.update(state=State.SENT, sent_at=clock.now())
    appoint(officer, unit)
    headers = {"HTTP_AUTHORIZATION": f"Bearer {issue_token(SYSTEM, officer, name='x')[1]}"}
    listed = client.get("/api/v1/messages", {"dossier": message.dossier}, **headers).json()
    assert [one["id"] for one in listed["items"]] == [message.pk]
    assert client.get("/api/v1/messages", {"state": "x"}, **headers).status_code == 422
    url = f"/api/v1/messages/{message.pk}/actions/resend"
    copy = client.post(url, {}, content_type="application/json", **headers).json()
    assert (copy["state"], copy["to_email"]) == ("queued", "an@example.vn")
    assert client.get("/api/v1/messages").status_code == 401
