"""What the measurements of a running installation share: Long An in a database of its own, servers and clients on it.

Figures mean something only beside each other: both sides of a comparison are measured in turns, in the same run.
"""

import multiprocessing
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import live

WORKERS = 2
"""Web processes, of the application and of the bare one."""

FULL = 1_000_000
"""Dossiers at which the aims of tracking, inbox and search are set."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@contextmanager
def long_an() -> Iterator[live.Live]:
    """A new installation with Long An's units, procedures and a few people; only its database runs."""
    with live.installation() as made:
        made.env["VAMCO_WEB_WORKERS"] = str(WORKERS)
        made.run("from tests import province; province.load()")
        yield made


@contextmanager
def loaded(rows: int, home: str = "") -> Iterator[live.Live]:
    """An installation with so many made-up dossiers: a new one, or the one in `home`, which is loaded when it is new
    and kept, so that the next measurement need not wait for it."""
    if not home:
        with long_an() as made:
            _load(made, rows)
            yield made
        return
    path = Path(home).resolve()
    path.mkdir(parents=True, exist_ok=True)
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("VAMCO_", "DJANGO_"))}
    root = str(Path(__file__).resolve().parents[1])
    env = {**mine, "VAMCO_HOME": str(path), "VAMCO_WEB_WORKERS": str(WORKERS), "PYTHONPATH": root}
    made = live.Live(path, live.free_port(), env)
    made.vamco("migrate", "--verbosity", "0")
    there = made.run(
        "from tests import province; province.load()\n"
        "from vamco.dossiers.models import Dossier; answer = Dossier.objects.count()"
    )
    if there < rows:
        _load(made, rows - there)
    yield made


def _load(made: live.Live, dossiers: int) -> None:
    """Fill an installation with made-up dossiers."""
    made.run(f"from bench import loadgen; loadgen.load({dossiers}, 300)")


@contextmanager
def serving(made: live.Live, *command: str, **env: str) -> Iterator[int]:
    """Run a server on a free port, which it gets in VAMCO_PORT; answers the port once it can be reached."""
    port = live.free_port()
    with (made.home / f"{command[-1]}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env={**made.env, "VAMCO_PORT": str(port), "VAMCO_POOL": "1", **env},
            stdout=log,
            stderr=log,
        )
    try:
        for _attempt in range(600):
            if process.poll() is not None:
                raise RuntimeError((made.home / f"{command[-1]}.log").read_text()[-3000:])
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """An HTTP request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def exchange(line: socket.socket, asked: bytes) -> tuple[int, bytes]:
    """Send a request and read its answer: status and body."""
    line.sendall(asked)
    data = _more(line)
    while b"\r\n\r\n" not in data:
        data += _more(line)
    head, _gap, body = data.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    if length is None:
        raise ValueError(f"no length in {head!r}")
    while len(body) < int(length[1]):
        body += _more(line)
    return int(head[9:12]), body


def _more(line: socket.socket) -> bytes:
    part = line.recv(65536)
    if not part:
        raise ConnectionError("the server hung up")
    return part


@dataclass(frozen=True)
class Load:
    """What some clients got: answers a second, milliseconds of the middle and the 95th of a hundred, odd answers."""

    rate: float
    middle: float
    high: float
    odd: dict[int, int]


def hammer(port: int, clients: Sequence[Sequence[bytes]], seconds: float, expected: int = 200) -> Load:
    """Each client is a process with a connection of its own that asks its requests one after another, from the start
    again when it has asked all, until the time is up."""
    context = multiprocessing.get_context("fork")
    queue: Any = context.SimpleQueue()
    start = context.Barrier(len(clients) + 1)
    processes = [
        context.Process(target=_client, args=(port, mine, seconds, start, queue), daemon=True)
        for mine in clients
    ]
    for process in processes:
        process.start()
    start.wait()
    found = [queue.get() for _process in processes]
    for process in processes:
        process.join()
    if failed := [each for each in found if isinstance(each, str)]:
        raise RuntimeError(failed[0])
    times = sorted(taken for mine, _statuses in found for taken in mine)
    statuses: dict[int, int] = {}
    for _mine, each in found:
        for status, number in each.items():
            statuses[status] = statuses.get(status, 0) + number
    good = statuses.pop(expected, 0)
    return Load(
        good / seconds,
        statistics.median(times) * 1000,
        times[int(len(times) * 0.95)] * 1000,
        statuses,
    )


def _client(port: int, requests: Sequence[bytes], seconds: float, start: Barrier, queue: Any) -> None:
    try:
        queue.put(_ask(port, requests, seconds, start))
    except Exception as fault:  # the one who waits for the answer must hear of it
        start.abort()
        queue.put(f"a client failed: {fault!r}")


def _ask(
    port: int, requests: Sequence[bytes], seconds: float, start: Barrier
) -> tuple[list[float], dict[int, int]]:
    times: list[float] = []
    statuses: dict[int, int] = {}
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        start.wait()
        until = time.perf_counter() + seconds
        number = 0
        while (now := time.perf_counter()) < until:
            status, _body = exchange(line, requests[number % len(requests)])
            times.append(time.perf_counter() - now)
            statuses[status] = statuses.get(status, 0) + 1
            number += 1
    return times, statuses


def in_turns(sides: dict[str, Any], rounds: int) -> dict[str, list[Load]]:
    """Let each side measure itself once a round, so that what else the machine does hits all alike."""
    found: dict[str, list[Load]] = {name: [] for name in sides}
    for _round in range(rounds):
        for name, measure in sides.items():
            found[name].append(measure())
    return found


def best(loads: Sequence[Load]) -> Load:
    """The best round: the least disturbed one."""
    return max(loads, key=lambda load: load.rate)


def verdict(ratio: float, aim: float, *, at_most: bool = False) -> str:
    """Whether an aim was reached, in words for the table."""
    met = ratio <= aim if at_most else ratio >= aim
    return f"aim {'<=' if at_most else '>='} {aim:g}: {'met' if met else 'MISSED'}"


def of_full(rows: int) -> str:
    """What the verdicts of a smaller run are worth."""
    return "" if rows >= FULL else f"The aims are set at {FULL:,} dossiers: this run had {rows:,}."
