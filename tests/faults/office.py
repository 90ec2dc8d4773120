"""A one-stop shop that is served, filled and shot at."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.live import Live
from vamco.core import postgres

UNITS = ("27694", "27688")
SETUP = f"""
from tests import province
province.load()
from vamco.core.actors import SYSTEM
from vamco.organisation import actions
answer = {{
    code: actions.issue_token(SYSTEM, province.person("mot_cua", code), name="test")[1] for code in {UNITS!r}
}}
"""


@dataclass
class Submission:
    """One application under its key: what it asks for, and the codes that it was answered with."""

    key: str
    unit: str
    body: bytes
    codes: list[str] = field(default_factory=list)
    faults: int = 0


@dataclass
class Office:
    """An installation under `vamco serve`, with a second `vamco worker` and a mail server beside it."""

    live: Live
    tokens: dict[str, str]
    mail: Path
    serve: subprocess.Popen[bytes]
    every: list[Submission] = field(default_factory=list)
    """All that was ever submitted to it."""

    def pids(self) -> dict[str, int]:
        """The processes that can be killed: web and worker as `serve` runs them, one of the web's own, the database."""
        below = _children(self.serve.pid)
        found = {
            name: pid for name in ("web", "worker") for pid, words in below.items() if words[-1:] == [name]
        }
        if "web" in found and (inner := list(_children(found["web"]))):
            found["web process"] = random.choice(inner)
        file = self.live.home / "postgres/postmaster.pid"
        with suppress(OSError, ValueError, IndexError):
            found["database"] = int(file.read_text().splitlines()[0])
        return found

    def kill(self, name: str) -> bool:
        """kill -9. False when there is no such process at this moment."""
        pid = self.pids().get(name)
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            return True
        return False

    def submit(self, one: Submission, until: float) -> None:
        """Ask until there is an answer, always under the same key; a broken connection or a 5xx is asked again."""
        headers = {
            "Authorization": f"Bearer {self.tokens[one.unit]}",
            "Content-Type": "application/json",
            "Idempotency-Key": one.key,
        }
        while True:
            try:
                line = http.client.HTTPConnection("127.0.0.1", self.live.port, timeout=20)
                line.request("POST", "/api/v1/dossiers", one.body, headers)
                answer = line.getresponse()
                said = answer.read()
                line.close()
                if answer.status == 201:
                    one.codes.append(json.loads(said)["code"])
                    return
                if answer.status < 500:
                    raise AssertionError(f"{answer.status}: {said.decode()}")
            except (OSError, http.client.HTTPException):
                pass
            one.faults += 1
            if time.monotonic() > until:
                log = (self.live.home / "serve.log").read_text()[-4000:]
                raise AssertionError(f"no answer any more\n{log}")
            time.sleep(0.05)


def _children(parent: int) -> dict[int, list[str]]:
    """The running processes below another one, with their command lines."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            status = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            if int(status[1]) == parent and status[0] != "Z":
                found[int(entry.name)] = (entry / "cmdline").read_text().rstrip("\0").split("\0")
    return found


def application(unit: str) -> dict[str, Any]:
    """An application of somebody new, who wants mail."""
    return {
        "procedure": "1.004873",
        "unit": unit,
        "parties": [
            {
                "role": "applicant", "name": "Nguyễn Thị Mỹ Hạnh", "email": "hanh@example.vn",
                "id_number": f"0801{random.randint(50, 99)}{random.randrange(10**6):06d}",
            }
        ],
        "fields": {"tinh_trang": "chua_ket_hon", "muc_dich": "vay_von"},
        "papers": [
            {"code": "to_khai", "originals": 1}, {"code": "giay_to_tuy_than", "copies": 1},
            {"code": "giay_to_cu_tru", "copies": 1},
        ],
    }  # fmt: skip


@contextmanager
def under_load(office: Office, clients: int = 6, patience: int = 60) -> Iterator[list[Submission]]:
    """Within the block clients submit one application after another; at its end each has its answer, for which a
    client asks again for `patience` seconds at most."""
    stop = threading.Event()
    made: list[Submission] = []
    failed: list[BaseException] = []

    def run() -> None:
        while not stop.is_set():
            unit = random.choice(UNITS)
            one = Submission(str(uuid.uuid4()), unit, json.dumps(application(unit)).encode())
            made.append(one)
            office.every.append(one)
            try:
                office.submit(one, time.monotonic() + patience)
            except BaseException as fault:
                failed.append(fault)
                return

    threads = [threading.Thread(target=run) for _i in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if failed:
        raise failed[0]


@contextmanager
def opened(live: Live, mail: Path) -> Iterator[Office]:
    """The office with everything running."""
    from tests.live import free_port

    tokens = live.run(SETUP)
    port = free_port()
    live.env["VAMCO_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    live.env["VAMCO_WEB_WORKERS"] = "2"
    post = subprocess.Popen(
        [
            sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c",
            "aiosmtpd.handlers.Mailbox", str(mail),
        ]
    )  # fmt: skip
    with (live.home / "serve.log").open("wb") as log:
        serve = subprocess.Popen(
            [sys.executable, "-m", "vamco.cli", "serve"],
            env=live.env, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        live.wait_for("/readyz")
        live.start("worker 2")
        yield Office(live, tokens, mail, serve)
    finally:
        live.stop()
        serve.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            serve.wait(40)
        serve.kill()
        serve.wait()
        post.terminate()
        post.wait(10)
        if "VAMCO_DATABASE_URL" not in live.env:
            postgres.database_urls(live.home)
