"""Processes of an installation: that it runs once, that children go with their parent, and supervision."""

import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1


def die_with_parent(by: signal.Signals = signal.SIGTERM) -> None:
    """Ask Linux to end this process with its parent, so that a killed server leaves no stray workers. `by` is the signal:
    SIGKILL where one that asks could come before anybody listens."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:  # it died in between
        os.kill(os.getpid(), by)


class AlreadyRunning(Exception):
    """Another process of this kind runs; `what` is what it wrote about itself."""

    def __init__(self, what: Mapping[str, Any]) -> None:
        super().__init__(what)
        self.what = what


def only_once(path: Path, **about: Any) -> IO[str]:
    """Hold the lock file `path` until the answer is closed or the process ends, however it ends.

    Raises `AlreadyRunning` with what the holder wrote.
    """
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        try:
            what = json.loads(file.read())
        except ValueError:
            what = {}
        file.close()
        raise AlreadyRunning(what) from None
    file.truncate(0)
    json.dump({"pid": os.getpid(), **about}, file)
    file.flush()
    return file


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def supervise(
    commands: Mapping[str, Sequence[str]],
    *,
    environment: Mapping[str, str],
    say: Callable[[str, int], Any],
    tick: Callable[[], Any] = lambda: None,
) -> None:
    """Keep the commands running until SIGINT or SIGTERM; one that ends is started again, later each time.

    `say(name, exit code)` is called when one ended, `tick` several times a second. Returns when all stopped.
    """
    stopping = False

    def stop(number: int, frame: Any) -> None:
        nonlocal stopping
        stopping = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}

    def launch(name: str) -> subprocess.Popen[bytes]:
        # A group of its own: Ctrl-C of a terminal reaches this process alone, which then stops them in order.
        return subprocess.Popen(  # noqa: S603
            commands[name], env={**os.environ, **environment}, stdin=subprocess.DEVNULL, process_group=0
        )

    running = {name: launch(name) for name in commands}
    born = dict.fromkeys(commands, time.monotonic())
    pauses = dict.fromkeys(commands, 0.5)
    try:
        while not stopping:
            time.sleep(0.2)
            now = time.monotonic()
            for name, process in running.items():
                code = process.poll()
                if code is None:
                    if now - born[name] > 60:
                        pauses[name] = 0.5
                elif now - born[name] >= pauses[name] and not stopping:
                    say(name, code)
                    pauses[name] = min(pauses[name] * 2, 30)
                    running[name], born[name] = launch(name), now
            if not stopping:
                tick()
    finally:
        stop_all(running.values())
        for number, handler in before.items():
            signal.signal(number, handler)


def stop_all(processes: Any, seconds: float = 20) -> None:
    """Ask the processes to finish; kill what has not after `seconds`."""
    for process in processes:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
    until = time.monotonic() + seconds
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
