"""A commune that writes, and SMTP servers that run as programs of their own."""

import mailbox
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.db import connection, transaction

from vamco.core import rooms
from vamco.core.actors import Actor
from vamco.core.rooms import MessageKind, Room
from vamco.notify import outbox
from vamco.notify.models import Message
from vamco.organisation.models import Unit, User


@dataclass
class MailServer:
    """A running server and the folder in which its mail lies."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def mails(self) -> list[EmailMessage]:
        """What has arrived, oldest first."""
        box = mailbox.Maildir(self.folder)
        raws = [box.get_bytes(key) for key in sorted(box.keys())]
        return [message_from_bytes(raw, policy=policy.default) for raw in raws]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., MailServer]]:
    """Start an aiosmtpd program: `serve(handler, *options, port=)`."""
    running: list[MailServer] = []

    def start(handler: str = "aiosmtpd.handlers.Mailbox", *options: str, port: int = 0) -> MailServer:
        port, folder = port or free_port(), tmp_path / "mail"
        command = [
            sys.executable,
            "-m",
            "aiosmtpd",
            "-n",
            "-l",
            f"127.0.0.1:{port}",
            *options,
            "-c",
            handler,
            folder,
        ]
        root = Path(__file__).parents[2]
        server = MailServer(port, folder, subprocess.Popen(command, cwd=root, stderr=subprocess.DEVNULL))
        running.append(server)
        until = time.monotonic() + 15
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return server
            except OSError:
                assert server.process.poll() is None, "the SMTP server ended"
                assert time.monotonic() < until, "no SMTP server"
                time.sleep(0.05)

    yield start
    for server in running:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let a room of the test declare kinds of messages: `declare(code=MessageKind("mã", secret=True))`."""
    real = rooms.rooms()

    def declared(**kinds: MessageKind) -> None:
        monkeypatch.setattr(rooms, "rooms", lambda: {**real, "tested": Room(messages=kinds)})
        rooms.message_kinds.cache_clear()

    yield declared
    monkeypatch.undo()
    rooms.message_kinds.cache_clear()


@pytest.fixture
def unit(db) -> Unit:
    made = Unit.objects.create(
        code="80123",
        name="Xã Thạnh Đức",
        level="commune",
        agency_code="000.00.80123",
        valid_from=date(2016, 1, 1),
    )
    made.path = [made.pk]
    made.save()
    return made


@pytest.fixture
def officer(unit: Unit) -> User:
    return User.objects.create_user("can.bo", full_name="Phan Thị Ngọc Diễm", email="diem@example.vn")


def actor_at(unit: Unit, *permissions: str, user: User | None = None) -> Actor:
    user = user or User.objects.get_or_create(username="quan.tri", full_name="Lê Minh Trí")[0]
    return Actor(user.pk, user.full_name, {one: frozenset([unit.pk]) for one in permissions})


def write(unit: Unit, **changes) -> Message:
    said = {
        "subject": "Đã tiếp nhận hồ sơ 000.00.12.H39-161209-0007",
        "body": "Kính gửi ông/bà Nguyễn Thị Ẩn,\n\nHẹn trả: 16:00 thứ Sáu 23/12/2016\n",
        "to_email": "an@example.vn",
        "to_name": "Nguyễn Thị Ẩn",
        "dossier": "000.00.12.H39-161209-0007",
        **changes,
    }
    with transaction.atomic():
        return outbox.queue(said.pop("kind", "received"), unit=unit, **said)


def finish_jobs() -> None:
    """All jobs are done, as if workers had taken them."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded'")
