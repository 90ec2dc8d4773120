"""The audit ledger: every action leaves one entry, sealed in batches and provable one by one.

Writers only append; nobody waits for the last hash. A job seals what has come since (`seal`) about once a
second: the entries of a batch become the leaves of a Merkle tree (RFC 9162, section 2.1), and the tree's root is
chained to the seal before. `ledger_check.verify` names every altered, missing, foreign or reordered entry; `prove`
writes down what an auditor needs to check one entry without the database (`check_proof`).
"""

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
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
    instant,
    leaf_hash,
    merkle_path,
    merkle_root,
    seal_hash,
)

__all__ = ["append", "check_proof", "difference", "erase", "prove", "seal", "seal_of"]

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


def entries_where(where: str, parameters: Sequence[Any]) -> dict[int, dict[str, Any]]:
    """The readable entries that meet a condition of SQL, by number, as the mappings that are hashed."""
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
        entries = entries_where("id = ANY(%s)", [ids])
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


# Erasing ---------------------------------------------------------------------------------------------------

ERASE, ENTRY = "audit.erase", "core.ledgerentry"


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
            action=ERASE,
            object_type=ENTRY,
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

    entry = entries_where("id = %s", [entry_id]).get(entry_id)
    holding = seal_of(entry_id, datetime.fromisoformat(entry["at"])) if entry else None
    if entry is None or holding is None:
        raise LookupError(f"entry {entry_id} is not sealed yet" if entry else f"no entry {entry_id}")
    leaves = [bytes(holding.leaves[i : i + 32]) for i in range(0, len(holding.leaves), 32)]
    content = LedgerContent.objects.filter(entry_id=entry_id).first()
    return {
        "entry": entry,
        "content": content and {"nonce": bytes(content.nonce).hex(), "value": content.content},
        "path": [
            [side, sibling.hex()] for side, sibling in merkle_path(leaves, holding.entry_ids.index(entry_id))
        ],
        "seal": {
            "number": holding.number,
            "sealed_at": instant(holding.sealed_at),
            "count": len(holding.entry_ids),
            "root": bytes(holding.root).hex(),
            "previous": bytes(holding.previous).hex(),
            "hash": bytes(holding.hash).hex(),
            "time_stamp": bytes(holding.time_stamp).hex() if holding.time_stamp else None,
        },
    }
