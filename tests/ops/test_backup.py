"""Backup and restore: what comes back is what was there, or nothing comes back and it says why."""

import json
import secrets
import shutil
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.live import Live
from vamco.core import postgres

WITH = {"VAMCO_BACKUP_PASSPHRASE": "một câu dài"}


@contextmanager
def empty(live: Live, **env: str) -> Iterator[Live]:
    """An empty installation beside `live`."""
    home = Path(tempfile.mkdtemp(prefix="vamco-restored-"))
    kept = {**live.env, "VAMCO_HOME": str(home), **env}
    name = f"vamco_restored_{secrets.token_hex(4)}"
    served = kept.get("VAMCO_DATABASE_URL")
    try:
        if served:
            with psycopg.connect(served, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            kept["VAMCO_DATABASE_URL"] = urlunsplit(urlsplit(served)._replace(path=f"/{name}"))
        yield Live(home, live.port, kept)
    finally:
        postgres.stop(home)
        if served:
            with psycopg.connect(served, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def archive(installed: Live) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "đêm.vamco"
        live = Live(installed.home, installed.port, {**installed.env, **WITH})
        assert "Có kèm khóa" in live.vamco("backup", str(path)).stdout
        yield path


@pytest.fixture(scope="module")
def nowhere(installed: Live) -> Iterator[Live]:
    """An empty installation that stays empty: whatever is refused leaves nothing in it."""
    with empty(installed, **WITH) as fresh:
        yield fresh


COUNTS = "from vamco.core import backup; answer = backup.count_rows()"


def test_everything_comes_back(installed: Live, archive: Path) -> None:
    with empty(installed, **WITH) as fresh:
        done = fresh.vamco("restore", str(archive))

        assert "Đã phục hồi và đối chiếu" in done.stdout
        assert fresh.run(COUNTS) == installed.run(COUNTS)
        assert fresh.run(
            "from vamco.core import files; from vamco.core.models import File\n"
            "answer = [files.read(f).decode() for f in File.objects.all()]"
        ) == ["%PDF-1.7 kept"]
        assert (fresh.home / "secrets.json").read_text() == (installed.home / "secrets.json").read_text()
        assert "còn" not in done.stdout.splitlines()[-1]  # no migration is missing
        if "VAMCO_DATABASE_URL" not in fresh.env:
            serving = postgres.database_urls(fresh.home).serving
            with psycopg.connect(serving) as connection:
                assert connection.execute("SELECT count(*) FROM organisation_user").fetchone() == (1,)
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute("DELETE FROM core_ledgerentry")


def test_only_into_an_empty_place(installed: Live, archive: Path) -> None:
    before = installed.run(COUNTS)

    live = Live(installed.home, installed.port, {**installed.env, **WITH})
    done = live.vamco("restore", str(archive), check=False)

    assert done.returncode == 1
    assert "nơi còn trống" in done.stderr
    assert installed.run(COUNTS) == before


def test_a_wrong_passphrase_changes_nothing(installed: Live, archive: Path) -> None:
    with empty(installed, VAMCO_BACKUP_PASSPHRASE="khác") as fresh:
        done = fresh.vamco("restore", str(archive), check=False)

        assert done.returncode == 1
        assert "Mật khẩu của bản sao lưu không đúng" in done.stderr
        assert not list(fresh.home.glob("files/**/*"))
        fresh.env.update(WITH)
        fresh.vamco("restore", str(archive))


@pytest.mark.parametrize("damage", ["cut", "flip", "extra", "lost", "not an archive"])
def test_a_damaged_archive_is_refused_and_leaves_nothing(
    nowhere: Live, archive: Path, tmp_path: Path, damage: str
) -> None:
    damaged = tmp_path / "damaged"
    content = archive.read_bytes()
    if damage == "cut":
        damaged.write_bytes(content[: len(content) // 2])
    elif damage == "flip":
        at = content.index(b"%PDF-1.7 kept")
        damaged.write_bytes(content[:at] + b"X" + content[at + 1 :])
    elif damage == "not an archive":
        damaged.write_bytes(b"hello" * 1000)
    else:
        rewrite(archive, damaged, damage)
    done = nowhere.vamco("restore", str(damaged), check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: ")
    with psycopg.connect(nowhere.database_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)
    assert not [path for path in nowhere.home.glob("files/**/*") if path.is_file()]


def rewrite(source: Path, target: Path, damage: str) -> None:
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            if damage == "lost" and member.name.startswith("files/"):
                continue
            new.addfile(member, old.extractfile(member))
            if damage == "extra" and member.name == "manifest.json":
                outside = tarfile.TarInfo("../../outside")
                new.addfile(outside)


@pytest.mark.slow
def test_without_the_keys_the_key_file_must_be_brought(installed: Live, tmp_path: Path) -> None:
    path = tmp_path / "without.vamco"

    said = installed.vamco("backup", "--without-secrets", str(path)).stdout

    assert "KHÔNG kèm khóa" in said
    with tarfile.open(path) as tar:
        assert "secrets.enc" not in tar.getnames()
    with empty(installed) as fresh:
        done = fresh.vamco("restore", str(path), check=False)
        assert "không phải khóa của bản này" in done.stderr
        shutil.copy(installed.home / "secrets.json", fresh.home / "secrets.json")
        fresh.vamco("restore", str(path))


def test_without_a_terminal_a_passphrase_or_a_choice_is_needed(installed: Live, tmp_path: Path) -> None:
    done = installed.vamco("backup", str(tmp_path / "x"), check=False)

    assert done.returncode == 1
    assert "--without-secrets" in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_keys_are_not_readable_in_the_archive(installed: Live, archive: Path) -> None:
    keys = json.loads((installed.home / "secrets.json").read_text())

    assert keys["django"].encode() not in archive.read_bytes()
    assert archive.stat().st_mode & 0o077 == 0


def test_nothing_is_overwritten(installed: Live, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine")

    done = installed.vamco("backup", "--without-secrets", str(there), check=False)

    assert done.returncode == 1
    assert there.read_text() == "mine"


def test_while_others_write_the_archive_is_of_one_instant(installed: Live, tmp_path: Path) -> None:
    """A writer always adds a row to two tables in one transaction: restored, both have equally many."""
    stop, path = threading.Event(), tmp_path / "busy.vamco"
    with psycopg.connect(installed.database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE zz_left (id serial)")
        connection.execute("CREATE TABLE aa_right (id serial)")

    def write() -> None:
        with psycopg.connect(installed.database_url) as connection:
            while not stop.is_set():
                connection.execute("INSERT INTO zz_left DEFAULT VALUES")
                connection.execute("INSERT INTO aa_right DEFAULT VALUES")
                connection.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        installed.vamco("backup", "--without-secrets", str(path))
    finally:
        stop.set()
        writer.join()
        with psycopg.connect(installed.database_url, autocommit=True) as connection:
            connection.execute("DROP TABLE zz_left, aa_right")
    with empty(installed) as fresh:
        shutil.copy(installed.home / "secrets.json", fresh.home / "secrets.json")
        fresh.vamco("restore", str(path))
        counts = fresh.run(COUNTS)
    assert counts["zz_left"] == counts["aa_right"] > 0


def test_a_lost_file_is_named_and_the_rest_is_kept(installed: Live, tmp_path: Path) -> None:
    path = tmp_path / "lost.vamco"
    lost = next(p for p in (installed.home / "files").glob("*/*/*") if p.is_file())
    away = lost.rename(tmp_path / lost.name)
    try:
        done = installed.vamco("backup", "--without-secrets", str(path), check=False)
    finally:
        away.rename(lost)
        (installed.home / "last-backup.json").unlink()

    assert done.returncode == 1
    assert lost.name in done.stderr
    with tarfile.open(path) as tar:
        assert json.load(tar.extractfile("manifest.json"))["missing"] == [lost.name]
