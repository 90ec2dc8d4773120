"""Serving one installation: the web processes, and all processes of its rooms together under one roof."""

import gc
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from vamco.core import counting, postgres, rotation, static
from vamco.core.processes import AlreadyRunning, die_with_parent, only_once, port_is_free, supervise
from vamco.core.rooms import Process, of_all

EXIT_RUNNING = 3
"""Exit code when it runs already, or something else holds the port."""


class CannotServe(Exception):
    """Why it cannot be served, in words that say what to do; `code` is the exit code."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


def address() -> tuple[str, int]:
    """Host and port to listen on: VAMCO_HOST and VAMCO_PORT."""
    return os.environ.get("VAMCO_HOST") or "127.0.0.1", int(os.environ.get("VAMCO_PORT") or 8000)


def url() -> str:
    """The address to open in a browser on this machine."""
    host, port = address()
    near = _near(host)
    return f"http://{f'[{near}]' if ':' in near else near}:{port}"


def _near(host: str) -> str:
    """Where to reach from this machine what listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def supervised() -> bool:
    """Whether this process was started by `serve`, which has checked everything."""
    return os.environ.get("VAMCO_SUPERVISED") == "1"


def missing_migrations() -> str:
    """What to say when the tables are not those of this version, or the keys not theirs; empty when all fits."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return rotation.wrong_keys()
    return _("Cơ sở dữ liệu còn %(count)s bước cập nhật chưa chạy. Hãy chạy: vamco migrate") % {
        "count": len(plan)
    }


def port_taken(host: str, port: int) -> str:
    """What to say when the port is in use; empty when it is free."""
    if port_is_free(host, port):
        return ""
    return _(
        "Cổng %(port)s trên %(host)s đang được một chương trình khác dùng. "
        "Hãy dừng chương trình đó, hoặc chọn cổng khác, ví dụ VAMCO_PORT=%(other)s."
    ) % {"port": port, "host": host, "other": port + 1}


def run_web(host: str, port: int, *, workers: int, log_level: str) -> None:
    """Serve `vamco.asgi` until SIGINT or SIGTERM; a process that dies is replaced.

    HTTP/1.1 alone: with HTTP/2 one connection carries hundreds of requests, past the limit on connections.
    """
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    static.collect()
    _forget_connections()
    levels = {"DEBUG": LogLevels.debug, "INFO": LogLevels.info}
    Server(
        "vamco.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=levels.get(log_level, LogLevels.error),
    ).serve(target_loader=_load, wrap_loader=True)


def _load(target: str) -> Any:
    """The application, in a web process just forked: until it serves, the handlers of its parent are its own and would
    swallow a SIGTERM. A parent that stops in order ends its processes first.

    What was loaded stays for good, so the collector need not walk it again: some 5 % more answers a second.
    """
    die_with_parent(signal.SIGKILL)
    counting.forget_the_dead()
    from granian._internal import load_target

    application = load_target(target)
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    return application


def _forget_connections() -> None:
    """Leave no connection or pool behind that processes forked from this one would share."""
    connections.close_all()
    for each in connections.all(initialized_only=True):
        close_pool = getattr(each, "close_pool", None)
        if close_pool:
            close_pool()


def commands() -> dict[str, list[str]]:
    """What rooms have running, by name: each a process of the `vamco` command."""
    every: list[Process] = of_all("processes")
    return {process.name: [sys.executable, "-m", "vamco.cli", *process.command] for process in every}


def serve(*, say: Callable[[str], Any], ready: Callable[[], Any]) -> None:
    """Run what rooms have running until SIGINT or SIGTERM, and the embedded database beside it.

    `ready` is called once when the web answers, `say` with each thing an operator should know. The caller is
    `the_only_one`. Raises `CannotServe`.
    """
    if missing := missing_migrations():
        raise CannotServe(missing)
    _forget_connections()
    supervise(
        commands(),
        environment={"VAMCO_SUPERVISED": "1"},
        say=lambda name, code: say(
            _("Tiến trình %(name)s đã dừng (mã %(code)s), đang khởi động lại.") % {"name": name, "code": code}
        ),
        tick=_Watch(*address(), say, ready),
    )


@contextmanager
def the_only_one(say: Callable[[str], Any]) -> Iterator[None]:
    """Within the block this process serves the installation; the embedded database stops after it.

    Raises `CannotServe` with `EXIT_RUNNING` when another process does, or something else holds the port.
    """
    try:
        lock = only_once(settings.HOME / "serve.lock", url=url())
    except AlreadyRunning as running:
        raise CannotServe(
            _(
                "Vàm Cỏ đang chạy rồi tại %(url)s (tiến trình %(pid)s). "
                "Mở địa chỉ đó, hoặc dừng tiến trình kia trước khi khởi động lại."
            )
            % {"url": running.what.get("url", "?"), "pid": running.what.get("pid", "?")},
            EXIT_RUNNING,
        ) from None
    with lock:
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what follows is tidied up
        try:
            if taken := port_taken(*address()):
                raise CannotServe(taken, EXIT_RUNNING)
            yield
        finally:
            stop_database(say)
            signal.signal(signal.SIGTERM, before)


class _Watch:
    """What `serve` looks at while it runs: whether the web answers yet and the database still does."""

    def __init__(self, host: str, port: int, say: Callable[[str], Any], ready: Callable[[], Any]) -> None:
        self.host, self.port, self.say, self.ready = host, port, say, ready
        self.announced = False
        self.looked = time.monotonic()

    def __call__(self) -> None:
        if not self.announced and not port_is_free(self.host, self.port) and _answers():
            self.announced = True
            self.ready()
        if time.monotonic() - self.looked >= 2:
            self.looked = time.monotonic()
            if embedded() and not postgres.running(settings.HOME):
                self.say(_("Cơ sở dữ liệu đã dừng, đang khởi động lại."))
                postgres.database_urls(settings.HOME)


def _answers() -> bool:
    host, port = address()
    try:
        with socket.create_connection((_near(host), port), timeout=2) as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return line.recv(15).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def embedded() -> bool:
    """Whether the database is the embedded one."""
    return not os.environ.get("VAMCO_DATABASE_URL")


def stop_database(say: Callable[[str], Any]) -> None:
    """Stop the embedded database unless another process still uses it."""
    if not embedded() or not postgres.running(settings.HOME):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        others = (cursor.fetchone() or (0,))[0]
    _forget_connections()
    if others:
        say(_("Cơ sở dữ liệu vẫn chạy vì còn %(count)s kết nối khác đang dùng.") % {"count": others})
    else:
        postgres.stop(settings.HOME)
