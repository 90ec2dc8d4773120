"""PostgreSQL's own programs (pg_dump, pg_restore, psql), in a version that fits the server."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.db import connection
from django.utils.translation import gettext as _

from vamco.core import postgres

Process = subprocess.Popen[bytes]


class ToolProblem(Exception):
    """A program is missing or failed; the text says what to do."""


def server_major() -> int:
    """Major version of the server in use."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')")
        return int((cursor.fetchone() or (0,))[0]) // 10000


def find(program: str, at_least: int) -> tuple[Path, int]:
    """The program and its major version: not older than `at_least`, and of those the nearest.

    Against a served database the machine's own programs come first: those of the wheel know no TLS.
    """
    found: list[tuple[int, int, Path]] = []
    for rank, folder in enumerate(_folders()):
        path = folder / program
        if path.is_file() and (major := _major(path)) >= at_least:
            found.append((major, rank, path))
    if not found:
        raise ToolProblem(
            _("Cần %(program)s phiên bản %(version)s trở lên. Trên Debian: apt-get install postgresql-client")
            % {"program": program, "version": at_least}
        )
    major, _rank, path = min(found)
    return path, major


def _folders() -> Iterator[Path]:
    if os.environ.get("VAMCO_DATABASE_URL"):
        yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        yield from (Path(part) for part in os.get_exec_path())
    with suppress(postgres.DatabaseProblem):
        yield postgres.programs()


def _major(path: Path) -> int:
    try:
        given = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", given.stdout)
    return int(found[1]) if found else 0


def dump(target: Path, snapshot: str) -> int:
    """pg_dump of an exported snapshot in the custom format; answers the program's major version."""
    program, major = find("pg_dump", server_major())
    with tempfile.TemporaryFile() as given:
        command = [str(program), "--format=custom", f"--snapshot={snapshot}", f"--file={target}", _url()]
        done = subprocess.run(  # noqa: S603
            command, env=_environment(), stdin=subprocess.DEVNULL, stdout=given, stderr=given, check=False
        )
        if done.returncode:
            raise ToolProblem(_failed(program, given))
    return major


def load(source: Path, dumped_with: int) -> None:
    """Read a dump into the database in one transaction: all of it, or nothing.

    It goes through SQL, so that a dump of a newer server can be read into an older one.
    """
    at_least = max(dumped_with, server_major())
    restore, _major_of_restore = find("pg_restore", at_least)
    psql, _major_of_psql = find("psql", at_least)
    drop = [b"SET transaction_timeout "] if server_major() < 17 else []
    connection.close()
    with tempfile.TemporaryFile() as given:
        reading = subprocess.Popen(  # noqa: S603
            [restore, "--no-owner", "--no-privileges", "--file=-", source],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=given,
        )  # fmt: skip
        writing = subprocess.Popen(  # noqa: S603
            [psql, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-",
             _url()],
            env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=given,
        )  # fmt: skip
        with suppress(BrokenPipeError):
            _pour(reading, writing, drop)
        reading.wait()
        if reading.returncode and writing.poll() is None:
            writing.kill()  # a script cut short must not be committed
        assert writing.stdin is not None
        with suppress(BrokenPipeError):
            writing.stdin.close()
        if writing.wait() or reading.returncode:
            raise ToolProblem(_failed(psql if writing.returncode else restore, given))


def _pour(reading: Process, writing: Process, drop: Sequence[bytes]) -> None:
    """Hand the script over, without the settings in its head that the server does not know."""
    source, target = reading.stdout, writing.stdin
    assert source is not None
    assert target is not None
    try:
        for _number in range(60):
            line = source.readline()
            if not line.startswith(tuple(drop)) or not drop:
                target.write(line)
        shutil.copyfileobj(source, target, 1 << 20)
        target.flush()
    finally:
        source.close()


def _url() -> str:
    return postgres.url_of(connection.settings_dict)


def _environment() -> dict[str, str]:
    password = str(connection.settings_dict.get("PASSWORD") or "")
    return {**os.environ, "PGAPPNAME": "vamco", **({"PGPASSWORD": password} if password else {})}


def _failed(program: Path, given: IO[bytes]) -> str:
    given.seek(0)
    text = given.read().decode(errors="replace").strip()[-1500:]
    return _("%(program)s không chạy được: %(text)s") % {"program": program.name, "text": text}
