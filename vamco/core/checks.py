"""What `vamco doctor` looks at for all rooms: the folders that they keep beside database and files."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from . import stores
from .findings import Finding


def kept_folders() -> Iterator[Finding]:
    """Each store of a room: how much it holds, whether it can be written, and by nobody else, and all of it is kept."""
    for store in stores.stores():
        name = _("Kho dữ liệu: %(name)s") % {"name": store.name}
        folder = stores.path_of(store.folder)
        try:
            if not folder.is_symlink():
                stores.make_private(folder)
            if problem := _exposed(name, folder):
                yield problem
                continue
            found = stores.Contents(store.folder)
        except OSError as problem:
            yield Finding(
                name,
                "wrong",
                _("không đọc hết được %(path)s: %(why)s") % {"path": folder, "why": problem.strerror},
                f"chown -R $USER {folder}",
            )
            continue
        says = _("%(count)s tệp, %(mb).1f MB, tại %(path)s") % {
            "count": len(found.files),
            "mb": sum(found.files.values()) / 1_000_000,
            "path": folder,
        }
        if found.foreign:
            yield Finding(
                name,
                "warn",
                _("%(says)s; không phải tệp thường nên không được sao lưu: %(first)s (tất cả %(count)s mục)")
                % {"says": says, "first": found.foreign[0], "count": len(found.foreign)},
                _("Thay liên kết bằng chính tệp, hoặc bỏ mục đó ra khỏi thư mục."),
            )
        else:
            yield Finding(name, "ok", says)


def _exposed(name: str, folder: Path) -> Finding | None:
    """Why the folder does not do: it is a link, open to others, or cannot be written."""
    if folder.is_symlink():
        says = _("%(path)s là liên kết nên không được sao lưu") % {"path": folder}
        do = _("Đặt chính thư mục vào đó; muốn để ở đĩa khác thì gắn (mount) đĩa vào đó.")
        return Finding(name, "wrong", says, do)
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o077:
        return Finding(name, "wrong", f"{folder}: {mode:04o}", f"chmod 700 {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        says = _("không ghi được vào %(path)s: %(why)s") % {"path": folder, "why": f"{mode:04o}"}
        return Finding(name, "wrong", says, f"chmod 700 {folder}")
    return None
