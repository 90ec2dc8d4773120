"""The figures of /metrics: counted by every web process, told by any one of them for all.

How `prometheus_client` does it for processes that share a port: each counts in files of its own in one folder, and
who is asked reads all of them (https://prometheus.github.io/client_python/multiprocess/).
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which `prometheus_client` knows the folder; it looks when it is imported, and never again."""


def together(home: Path) -> None:
    """Let this `vamco web` and the processes that it forks count in a new folder below `home`.

    Each `vamco web` has its own, so that starting one takes nothing from another; those of dead ones go.
    """
    if FOLDER in os.environ:
        return
    own = home / "metrics" / str(os.getpid())
    own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in own.parent.iterdir():
        if old == own or not _lives(old.name):
            shutil.rmtree(old, ignore_errors=True)
    own.mkdir(mode=0o700)
    os.environ[FOLDER] = str(own)


def forget_the_dead() -> None:
    """Take the present state of web processes that died out of the figures; what they counted stays in the sums."""
    from prometheus_client import multiprocess

    folder = os.environ.get(FOLDER)
    forget: Callable[[str, str | None], None] = multiprocess.mark_process_dead
    for pid in {file.stem.rpartition("_")[2] for file in Path(folder).glob("*.db")} if folder else ():
        if not _lives(pid):
            forget(pid, folder)


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
