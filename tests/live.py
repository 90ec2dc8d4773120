"""A live installation for browser and fault tests: real `vamco web` and `vamco worker` on a free port.

It has a home and a database of its own, so that what it commits is seen by nobody else. With a served
PostgreSQL (VAMCO_DATABASE_URL) it is a new database on that server, with two web processes and two workers.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from vamco.core import postgres

ROOT = Path(__file__).parents[1]


@dataclass
class Live:
    """A running installation: where it is, and what a test may do to it."""

    home: Path
    port: int
    env: dict[str, str] = field(repr=False)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict, repr=False)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """URL of its database for the owner, for psycopg; starts the embedded server when it is down."""
        return self.env.get("VAMCO_DATABASE_URL") or postgres.database_urls(self.home).owner

    def vamco(self, *arguments: str, check: bool = True, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run the vamco command on it."""
        command = [sys.executable, "-m", "vamco.cli", *arguments]
        done = subprocess.run(command, env=self.env, input=stdin, capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise AssertionError(f"vamco {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
        return done

    def run(self, code: str) -> Any:
        """Run Python in it as the owner; what the code leaves in `answer` comes back, through JSON."""
        program = (
            "import json, django; django.setup(); answer = None\n"
            f"{code}\nprint('\\nANSWER' + json.dumps(answer, default=str))"
        )
        env = {**self.env, "VAMCO_AS_OWNER": "1", "DJANGO_SETTINGS_MODULE": "vamco.settings"}
        done = subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise AssertionError(f"{done.stdout}\n{done.stderr}")
        return json.loads(done.stdout.rsplit("\nANSWER", 1)[1])

    def start(self, name: str) -> None:
        """Start `web` or `worker`, or one more of them (`worker 2`); returns when the web answers."""
        log = (self.home / f"{name}.log").open("ab")
        command = [sys.executable, "-m", "vamco.cli", name.split()[0]]
        self.processes[name] = subprocess.Popen(
            command, env=self.env, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
        if name == "web":
            self.wait_for("/healthz")

    def kill(self, name: str) -> None:
        """kill -9 of `web` or `worker`, at once and without a chance to finish anything."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()

    def wait_for(self, path: str, seconds: float = 120) -> None:
        """Wait until the path answers 200."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if "web" in self.processes and self.processes["web"].poll() is not None:
                break
            with suppress(OSError, urllib.error.URLError), urllib.request.urlopen(self.url + path, timeout=2):
                return
            time.sleep(0.05)
        logs = "\n".join(log.read_text()[-3000:] for log in self.home.glob("*.log"))
        raise AssertionError(f"{path} does not answer:\n{logs}")

    def stop(self) -> None:
        """Stop all processes as Ctrl-C would."""
        for process in self.processes.values():
            process.send_signal(signal.SIGINT)
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()


@contextmanager
def installation(*, long_an: bool = False, migrated: bool = True) -> Iterator[Live]:
    """A new, migrated installation with nothing running but its database; with `long_an` the province is loaded, without
    `migrated` it is as empty as before the first command."""
    home = Path(tempfile.mkdtemp(prefix="vamco-live-"))
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("VAMCO_", "PYTEST_", "DJANGO_"))}
    port = free_port()
    served = os.environ.get("VAMCO_DATABASE_URL")
    env = {
        **kept,
        "VAMCO_HOME": str(home),
        "VAMCO_PORT": str(port),
        "VAMCO_WEB_WORKERS": "2" if served else "1",
        "PYTHONPATH": str(ROOT),
    }
    name = f"vamco_live_{secrets.token_hex(4)}"
    if served:
        with psycopg.connect(served, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        env["VAMCO_DATABASE_URL"] = urlunsplit(urlsplit(served)._replace(path=f"/{name}"))
    live = Live(home, port, env)
    try:
        if not migrated:
            pass
        elif served or "VAMCO_TEST_HOME" not in os.environ:
            live.vamco("migrate", "--verbosity", "0")
            if long_an:
                live.run(LOAD)
        else:
            subprocess.run(["cp", "-a", f"{_prepared(long_an)}/.", str(home)], check=True)
        yield live
    finally:
        live.stop()
        postgres.stop(home)
        if served:
            with psycopg.connect(served, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        shutil.rmtree(home, ignore_errors=True)


LOAD = "from tests import province; province.load()"


def _prepared(long_an: bool) -> Path:
    """A home at rest, migrated or with Long An too, to be copied: made once for all processes of a test run."""
    home = Path(os.environ["VAMCO_TEST_HOME"]) / ("long_an" if long_an else "migrated")
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            new = home.with_suffix(".new")
            kept = {k: v for k, v in os.environ.items() if not k.startswith(("VAMCO_", "PYTEST_", "DJANGO_"))}
            live = Live(new, 0, {**kept, "VAMCO_HOME": str(new), "PYTHONPATH": str(ROOT)})
            if long_an:
                subprocess.run(["cp", "-a", str(_prepared(False)), str(new)], check=True)
                live.run(LOAD)
            else:
                live.vamco("migrate", "--verbosity", "0")
            postgres.stop(new)
            new.rename(home)
    return home


@contextmanager
def start() -> Iterator[Live]:
    """An installation of Long An with web and worker running; on a served database two of each."""
    with installation(long_an=True) as live:
        live.start("worker")
        if "VAMCO_DATABASE_URL" in live.env:
            live.start("worker 2")
        live.start("web")
        yield live


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
