"""Proofs of ledger entries, and the hashes that they stand on.

An auditor needs this file and Python, nothing else: no database, no installation, no package.

    python proofs.py PROOF.json

The tree is that of RFC 9162, section 2.1; a leaf is SHA-256 of 0x00 and the entry, a seal's hash SHA-256 of 0x02,
the hash of the seal before, and the seal's head. Entry and head are written as sorted, compact JSON in UTF-8.
"""

import hashlib
import hmac
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def _(text: str) -> str:
    """The text in the language of who runs it inside the product; alone, without the product, as it stands."""
    try:
        from django.conf import settings
        from django.utils.translation import gettext
    except ImportError:
        return text
    return gettext(text) if settings.configured else text


GENESIS = b"\0" * 32
"""What the first seal is chained to."""
READABLE = ("2000-01-01T00:00:00+00:00", "2200-01-01T00:00:00+00:00")
"""The times that an entry or a seal may carry: "infinity" in one row would end every reading of the ledger."""


def canonical(value: Any, encoder: type[json.JSONEncoder] | None = None) -> bytes:
    """The one way in which a value is written before it is hashed: sorted, compact JSON in UTF-8."""
    return json.dumps(value, cls=encoder, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def leaf_hash(entry: Mapping[str, Any]) -> bytes:
    """The leaf of an entry, given as the mapping that stands in a proof."""
    return hashlib.sha256(b"\0" + canonical(entry)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _split(count: int) -> int:
    """The largest power of two smaller than count."""
    return 1 << (count - 1).bit_length() - 1


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over the leaves; of none, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return _node(merkle_root(leaves[:k]), merkle_root(leaves[k:]))


def merkle_path(leaves: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """The siblings from leaf `index` up to the root, each with the side on which it stands."""
    if len(leaves) <= 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*merkle_path(leaves[:k], index), ("right", merkle_root(leaves[k:]))]
    return [*merkle_path(leaves[k:], index - k), ("left", merkle_root(leaves[:k]))]


def root_from_path(leaf: bytes, path: Sequence[tuple[str, bytes]]) -> bytes:
    """The root that a leaf and its path lead to."""
    for side, sibling in path:
        leaf = _node(sibling, leaf) if side == "left" else _node(leaf, sibling)
    return leaf


def instant(at: datetime) -> str:
    """An instant as it is hashed: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def seal_hash(number: int, sealed_at: datetime, count: int, root: bytes, previous: bytes) -> bytes:
    """The hash that the next seal is chained to."""
    head = {"number": number, "sealed_at": instant(sealed_at), "count": count, "root": root.hex()}
    return hashlib.sha256(b"\2" + previous + canonical(head)).digest()


def content_digest(nonce: bytes, content: Any) -> str:
    """The digest that an entry must carry for this content."""
    return hmac.new(nonce, canonical(content), hashlib.sha256).hexdigest()


def check_proof(proof: Any) -> list[str]:
    """What is wrong with a proof: nothing when the entry stands in the seal as it says."""
    try:
        return _check(proof)
    except (KeyError, TypeError, ValueError, AttributeError):
        return [_("tệp không phải là bằng chứng của nhật ký")]


def _check(proof: Mapping[str, Any]) -> list[str]:
    wrong = []
    entry, seal, content = proof["entry"], proof["seal"], proof["content"]
    if content and content_digest(bytes.fromhex(content["nonce"]), content["value"]) != entry["digest"]:
        wrong.append(_("nội dung không khớp với mục"))
    path = [(side, bytes.fromhex(sibling)) for side, sibling in proof["path"]]
    if root_from_path(leaf_hash(entry), path).hex() != seal["root"]:
        wrong.append(_("mục không dẫn tới gốc của niêm phong"))
    root, previous = bytes.fromhex(seal["root"]), bytes.fromhex(seal["previous"])
    sealed_at = datetime.fromisoformat(seal["sealed_at"])
    if seal_hash(seal["number"], sealed_at, seal["count"], root, previous).hex() != seal["hash"]:
        wrong.append(_("niêm phong không khớp với giá trị băm của nó"))
    return wrong


def main(arguments: Sequence[str]) -> int:
    """Check the proof in a file, or on standard input for `-`; 0 when it holds, 1 when not, 2 when unreadable."""
    if len(arguments) != 1:
        print(_("Cách dùng: vamco audit check TỆP (hoặc - để đọc từ đầu vào chuẩn)"), file=sys.stderr)
        return 2
    try:
        text = sys.stdin.read() if arguments[0] == "-" else Path(arguments[0]).read_text(encoding="utf-8")
        proof = json.loads(text)
    except (OSError, ValueError) as problem:
        print(
            _("Không đọc được %(file)s: %(problem)s") % {"file": arguments[0], "problem": problem},
            file=sys.stderr,
        )
        return 2
    wrong = check_proof(proof)
    for one in wrong:
        print(_("SAI: %(what)s") % {"what": one})
    if wrong:
        return 1
    entry, seal = proof["entry"], proof["seal"]
    print(_("ĐÚNG: mục %(id)s, %(action)s của %(actor_label)s lúc %(at)s") % entry)
    print(_("nằm trong niêm phong %(number)s, giá trị băm %(hash)s") % seal)
    print(_("Hãy đối chiếu giá trị băm này với bản mà thanh tra đã ghi lại hoặc đơn vị đã công bố."))
    if proof["content"] is None:
        print(_("Nội dung không kèm theo (đã xóa theo căn cứ pháp luật)."))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
