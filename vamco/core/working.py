"""The worker process: jobs from the queue, jobs of dead workers again, and the ledger's seals."""

import asyncio
import logging
import os
import signal
import threading
import time

import psycopg
from asgiref.sync import sync_to_async
from django.db import connections
from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.contrib.django.utils import connector_params

from vamco.core import jobs

HEARTBEAT = 5.0
STALLED = 30.0
"""Seconds without a heartbeat after which a worker counts as dead and its jobs are done again."""

_log = logging.getLogger(__name__)


def work() -> None:
    """Work until SIGINT or SIGTERM; while the database is away, wait for it."""
    stop = threading.Event()
    sealer = threading.Thread(target=jobs.seal_forever, args=(stop,), daemon=True, name="sealer")
    sealer.start()
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    pause = 1.0
    while not told.is_set():
        began = time.monotonic()
        try:
            asyncio.run(_run(told))
        except (exceptions.ConnectorException, psycopg.Error, OSError) as problem:
            _log.warning("the queue cannot be reached: %s", type(problem).__name__)
        if not told.is_set():
            pause = 1.0 if time.monotonic() - began > 60 else min(pause * 2, 30.0)
            told.wait(pause)
    stop.set()
    sealer.join(10)
    connections.close_all()


async def _run(told: threading.Event) -> None:
    """Work off the queue until told to stop or the database is lost; running jobs are finished first."""
    tasks = [asyncio.create_task(_work_off()), asyncio.create_task(_until(told))]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


async def _until(told: threading.Event) -> None:
    while not told.is_set():
        await asyncio.sleep(0.2)


async def _work_off() -> None:
    # Not `replace_connector`: tasks stay bound to the Django app, so that what a job defers is part of the
    # job's own transaction.
    await sync_to_async(connections.close_all)()  # periodic jobs are enqueued there: none that died before
    app = jobs.app.with_connector(PsycopgConnector(kwargs=connector_params(), timeout=5.0))
    async with app.open_async():
        rescue = asyncio.create_task(_rescue(app))
        try:
            await app.run_worker_async(
                concurrency=int(os.environ.get("VAMCO_JOBS") or 4),
                install_signal_handlers=False,
                delete_jobs="successful",
                shutdown_graceful_timeout=15,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED,
            )
        finally:
            rescue.cancel()
            await asyncio.gather(rescue, return_exceptions=True)


async def _rescue(app: App) -> None:
    """Put jobs back that were being done by a worker that died: every job may therefore run twice."""
    while True:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            _log.warning("job %s (%s) was left by a dead worker; doing it again", job.id, job.task_name)
            await app.job_manager.retry_job(job)
        await asyncio.sleep(STALLED / 2)
