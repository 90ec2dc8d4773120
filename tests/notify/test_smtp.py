"""Sending to real SMTP server programs: what arrives, what is tried again, what is never sent twice."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from vamco.core import clock
from vamco.notify import jobs, smtp
from vamco.notify.models import Message, State

from .conftest import finish_jobs, free_port, write

pytestmark = pytest.mark.django_db(transaction=True)


def test_vietnamese_arrives_as_it_was_written(unit, serve, settings):
    server = serve()
    settings.SMTP_URL = server.url
    message = write(unit)
    jobs.send(message.pk)
    (mail,) = server.mails()
    assert mail["Subject"] == "Đã tiếp nhận hồ sơ 000.00.12.H39-161209-0007"
    assert mail["To"].addresses[0].display_name == "Nguyễn Thị Ẩn"
    assert mail.get_content() == message.body
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == message.message_id
    assert mail["Date"]
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.SENT, 1)


def test_done_jobs_send_nothing_more(unit, serve, settings):
    server = serve()
    settings.SMTP_URL = server.url
    message = write(unit)
    jobs.send(message.pk)
    jobs.send(message.pk)
    assert len(server.mails()) == 1


def test_two_workers_at_once_send_one_mail(unit, serve, settings):
    server = serve()
    settings.SMTP_URL = server.url
    message = write(unit)

    def work() -> None:
        jobs.send(message.pk)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(server.mails()) == 1


@pytest.mark.parametrize(
    "name", ["Ẩn\r\nBcc: b@example.vn", "Ẩn\nX: y", "Ẩn\x00\x85\u2028B", '"; DROP', "a" * 9000]
)
def test_names_cannot_add_headers(unit, serve, settings, name):
    server = serve()
    settings.SMTP_URL = server.url
    message = write(unit, to_name=name, subject=f"Hồ sơ của {name}")
    jobs.send(message.pk)
    (mail,) = server.mails()
    assert "Bcc" not in mail
    assert "X" not in mail
    assert [address.addr_spec for address in mail["To"].addresses] == ["an@example.vn"]


def test_what_breaks_out_of_a_header_is_refused_by_the_letter_itself(unit):
    message = write(unit)
    message.to_name = "Ẩn\r\nBcc: b@example.vn"
    with pytest.raises(ValueError):
        smtp.letter(message)


def test_server_down_is_tried_again_and_nothing_is_lost(unit, serve, settings):
    port = free_port()
    settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
    message = write(unit)
    with pytest.raises(jobs.NotSent) as error:
        jobs.send(message.pk)
    decision = jobs.Again().get_retry_decision(exception=error.value, job=None)
    assert decision.retry_at - clock.now() > timedelta(seconds=50)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.QUEUED, 1)
    assert message.next_at
    assert message.last_error
    server = serve(port=port)
    jobs.send(message.pk)
    assert len(server.mails()) == 1
    message.refresh_from_db()
    assert (message.state, message.last_error) == (State.SENT, "")


def test_eight_tries_over_about_a_day_then_the_log_says_failed(unit, settings):
    settings.SMTP_URL = f"smtp://127.0.0.1:{free_port()}"
    message = write(unit)
    waited = 0
    for _ in range(7):
        with pytest.raises(jobs.NotSent) as error:
            jobs.send(message.pk)
        waited += error.value.args[0]
    jobs.send(message.pk)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.FAILED, 8)
    assert 20 * 3600 < waited < 28 * 3600


def test_unknown_mailbox_is_not_tried_again(unit, serve, settings):
    settings.SMTP_URL = serve("tests.notify.servers.Unknown").url
    message = write(unit)
    jobs.send(message.pk)
    message.refresh_from_db()
    assert message.state == State.FAILED
    assert message.last_error == "550 5.1.1 no such mailbox"


def test_error_kept_in_the_log_holds_no_password(unit, serve, settings):
    server = serve("tests.notify.servers.Busy")
    monkey = smtp.Server("127.0.0.1", server.port, "user", "pass-word")
    settings.SMTP_URL = server.url
    assert "pass-word" not in repr(monkey)
    assert "pass-word" not in smtp._said(monkey, 451, b"dear user:pass-word")
    message = write(unit)
    with pytest.raises(jobs.NotSent):
        jobs.send(message.pk)


def test_without_a_server_messages_wait_in_the_outbox(unit, serve, settings):
    settings.SMTP_URL = ""
    message = write(unit)
    jobs.send(message.pk)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.QUEUED, 0)
    settings.SMTP_URL = serve().url
    Message.objects.update(next_at=clock.now() - timedelta(hours=1))
    finish_jobs()
    jobs.sweep(0)
    assert ProcrastinateJob.objects.filter(task_name="notify.send", status="todo").count() == 1
    jobs.sweep(0)
    assert ProcrastinateJob.objects.filter(task_name="notify.send", status="todo").count() == 1


_KILLED = """
import os, signal, sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.SMTP_URL = sys.argv[2]
django.setup()
from vamco.notify import jobs, smtp
send = smtp.send
def killed(message):
    if sys.argv[4] == "after":
        send(message)
    os.kill(os.getpid(), signal.SIGKILL)
smtp.send = killed
jobs.send(int(sys.argv[3]))
"""


@pytest.mark.parametrize(("when", "copies"), [("before", 1), ("after", 2)])
def test_a_killed_worker_loses_nothing_and_a_second_copy_is_recognisable(unit, serve, settings, when, copies):
    server = serve()
    settings.SMTP_URL = server.url
    message = write(unit)
    name = configured.DATABASES["default"]["NAME"]
    command = [sys.executable, "-c", _KILLED, name, server.url, str(message.pk), when]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    killed = subprocess.run(command, env=environment, cwd=Path(__file__).parents[2], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    message.refresh_from_db()
    assert message.state == State.QUEUED
    jobs.send(message.pk)
    jobs.send(message.pk)
    mails = server.mails()
    assert len(mails) == copies
    assert {mail["Message-ID"] for mail in mails} == {message.message_id}


def test_starttls_with_a_certificate_of_ones_own(unit, serve, settings, tmp_path):
    cert, key = _certificate(tmp_path)
    server = serve("aiosmtpd.handlers.Mailbox", "--tlscert", str(cert), "--tlskey", str(key))
    message = write(unit)
    settings.SMTP_URL = f"smtp://localhost:{server.port}?starttls=1"
    with pytest.raises(jobs.NotSent):
        jobs.send(message.pk)
    settings.SMTP_URL += f"&cafile={cert}"
    jobs.send(message.pk)
    assert len(server.mails()) == 1


def _certificate(folder: Path) -> tuple[Path, Path]:
    import datetime as dt

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    cert = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(1)).not_valid_after(now + dt.timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    raw = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(raw)
    return folder / "cert.pem", folder / "key.pem"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.vn", ("mail.vn", 25, "", False, False)),
        ("smtp://u%40x:p%2F@mail.vn:2525?starttls=1", ("mail.vn", 2525, "u@x", False, True)),
        ("smtps://u:p@mail.vn", ("mail.vn", 465, "u", True, False)),
    ],
)
def test_server_of_a_url(url, expected):
    found = smtp.server(url)
    assert (found.host, found.port, found.user, found.tls, found.starttls) == expected


@pytest.mark.parametrize("url", ["http://mail.vn", "smtp://", "smtp://u:geheim@mail.vn:x"])
def test_a_wrong_url_is_named_without_its_secrets(url):
    with pytest.raises(ValueError, match="VAMCO_SMTP_URL") as error:
        smtp.server(url)
    assert "geheim" not in str(error.value)
