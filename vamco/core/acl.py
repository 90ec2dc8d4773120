"""POSIX access lists: let one account pass through a folder without opening it to everybody."""

import os
import struct
from pathlib import Path

_ATTRIBUTE = "system.posix_acl_access"
_USER_OBJ, _USER, _GROUP_OBJ, _MASK, _OTHER = 1, 2, 4, 16, 32
_NOBODY = 0xFFFFFFFF
_PASS = 1


def let_pass(folder: Path, uid: int) -> None:
    """Add ``user:UID:--x`` to the folder's access list (format: linux/posix_acl_xattr.h, version 2).

    Raises OSError where the file system has no access lists or the folder is not ours.
    """
    entries = _read(folder)
    mask = entries.get((_MASK, _NOBODY), entries[_GROUP_OBJ, _NOBODY])
    if entries.get((_USER, uid), 0) & mask & _PASS:
        return
    entries[_USER, uid] = entries.get((_USER, uid), 0) | _PASS
    entries[_MASK, _NOBODY] = mask | _PASS
    packed = (struct.pack("<HHI", tag, bits, who) for (tag, who), bits in sorted(entries.items()))
    os.setxattr(folder, _ATTRIBUTE, struct.pack("<I", 2) + b"".join(packed))


def _read(folder: Path) -> dict[tuple[int, int], int]:
    """Rights by (kind of entry, account); those of the mode where there is no list yet."""
    try:
        raw = os.getxattr(folder, _ATTRIBUTE)
    except OSError:
        mode = folder.stat().st_mode
        kinds = {_USER_OBJ: mode >> 6 & 7, _GROUP_OBJ: mode >> 3 & 7, _OTHER: mode & 7}
        return {(kind, _NOBODY): bits for kind, bits in kinds.items()}
    return {(tag, who): bits for tag, bits, who in struct.iter_unpack("<HHI", raw[4:])}
