"""Texts that are a secret of whom they are sent to: shown nowhere, and erased once they have gone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.core.errors import Invalid, Refused
from vamco.core.models import LedgerContent
from vamco.core.names import names
from vamco.core.rooms import MessageKind
from vamco.notify import actions, jobs, queries
from vamco.notify.models import Message, State
from vamco.organisation.actions import issue_token

from .conftest import actor_at, free_port, write
from .test_pages import appoint

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "479-215"


@pytest.fixture(autouse=True)
def kind(declare):
    declare(code=MessageKind("mã xác nhận", secret=True))


def write_code(unit, **changes) -> Message:
    return write(unit, kind="code", subject=f"Mã {CODE}", body=f"Mã của ông/bà: {CODE}\n", **changes)


def stored(message: Message) -> tuple[str, str, str]:
    message.refresh_from_db()
    return message.state, message.subject, message.body


def everywhere(client, unit, officer, message: Message) -> str:
    """All that pages, API and ledger say of it."""
    if not officer.holdings.exists():
        appoint(officer, unit)
    client.force_login(officer)
    headers = {"HTTP_AUTHORIZATION": f"Bearer {issue_token(SYSTEM, officer, name='x')[1]}"}
    said = [client.get("/tin-gui/"), client.get(f"/tin-gui/{message.pk}/")]
    said += [client.get(f"/api/v1/messages{end}", **headers) for end in ("", f"/{message.pk}", f"?q={CODE}")]
    assert all(one.status_code == 200 for one in said)
    ledger = [one.content for one in LedgerContent.objects.all()]
    named = names("notify.message", [str(message.pk)])
    about = queries.of_dossier(message.dossier)
    told = [(one.subject, one.body) for one in about]
    return f"{[one.content.decode() for one in said]} {ledger} {named} {told} {message!r}"


def test_it_arrives_and_is_erased_in_the_statement_that_says_so(unit, serve, settings):
    server = serve()
    settings.SMTP_URL = server.url
    message = write_code(unit)
    assert stored(message)[0] == State.QUEUED
    jobs.send(message.pk)
    (mail,) = server.mails()
    assert CODE in mail.get_content()
    assert CODE in mail["Subject"]
    assert stored(message) == (State.SENT, "", "")


def test_no_page_api_or_ledger_shows_it_before_or_after(client, unit, officer, serve, settings):
    settings.SMTP_URL = serve().url
    message = write_code(unit)
    actions.resend(actor_at(unit, "notify.resend"), message)
    before = everywhere(client, unit, officer, message)
    assert CODE not in before
    assert "mã xác nhận" in before
    jobs.send(message.pk)
    assert CODE not in everywhere(client, unit, officer, message)


def test_errors_do_not_repeat_it(unit, serve, settings):
    settings.SMTP_URL = serve("tests.notify.servers.Repeats").url
    message = write_code(unit)
    jobs.send(message.pk)
    message.refresh_from_db()
    assert (message.state, message.last_error) == (State.FAILED, "554")
    assert stored(message) == (State.FAILED, "", "")
    other = write(unit, subject=f"Mã {CODE}")
    jobs.send(other.pk)
    other.refresh_from_db()
    assert CODE in other.last_error, "the server of this test repeats the subject"


def test_it_is_given_up_after_the_last_try(unit, settings):
    settings.SMTP_URL = f"smtp://127.0.0.1:{free_port()}"
    message = write_code(unit)
    for _ in range(jobs.TRIES - 1):
        with pytest.raises(jobs.NotSent):
            jobs.send(message.pk)
    assert CODE in stored(message)[2]
    jobs.send(message.pk)
    assert stored(message) == (State.FAILED, "", "")


def test_what_is_too_late_is_not_sent_and_goes_also_without_a_server(unit, serve, settings):
    server = serve()
    settings.SMTP_URL = server.url
    soon = clock.now() + timedelta(minutes=10)
    first, second, plain = write_code(unit, expires_at=soon), write_code(unit), write(unit, expires_at=soon)
    with clock.told(soon):
        jobs.send(first.pk)
        settings.SMTP_URL = ""
        jobs.sweep(0)
    assert stored(first) == (State.FAILED, "", "")
    assert stored(plain) == (State.FAILED, plain.subject, plain.body)
    assert "thời hạn" in plain.last_error
    assert stored(second)[0] == State.QUEUED
    with clock.told(clock.now() + timedelta(days=1, minutes=1)):
        jobs.sweep(0)
    assert stored(second) == (State.FAILED, "", "")
    assert server.mails() == []


def test_a_plain_message_that_came_too_late_is_sent_when_a_person_says_so(unit, serve, settings):
    server = serve()
    settings.SMTP_URL = server.url
    message = write(unit, expires_at=clock.now())
    jobs.send(message.pk)
    actions.resend(actor_at(unit, "notify.resend"), message)
    jobs.send(message.pk)
    assert len(server.mails()) == 1


@pytest.mark.parametrize("to", ["", "moi@example.vn"])
def test_an_erased_one_is_not_sent_again_and_the_page_says_what_to_do(
    client, unit, officer, serve, settings, to
):
    settings.SMTP_URL = serve().url
    message = write_code(unit)
    jobs.send(message.pk)
    with pytest.raises(Refused, match="yêu cầu mã mới"):
        actions.resend(actor_at(unit, "notify.resend"), message, to_email=to)
    appoint(officer, unit)
    client.force_login(officer)
    for page in ("/tin-gui/", f"/tin-gui/{message.pk}/"):
        assert f"/tin-gui/{message.pk}/gui-lai/" not in client.get(page).content.decode()
    assert Message.objects.count() == 1


def test_nobody_has_it_sent_to_themself(unit):
    message = write_code(unit)
    actor = actor_at(unit, "notify.resend", "notify.view")
    with pytest.raises(Invalid) as refused:
        actions.resend(actor, message, to_email="quan.tri@example.vn")
    assert refused.value.field == "to_email"
    assert actions.resend(actor, message, to_email=message.to_email).pk == message.pk
    assert Message.objects.count() == 1


def test_without_an_address_it_is_not_kept_at_all(unit):
    assert stored(write_code(unit, to_email="")) == (State.SKIPPED, "", "")


@pytest.mark.parametrize(
    "change", ["state = 'sent', sent_at = now()", "state = 'failed'", "expires_at = NULL"]
)
def test_the_database_itself_keeps_the_rule(unit, change):
    message = write_code(unit)
    with (
        pytest.raises(IntegrityError, match="message_secret"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE notify_message SET {change} WHERE id = {message.pk}")
