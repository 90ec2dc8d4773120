"""The audit ledger: every action leaves one entry, sealed in batches and provable one by one.

Writers only append; nobody waits for the last hash. A job seals what has come since (`seal`) about once a
second: the entries of a batch become the leaves of a Merkle tree (RFC 9162, section 2.1), and the tree's root is
chained to the seal before. `verify` names every altered, missing, foreign or reordered entry; `prove` writes
down what an auditor needs to check one entry without the database (`check_proof`).
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils.translation import gettext as _

from . import prepared
from .errors import Invalid, NotFound, Refused
from .proofs import (
    GENESIS,
    READABLE,
    canonical,
    check_proof,
    content_digest,
    instant,
    leaf_hash,
    merkle_path,
    merkle_root,
    seal_hash,
)

__all__ = ["Finding", "append", "check_proof", "difference", "erase", "prove", "seal", "seal_of", "verify"]

BATCH = 10_000
_SEALING_LOCK = 0x76616D63  # any fixed number: one sealer at a time


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What an action changed: {column: [old, new]}; for a new object old is null."""
    keys = before.keys() | after.keys()
    return {
        key: [before.get(key), after.get(key)] for key in sorted(keys) if before.get(key) != after.get(key)
    }


def append(
    *,
    at: datetime,
    actor_id: int | None,
    actor_label: str,
    via: str,
    action: str,
    object_type: str,
    object_id: str,
    content: Mapping[str, Any],
) -> None:
    """Add one entry with its content, in the caller's transaction."""
    nonce = os.urandom(32)
    text = canonical(content, DjangoJSONEncoder)
    digest = hmac.new(nonce, text, hashlib.sha256).digest()
    with prepared.cursor() as cursor:
        cursor.execute(
            "WITH entry AS (INSERT INTO core_ledgerentry"
            " (at, actor_id, actor_label, via, action, object_type, object_id, digest)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id),"
            " pending AS (INSERT INTO core_ledgerpending (entry_id) SELECT id FROM entry)"
            " INSERT INTO core_ledgercontent (entry_id, nonce, content) SELECT id, %s, %s::jsonb FROM entry",
            [at, actor_id, actor_label, via, action, object_type, object_id, digest, nonce, text.decode()],
        )


# Sealing ---------------------------------------------------------------------------------------------------

_FIELDS = ("id", "at", "actor_id", "actor_label", "via", "action", "object_type", "object_id", "digest")


def entry_fields(row: Sequence[Any]) -> dict[str, Any]:
    """An entry's row as the mapping that is hashed."""
    entry = dict(zip(_FIELDS, row, strict=True))
    entry["at"] = instant(entry["at"])
    entry["digest"] = bytes(entry["digest"]).hex()
    return entry


def _entries(where: str, parameters: Sequence[Any]) -> dict[int, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(_FIELDS)} FROM core_ledgerentry WHERE {where} AND at BETWEEN %s AND %s",  # noqa: S608
            [*parameters, *READABLE],
        )
        return {row[0]: entry_fields(row) for row in cursor.fetchall()}


def seal(at: datetime, limit: int = BATCH) -> int:
    """Seal the entries that no seal covers yet; answers how many. One sealer at a time: another one answers 0."""
    from .models import LedgerSeal

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALING_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            "DELETE FROM core_ledgerpending WHERE entry_id IN"
            # One whose entry has gone stays on the list: `verify` names it, and the others are sealed.
            " (SELECT p.entry_id FROM core_ledgerpending p JOIN core_ledgerentry e ON e.id = p.entry_id"
            " WHERE e.at BETWEEN %s AND %s ORDER BY p.entry_id LIMIT %s) RETURNING entry_id",
            [*READABLE, limit],
        )
        ids = sorted(row[0] for row in cursor.fetchall())
        if not ids:
            return 0
        entries = _entries("id = ANY(%s)", [ids])
        leaves = [leaf_hash(entries[entry_id]) for entry_id in ids]
        last = LedgerSeal.objects.order_by("-number").values_list("number", "hash").first()
        number, previous = (last[0] + 1, bytes(last[1])) if last else (1, GENESIS)
        root = merkle_root(leaves)
        LedgerSeal.objects.create(
            number=number,
            sealed_at=at,
            entry_ids=ids,
            leaves=b"".join(leaves),
            root=root,
            previous=previous,
            hash=seal_hash(number, at, len(ids), root, previous),
        )
        return len(ids)


# Verifying -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """One thing wrong with the ledger: what, at which entry or seal."""

    what: str
    entry: int | None = None
    seal: int | None = None

    def __str__(self) -> str:
        parts = [
            _("mục %(number)s") % {"number": self.entry} if self.entry else "",
            _("niêm phong %(number)s") % {"number": self.seal} if self.seal else "",
        ]
        where = ", ".join(part for part in parts if part)
        return f"{where}: {self.what}" if where else self.what


