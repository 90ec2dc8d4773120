"""Files on disk under their SHA-256, and the row that says what each is called.

A file is written beside its place, synced, then renamed into it, so that a name on disk always has its whole
content. What comes in is judged by its content, never by its name alone (`core/sniff.py`). Who may read a
file is decided by the room that it belongs to: nothing here asks.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from . import clock, sniff
from .errors import Invalid
from .models import File

CHUNK = 1 << 20
NAME_LENGTH = 150


class Upload(Protocol):
    """Anything that can be read in pieces, such as Django's UploadedFile or an open file."""

    def read(self, size: int, /) -> bytes: ...


def store(
    upload: Upload | bytes,
    *,
    name: str,
    allowed: Collection[str] | None = None,
    uploaded_by_id: int | None = None,
    field: str = "file",
) -> File:
    """Keep an upload and answer its record.

    `allowed` limits the types to some of `sniff.TYPES` (media types). Raises `Invalid`, with `field` at
    fault, when the file is empty, larger than VAMCO_MAX_UPLOAD, of no type that is taken, or not what its
    name says. The content stays on disk when the caller's transaction rolls back; `leftover_files.sweep`
    takes it away.
    """
    temporary = _folder("tmp") / secrets.token_hex(16)
    try:
        digest, size = _write(temporary, upload, field)
        found = sniff.sniff(temporary)
        if found is None or (allowed is not None and found.media_type not in allowed):
            kinds = sniff.names(allowed)
            raise Invalid(
                _("Loại tệp này không nhận. Hãy gửi tệp %(kinds)s.") % {"kinds": kinds}, field=field
            )
        name = safe_name(name, found.extensions[0])
        if Path(name).suffix.lower().lstrip(".") not in found.extensions:
            raise Invalid(
                _("Nội dung tệp là %(kind)s, không đúng với đuôi tên tệp. Hãy kiểm tra và gửi lại đúng tệp.")
                % {"kind": found.name},
                field=field,
            )
        _move(temporary, path_of(digest))
    finally:
        temporary.unlink(missing_ok=True)
    return File.objects.create(
        sha256=digest,
        size=size,
        media_type=found.media_type,
        name=name,
        created_at=clock.now(),
        uploaded_by_id=uploaded_by_id,
        width=found.width,
        height=found.height,
        pages=found.pages,
    )


def keep(content: bytes, *, name: str, media_type: str = "application/pdf") -> File:
    """Keep a file that the system itself made (a slip, a result): no limit of size, no judging of its
    content.
    """
    temporary = _folder("tmp") / secrets.token_hex(16)
    try:
        digest, size = _write(temporary, content, "", limited=False)
        _move(temporary, path_of(digest))
    finally:
        temporary.unlink(missing_ok=True)
    return File.objects.create(
        sha256=digest, size=size, media_type=media_type, name=safe_name(name, ""), created_at=clock.now()
    )


def is_used(file: File) -> bool:
    """Whether something has the file: a row of any table that refers to it. What nobody has yet belongs to who uploaded
    it; what is used is read by those who may read what it is used for, and by nobody else."""
    return not unused().filter(pk=file.pk).exists()


def unused() -> QuerySet[File]:
    """Files to which no row of any table refers. The tables are found by their foreign keys, so that none is forgotten."""
    relations = (
        relation
        for relation in File._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel)
    )
    rows = (
        relation.related_model._base_manager.filter((relation.field.name, OuterRef("pk")))
        for relation in relations
    )
    return File.objects.filter(*(~Exists(found) for found in rows))


def take(file: File, *, user_id: int | None, field: str = "file") -> File:
    """An upload that is to be used now, locked until the transaction ends. Raises `Invalid` unless this person uploaded it
    for nothing yet: else a file could be read again by way of another thing."""
    found = File.objects.select_for_update().filter(pk=file.pk).first()
    if found is None or found.uploaded_by_id != user_id or is_used(found):
        raise Invalid(_("Không thấy tệp vừa tải lên. Hãy tải tệp lên lại."), field=field)
    return found


def open_file(file: File) -> BufferedReader:
    """The content, open for reading. Raises FileNotFoundError when it is lost (`verify` tells before)."""
    return path_of(file.sha256).open("rb")


