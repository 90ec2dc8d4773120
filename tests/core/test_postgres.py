"""The embedded server: started once, found again, safe after a kill, and the URLs of a served one."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from vamco.core import postgres

START = """
import sys, pathlib
from vamco.core import postgres
print(postgres.database_urls(pathlib.Path(sys.argv[1])).serving)
"""


@pytest.fixture(autouse=True)
def no_server_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VAMCO_DATABASE_URL", "VAMCO_DATABASE_OWNER_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own folder: another run of it takes back the right to pass that the server was given."""
    with tempfile.TemporaryDirectory(prefix="vamco-test-") as folder:
        yield Path(folder)


@pytest.fixture
def home(folder: Path) -> Iterator[Path]:
    yield folder / "home"
    postgres.stop(folder / "home")


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]
        return row[0] if row else None


def postmaster(home: Path) -> int:
    return int((home / "postgres/postmaster.pid").read_text().splitlines()[0])


def test_two_roles_on_one_database(home: Path) -> None:
    urls = postgres.database_urls(home)

    assert urls.embedded
    assert urls.apart
    assert ask(urls.owner, "SELECT current_user") == "vamco_owner"
    assert ask(urls.serving, "SELECT current_user") == "vamco_serving"
    assert (
        ask(urls.owner, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'vamco'")
        == "vamco_owner"
    )
    assert (
        ask(
            urls.serving,
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user",
        )
        is False
    )


def test_nothing_answered_is_lost_and_nobody_outside_can_connect(home: Path) -> None:
    url = postgres.database_urls(home).owner

    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        assert ask(url, f"SHOW {setting}") == "on"
    assert ask(url, "SHOW listen_addresses") == ""
    assert (home / "postgres").stat().st_mode & 0o077 == 0


def test_a_failed_statement_leaves_no_values_in_the_log(home: Path) -> None:
    url = postgres.database_urls(home).owner
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE people (number text UNIQUE)")
        connection.execute("INSERT INTO people VALUES ('079123456789')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people VALUES ('079123456789')")
    postgres.stop(home)

    logs = [path.read_text() for path in (home / "postgres/log").glob("*")]

    assert any("duplicate key" in text for text in logs)
    assert not any("079123456789" in text for text in logs)


def test_a_second_look_finds_the_running_server(home: Path) -> None:
    first = postgres.database_urls(home)
    before = postmaster(home)

    assert postgres.database_urls(home) == first
    assert postmaster(home) == before


def test_several_processes_at_once_start_one_server(home: Path) -> None:
    command = [sys.executable, "-c", START, str(home)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(5)]

    said = {process.communicate(timeout=60)[0] for process in started}

    assert [process.returncode for process in started] == [0] * 5
    assert len(said) == 1
    assert postgres.running(home)


def test_what_was_committed_is_there_after_kill_9(home: Path) -> None:
    url = postgres.database_urls(home).owner
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    process = postmaster(home)
    os.kill(process, signal.SIGKILL)
    while Path(f"/proc/{process}").exists():
        time.sleep(0.01)

    url = postgres.database_urls(home).owner

    assert ask(url, "SELECT number FROM kept") == 7


def test_stopping_ends_it_and_starting_brings_the_data_back(home: Path) -> None:
    url = postgres.database_urls(home).owner
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")

    assert postgres.stop(home) is True
    assert postgres.running(home) is False
    assert postgres.stop(home) is False
    assert ask(postgres.database_urls(home).owner, "SELECT number FROM kept") == 7


def test_a_start_broken_off_in_the_middle_is_done_again(home: Path) -> None:
    (home / "postgres.new").mkdir(parents=True)
    (home / "postgres.new" / "half").write_text("")

    assert ask(postgres.database_urls(home).owner, "SELECT 1") == 1


def test_a_home_deleted_under_a_running_server_can_be_made_again(home: Path) -> None:
    old = postgres.database_urls(home)
    leftover = postmaster(home)
    while home.exists():  # it writes while we delete
        shutil.rmtree(home, ignore_errors=True)

    urls = postgres.database_urls(home)

    assert urls == old
    with pytest.raises(OSError):  # it is gone, or at most not yet buried
        os.readlink(f"/proc/{leftover}/cwd")
    assert ask(urls.owner, "SELECT 1") == 1


def test_a_copied_home_does_not_lead_to_the_original(home: Path, folder: Path) -> None:
    postgres.database_urls(home)
    copy = folder / "copy"
    copy.mkdir()
    shutil.copy(home / "postgres.json", copy)

    assert not postgres.running(copy)


def test_a_path_too_long_for_a_socket_works(folder: Path) -> None:
    home = folder / ("x" * 100) / "home"
    try:
        assert ask(postgres.database_urls(home).serving, "SELECT 1") == 1
    finally:
        postgres.stop(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can meet this")
def test_root_lets_the_server_through_a_closed_folder_and_opens_it_to_nobody_else(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    home = closed / "home"
    try:
        assert ask(postgres.database_urls(home).serving, "SELECT 1") == 1
    finally:
        postgres.stop(home)

    def passes(user: str) -> bool:
        return subprocess.run(["test", "-x", str(closed)], user=user, check=False).returncode == 0

    assert passes(postgres.ACCOUNT)
    assert not passes("nobody")


def test_data_of_another_version_is_named(home: Path) -> None:
    postgres.database_urls(home)
    postgres.stop(home)
    (home / "postgres/PG_VERSION").write_text("16\n")

    with pytest.raises(postgres.DatabaseProblem, match="PostgreSQL 16"):
        postgres.database_urls(home)


def test_a_named_server_is_used_and_the_owner_defaults_to_it(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("VAMCO_DATABASE_URL", "postgresql://serve:x@db/vamco")

    urls = postgres.database_urls(home)

    assert (urls.owner, urls.serving, urls.embedded) == (urls.serving, "postgresql://serve:x@db/vamco", False)
    assert not urls.apart
    assert not home.exists()

    monkeypatch.setenv("VAMCO_DATABASE_OWNER_URL", "postgresql://own:x@db/vamco")
    assert postgres.database_urls(home).apart


@pytest.mark.parametrize(
    ("url", "user", "password", "host", "port", "options"),
    [
        ("postgresql://u:p%40ss@db.example:5433/vam", "u", "p@ss", "db.example", "5433", {}),
        ("postgres://u@/vam?host=/run/pg&port=5434", "u", "", "/run/pg", "5434", {}),
        ("postgresql://u@h/vam?sslmode=require", "u", "", "h", "", {"sslmode": "require"}),
        ("postgresql://[::1]:5432/vam", "", "", "::1", "5432", {}),
    ],
)
def test_urls_become_django_databases(
    url: str, user: str, password: str, host: str, port: str, options: dict[str, str]
) -> None:
    assert postgres.django_database(url) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "vam",
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
    }


@pytest.mark.parametrize(
    "url", ["sqlite:///db", "mysql://u@h/d", "vamco", "postgresql://u@h/", "postgresql://u@h:x/d"]
)
def test_other_urls_are_refused_with_a_reason(url: str) -> None:
    with pytest.raises(postgres.DatabaseProblem, match="VAMCO_DATABASE_URL"):
        postgres.django_database(url)


def test_the_url_for_programs_leaves_the_password_out() -> None:
    database = postgres.django_database("postgresql://u:secret@/vam?host=/run/pg&sslmode=require")

    url = postgres.url_of({**database, "OPTIONS": {**database["OPTIONS"], "pool": {"max_size": 4}}})

    assert url == "postgresql://u@/vam?host=%2Frun%2Fpg&sslmode=require"