def verify() -> Iterator[Finding]:
    """Every altered, missing, reordered or unsealed entry, seal by seal, then what no seal knows of."""
    from .models import LedgerEntry, LedgerSeal

    yield from _verify_times()
    previous, expected = GENESIS, 1
    seals = LedgerSeal.objects.filter(sealed_at__range=READABLE).order_by("number")
    for number in seals.values_list("number", flat=True).iterator():
        one = LedgerSeal.objects.get(number=number)
        if expected < number:
            yield Finding(_missing(expected, number - 1), seal=expected)
        expected = number + 1
        yield from _verify_seal(one, previous)
        previous = bytes(one.hash)
    yield from _verify_outside()
    if _was_written() and not LedgerEntry.objects.exists():
        yield Finding(_("nhật ký không còn mục nào, dù đã từng ghi"))


def _verify_times() -> Iterator[Finding]:
    """Rows with a time that Python cannot read, from before the database refused them: they are left out of what follows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM core_ledgerentry WHERE at NOT BETWEEN %s AND %s ORDER BY id", READABLE)
        for (entry_id,) in cursor.fetchall():
            yield Finding(_("thời điểm không thể có"), entry=entry_id)
        cursor.execute(
            "SELECT number FROM core_ledgerseal WHERE sealed_at NOT BETWEEN %s AND %s ORDER BY number",
            READABLE,
        )
        for (number,) in cursor.fetchall():
            yield Finding(_("thời điểm không thể có"), seal=number)


def _missing(first: int, last: int) -> str:
    """A gap of any size is one finding: whoever forges a large number must not bury the others under it."""
    if first == last:
        return _("thiếu niêm phong")
    return _("thiếu, cùng các niêm phong sau đó đến số %(last)s") % {"last": last}


def _was_written() -> bool:
    """Whether an entry was ever numbered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sequence_last_value(pg_get_serial_sequence('core_ledgerentry', 'id'))")
        return (cursor.fetchone() or (None,))[0] is not None


def _verify_seal(one: Any, previous: bytes) -> Iterator[Finding]:
    leaves = [bytes(one.leaves[i : i + 32]) for i in range(0, len(one.leaves), 32)]
    root = merkle_root(leaves)
    if bytes(one.previous) != previous:
        yield Finding(_("không nối với niêm phong trước"), seal=one.number)
    if root != bytes(one.root) or len(leaves) != len(one.entry_ids):
        yield Finding(_("danh sách mục của niêm phong đã bị sửa"), seal=one.number)
    if seal_hash(
        one.number, one.sealed_at, len(one.entry_ids), bytes(one.root), bytes(one.previous)
    ) != bytes(one.hash):
        yield Finding(_("niêm phong đã bị sửa"), seal=one.number)
    if list(one.entry_ids) != sorted(one.entry_ids):
        yield Finding(_("thứ tự các mục đã bị đảo"), seal=one.number)
    entries = _entries("id = ANY(%s)", [one.entry_ids])
    for entry_id, leaf in zip(one.entry_ids, leaves, strict=False):
        if entry_id not in entries:
            yield Finding(_("mục đã bị xóa"), entry=entry_id, seal=one.number)
        elif leaf_hash(entries[entry_id]) != leaf:
            yield Finding(_("mục đã bị sửa"), entry=entry_id, seal=one.number)
    yield from _verify_contents(one.number, list(entries.values()))


