"""What every test may use: a throwaway installation, a live one with real processes, and a browser on it."""

import os
import shutil
from collections.abc import Iterator

import hypothesis
import pytest
from pytest_django import DjangoDbBlocker

from tests import live as live_installation

hypothesis.settings.register_profile("untimed", deadline=None)  # time is measured in bench/
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database; at the end no connection but the last is left, for which PostgreSQL would wait."""
    yield
    from django.db import connections

    with django_db_blocker.unblock():
        connections["serials"].close()


def _end_others(cursor: object, database: str) -> None:
    """End what a thread left open there. Not WITH (FORCE), which an owner may not while the server cleans up."""
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()",
        [database],
    )


@pytest.fixture(scope="session", autouse=True)
def kept_for_long() -> None:
    """What the process keeps of calendar and settings does not go stale while a slow test runs: the number of its queries
    would depend on the machine. Tests of going stale move `time.monotonic` themselves."""
    from vamco.configuration import values
    from vamco.timing import queries as calendar

    values.FRESH_SECONDS = calendar.FRESH_SECONDS = 3600.0


@pytest.fixture(scope="session")
def province(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Long An in the test database, once per process; a test that wants it also wants `db`."""
    _load_province(django_db_blocker)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that want Long An come after those that want an empty database."""
    late = {item.path for item in items if "province" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.path in late)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Bring the test database into the state that the test wants: with Long An, or empty.

    Tests that commit empty it; a province that was loaded stays until a test wants none.
    """
    names = set(getattr(item, "fixturenames", ()))
    if _blocker is None:
        return
    if "province" in names:
        _load_province(_blocker)
    elif _loaded and (item.get_closest_marker("django_db") or names & {"db", "transactional_db"}):
        _empty(_blocker)


_blocker: DjangoDbBlocker | None = None
_loaded = False


def _load_province(blocker: DjangoDbBlocker) -> None:
    from tests import province as long_an
    from vamco.organisation.models import User

    global _blocker, _loaded
    with blocker.unblock():
        if not User.objects.exists():
            _forget_jobs()
        long_an.load()
    _blocker, _loaded = blocker, True


def _empty(blocker: DjangoDbBlocker) -> None:
    from django.core.management import call_command

    from vamco.configuration import values
    from vamco.procedures import compiled as catalogue
    from vamco.timing import queries as calendar

    global _loaded
    with blocker.unblock():
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        _forget_jobs()
    # Numbers start again at 1: what the process keeps under the old ones would be another thing's.
    catalogue.forget()
    calendar.forget()
    values.forget()
    _loaded = False


def _forget_jobs() -> None:
    """Emptying the database leaves jobs, whose tables are not Django's; those of earlier tests would lock new ones out."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def committed(province: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of its own with Long An in it, thrown away afterwards: for what several do at the same moment, with
    real commits. At least one test of the run must have the mark `django_db`."""
    from django.db import connections

    name = f"test_committed_{os.getpid()}"
    before = connections["default"].settings_dict["NAME"]

    def use(database: str) -> None:
        connections.close_all()
        for alias in ("default", "serials"):
            connections[alias].settings_dict["NAME"] = database

    with django_db_blocker.unblock():
        connections.close_all()
        with connections["default"]._nodb_cursor() as cursor:
            _end_others(cursor, str(before))
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{before}"')
        use(name)
        try:
            yield
        finally:
            use(str(before))
            with connections["default"]._nodb_cursor() as cursor:
                _end_others(cursor, name)
                cursor.execute(f'DROP DATABASE "{name}"')


@pytest.fixture
def monday() -> Iterator[None]:
    """The clock says Monday, 5 December 2016, 9:00."""
    from tests.province import MONDAY
    from vamco.core import clock

    with clock.told(MONDAY):
        yield


@pytest.fixture(scope="session")
def live() -> Iterator[live_installation.Live]:
    """An installation of Long An with real web and worker processes; see `tests/live.py`."""
    with live_installation.start() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the machine's Chromium. Without one a test is skipped, or fails (VAMCO_REQUIRE_BROWSER=1)."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("VAMCO_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        if os.environ.get("VAMCO_REQUIRE_BROWSER") == "1":
            pytest.fail("VAMCO_REQUIRE_BROWSER=1, but this machine has no Chromium")
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[object]:
    """A real Chromium, driven by playwright's synchronous interface."""
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread; Django would refuse its database beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    flags = [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ]  # fmt: skip
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield running
        running.close()


@pytest.fixture
def page(browser, live: live_installation.Live) -> Iterator[object]:
    """A page in a fresh profile, at a desk's size; addresses are relative to the live installation."""
    context = browser.new_context(
        base_url=live.url,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": 1280, "height": 800},
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
