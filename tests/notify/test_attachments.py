"""Files that go with a message, through a real SMTP server."""

import pytest

from vamco.core import files
from vamco.core.actors import SYSTEM
from vamco.core.errors import Invalid
from vamco.core.models import File
from vamco.notify import actions, jobs, outbox
from vamco.notify.models import Message, State
from vamco.organisation.actions import issue_token

from .conftest import actor_at, write
from .test_pages import appoint

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.4\n%%EOF\n"
NAME = f"Giấy mời họp «Hội đồng nhân dân» – kỳ họp thứ tư {'rất dài ' * 9}.pdf"


@pytest.fixture
def paper(db) -> File:
    return files.keep(PDF, name=NAME)


@pytest.fixture
def server(serve, settings):
    running = serve()
    settings.SMTP_URL = running.url
    return running


def attached(mail) -> dict[str, bytes]:
    return {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}


def test_they_arrive_with_their_names_and_contents(unit, server, paper):
    table = files.keep("a;b\nệ;2\n".encode(), name='bảng; "x".csv', media_type="text/plain")
    message = write(unit, files=[paper, table])
    jobs.send(message.pk)
    (mail,) = server.mails()
    found = attached(mail)
    assert list(found) == [paper.name, table.name]
    assert found[paper.name] == PDF
    assert found[table.name] == files.read(table)
    assert mail.get_body().get_content() == message.body
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["application/pdf", "text/plain"]


def test_more_than_a_mail_carries_is_refused_with_what_to_do(unit, paper, monkeypatch):
    monkeypatch.setattr(outbox, "MOST_BYTES", len(PDF))
    assert write(unit, files=[paper]).attached() == [paper]
    with pytest.raises(Invalid, match="ít tệp hơn") as refused:
        write(unit, files=[paper, files.keep(PDF, name="b.pdf")])
    assert refused.value.field == "files"
    assert Message.objects.count() == 1


def test_a_copy_has_them_too(unit, server, paper):
    message = write(unit, files=[paper])
    jobs.send(message.pk)
    copy = actions.resend(actor_at(unit, "notify.resend"), Message.objects.get(pk=message.pk))
    jobs.send(copy.pk)
    assert [list(attached(mail)) for mail in server.mails()] == [[paper.name]] * 2


def test_a_file_that_has_gone_is_waited_for_and_then_named_in_the_mail(unit, server, paper):
    message = write(unit, files=[paper])
    files.path_of(paper.sha256).unlink()
    for _ in range(3):
        with pytest.raises(jobs.NotSent):
            jobs.send(message.pk)
    message.refresh_from_db()
    assert (message.state, server.mails()) == (State.QUEUED, [])
    assert "FileNotFoundError" in message.last_error
    assert str(files.path_of(paper.sha256)) not in message.last_error
    jobs.send(message.pk)
    (mail,) = server.mails()
    assert list(mail.iter_attachments()) == []
    assert paper.name in mail.get_content()
    assert message.body.strip() in mail.get_content()
    message.refresh_from_db()
    assert message.state == State.SENT


def test_a_file_that_comes_back_goes_with_it(unit, server, paper):
    message = write(unit, files=[paper])
    files.path_of(paper.sha256).unlink()
    with pytest.raises(jobs.NotSent):
        jobs.send(message.pk)
    files.keep(PDF, name="x.pdf")
    jobs.send(message.pk)
    assert list(attached(server.mails()[0])) == [paper.name]


def test_the_log_names_them_to_who_may_read_the_text(client, unit, officer, paper):
    message = write(unit, files=[paper])
    appoint(officer, unit)
    client.force_login(officer)
    assert paper.name in client.get(f"/tin-gui/{message.pk}/").content.decode()
    headers = {"HTTP_AUTHORIZATION": f"Bearer {issue_token(SYSTEM, officer, name='x')[1]}"}
    url = f"/api/v1/messages/{message.pk}"
    assert client.get(url, **headers).json()["attachments"] == [paper.name]
    Message.objects.update(kind="digest")
    assert client.get(url, **headers).json()["attachments"] == []
    assert paper.name not in client.get(f"/tin-gui/{message.pk}/").content.decode()
