"""`vamco serve`: once, started again when it dies, gone when it is stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.live import Live, free_port
from vamco.core import postgres


@contextmanager
def serving(live: Live) -> Iterator[subprocess.Popen[str]]:
    log = (live.home / "serve.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "vamco.cli", "serve"],
        env=live.env,
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
    )
    try:
        live.wait_for("/readyz")
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(40)
        process.kill()
        process.wait()


def children(process: int) -> dict[str, int]:
    """The commands that `serve` runs, by name."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            words = (entry / "cmdline").read_text().split("\0")
            if int(fields[1]) == process and "vamco.cli" in words:
                found[words[words.index("vamco.cli") + 1]] = int(entry.name)
    return found


def below(process: int) -> list[int]:
    """The processes that a process started."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "stat").read_text().rsplit(")", 1)[1].split()[1] == str(process):
                found.append(int(entry.name))
    return found


def eventually(question: Callable[[], object], seconds: float = 40, pause: float = 0.1) -> None:
    until = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(pause)


def gone(process: int) -> bool:
    try:
        return (Path("/proc") / str(process) / "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def live(installed: Live) -> Live:
    """The same installation on a port of its own."""
    port = free_port()
    return Live(installed.home, port, {**installed.env, "VAMCO_PORT": str(port)})


def test_a_second_start_says_where_it_runs_and_nobody_outlives_a_killed_parent(live: Live) -> None:
    with serving(live) as first:
        done = live.vamco("serve", check=False)

        assert done.returncode == 3
        assert f"http://127.0.0.1:{live.port}" in done.stderr
        assert str(first.pid) in done.stderr
        live.wait_for("/readyz")

        below = children(first.pid)
        assert below.keys() == {"web", "worker"}
        first.kill()
        first.wait()
        eventually(lambda: all(map(gone, below.values())))
        eventually(lambda: socket.socket().connect_ex(("127.0.0.1", live.port)) != 0)


@pytest.mark.parametrize("after", [0, 0.02, 0.5])
def test_what_was_just_being_started_does_not_outlive_a_killed_parent_either(
    live: Live, after: float
) -> None:
    log = (live.home / "web.log").open("w")
    command = [sys.executable, "-m", "vamco.cli", "web"]
    env = {**live.env, "VAMCO_WEB_WORKERS": "2"}
    web = subprocess.Popen(command, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    eventually(lambda: len(below(web.pid)) >= 2, pause=0.001)
    time.sleep(after)
    started = below(web.pid)
    web.kill()
    web.wait()
    eventually(lambda: all(map(gone, started)), 10)


def test_what_dies_is_started_again_the_database_too_and_ctrl_c_ends_everything(live: Live) -> None:
    with serving(live) as served:
        before = children(served.pid)
        assert before.keys() == {"web", "worker"}
        for process in before.values():
            os.kill(process, signal.SIGKILL)

        eventually(
            lambda: (
                len(children(served.pid)) == 2
                and not set(children(served.pid).values()) & set(before.values())
            )
        )
        live.wait_for("/readyz")
        if "VAMCO_DATABASE_URL" not in live.env:  # a served database has its own supervisor
            os.kill(int((live.home / "postgres/postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
            eventually(lambda: postgres.running(live.home))
            live.wait_for("/readyz")
        after = children(served.pid)

        began = time.monotonic()
        served.send_signal(signal.SIGINT)
        served.wait(40)
        assert time.monotonic() - began < 30
        assert all(map(gone, after.values()))
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", live.port)) != 0
        assert "đang khởi động lại" in (live.home / "serve.log").read_text()
        if "VAMCO_DATABASE_URL" not in live.env:
            assert not postgres.running(live.home)
            live.database_url  # starts it again for the tests that follow  # noqa: B018


def test_a_port_in_use_is_named_with_another_one(live: Live) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", live.port))
        other.listen()

        for command in ("serve", "web"):
            done = live.vamco(command, check=False)

            assert done.returncode == 3
            assert f"VAMCO_PORT={live.port + 1}" in done.stderr


def test_missing_migrations_are_said_before_anything_is_served(live: Live) -> None:
    import psycopg

    with psycopg.connect(live.database_url, autocommit=True) as connection:
        taken = connection.execute(
            "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)"
            " RETURNING id, app, name, applied"
        ).fetchone()
    try:
        for command in ("serve", "web", "worker"):
            done = live.vamco(command, check=False)
            assert done.returncode == 1
            assert "vamco migrate" in done.stderr
    finally:
        with psycopg.connect(live.database_url, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO django_migrations (id, app, name, applied) OVERRIDING SYSTEM VALUE"
                " VALUES (%s, %s, %s, %s)",
                taken,
            )