def _verify_contents(seal_number: int | None, entries: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    from .models import LedgerErasure

    ids = [entry["id"] for entry in entries]
    contents = _contents(ids)
    erased = set(LedgerErasure.objects.filter(entry_id__in=ids).values_list("entry_id", flat=True))
    for entry in entries:
        content = contents.get(entry["id"])
        if content is None:
            if entry["id"] not in erased or not _erasure_is_on_record(entry["id"]):
                yield Finding(_("nội dung đã bị xóa không có căn cứ"), entry=entry["id"], seal=seal_number)
        elif _digest(*content) != entry["digest"]:
            yield Finding(_("nội dung đã bị sửa"), entry=entry["id"], seal=seal_number)


def _contents(ids: Sequence[int]) -> dict[int, tuple[bytes, str]]:
    """Nonce and content of entries, the content as text: what cannot be read must not end the look at the others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id, nonce, content::text FROM core_ledgercontent WHERE entry_id = ANY(%s)",
            [list(ids)],
        )
        return {entry_id: (bytes(nonce), text) for entry_id, nonce, text in cursor.fetchall()}


def _digest(nonce: bytes, text: str) -> str:
    """The digest that an entry with this content must carry; "" for what was never written by `append`."""
    try:
        return content_digest(nonce, json.loads(text))
    except (ValueError, RecursionError):
        return ""


def _erasure_is_on_record(entry_id: int) -> bool:
    from .models import LedgerEntry

    return LedgerEntry.objects.filter(object_type=_ENTRY, object_id=str(entry_id), action=_ERASE).exists()


def _verify_outside() -> Iterator[Finding]:
    """Entries that neither a seal nor the waiting list knows of: put in later, or taken off the list."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM core_ledgerentry e LEFT JOIN core_ledgerpending p ON p.entry_id = e.id"
            " LEFT JOIN (SELECT unnest(entry_ids) AS id FROM core_ledgerseal) s ON s.id = e.id"
            " WHERE p.entry_id IS NULL AND s.id IS NULL ORDER BY e.id"
        )
        for (entry_id,) in cursor.fetchall():
            yield Finding(_("mục không có trong niêm phong nào"), entry=entry_id)
        cursor.execute(
            "SELECT p.entry_id FROM core_ledgerpending p LEFT JOIN core_ledgerentry e ON e.id = p.entry_id"
            " WHERE e.id IS NULL ORDER BY p.entry_id"
        )
        for (entry_id,) in cursor.fetchall():
            yield Finding(_("mục đã bị xóa"), entry=entry_id)
        cursor.execute(
            "SELECT e.id FROM core_ledgerentry e JOIN core_ledgerpending p ON p.entry_id = e.id ORDER BY e.id"
        )
        waiting = [row[0] for row in cursor.fetchall()]
    yield from _verify_contents(None, list(_entries("id = ANY(%s)", [waiting]).values()))


# Erasing ---------------------------------------------------------------------------------------------------

_ERASE, _ENTRY = "audit.erase", "core.ledgerentry"


def erase(entry_id: int, *, by: str, ground: str, at: datetime) -> None:
    """Take an entry's content away on a legal ground: a tombstone and an entry of its own say so.

    The entry, its seal and every proof without the content stay. Only the owner of the tables can; raises
    `NotFound` without such an entry, `Refused` when its content has been erased, `Invalid` without a ground.
    """
    from .models import LedgerContent, LedgerEntry, LedgerErasure

    if not ground.strip():
        raise Invalid(_("Hãy ghi căn cứ pháp luật của việc xóa."), field="ground")
    with transaction.atomic():
        if not LedgerEntry.objects.filter(pk=entry_id).exists():
            raise NotFound(_("Nhật ký không có mục này."))
        if not LedgerContent.objects.filter(pk=entry_id).delete()[0]:
            raise Refused(_("Nội dung của mục này đã xóa từ trước."))
        LedgerErasure.objects.create(entry_id=entry_id, at=at, by=by, ground=ground.strip())
        append(
            at=at,
            actor_id=None,
            actor_label=by,
            via="cli",
            action=_ERASE,
            object_type=_ENTRY,
            object_id=str(entry_id),
            content={"ground": [None, ground.strip()]},
        )


# Proving ---------------------------------------------------------------------------------------------------


def seal_of(entry_id: int, at: datetime) -> Any:
    """The seal over an entry written at `at`, or None while it waits.

    An entry is sealed soon after it is written, so the search goes from there; only an entry whose clock ran
    ahead is looked for everywhere.
    """
    from .models import LedgerSeal

    holding = LedgerSeal.objects.filter(entry_ids__contains=[entry_id])
    return holding.filter(sealed_at__gte=at).order_by("sealed_at").first() or holding.first()


def prove(entry_id: int) -> dict[str, Any]:
    """What an auditor needs to check one entry without the database.

    Raises `LookupError` when there is no such entry or no seal covers it yet.
    """
    from .models import LedgerContent

    entry = _entries("id = %s", [entry_id]).get(entry_id)
    one = seal_of(entry_id, datetime.fromisoformat(entry["at"])) if entry else None
    if entry is None or one is None:
        raise LookupError(f"entry {entry_id} is not sealed yet" if entry else f"no entry {entry_id}")
    leaves = [bytes(one.leaves[i : i + 32]) for i in range(0, len(one.leaves), 32)]
    content = LedgerContent.objects.filter(entry_id=entry_id).first()
    return {
        "entry": entry,
        "content": content and {"nonce": bytes(content.nonce).hex(), "value": content.content},
        "path": [
            [side, sibling.hex()] for side, sibling in merkle_path(leaves, one.entry_ids.index(entry_id))
        ],
        "seal": {
            "number": one.number,
            "sealed_at": instant(one.sealed_at),
            "count": len(one.entry_ids),
            "root": bytes(one.root).hex(),
            "previous": bytes(one.previous).hex(),
            "hash": bytes(one.hash).hex(),
            "time_stamp": bytes(one.time_stamp).hex() if one.time_stamp else None,
        },
    }
