"""Checking the ledger against its seals: every altered, missing, foreign or reordered entry by name."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from .ledger import ENTRY, ERASE, entries_where
from .models import LedgerEntry, LedgerErasure, LedgerSeal
from .proofs import GENESIS, READABLE, content_digest, leaf_hash, merkle_root, seal_hash


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
    yield from _verify_times()
    previous, expected = GENESIS, 1
    seals = LedgerSeal.objects.filter(sealed_at__range=READABLE).order_by("number")
    for number in seals.values_list("number", flat=True).iterator():
        seal = LedgerSeal.objects.get(number=number)
        if expected < number:
            yield Finding(_missing(expected, number - 1), seal=expected)
        expected = number + 1
        yield from _verify_seal(seal, previous)
        previous = bytes(seal.hash)
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


def _verify_seal(seal: Any, previous: bytes) -> Iterator[Finding]:
    leaves = [bytes(seal.leaves[i : i + 32]) for i in range(0, len(seal.leaves), 32)]
    root = merkle_root(leaves)
    if bytes(seal.previous) != previous:
        yield Finding(_("không nối với niêm phong trước"), seal=seal.number)
    if root != bytes(seal.root) or len(leaves) != len(seal.entry_ids):
        yield Finding(_("danh sách mục của niêm phong đã bị sửa"), seal=seal.number)
    if seal_hash(
        seal.number, seal.sealed_at, len(seal.entry_ids), bytes(seal.root), bytes(seal.previous)
    ) != bytes(seal.hash):
        yield Finding(_("niêm phong đã bị sửa"), seal=seal.number)
    if list(seal.entry_ids) != sorted(seal.entry_ids):
        yield Finding(_("thứ tự các mục đã bị đảo"), seal=seal.number)
    entries = entries_where("id = ANY(%s)", [seal.entry_ids])
    for entry_id, leaf in zip(seal.entry_ids, leaves, strict=False):
        if entry_id not in entries:
            yield Finding(_("mục đã bị xóa"), entry=entry_id, seal=seal.number)
        elif leaf_hash(entries[entry_id]) != leaf:
            yield Finding(_("mục đã bị sửa"), entry=entry_id, seal=seal.number)
    yield from _verify_contents(seal.number, list(entries.values()))


def _verify_contents(seal_number: int | None, entries: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
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
    return LedgerEntry.objects.filter(object_type=ENTRY, object_id=str(entry_id), action=ERASE).exists()


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
    yield from _verify_contents(None, list(entries_where("id = ANY(%s)", [waiting]).values()))
