"""An import while others look: its progress, a stop in the middle, two jobs of one run, a job that dies."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connections

from tests import province
from tests.province import PROVINCE
from vamco.core import jobs
from vamco.core.importing import runs
from vamco.core.models import ImportRun, ImportState, LedgerEntry
from vamco.timing.imports import CALENDAR
from vamco.timing.models import CalendarDay

from .test_importing import TET, book, checked

pytestmark = pytest.mark.usefixtures("monday")


@pytest.mark.django_db
def test_the_database_is_there() -> None:
    """What `committed` copies."""


@pytest.fixture
def hooked(monkeypatch: Any) -> dict[int, Any]:
    """What to do before a line is done, by how many were."""
    hooks: dict[int, Any] = {}
    calls = []
    function = CALENDAR.create.function

    def hooked_function(*args: Any, **given: Any) -> Any:
        calls.append(1)
        if len(calls) in hooks:
            hooks[len(calls)]()
        return function(*args, **given)

    monkeypatch.setattr(CALENDAR.create, "function", hooked_function)
    monkeypatch.setattr(runs, "TOLD_EVERY", 0)
    return hooks


def elsewhere(do: Any) -> None:
    """Do it on connections of its own, as another process would."""

    def work() -> None:
        try:
            do()
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


def test_progress_is_seen_meanwhile_and_a_stop_undoes_everything(
    committed: None, hooked: dict[int, Any]
) -> None:
    admin = province.actor("quan_tri", PROVINCE)
    run, seen = checked(admin, book(*TET)), []

    def look() -> None:
        seen.append(ImportRun.objects.get(pk=run.pk).done)
        seen.append(CalendarDay.objects.filter(date=date(2031, 1, 26), name="Tết Đinh Dậu").count())
        runs.cancel(ImportRun.objects.get(pk=run.pk))

    hooked[5] = lambda: elsewhere(look)  # three lines were checked, the second one is written
    runs.start(run, ImportState.WRITING, admin)
    assert seen == [1, 0]
    assert run.state == ImportState.CANCELLED
    assert not CalendarDay.objects.filter(date=date(2031, 1, 26), name="Tết Đinh Dậu").exists()


def test_two_jobs_of_one_run_write_once(committed: None, hooked: dict[int, Any]) -> None:
    admin = province.actor("quan_tri", PROVINCE)
    run = checked(admin, book(*TET))
    hooked[4] = lambda: elsewhere(lambda: runs.go(run.pk, admin))  # before the first line is written
    runs.start(run, ImportState.WRITING, admin)
    assert run.state == ImportState.WRITTEN
    assert LedgerEntry.objects.filter(action="timing.set_day", actor_id=admin.user_id).count() == 3


def test_a_job_that_died_leaves_nothing_and_may_be_run_again(committed: None, hooked: dict[int, Any]) -> None:
    admin = province.actor("quan_tri", PROVINCE)
    run = checked(admin, book(*TET))

    def die() -> None:
        raise SystemExit

    hooked[5] = die
    with pytest.raises(SystemExit):
        runs.start(run, ImportState.WRITING, admin)
    run.refresh_from_db()
    assert run.state == ImportState.WRITING
    assert not CalendarDay.objects.filter(date=date(2031, 1, 26), name="Tết Đinh Dậu").exists()
    jobs.run_import(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.WRITTEN
    assert CalendarDay.objects.filter(date=date(2031, 1, 26), name="Tết Đinh Dậu").exists()
