"""The folders that rooms keep beside database and files: brought to rest and copied, put back, compared.

They hold what people or programs of others may have put there: nothing is followed out of them, nothing is written
beside them. Only regular files are kept, for their owner alone; a folder that holds none is not.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from io import BufferedReader
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .rooms import Store, of_all

TAKEN: Final = frozenset({"files", "postgres", "static", "uploads"})
"""Folders below VAMCO_HOME that have another use."""

Hashes = dict[str, dict[str, str]]
"""SHA-256 of each file, by folder and by path below it."""


def stores() -> list[Store]:
    """Every store of every room. Raises `ImproperlyConfigured` for a folder that is none of its own."""
    found: list[Store] = of_all("stores")
    folders = [store.folder for store in found]
    for folder in folders:
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", folder) or folder in TAKEN or folders.count(folder) > 1:
            raise ImproperlyConfigured(f"{folder}: a store needs a plain folder of its own")
    return found


def path_of(folder: str) -> Path:
    """Where a store lies."""
    return Path(settings.HOME) / folder


def at_rest() -> ExitStack:
    """Within the block nothing moves in any store. Leaving it may come before the end of a database transaction."""
    frozen = ExitStack()
    try:
        for store in stores():
            frozen.enter_context(store.freeze())
    except BaseException:
        frozen.close()
        raise
    return frozen


# Reading ---------------------------------------------------------------------------------------------------


class Contents:
    """What lies in a store: `files` by path below it, with their sizes, and `foreign`, which are not kept: links, devices,
    sockets, names that are no text."""

    def __init__(self, folder: str) -> None:
        self.files: dict[str, int] = {}
        self.foreign: list[str] = []
        for below, name, about in _walk(path_of(folder)):
            path = f"{below}{name}"
            if stat.S_ISREG(about.st_mode) and _is_text(path):
                self.files[path] = about.st_size
            else:
                self.foreign.append(path.encode(errors="backslashreplace").decode())


def _walk(top: Path) -> Iterator[tuple[str, str, os.stat_result]]:
    """Each thing in a folder that is no folder: the path to it with a slash at the end, its name, what it is. Raises
    `OSError` for what cannot be read."""
    if top.is_symlink():
        yield "", ".", os.lstat(top)
    elif top.exists():
        yield from _walk_folder(top)


def _walk_folder(top: Path) -> Iterator[tuple[str, str, os.stat_result]]:
    for root, folders, names, handle in os.fwalk(top, onerror=_raise, follow_symlinks=False):
        below = "" if root == str(top) else f"{os.path.relpath(root, top)}/"
        for name in sorted([*folders, *names]):
            about = os.stat(name, dir_fd=handle, follow_symlinks=False)
            if not stat.S_ISDIR(about.st_mode):
                yield below, name, about


def _raise(error: OSError) -> None:
    raise error


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def copy(to: Path) -> tuple[Hashes, list[str]]:
    """Copy every store below the folder; answers the hashes, and what was left out. Raises `OSError`."""
    hashes: Hashes = {}
    foreign: list[str] = []
    for store in stores():
        found = Contents(store.folder)
        foreign += [f"{store.folder}/{path}" for path in found.foreign]
        hashes[store.folder] = {}
        for path in found.files:
            with _open(path_of(store.folder), path) as content:
                hashes[store.folder][path] = write(content, to / store.folder / path)
    return hashes, foreign


def _open(top: Path, path: str) -> BufferedReader:
    """A file below a store, opened folder by folder, so that no link is followed that was put there meanwhile."""
    *folders, name = path.split("/")
    handle = os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        for folder in folders:
            above, handle = (
                handle,
                os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=handle),
            )
            os.close(above)
        return os.fdopen(os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=handle), "rb")
    finally:
        os.close(handle)


# Writing ---------------------------------------------------------------------------------------------------


def write(content: IO[bytes], path: Path, mode: int = 0o600) -> str:
    """Put a new file there, for its owner alone, on disk when this returns; answers its SHA-256."""
    make_private(path.parent)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def make_private(folder: Path) -> None:
    """Make the folder, and those above it that are not there, for their owner alone."""
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=0o700)


def is_below(path: str) -> bool:
    """Whether a path of an archive names something below where it is unpacked."""
    return "\0" not in path and all(part not in ("", ".", "..") for part in path.split("/"))


def put_in_place(unpacked: Path, folders: Mapping[str, object]) -> None:
    """Move unpacked stores to where they belong; there is nothing yet, or an empty folder."""
    for folder in folders:
        make_private(unpacked / folder)
        if path_of(folder).exists():
            path_of(folder).rmdir()
        (unpacked / folder).rename(path_of(folder))


def holds_something(folder: str) -> bool:
    """Whether the store's place is taken: by anything but an empty folder."""
    place = path_of(folder)
    return place.is_symlink() or (place.exists() and (not place.is_dir() or any(place.iterdir())))


def differing(hashes: Hashes) -> list[str]:
    """The files that are not, or not as they were, in the stores."""
    wrong = []
    for folder, files in hashes.items():
        for path, sha256 in files.items():
            try:
                with _open(path_of(folder), path) as content:
                    same = hashlib.file_digest(content, "sha256").hexdigest() == sha256
            except OSError:
                same = False
            if not same:
                wrong.append(f"{folder}/{path}")
    return wrong
