"""`vamco doctor` names what is wrong and what to do about it."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.live import Live, free_port
from vamco.core import doctor, pdf, postgres
from vamco.core.findings import Finding


def examine(live: Live, **env: str) -> dict[str, dict[str, str]]:
    changed = Live(live.home, live.port, {**live.env, **env})
    done = changed.vamco("doctor", "--json", check=False)
    found = json.loads(done.stdout)
    assert done.returncode == int(any(each["verdict"] == "wrong" for each in found))
    for each in found:
        assert each["verdict"] == "ok" or each["do"], f"{each['name']}: nothing to do about it"
    return {each["name"]: each for each in found}


def test_a_new_installation_lacks_only_what_an_operator_must_add(installed: Live) -> None:
    found = examine(installed)

    bad = {name: each["verdict"] for name, each in found.items() if each["verdict"] != "ok"}
    assert bad.pop("Việc nền") == "wrong"
    assert bad.pop("Thư điện tử") == "warn"
    assert bad.pop("Lịch nghỉ lễ, tết") == "warn"
    assert bad.pop("Chế độ pháp lý") == "wrong"
    assert bad.pop("Sao lưu", "warn") == "warn"
    bad.pop("Dung lượng đĩa", None)
    assert bad.pop("Vai trò phục vụ") == "warn"
    assert bad == {}


def test_the_human_form_says_what_to_do(installed: Live) -> None:
    done = installed.vamco("doctor", check=False)

    assert done.returncode == 1
    assert "✗ Việc nền" in done.stdout
    assert "→ Chạy vamco serve" in done.stdout


def test_an_unreachable_mail_server_is_wrong_and_names_no_password(installed: Live) -> None:
    url = f"smtp://user:hidden@127.0.0.1:{free_port()}"

    found = examine(installed, VAMCO_SMTP_URL=url)["Thư điện tử"]

    assert found["verdict"] == "wrong"
    assert "hidden" not in json.dumps(found)


def test_a_database_that_does_not_answer_is_said_plainly(installed: Live) -> None:
    nowhere = f"postgresql://u@127.0.0.1:{free_port()}/vamco"

    found = examine(installed, VAMCO_DATABASE_URL=nowhere)

    assert found["Cơ sở dữ liệu"]["verdict"] == "wrong"
    assert "VAMCO_DATABASE_URL" in found["Cơ sở dữ liệu"]["do"]
    assert found["Tệp khóa"]["verdict"] == "ok"


def test_tables_of_another_version_are_named(installed: Live) -> None:
    import psycopg

    with closing(psycopg.connect(installed.database_url)) as connection:
        taken = connection.execute(
            "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)"
            " RETURNING app, name, applied"
        ).fetchone()
        connection.commit()
        try:
            assert examine(installed)["Cấu trúc bảng"]["do"] == "vamco migrate"
        finally:
            connection.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", taken
            )
            connection.commit()


def test_lost_protection_of_the_ledger_is_found(installed: Live) -> None:
    import psycopg

    if "VAMCO_DATABASE_URL" in installed.env:
        pytest.skip("one role here: the warning is in the first test")
    with psycopg.connect(installed.database_url, autocommit=True) as connection:
        connection.execute("GRANT DELETE ON core_ledgerentry TO vamco_serving")
    try:
        found = examine(installed)["Vai trò phục vụ"]
        assert (found["verdict"], found["do"]) == ("wrong", "vamco migrate")
    finally:
        installed.vamco("migrate", "--verbosity", "0")
    assert examine(installed)["Vai trò phục vụ"]["verdict"] != "wrong"


def test_it_says_when_the_account_that_serves_can_become_the_owner(installed: Live) -> None:
    """The embedded server trusts its account; one that asks the owner for more does not."""
    import psycopg

    if "VAMCO_DATABASE_URL" in installed.env:
        pytest.skip("one role here: the warning is in the first test")
    found = examine(installed)["Vai trò phục vụ"]
    assert found["verdict"] == "warn"
    assert "vamco_owner" in found["says"]
    assert "VAMCO_DATABASE_OWNER_URL" in found["do"]

    access = Path(installed.home) / "postgres" / "pg_hba.conf"
    before = access.read_text()
    with psycopg.connect(postgres.superuser_url(installed.home), autocommit=True) as connection:
        access.write_text(f"local all vamco_owner scram-sha-256\n{before}")
        connection.execute("SELECT pg_reload_conf()")
        try:
            found = until_it_is("ok", installed)
        finally:
            access.write_text(before)
            connection.execute("SELECT pg_reload_conf()")
    assert found["says"] == "vamco_serving chỉ ghi thêm được vào nhật ký"


def until_it_is(verdict: str, live: Live) -> dict[str, str]:
    """What doctor says of the roles, as soon as the server has read its access file anew."""
    for _attempt in range(20):
        found = examine(live)["Vai trò phục vụ"]
        if found["verdict"] == verdict:
            return found
    raise AssertionError(found)


def test_commit_without_disk_is_wrong(installed: Live) -> None:
    import psycopg

    with psycopg.connect(installed.database_url, autocommit=True) as connection:
        name = connection.execute("SELECT current_database()").fetchone()[0]
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        try:
            found = examine(installed)["An toàn dữ liệu khi mất điện"]
        finally:
            connection.execute(f'ALTER DATABASE "{name}" RESET synchronous_commit')

    assert found["verdict"] == "wrong"
    assert "synchronous_commit" in found["do"]


def test_an_old_backup_is_a_warning(installed: Live) -> None:
    last = Path(installed.home) / "last-backup.json"
    last.write_text(json.dumps({"at": "2026-01-01T00:00:00+00:00", "path": "/x", "missing": 0}))
    try:
        assert examine(installed)["Sao lưu"]["verdict"] == "warn"
        last.write_text(json.dumps({"at": "2026-01-01T00:00:00+00:00", "path": "/x", "missing": 2}))
        assert examine(installed)["Sao lưu"]["verdict"] == "wrong"
    finally:
        last.unlink()


def test_a_folder_that_takes_no_files_is_wrong(settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"
    assert doctor.folders().verdict == "ok"
    in_the_way = tmp_path / "in-the-way"
    in_the_way.write_text("not a folder: nobody can write into it, root neither")
    settings.FILES = in_the_way / "files"
    found = doctor.folders()
    assert found.verdict == "wrong"
    assert str(settings.FILES) in found.says
    assert str(settings.FILES) in found.do


def test_missing_fonts_are_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert doctor.fonts().verdict == "ok"
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    found = doctor.fonts()
    assert found.verdict == "wrong"
    assert found.do


@pytest.mark.django_db
@pytest.mark.parametrize("apart", [-3600, 10])
def test_a_clock_that_runs_apart_from_the_database_s_is_wrong(
    monkeypatch: pytest.MonkeyPatch, apart: int
) -> None:
    assert doctor.clocks().verdict == "ok"
    real = time.time
    monkeypatch.setattr(doctor.time, "time", lambda: real() + apart)
    found = doctor.clocks()
    assert found.verdict == "wrong"
    assert "NTP" in found.do


@pytest.mark.django_db
def test_a_check_that_the_database_refuses_is_named_and_the_others_still_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> Iterator[Finding]:
        yield Finding("trước", "ok", "")
        with connection.cursor() as cursor:
            cursor.execute("SELECT nowhere")

    def after() -> Iterator[Finding]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        yield Finding("sau", "ok", "")

    monkeypatch.setattr(doctor, "worker", broken)
    monkeypatch.setattr(doctor.rooms, "of_all", lambda _part: [broken, after])
    found = [(each.name, each.verdict) for each in doctor.examine()]
    named = [each for each in found if "broken" in each[0]]
    assert [verdict for _name, verdict in named] == ["wrong", "wrong"]
    assert found.count(("trước", "ok")) == 2
    assert ("sau", "ok") in found
