"""The ledger: whatever is done to its rows behind its back is named; one entry is proven without the database."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from tests.province import MONDAY
from vamco.core import ledger, ledger_check, proofs
from vamco.core.models import LedgerContent, LedgerEntry, LedgerErasure, LedgerPending, LedgerSeal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty(db: None) -> None:
    """Nothing is written yet, whatever other tests of this process have loaded."""
    for model in (LedgerContent, LedgerPending, LedgerErasure, LedgerSeal, LedgerEntry):
        model.objects.all().delete()


def write(count: int = 1, **changes: Any) -> list[int]:
    """Append entries; their ids."""
    before = LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for i in range(count):
        entry = {
            "at": MONDAY,
            "actor_id": 7,
            "actor_label": "Trần Thị Hạnh",
            "via": "page",
            "action": "dossiers.take",
            "object_type": "dossiers.dossier",
            "object_id": str(i),
            "content": {"holder": [None, "Trần Thị Hạnh"], "turn": [i, i + 1]},
        }
        ledger.append(**{**entry, **changes})
    return list(LedgerEntry.objects.filter(pk__gt=before).order_by("pk").values_list("pk", flat=True))


def tamper(statement: str, *values: Any) -> None:
    """Change rows as somebody with the database would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def found() -> list[str]:
    return [str(finding) for finding in ledger_check.verify()]


@pytest.fixture
def sealed() -> list[int]:
    """Seven entries under two seals."""
    ids = write(7)
    assert ledger.seal(MONDAY, limit=4) == 4
    assert ledger.seal(MONDAY) == 3
    assert found() == []
    return ids


def test_untouched_entries_verify_sealed_and_waiting(sealed: list[int]) -> None:
    write(2)
    assert found() == []
    assert LedgerPending.objects.count() == 2


def test_nothing_to_seal_makes_no_seal(sealed: list[int]) -> None:
    assert ledger.seal(MONDAY) == 0
    assert LedgerSeal.objects.count() == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2016-12-01T00:00:00Z"),
        ("actor_id", 8),
        ("actor_label", "Người khác"),
        ("via", "api"),
        ("action", "dossiers.note"),
        ("object_id", "99"),
    ],
)
def test_an_altered_entry_is_named(sealed: list[int], column: str, value: object) -> None:
    tamper(f"UPDATE core_ledgerentry SET {column} = %s WHERE id = %s", value, sealed[2])
    assert found() == [f"mục {sealed[2]}, niêm phong 1: mục đã bị sửa"]


def test_an_altered_content_is_named(sealed: list[int]) -> None:
    tamper("UPDATE core_ledgercontent SET content = '{}' WHERE entry_id = %s", sealed[5])
    assert found() == [f"mục {sealed[5]}, niêm phong 2: nội dung đã bị sửa"]


