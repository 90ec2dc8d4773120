"""The installation's keys: encryption of identity numbers, keyed hashes to find them by, Django's secret key.

All keys lie in one file, VAMCO_HOME/secrets.json (or the path in VAMCO_SECRETS), made on first start and
readable by its owner alone. It must be backed up apart from the database: with the database alone nobody
reads an identity number, and without this file nobody ever does again. Several machines share one copy of
it.

Imports no Django: the settings read `secret_key` from here. The model fields are in `core/fields.py`, the
change of keys in `core/rotation.py`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets as random
import stat
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SecretsError(RuntimeError):
    """The key file is missing, damaged or open to others; the message says what an operator can do."""


@dataclass(frozen=True)
class Keys:
    """The content of the key file. Of each kind the first key writes; the others still read."""

    django: str = field(repr=False)
    encryption: tuple[str, ...] = field(repr=False)
    lookup: tuple[str, ...] = field(repr=False)


_home: Path | None = None
_cache: tuple[tuple[Path, int, int], Keys, MultiFernet, tuple[bytes, ...]] | None = None


def secret_key(home: Path) -> str:
    """Django's SECRET_KEY of the installation at `home`; makes the key file when there is none yet."""
    global _home
    _home = home
    return _load()[1].django


def encrypt(text: str) -> bytes:
    """The text encrypted with the first key (Fernet: AES-128-CBC with HMAC-SHA256, a different result each
    time).
    """
    return _load()[2].encrypt(text.encode())


def decrypt(token: bytes) -> str:
    """The text behind `encrypt`'s result, by any of the keys. Raises `SecretsError` when none fits."""
    try:
        return _load()[2].decrypt(bytes(token)).decode()
    except InvalidToken:
        raise SecretsError(
            "A stored value fits none of the keys: restore the secrets.json that belongs to this database."
        ) from None


def lookup(kind: str, value: str) -> bytes:
    """The 32 bytes by which a value of this kind is found: HMAC-SHA256 under the first lookup key."""
    return _digest(_load()[3][0], kind, value)


def lookups(kind: str, value: str) -> list[bytes]:
    """`lookup` under every lookup key, the writing one first: what to search for while keys change."""
    return [_digest(key, kind, value) for key in _load()[3]]


def keys_path() -> Path:
    """Where the key file is: VAMCO_SECRETS, or secrets.json in the installation's home."""
    if named := os.environ.get("VAMCO_SECRETS"):
        return Path(named)
    home = _home or (Path(os.environ["VAMCO_HOME"]) if os.environ.get("VAMCO_HOME") else None)
    if home is None:
        raise SecretsError("No home is set: call secret_key(home) first, or set VAMCO_HOME.")
    return home / "secrets.json"


def add_keys() -> None:
    """Put a new key of each kind first; the old ones still read. The first half of a rotation."""
    keys = _load()[1]
    _replace(
        replace(
            keys,
            encryption=(_new_fernet_key(), *keys.encryption),
            lookup=(_new_lookup_key(), *keys.lookup),
        )
    )


def drop_old_keys() -> None:
    """Forget all keys but the first of each kind: once nothing stored needs them (see `core.rotation`)."""
    keys = _load()[1]
    _replace(replace(keys, encryption=keys.encryption[:1], lookup=keys.lookup[:1]))


def fingerprints() -> list[str]:
    """What names the encryption keys without giving them away, the writing one first."""
    return [hashlib.sha256(b"vamco key " + key.encode()).hexdigest() for key in _load()[1].encryption]


def is_current(token: bytes) -> bool:
    """Whether `encrypt`'s result was made with the key that writes now."""
    with suppress(InvalidToken):
        Fernet(_load()[1].encryption[0]).decrypt(bytes(token))
        return True
    return False


def _digest(key: bytes, kind: str, value: str) -> bytes:
    return hmac.new(key, f"{kind}\0{value}".encode(), hashlib.sha256).digest()


# --- the file ----------------------------------------------------------------------------------------------


def _load() -> tuple[tuple[Path, int, int], Keys, MultiFernet, tuple[bytes, ...]]:
    """The keys, read again whenever the file was replaced, so that a rotation reaches running processes."""
    global _cache
    path = keys_path()
    try:
        state = path.stat()
    except FileNotFoundError:
        _create(path)
        state = path.stat()
    mark = (path, state.st_mtime_ns, state.st_ino)
    if _cache is None or _cache[0] != mark:
        keys = _read(path, state)
        fernet = MultiFernet([Fernet(key) for key in keys.encryption])
        _cache = (mark, keys, fernet, tuple(base64.b64decode(key) for key in keys.lookup))
    return _cache


def _read(path: Path, state: os.stat_result) -> Keys:
    if state.st_mode & (stat.S_IRWXG | stat.S_IRWXO) & ~stat.S_IRGRP:
        raise SecretsError(f"{path} can be read or written by others: run chmod 600 {path}")
    try:
        found: dict[str, Any] = json.loads(path.read_text())
        keys = Keys(str(found["django"]), tuple(found["encryption"]), tuple(found["lookup"]))
        [Fernet(key) for key in keys.encryption]
        if not (keys.django and keys.encryption and keys.lookup and all(map(base64.b64decode, keys.lookup))):
            raise ValueError("a key is missing")
    except PermissionError:
        raise SecretsError(
            f"{path} cannot be read by this user: give it to the user that runs the service."
        ) from None
    except (ValueError, KeyError, TypeError):
        # No detail: it could quote a key.
        raise SecretsError(f"{path} is damaged: restore it from its backup. Do not delete it.") from None
    return keys


def _create(path: Path) -> None:
    """Write a first key file. Of two processes that start at once the first wins and both use its file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = Keys(random.token_urlsafe(50), (_new_fernet_key(),), (_new_lookup_key(),))
    temporary = _write_beside(path, keys)
    try:
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()
    _sync_folder(path.parent)


def _replace(keys: Keys) -> None:
    path = keys_path()
    os.replace(_write_beside(path, keys), path)
    _sync_folder(path.parent)


def _write_beside(path: Path, keys: Keys) -> Path:
    temporary = path.with_name(f".{path.name}.{random.token_hex(8)}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump({"version": 1, **asdict(keys)}, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    return temporary


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _new_fernet_key() -> str:
    return Fernet.generate_key().decode()


def _new_lookup_key() -> str:
    return base64.b64encode(random.token_bytes(32)).decode()
