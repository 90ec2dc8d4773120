"""Restore: an archive of `core/backup.py` into an empty installation, and the comparison afterwards."""

import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from vamco.core import files, pgtools, secrets, stores
from vamco.core.backup import (
    DUMP,
    KEYS,
    MANIFEST,
    READABLE,
    BackupProblem,
    Manifest,
    Say,
    count_rows,
    derive,
    fingerprints,
    put,
    sha256_of,
    sync,
)
from vamco.core.grants import grant

Members = Iterator[tuple[str, IO[bytes]]]


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
        _refuse_unless_empty(manifest)
        folder = Path(temp)
        say(_("Đang kiểm tra và chép %(count)s tệp") % {"count": len(manifest.files)})
        sealed = _unpack(members, manifest, folder)
        keys = _unseal(sealed, passphrase()) if sealed is not None else None
        if keys is None and manifest.keys not in fingerprints():
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
    """Move what was unpacked into place; the database last, and without it the rest goes away again."""
    shutil.rmtree(settings.FILES, ignore_errors=True)
    (folder / "files").rename(settings.FILES)
    stores.put_in_place(folder / "stores", manifest.stores)
    sync(settings.HOME)
    try:
        pgtools.load(folder / DUMP, manifest.dumped_with)
    except pgtools.ToolProblem as problem:
        for place in (settings.FILES, *map(stores.path_of, manifest.stores)):
            shutil.rmtree(place)
        raise BackupProblem(str(problem)) from None
    if keys is not None:
        path = secrets.keys_path()
        with suppress(FileNotFoundError):
            os.replace(path, path.with_name(f"{path.name}.before-restore"))
        put(path, keys)


def check(manifest: Manifest) -> list[str]:
    """What differs between this installation and the manifest: counts of rows, hashes of files and stores, keys."""
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
        if not path.is_file() or sha256_of(path) != sha:
            wrong.append(_("Tệp %(sha)s thiếu hoặc sai nội dung.") % {"sha": sha})
    wrong += [_("Tệp %(sha)s đã thiếu từ khi sao lưu.") % {"sha": sha} for sha in manifest.missing]
    wrong += [
        _("Tệp %(sha)s thiếu hoặc sai nội dung.") % {"sha": path}
        for path in stores.differing(manifest.stores)
    ]
    if manifest.keys not in fingerprints():
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
        foreign = _outside(manifest)
        known = MigrationLoader(None).disk_migrations.keys()
        unknown = {f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known}
    except (ValueError, TypeError, AttributeError):
        raise BackupProblem(_("Không đọc được mô tả của bản sao lưu.")) from None
    if manifest.format not in READABLE or unknown:
        raise BackupProblem(
            _("Bản sao lưu do một phiên bản khác làm ra (%(what)s). Hãy cài đúng phiên bản đó rồi phục hồi.")
            % {"what": ", ".join(sorted(unknown)) or manifest.format}
        )
    if foreign:
        raise BackupProblem(_("Trong bản sao lưu có mục lạ: %(name)s.") % {"name": foreign[0]})
    absent = manifest.stores.keys() - {store.folder for store in stores.stores()}
    if absent:
        raise BackupProblem(
            _(
                "Bản sao lưu có kho dữ liệu của phân hệ chưa cài ở đây: %(what)s. "
                "Hãy cài phân hệ đó (đúng phiên bản đã sao lưu) rồi phục hồi, để không mất kho này."
            )
            % {"what": ", ".join(sorted(absent))}
        )
    return manifest


def _outside(manifest: Manifest) -> list[str]:
    """Names in the manifest that could lie elsewhere than where they belong."""
    names = [f"files/{sha}" for sha in manifest.files if not re.fullmatch(r"[0-9a-f]{64}", sha)]
    for folder, paths in manifest.stores.items():
        names += [f"stores/{folder}/{path}" for path in paths if not stores.is_below(f"{folder}/{path}")]
    return names


def _refuse_unless_empty(manifest: Manifest) -> None:
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
    for folder in filter(stores.holds_something, manifest.stores):
        raise BackupProblem(
            _("Chỉ phục hồi vào nơi còn trống, mà thư mục %(path)s đã có tệp.")
            % {"path": stores.path_of(folder)}
        )


def _unpack(members: Members, manifest: Manifest, folder: Path) -> bytes | None:
    """Write dump, files and stores below `folder`, each checked by its hash; answers the sealed keys, if any."""
    sealed, seen = None, set()
    wanted = _wanted(manifest)
    stores.make_private(folder / "files")
    for name, content in members:
        if name == KEYS:
            sealed = content.read()
        elif name in wanted and name not in seen:
            _copy(content, folder, wanted[name])
            seen.add(name)
        else:
            raise BackupProblem(_("Trong bản sao lưu có mục lạ: %(name)s.") % {"name": name})
    lost = wanted.keys() - seen
    if lost or (manifest.with_secrets and sealed is None):
        raise BackupProblem(_("Bản sao lưu không trọn vẹn: thiếu %(count)s mục.") % {"count": len(lost) or 1})
    return sealed


@dataclass(frozen=True)
class _Member:
    """Something that the archive must hold: where it is unpacked to, its hash, who may touch it."""

    path: str
    sha256: str
    mode: int = 0o400


def _wanted(manifest: Manifest) -> dict[str, _Member]:
    """What the archive must hold beside the keys, by name. Stored files never change; those of stores do."""
    wanted = {DUMP: _Member(DUMP, manifest.dump)}
    for sha in manifest.files:
        wanted[f"files/{sha}"] = _Member(f"files/{files.path_of(sha).relative_to(settings.FILES)}", sha)
    for folder, paths in manifest.stores.items():
        for path, sha in paths.items():
            name = f"stores/{folder}/{path}"
            wanted[name] = _Member(name, sha, 0o600)
    return wanted


def _copy(content: IO[bytes], folder: Path, member: _Member) -> None:
    try:
        found = stores.write(content, folder / member.path, member.mode)
    except (FileExistsError, NotADirectoryError):
        raise BackupProblem(_("Trong bản sao lưu có mục lạ: %(name)s.") % {"name": member.path}) from None
    if found != member.sha256:
        raise BackupProblem(
            _("Bản sao lưu đã hỏng: mục %(name)s sai giá trị băm.") % {"name": Path(member.path).name}
        )


def _unseal(sealed: bytes, passphrase: str) -> bytes:
    salt, token = sealed[6:22], sealed[22:]
    try:
        return Fernet(derive(passphrase, salt)).decrypt(token)
    except InvalidToken:
        raise BackupProblem(_("Mật khẩu của bản sao lưu không đúng.")) from None