def test_content_and_digest_altered_together_are_named(sealed: list[int]) -> None:
    content = {"holder": [None, "Người khác"]}
    tamper("UPDATE core_ledgercontent SET content = %s WHERE entry_id = %s", json.dumps(content), sealed[1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT nonce FROM core_ledgercontent WHERE entry_id = %s", [sealed[1]])
        nonce = bytes(cursor.fetchone()[0])
    digest = bytes.fromhex(proofs.content_digest(nonce, content))
    tamper("UPDATE core_ledgerentry SET digest = %s WHERE id = %s", digest, sealed[1])
    assert found() == [f"mục {sealed[1]}, niêm phong 1: mục đã bị sửa"]


def test_a_deleted_entry_is_named(sealed: list[int]) -> None:
    tamper("DELETE FROM core_ledgerentry WHERE id = %s", sealed[0])
    assert found() == [f"mục {sealed[0]}, niêm phong 1: mục đã bị xóa"]


def test_a_deleted_content_is_named(sealed: list[int]) -> None:
    tamper("DELETE FROM core_ledgercontent WHERE entry_id = %s", sealed[6])
    assert found() == [f"mục {sealed[6]}, niêm phong 2: nội dung đã bị xóa không có căn cứ"]


def test_a_tombstone_put_there_by_hand_is_no_ground(sealed: list[int]) -> None:
    tamper("DELETE FROM core_ledgercontent WHERE entry_id = %s", sealed[6])
    tamper(
        "INSERT INTO core_ledgererasure (entry_id, at, by, ground) VALUES (%s, now(), 'x', 'y')", sealed[6]
    )
    assert found() == [f"mục {sealed[6]}, niêm phong 2: nội dung đã bị xóa không có căn cứ"]


def test_entries_that_change_places_are_named(sealed: list[int]) -> None:
    a, b = sealed[1], sealed[2]
    for old, new in ((a, -1), (b, a), (-1, b)):
        tamper("UPDATE core_ledgerentry SET id = %s WHERE id = %s", new, old)
    assert f"mục {a}, niêm phong 1: mục đã bị sửa" in found()
    assert f"mục {b}, niêm phong 1: mục đã bị sửa" in found()


def test_a_reordered_seal_is_named(sealed: list[int]) -> None:
    one = LedgerSeal.objects.get(number=1)
    one.entry_ids = [one.entry_ids[1], one.entry_ids[0], *one.entry_ids[2:]]
    one.save()
    assert "niêm phong 1: thứ tự các mục đã bị đảo" in found()


def test_an_entry_taken_off_the_waiting_list_is_named(sealed: list[int]) -> None:
    (entry,) = write()
    tamper("DELETE FROM core_ledgerpending WHERE entry_id = %s", entry)
    ledger.seal(MONDAY)
    assert found() == [f"mục {entry}: mục không có trong niêm phong nào"]


def test_an_entry_put_in_later_is_named(sealed: list[int]) -> None:
    tamper(
        "INSERT INTO core_ledgerentry (id, at, actor_label, via, action, object_type, object_id, digest)"
        " SELECT -5, at, actor_label, via, action, object_type, object_id, digest FROM core_ledgerentry"
        " WHERE id = %s",
        sealed[0],
    )
    assert found() == ["mục -5: mục không có trong niêm phong nào"]


def test_a_waiting_entry_that_was_altered_or_deleted_is_named_and_the_rest_is_sealed(
    sealed: list[int],
) -> None:
    altered, deleted, _whole = write(3)
    tamper("UPDATE core_ledgercontent SET content = '{}' WHERE entry_id = %s", altered)
    tamper("DELETE FROM core_ledgerentry WHERE id = %s", deleted)
    assert found() == [f"mục {deleted}: mục đã bị xóa", f"mục {altered}: nội dung đã bị sửa"]
    assert ledger.seal(MONDAY) == 2
    assert found() == [f"mục {altered}, niêm phong 3: nội dung đã bị sửa", f"mục {deleted}: mục đã bị xóa"]


def test_a_removed_seal_is_named_with_what_it_covered(sealed: list[int]) -> None:
    LedgerSeal.objects.filter(number=1).delete()
    assert found() == [
        "niêm phong 1: thiếu niêm phong",
        "niêm phong 2: không nối với niêm phong trước",
        *(f"mục {entry}: mục không có trong niêm phong nào" for entry in sealed[:4]),
    ]


FORGED = (
    "INSERT INTO core_ledgerseal (number, sealed_at, entry_ids, leaves, root, previous, hash)"
    " VALUES (%s, %s, '{}', '', %s, %s, %s)"
)


def test_a_seal_whose_number_does_not_follow_is_not_taken(sealed: list[int]) -> None:
    with pytest.raises(DatabaseError, match="follow"), transaction.atomic():
        tamper(FORGED, 2**62, MONDAY, b"r" * 32, b"p" * 32, b"h" * 32)


def test_a_forged_seal_number_hides_nothing(sealed: list[int]) -> None:
    """Put there by the owner, whom no trigger stops: the gap is one finding, and the rest is still looked at."""
    tamper("ALTER TABLE core_ledgerseal DISABLE TRIGGER USER")
    tamper(FORGED, 2**62, MONDAY, b"r" * 32, b"p" * 32, b"h" * 32)
    tamper("UPDATE core_ledgerentry SET actor_label = 'x' WHERE id = %s", sealed[0])
    assert f"niêm phong 3: thiếu, cùng các niêm phong sau đó đến số {2**62 - 1}" in found()
    assert f"mục {sealed[0]}, niêm phong 1: mục đã bị sửa" in found()
    assert len(found()) < 10


@pytest.mark.parametrize("time", ["infinity", "-infinity", "9999-12-31", "0001-01-01", "200000-01-01"])
def test_a_time_that_cannot_be_read_is_not_taken(sealed: list[int], time: str) -> None:
    """It would end every later look at the ledger, and its sealing."""
    with pytest.raises(IntegrityError), transaction.atomic():
        tamper(FORGED, 3, time, b"r" * 32, b"p" * 32, b"h" * 32)
    with pytest.raises(IntegrityError), transaction.atomic():
        tamper(
            "INSERT INTO core_ledgerentry (at, actor_label, via, action, object_type, object_id, digest)"
            " VALUES (%s, 'x', 'page', 'x', 'x', '1', %s)",
            time,
            b"d" * 32,
        )


def test_a_time_from_before_the_rule_hides_nothing_and_the_rest_is_sealed(sealed: list[int]) -> None:
    """Such rows may stand in a database that was made before the rule, which is therefore not checked on them."""
    tamper("ALTER TABLE core_ledgerentry DROP CONSTRAINT ledger_entry_time")
    tamper("ALTER TABLE core_ledgerseal DROP CONSTRAINT ledger_seal_time")
    waiting = write(2)
    tamper("UPDATE core_ledgerentry SET at = 'infinity' WHERE id = ANY(%s)", [sealed[0], waiting[0]])
    tamper(FORGED, 3, "infinity", b"r" * 32, b"p" * 32, b"h" * 32)
    assert ledger.seal(MONDAY) == 1
    assert found()[:3] == [
        f"mục {sealed[0]}: thời điểm không thể có",
        f"mục {waiting[0]}: thời điểm không thể có",
        "niêm phong 3: thời điểm không thể có",
    ]
    assert "niêm phong 3: thiếu niêm phong" in found()


def test_a_content_that_cannot_be_read_hides_nothing(sealed: list[int]) -> None:
    """A number of 5,000 digits is valid in the database and none that Python reads."""
    tamper(
        "UPDATE core_ledgercontent SET content = ('[1' || repeat('0', 5000) || ']')::jsonb WHERE entry_id = %s",
        sealed[1],
    )
    tamper("UPDATE core_ledgerentry SET actor_label = 'x' WHERE id = %s", sealed[5])
    assert f"mục {sealed[1]}, niêm phong 1: nội dung đã bị sửa" in found()
    assert f"mục {sealed[5]}, niêm phong 2: mục đã bị sửa" in found()


def test_a_ledger_emptied_as_a_whole_is_not_called_whole(sealed: list[int]) -> None:
    for model in (LedgerContent, LedgerPending, LedgerErasure, LedgerSeal, LedgerEntry):
        model.objects.all().delete()
    assert found() == ["nhật ký không còn mục nào, dù đã từng ghi"]
    with pytest.raises(CommandError):
        call_command("audit", "verify")


def test_a_seal_made_anew_over_altered_entries_breaks_the_chain(sealed: list[int]) -> None:
    tamper("UPDATE core_ledgerentry SET actor_label = 'Người khác' WHERE id = %s", sealed[0])
    one = LedgerSeal.objects.get(number=1)
    entries = ledger.entries_where("id = ANY(%s)", [one.entry_ids])
    leaves = [proofs.leaf_hash(entries[entry_id]) for entry_id in one.entry_ids]
    one.leaves, one.root = b"".join(leaves), proofs.merkle_root(leaves)
    one.hash = proofs.seal_hash(1, one.sealed_at, len(leaves), one.root, bytes(one.previous))
    one.save()
    assert found() == ["niêm phong 2: không nối với niêm phong trước"]


@pytest.mark.parametrize("column", ["sealed_at", "previous", "root", "leaves"])
def test_an_altered_seal_is_named(sealed: list[int], column: str) -> None:
    value = MONDAY.replace(hour=1) if column == "sealed_at" else b"\1" * 32
    LedgerSeal.objects.filter(number=2).update(**{column: value})
    assert any("niêm phong 2" in finding for finding in found())


# Rights and concurrency ------------------------------------------------------------------------------------


@pytest.fixture
def serving() -> Iterator[psycopg.Connection[Any]]:
    """A connection to the test database as the role that serves."""
    role = settings.SERVING_ROLE
    if role == settings.DATABASES["default"]["USER"]:
        pytest.skip("one role only: nothing protects the ledger from it")
    call_command("migrate", verbosity=0)
    wanted = {
        key: value
        for key, value in connection.get_connection_params().items()
        if key in ("host", "port", "dbname") and value
    }
    with psycopg.connect(**wanted, user=role) as given:
        yield given
        given.rollback()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "table", ["core_ledgerentry", "core_ledgercontent", "core_ledgerseal", "core_ledgererasure"]
)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET {} = {}"])
def test_the_serving_role_changes_and_removes_nothing(
    serving: psycopg.Connection[Any], table: str, statement: str
) -> None:
    column = "number" if table == "core_ledgerseal" else "id" if table == "core_ledgerentry" else "entry_id"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        serving.execute(statement.format(table, column, column))


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_out_while_people_write_and_two_seal() -> None:
    writers, stop = 4, threading.Event()

    def append() -> None:
        try:
            for _turn in range(40):
                with transaction.atomic():
                    write_one()
        finally:
            connections.close_all()

    def seal() -> int:
        count = 0
        try:
            while not stop.is_set():
                count += ledger.seal(MONDAY, limit=7)
        finally:
            connections.close_all()
        return count

    with ThreadPoolExecutor(writers + 2) as pool:
        sealers = [pool.submit(seal) for _ in range(2)]
        for done in [pool.submit(append) for _ in range(writers)]:
            done.result(60)
        stop.set()
        sealed = sum(done.result(60) for done in sealers)
    while more := ledger.seal(MONDAY):
        sealed += more
    assert sealed == writers * 40 == LedgerEntry.objects.count()
    assert found() == []
    covered = [entry for ids in LedgerSeal.objects.values_list("entry_ids", flat=True) for entry in ids]
    assert sorted(covered) == sorted(LedgerEntry.objects.values_list("pk", flat=True))


def write_one() -> None:
    ledger.append(
        at=MONDAY, actor_id=None, actor_label="x", via="job", action="a.b", object_type="c.d", object_id="1",
        content={},
    )  # fmt: skip
