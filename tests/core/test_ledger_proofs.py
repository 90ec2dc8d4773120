"""What the ledger hands out: proofs of one entry, the command of auditors, and contents that are erased."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.province import MONDAY
from vamco import cli
from vamco.core import ledger, proofs
from vamco.core.errors import Invalid, NotFound, Refused
from vamco.core.models import LedgerEntry, LedgerSeal

from .test_ledger import empty, found, sealed, tamper, write

assert empty, sealed  # fixtures

pytestmark = pytest.mark.django_db


# Proofs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13])
def test_each_entry_of_a_batch_is_proven(count: int) -> None:
    ids = write(count)
    ledger.seal(MONDAY)
    for entry in ids:
        proof = json.loads(json.dumps(ledger.prove(entry)))
        assert proofs.check_proof(proof) == []


def test_the_tree_is_that_of_rfc_9162() -> None:
    # The roots of the eight example leaves that implementations of RFC 6962 and 9162 are tested with.
    inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    import hashlib

    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(text)).digest() for text in inputs]
    for count, root in roots.items():
        assert proofs.merkle_root(leaves[:count]).hex() == root


@pytest.fixture
def proof(sealed: list[int]) -> dict[str, Any]:
    return json.loads(json.dumps(ledger.prove(sealed[2])))  # type: ignore[no-any-return]


def altered(proof: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The proof with each of its values changed in turn."""
    for where, value in list(leaves_of(proof)):
        changed = json.loads(json.dumps(proof))
        place = changed
        for key in where[:-1]:
            place = place[key]
        place[where[-1]] = other(value)
        yield ".".join(map(str, where)), changed


def leaves_of(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    items = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if items is None:
        yield where, value
        return
    for key, inner in items:
        yield from leaves_of(inner, (*where, key))


def other(value: Any) -> Any:
    if value is None:
        return "x"
    if isinstance(value, int):
        return value + 1
    if value in ("left", "right"):
        return "left" if value == "right" else "right"
    if "T" in value and value.endswith("+00:00"):
        return value.replace("2016", "2015")
    return ("0" if value[:1] != "0" else "1") + value[1:]


def test_a_proof_with_any_value_changed_is_refused(proof: dict[str, Any]) -> None:
    for where, changed in altered(proof):
        if where != "seal.time_stamp":  # signed by its own authority, not by us
            assert proofs.check_proof(changed), where


@pytest.mark.parametrize("junk", [None, [], {}, "x", {"entry": 1, "seal": {}, "content": None, "path": []}])
def test_what_is_no_proof_is_refused(junk: Any) -> None:
    assert proofs.check_proof(junk)


@pytest.mark.parametrize("how", ["the file alone", "the command"])
def test_a_proof_is_checked_without_database_and_settings(
    proof: dict[str, Any], tmp_path: Path, how: str
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(proof))
    bad.write_text(json.dumps({**proof, "entry": {**proof["entry"], "actor_label": "Người khác"}}))
    command = [sys.executable, "-I", "-S", proofs.__file__]
    if how == "the command":
        command = [sys.executable, "-m", "vamco.cli", "audit", "check"]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("VAMCO_", "DJANGO_"))}
    env = {**clean, "VAMCO_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "HOME": str(tmp_path)}

    def check(path: Path) -> tuple[int, str]:
        done = subprocess.run(
            [*command, str(path)], env=env, cwd=Path(cli.__file__).parents[1], capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr

    assert check(good)[0] == 0
    assert "ĐÚNG" in check(good)[1]
    assert check(bad)[0] == 1
    assert "mục không dẫn tới gốc" in check(bad)[1]
    assert check(tmp_path / "missing.json")[0] == 2


# The command -----------------------------------------------------------------------------------------------


def audit(*arguments: str) -> str:
    out = StringIO()
    call_command("audit", *arguments, stdout=out)
    return out.getvalue()


def test_verify_says_what_it_counted_and_a_seal_to_keep(sealed: list[int]) -> None:
    said = audit("verify")
    assert "7 mục, 2 niêm phong" in said
    assert f"2:{bytes(LedgerSeal.objects.get(number=2).hash).hex()}" in said


def test_verify_fails_with_each_finding(sealed: list[int]) -> None:
    tamper("DELETE FROM core_ledgerentry WHERE id = %s", sealed[0])
    out = StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("audit", "verify", stdout=out)
    assert failed.value.returncode == 1
    assert f"mục {sealed[0]}, niêm phong 1: mục đã bị xóa" in out.getvalue()


def test_a_ledger_written_anew_as_a_whole_is_betrayed_by_a_seal_kept_outside(sealed: list[int]) -> None:
    kept = f"1:{bytes(LedgerSeal.objects.get(number=1).hash).hex()}"
    assert "nguyên vẹn" in audit("verify", "--expect", kept)
    LedgerSeal.objects.all().delete()
    tamper("UPDATE core_ledgerentry SET actor_label = 'Người khác' WHERE id = %s", sealed[0])
    tamper("INSERT INTO core_ledgerpending SELECT id FROM core_ledgerentry")
    ledger.seal(MONDAY)
    assert "nguyên vẹn" in audit("verify")
    with pytest.raises(CommandError):
        audit("verify", "--expect", kept)


def test_prove_writes_a_file_that_check_accepts(sealed: list[int], tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    audit("prove", str(sealed[3]), str(file))
    assert proofs.check_proof(json.loads(file.read_text())) == []
    assert json.loads(audit("prove", str(sealed[3]))) == json.loads(file.read_text())


def test_prove_says_when_there_is_no_such_entry_or_no_seal_yet(sealed: list[int]) -> None:
    with pytest.raises(CommandError, match="không có mục này"):
        audit("prove", "0")
    (waiting,) = write()
    with pytest.raises(CommandError, match="chưa được niêm phong"):
        audit("prove", str(waiting))
    audit("seal")
    assert json.loads(audit("prove", str(waiting)))["entry"]["id"] == waiting


# Erasing ---------------------------------------------------------------------------------------------------


def test_an_erased_content_is_gone_and_the_ledger_still_verifies(sealed: list[int]) -> None:
    audit("erase", str(sealed[2]), "--ground", "Quyết định 12/QĐ-UBND ngày 05/12/2016")
    assert found() == []
    proof = ledger.prove(sealed[2])
    assert proof["content"] is None
    assert proofs.check_proof(proof) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_ledgercontent WHERE entry_id = %s", [sealed[2]])
        assert cursor.fetchone() == (0,)
    record = LedgerEntry.objects.order_by("-pk")[0]
    assert (record.action, record.object_id) == ("audit.erase", str(sealed[2]))
    audit("seal")
    assert found() == []


def test_nothing_is_erased_without_a_ground_twice_or_where_there_is_nothing(sealed: list[int]) -> None:
    with pytest.raises(Invalid):
        ledger.erase(sealed[0], by="x", ground="  ", at=MONDAY)
    ledger.erase(sealed[0], by="x", ground="Quyết định 12", at=MONDAY)
    with pytest.raises(Refused):
        ledger.erase(sealed[0], by="x", ground="Quyết định 12", at=MONDAY)
    with pytest.raises(NotFound):
        ledger.erase(0, by="x", ground="Quyết định 12", at=MONDAY)
