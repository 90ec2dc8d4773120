"""Background work: procrastinate's app (jobs are enqueued in the transaction that causes them), the clearing of rate
limits, and the sealing of the ledger, which every worker process does beside its jobs."""

import logging
import threading

from django.db import OperationalError, close_old_connections
from procrastinate.contrib.django import app

from . import clock, ledger, limits

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
