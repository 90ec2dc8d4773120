"""Background work: procrastinate's app (jobs are enqueued in the transaction that causes them), the clearing of rate
limits and of unused files, sheets that are read in, and the sealing of the ledger, which every worker process does
beside its jobs."""

import logging
import threading

from django.db import OperationalError, close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import clock, ledger, leftover_files, limits, rooms
from .errors import TooMany
from .importing import runs

__all__ = ["app", "seal_forever"]
SEAL_EVERY = 1.0
_log = logging.getLogger(__name__)


def seal_forever(stop: threading.Event) -> None:
    """Seal what is new in the ledger about once a second until told to stop; a fault is logged and tried again."""
    while not stop.wait(SEAL_EVERY):
        try:
            close_old_connections()
            while ledger.seal(clock.now()) == ledger.BATCH:
                pass
        except OperationalError as error:
            _log.warning("the ledger waits for the database: %s", error)
        except Exception:
            _log.exception("the ledger could not be sealed; trying again")


@app.periodic(cron="*/5 * * * *")
@app.task(name="core.forget_limits", queueing_lock="core.forget_limits")
def forget_limits(timestamp: int = 0) -> None:
    """Delete what is left of rate limits whose windows have ended."""
    limits.forget_ended()


_WHILE_OTHERS_ARE_READ = RetryStrategy(max_attempts=20, wait=10, retry_exceptions={TooMany})


@app.task(name="core.run_import", retry=_WHILE_OTHERS_ARE_READ)
def run_import(run_id: int) -> None:
    """Check or write a sheet, as whoever sent it is today."""
    rooms.rooms()  # a register's sheet stands in its room's declaration
    runs.go(run_id)


@app.periodic(cron="17 * * * *")
@app.task(name="core.forget_imports", queueing_lock="core.forget_imports")
def forget_imports(timestamp: int = 0) -> None:
    """Delete the imports of more than a day ago."""
    runs.forget_old()


@app.periodic(cron="29 * * * *")
@app.task(name="core.forget_unused_files", queueing_lock="core.forget_unused_files")
def forget_unused_files(timestamp: int = 0) -> None:
    """Delete what was uploaded more than a day ago and was put on nothing."""
    leftover_files.forget_unused()
