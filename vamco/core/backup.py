"""Backup: one archive with the database at one instant, every file of that instant, and the keys.

The archive is a tar. `manifest.json` comes first: how many rows each table had, the SHA-256 of all else. Then
`database.dump` (pg_dump's custom format), `secrets.enc` (the keys under a passphrase: scrypt, Fernet),
`files/<sha256>` and `stores/<folder>/<path>`. A backup runs beside a serving installation: rows are counted and dumped
in one snapshot, files never change once they are stored and none is removed meanwhile (`leftover_files`), and the stores
of rooms rest while they are copied.
"""

import base64
import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from vamco.core import clock, files, leftover_files, pgtools, secrets, stores
from vamco.core.stores import Hashes

FORMAT = 2
READABLE = (1, 2)
"""Formats that can be restored: the first had no stores."""
MANIFEST, DUMP, KEYS = "manifest.json", "database.dump", "secrets.enc"
LAST = "last-backup.json"
"""In VAMCO_HOME: when the last backup was made and where it was put; `vamco doctor` reads it."""

Say = Callable[[str], Any]


class BackupProblem(Exception):
    """A backup or restore cannot be done, or went wrong; the text says what to do."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds. `files` maps SHA-256 to bytes; `keys` is a fingerprint of the key file; `foreign` lay in the
    stores of rooms and is no file."""

    format: int
    made_at: str
    dumped_with: int
    migrations: list[list[str]]
    tables: dict[str, int]
    files: dict[str, int]
    missing: list[str]
    dump: str
    keys: str
    with_secrets: bool
    stores: Hashes = field(default_factory=dict)
    foreign: list[str] = field(default_factory=list)


# Backup ----------------------------------------------------------------------------------------------------
def backup(target: Path, *, passphrase: str | None, say: Say) -> Manifest:
    """Write an archive to `target`, which appears only when it is complete.

    Without a passphrase the keys are left out, and whoever restores must bring the key file. Raises
    `BackupProblem` when the target exists or a program fails; files not on disk are named in the manifest.
    """
    if target.exists():
        raise BackupProblem(_("%(path)s đã có. Hãy chọn tên khác.") % {"path": target})
    if not target.parent.is_dir():
        raise BackupProblem(_("Không có thư mục %(path)s.") % {"path": target.parent})
    scratch = tempfile.TemporaryDirectory(prefix=".vamco-backup-", dir=target.parent)
    with leftover_files.all_kept(), scratch as folder:
        part = Path(folder) / "archive"
        say(_("Đang sao lưu cơ sở dữ liệu"))
        manifest = _dump(Path(folder), with_secrets=passphrase is not None)
        say(_("Đang sao lưu %(count)s tệp") % {"count": len(manifest.files)})
        with part.open("xb") as out:
            os.fchmod(out.fileno(), 0o600)
            _write(out, manifest, Path(folder), passphrase)
            out.flush()
            os.fsync(out.fileno())
        os.link(part, target)  # unlike a rename it never replaces what somebody else put there meanwhile
    sync(target.parent)
    about = {"at": manifest.made_at, "path": str(target), "missing": len(manifest.missing)}
    put(settings.HOME / LAST, json.dumps(about).encode())
    return manifest


def _dump(folder: Path, *, with_secrets: bool) -> Manifest:
    """Dump the database into the folder and describe it, all in one snapshot. The stores are copied there as they were at
    that moment; they move again while the database is dumped."""
    path = folder / DUMP
    with stores.at_rest() as resting, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = (cursor.fetchone() or ("",))[0]
        made_at = clock.now()
        kept, foreign = _copy_stores(folder / "stores")
        resting.close()
        try:
            dumped_with = pgtools.dump(path, snapshot)
        except pgtools.ToolProblem as problem:
            raise BackupProblem(str(problem)) from None
        cursor.execute("SELECT sha256, max(size) FROM core_file GROUP BY sha256")
        wanted: dict[str, int] = dict(cursor.fetchall())
        there = {sha: size for sha, size in wanted.items() if files.path_of(sha).is_file()}
        return Manifest(
            format=FORMAT,
            made_at=made_at.isoformat(),
            dumped_with=dumped_with,
            migrations=sorted(list(key) for key in MigrationRecorder(connection).applied_migrations()),
            tables=count_rows(),
            files=there,
            missing=sorted(wanted.keys() - there.keys()),
            dump=sha256_of(path),
            keys=fingerprints()[0],
            with_secrets=with_secrets,
            stores=kept,
            foreign=foreign,
        )


def _copy_stores(to: Path) -> tuple[Hashes, list[str]]:
    try:
        return stores.copy(to)
    except OSError as problem:
        raise BackupProblem(
            _(
                "Không sao chép được kho dữ liệu: %(why)s. Hãy xem quyền của thư mục và chỗ trống trên đĩa rồi chạy lại."
            )
            % {"why": problem}
        ) from None


def _write(out: IO[bytes], manifest: Manifest, folder: Path, passphrase: str | None) -> None:
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        _add(archive, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
        archive.add(folder / DUMP, DUMP, filter=_plain)
        if passphrase is not None:
            _add(archive, KEYS, _seal(secrets.keys_path().read_bytes(), passphrase))
        for sha in sorted(manifest.files):
            archive.add(files.path_of(sha), f"files/{sha}", filter=_plain)
        for name in sorted(
            f"stores/{store}/{path}" for store in manifest.stores for path in manifest.stores[store]
        ):
            archive.add(folder / name, name, filter=_plain)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(_plain(member), io.BytesIO(content))


# Small things ----------------------------------------------------------------------------------------------
def count_rows() -> dict[str, int]:
    """Rows by table."""
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counts[table] = (cursor.fetchone() or (0,))[0]
    return counts


def fingerprints() -> list[str]:
    """What tells key files apart without telling a key; also of the keys that only read by now."""
    return [each.hex() for each in secrets.lookups("backup", "fingerprint")]


def _seal(content: bytes, passphrase: str) -> bytes:
    salt = os.urandom(16)
    return b"vamco1" + salt + Fernet(derive(passphrase, salt)).encrypt(content)


def derive(passphrase: str, salt: bytes) -> bytes:
    return base64.urlsafe_b64encode(
        Scrypt(salt=salt, length=32, n=2**17, r=8, p=1).derive(passphrase.encode())
    )


def sha256_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def put(path: Path, content: bytes) -> None:
    """Write a small file, whole or not at all, for its owner alone."""
    part = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
    sync(path.parent)


def sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
