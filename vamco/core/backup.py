"""Backup and restore: one archive with the database at one instant, every file of that instant, and the keys.

The archive is a tar. `manifest.json` comes first: how many rows each table had, the SHA-256 of all else. Then
`database.dump` (pg_dump's custom format), `secrets.enc` (the keys under a passphrase: scrypt, Fernet) and
`files/<sha256>`. A backup runs beside a serving installation: rows are counted and dumped in one snapshot,
and files never change once they are stored.
"""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from vamco.core import clock, files, pgtools, secrets
from vamco.core.grants import grant

FORMAT = 1
MANIFEST, DUMP, KEYS = "manifest.json", "database.dump", "secrets.enc"
LAST = "last-backup.json"
"""In VAMCO_HOME: when the last backup was made and where it was put; `vamco doctor` reads it."""

Say = Callable[[str], Any]
Members = Iterator[tuple[str, IO[bytes]]]


class BackupProblem(Exception):
    """A backup or restore cannot be done, or went wrong; the text says what to do."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds. `files` maps SHA-256 to bytes; `keys` is a fingerprint of the key file."""

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
    with tempfile.TemporaryDirectory(prefix=".vamco-backup-", dir=target.parent) as folder:
        dump, part = Path(folder) / DUMP, Path(folder) / "archive"
        say(_("Đang sao lưu cơ sở dữ liệu"))
        manifest = _dump(dump, with_secrets=passphrase is not None)
        say(_("Đang sao lưu %(count)s tệp") % {"count": len(manifest.files)})
        with part.open("xb") as out:
            os.fchmod(out.fileno(), 0o600)
            _write(out, manifest, dump, passphrase)
            out.flush()
            os.fsync(out.fileno())
        os.link(part, target)  # unlike a rename it never replaces what somebody else put there meanwhile
    _sync(target.parent)
    about = {"at": manifest.made_at, "path": str(target), "missing": len(manifest.missing)}
    _put(settings.HOME / LAST, json.dumps(about).encode())
    return manifest


def _dump(path: Path, *, with_secrets: bool) -> Manifest:
    """Dump the database and describe it, all in one snapshot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = (cursor.fetchone() or ("",))[0]
        made_at = clock.now()
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
            dump=_sha256(path),
            keys=_fingerprints()[0],
            with_secrets=with_secrets,
        )


def _write(out: IO[bytes], manifest: Manifest, dump: Path, passphrase: str | None) -> None:
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        _add(archive, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
        archive.add(dump, DUMP, filter=_plain)
        if passphrase is not None:
            _add(archive, KEYS, _seal(secrets.keys_path().read_bytes(), passphrase))
        for sha in sorted(manifest.files):
            archive.add(files.path_of(sha), f"files/{sha}", filter=_plain)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(_plain(member), io.BytesIO(content))


# Restore ---------------------------------------------------------------------------------------------------
def restore(source: Path, *, passphrase: Callable[[], str], say: Say) -> Manifest:
    """Put an archive into this installation, which must be empty, and stays empty when anything is wrong.

    `passphrase` is called when the archive holds keys. Raises `BackupProblem`. Afterwards `check` tells
    whether counts and hashes are equal.
    """
    with (
        _members(source) as members,
        tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.HOME) as temp,
    ):
        manifest = _manifest(members)
        _refuse_unless_empty()
        folder = Path(temp)
        say(_("Đang kiểm tra và chép %(count)s tệp") % {"count": len(manifest.files)})
        sealed = _unpack(members, manifest, folder)
        keys = _unseal(sealed, passphrase()) if sealed is not None else None
        if keys is None and manifest.keys not in _fingerprints():
            raise BackupProblem(
                _(
                    "Bản sao lưu không kèm khóa, và khóa ở %(path)s không phải khóa của bản này. "
                    "Hãy đặt đúng tệp khóa vào đó rồi chạy lại."
                )
                % {"path": secrets.keys_path()}
            )
        say(_("Đang phục hồi cơ sở dữ liệu"))
        _place(folder, manifest, keys)
    grant(connection, settings.SERVING_ROLE)
    return manifest


def _place(folder: Path, manifest: Manifest, keys: bytes | None) -> None:
    """Move what was unpacked into place; the database last, and without it the files go away again."""
    shutil.rmtree(settings.FILES, ignore_errors=True)
    (folder / "files").rename(settings.FILES)
    _sync(settings.HOME)
    try:
        pgtools.load(folder / DUMP, manifest.dumped_with)
    except pgtools.ToolProblem as problem:
        shutil.rmtree(settings.FILES)
        raise BackupProblem(str(problem)) from None
    if keys is not None:
        path = secrets.keys_path()
        with suppress(FileNotFoundError):
            os.replace(path, path.with_name(f"{path.name}.before-restore"))
        _put(path, keys)


def check(manifest: Manifest) -> list[str]:
    """What differs between this installation and the manifest: counts of rows, hashes of files, keys."""
    wrong = []
    found = count_rows()
    for table in sorted(manifest.tables.keys() | found.keys()):
        if manifest.tables.get(table) != found.get(table):
            wrong.append(
                _("Bảng %(table)s: bản sao lưu có %(wanted)s dòng, ở đây có %(found)s.")
                % {"table": table, "wanted": manifest.tables.get(table), "found": found.get(table)}
            )
    for sha in manifest.files:
        path = files.path_of(sha)
        if not path.is_file() or _sha256(path) != sha:
            wrong.append(_("Tệp %(sha)s thiếu hoặc sai nội dung.") % {"sha": sha})
    wrong += [_("Tệp %(sha)s đã thiếu từ khi sao lưu.") % {"sha": sha} for sha in manifest.missing]
    if manifest.keys not in _fingerprints():
        wrong.append(_("Khóa không phải khóa của bản sao lưu."))
    return wrong


@contextmanager
def _members(source: Path) -> Iterator[Members]:
    """The archive's members in order, each readable until the next one is asked for."""

    def each(archive: tarfile.TarFile) -> Members:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is None:
                raise BackupProblem(_("Trong bản sao lưu có mục lạ: %(name)s.") % {"name": member.name})
            yield member.name, content

    try:
        with source.open("rb") as raw, tarfile.open(fileobj=raw, mode="r|") as archive:
            yield each(archive)
    except FileNotFoundError as problem:
        raise BackupProblem(_("Không có tệp %(path)s.") % {"path": problem.filename}) from None
    except (tarfile.TarError, EOFError):
        raise BackupProblem(_("%(path)s không phải bản sao lưu, hoặc đã hỏng.") % {"path": source}) from None


