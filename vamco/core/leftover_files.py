"""Files that nothing needs any more: uploads that were put on nothing, and contents that no record names."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from . import clock, files
from .models import File

_LOCK = 0x66696C65  # any fixed number: held shared by backups, alone by who removes contents


@contextmanager
def all_kept() -> Iterator[None]:
    """No content is removed meanwhile: a backup copies those that were there when it began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [_LOCK])


@contextmanager
def _removing() -> Iterator[bool]:
    """Whether contents may be removed now: by nobody while a backup runs, which the next hour will find done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        alone = bool((cursor.fetchone() or (False,))[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def forget_unused(older_than: timedelta = timedelta(days=1), batch: int = 1000) -> int:
    """Delete files that were handed in and are used by nothing, with their contents; answers how many.

    All files are walked, in batches by primary key, since what was used may have been let go later. While a backup runs
    nothing is deleted.
    """
    before, removed, last = clock.now() - older_than, 0, 0
    with _removing() as alone:
        while alone:
            old = File.objects.filter(pk__gt=last, created_at__lt=before, uploaded_by__isnull=False)
            keys = list(old.order_by("pk").values_list("pk", flat=True)[:batch])
            if not keys:
                break
            last = keys[-1]
            removed += _forget(keys, before)
    return removed


def _forget(keys: Sequence[int], before: datetime) -> int:
    """Delete those of the files that nothing uses. Somebody may be taking one into use (`take`): such a one is locked and
    left alone, and after locking the others are looked at once more."""
    with transaction.atomic():
        locked = list(files.unused().filter(pk__in=keys).select_for_update(skip_locked=True))
        found = dict(files.unused().filter(pk__in=[file.pk for file in locked]).values_list("pk", "sha256"))
        File.objects.filter(pk__in=list(found)).delete()
    _drop([files.path_of(sha256) for sha256 in set(found.values())], before.timestamp())
    return len(found)


def sweep(older_than: timedelta = timedelta(days=1)) -> int:
    """Remove contents that no record names, and half-written ones, older than that; answers how many."""
    before = clock.now().timestamp() - older_than.total_seconds()
    with _removing() as alone:
        old = [path for path in _contents() if path.stat().st_mtime < before] if alone else []
        return sum(_drop(old[i : i + 500], before) for i in range(0, len(old), 500))


def _drop(paths: Sequence[Path], before: float) -> int:
    """Remove those that no record names. `store` touches content that is already there, so what was just stored again is
    not old."""
    names = [path.name for path in paths]
    kept = set(File.objects.filter(sha256__in=names).values_list("sha256", flat=True))
    removed = 0
    for path in paths:
        with suppress(FileNotFoundError):
            if path.name not in kept and path.stat().st_mtime < before:
                path.unlink()
                removed += 1
    return removed


def _contents() -> Iterator[Path]:
    root = Path(settings.FILES)
    for folder, _folders, names in os.walk(root):
        yield from (Path(folder) / name for name in names)