def read(file: File) -> bytes:
    """The whole content."""
    return path_of(file.sha256).read_bytes()


def verify(file: File) -> bool:
    """Whether the content is there and still has its hash and size."""
    with suppress(FileNotFoundError), open_file(file) as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        return digest == file.sha256 and content.tell() == file.size
    return False


def response(file: File, *, as_attachment: bool = True) -> FileResponse:
    """The file as an answer that no browser takes for a page of ours, whatever is in it.

    Only PDF and pictures are shown in place; everything else is always an attachment. A PDF viewer does not
    run in a sandbox, so a PDF gets a policy that allows nothing instead.
    """
    shown = file.media_type in ("application/pdf", "image/png", "image/jpeg")
    answer = FileResponse(open_file(file), content_type=file.media_type)
    answer["Content-Length"] = str(file.size)
    _guard(answer, file.name, file.media_type, as_attachment=as_attachment or not shown)
    return answer


def made(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A PDF or a picture that was made this moment and is kept nowhere, to be shown in the page."""
    answer = HttpResponse(content, content_type=media_type)
    _guard(answer, name, media_type, as_attachment=False)
    return answer


def _guard(answer: HttpResponseBase, name: str, media_type: str, *, as_attachment: bool) -> None:
    """The headers of content that may come from a person."""
    answer["Content-Disposition"] = disposition(name, attachment=as_attachment)
    answer["X-Content-Type-Options"] = "nosniff"
    policy = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
    answer["Content-Security-Policy"] = policy if media_type == "application/pdf" else f"{policy}; sandbox"
    answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"


def disposition(name: str, *, attachment: bool) -> str:
    """The Content-Disposition header (RFC 6266) with the name in the encoding of RFC 8187 (formerly RFC
    5987).
    """
    plain = (
        unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
        .encode("ascii", "ignore")
        .decode()
    )
    plain = re.sub(r"[^\w .()+-]", "_", plain).strip() or "tep"
    kind = "attachment" if attachment else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


_FORBIDDEN = re.compile(
    '[\x00-\x1f\x7f-\x9f<>:"/\\\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]'
)


def safe_name(name: str, extension: str) -> str:
    """A name that can stand on any disk and in any header: no folders, no control or direction characters.

    At most NAME_LENGTH characters, composed (NFC), with `extension` added where it has none.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(c for c in _FORBIDDEN.sub("", name) if not "\ud800" <= c <= "\udfff")
    name = re.sub(r"\s+", " ", name).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if not dot or not re.fullmatch("[A-Za-z0-9]{1,8}", suffix):
        stem, suffix = name, extension
    stem = stem[: NAME_LENGTH - 10].rstrip(" .") or "tep"
    return f"{stem}.{suffix}" if suffix else stem


def path_of(sha256: str) -> Path:
    """Where the content of this hash lies."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256")
    return Path(settings.FILES) / sha256[:2] / sha256[2:4] / sha256


def _write(path: Path, upload: Upload | bytes, field: str, *, limited: bool = True) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for chunk in _chunks(upload):
            size += len(chunk)
            if limited and size > settings.MAX_UPLOAD:
                limit = settings.MAX_UPLOAD // (1024 * 1024)
                raise Invalid(
                    _("Tệp lớn quá %(limit)s MB. Hãy quét lại ở độ phân giải thấp hơn hoặc chia nhỏ tệp.")
                    % {"limit": limit},
                    field=field,
                )
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if size == 0:
        raise Invalid(_("Tệp rỗng. Hãy kiểm tra và gửi lại."), field=field)
    return digest.hexdigest(), size


def _chunks(upload: Upload | bytes) -> Iterator[bytes]:
    if isinstance(upload, bytes):
        yield upload
        return
    while chunk := upload.read(CHUNK):
        yield chunk


def _move(temporary: Path, place: Path) -> None:
    """Rename into place; the folders are synced so that a power cut does not take the name away."""
    if place.exists():
        os.utime(place)
        return
    new = [folder for folder in (place.parent, place.parent.parent) if not folder.exists()]
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary.chmod(0o400)
    temporary.replace(place)
    for folder in [place.parent, *(folder.parent for folder in new)]:
        _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _folder(name: str) -> Path:
    folder = Path(settings.FILES) / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