def _manifest(members: Members) -> Manifest:
    name, content = next(members, ("", io.BytesIO()))
    if name != MANIFEST:
        raise BackupProblem(_("Tệp này không phải bản sao lưu của Vàm Cỏ."))
    try:
        manifest = Manifest(**json.loads(content.read()))
        known = MigrationLoader(None).disk_migrations.keys()
        unknown = {f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known}
    except (ValueError, TypeError):
        raise BackupProblem(_("Không đọc được mô tả của bản sao lưu.")) from None
    if manifest.format != FORMAT or unknown:
        raise BackupProblem(
            _("Bản sao lưu do một phiên bản khác làm ra (%(what)s). Hãy cài đúng phiên bản đó rồi phục hồi.")
            % {"what": ", ".join(sorted(unknown)) or manifest.format}
        )
    return manifest


def _refuse_unless_empty() -> None:
    if connection.introspection.table_names():
        raise BackupProblem(
            _(
                "Chỉ phục hồi vào nơi còn trống, mà cơ sở dữ liệu này đã có bảng. "
                "Hãy đặt VAMCO_HOME (hoặc VAMCO_DATABASE_URL) tới một nơi mới."
            )
        )
    if any(path.is_file() for path in settings.FILES.glob("**/*")):
        raise BackupProblem(
            _("Chỉ phục hồi vào nơi còn trống, mà thư mục %(path)s đã có tệp.") % {"path": settings.FILES}
        )


def _unpack(members: Members, manifest: Manifest, folder: Path) -> bytes | None:
    """Write dump and files below `folder`, each checked by its hash; answers the sealed keys, if any."""
    sealed, seen = None, set()
    (folder / "files").mkdir(mode=0o700)
    for name, content in members:
        found = re.fullmatch(r"files/([0-9a-f]{64})", name)
        if name == DUMP:
            _copy(content, folder / DUMP, manifest.dump)
            seen.add(name)
        elif name == KEYS:
            sealed = content.read()
        elif found and found[1] in manifest.files:
            below = files.path_of(found[1]).relative_to(settings.FILES)
            _copy(content, folder / "files" / below, found[1])
            seen.add(found[1])
        else:
            raise BackupProblem(_("Trong bản sao lưu có mục lạ: %(name)s.") % {"name": name})
    lost = ({DUMP} | manifest.files.keys()) - seen
    if lost or (manifest.with_secrets and sealed is None):
        raise BackupProblem(_("Bản sao lưu không trọn vẹn: thiếu %(count)s mục.") % {"count": len(lost) or 1})
    return sealed


def _copy(content: IO[bytes], path: Path, sha256: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as out:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != sha256:
        raise BackupProblem(_("Bản sao lưu đã hỏng: mục %(name)s sai giá trị băm.") % {"name": path.name})


# Small things ----------------------------------------------------------------------------------------------
def count_rows() -> dict[str, int]:
    """Rows by table."""
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counts[table] = (cursor.fetchone() or (0,))[0]
    return counts


def _fingerprints() -> list[str]:
    """What tells key files apart without telling a key; also of the keys that only read by now."""
    return [each.hex() for each in secrets.lookups("backup", "fingerprint")]


def _seal(content: bytes, passphrase: str) -> bytes:
    salt = os.urandom(16)
    return b"vamco1" + salt + Fernet(_derive(passphrase, salt)).encrypt(content)


def _unseal(sealed: bytes, passphrase: str) -> bytes:
    salt, token = sealed[6:22], sealed[22:]
    try:
        return Fernet(_derive(passphrase, salt)).decrypt(token)
    except InvalidToken:
        raise BackupProblem(_("Mật khẩu của bản sao lưu không đúng.")) from None


def _derive(passphrase: str, salt: bytes) -> bytes:
    return base64.urlsafe_b64encode(
        Scrypt(salt=salt, length=32, n=2**17, r=8, p=1).derive(passphrase.encode())
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _put(path: Path, content: bytes) -> None:
    """Write a small file, whole or not at all, for its owner alone."""
    part = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
