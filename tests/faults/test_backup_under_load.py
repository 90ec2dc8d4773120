"""A backup that is made while dossiers come in, on another machine: whole, of one instant, nothing altered."""

import hashlib
import json
import tarfile
import time
from pathlib import Path

from tests.faults.office import Office, under_load
from tests.ops.test_backup import empty

WHOLE = """
from django.db import connection
from vamco.core import backup
with connection.cursor() as cursor:
    cursor.execute(
        "SELECT d.code FROM dossiers_dossier d WHERE NOT EXISTS (SELECT FROM core_ledgerentry e WHERE"
        " e.action = 'dossiers.receive' AND e.object_id = d.id::text) OR NOT EXISTS (SELECT FROM dossiers_slip s"
        " WHERE s.dossier_id = d.id) OR NOT EXISTS (SELECT FROM notify_message m WHERE m.dossier = d.code)"
    )
    broken = cursor.fetchall()
    cursor.execute("SELECT code FROM dossiers_dossier ORDER BY id")
    codes = [row[0] for row in cursor.fetchall()]
answer = {"broken": broken, "codes": codes, "counts": backup.count_rows()}
"""
FILES = """
import hashlib
from vamco.core import files
from vamco.core.models import File
answer = {f.sha256: hashlib.sha256(files.read(f)).hexdigest() for f in File.objects.all()}
"""


def test_it_is_whole_and_of_one_instant(office: Office, tmp_path: Path) -> None:
    content = b"%PDF-1.7 " + b"x" * 100_000
    office.live.run(f"from vamco.core import files; files.keep({content!r}, name='giấy.pdf')")
    archive = tmp_path / "night.vamco"
    passphrase = {"VAMCO_BACKUP_PASSPHRASE": "một câu dài"}
    with under_load(office, clients=4):
        time.sleep(1)
        before = {one.codes[0] for one in office.every if one.codes}
        office.live.env.update(passphrase)
        office.live.vamco("backup", str(archive))
        time.sleep(0.5)
    answered = {one.codes[0] for one in office.every}

    with empty(office.live, **passphrase) as fresh:
        fresh.vamco("restore", str(archive))
        found = fresh.run(WHOLE)
        assert found["broken"] == []
        assert before <= set(found["codes"]) <= answered
        assert set(found["codes"]) < answered  # others came in later: it was under load
        assert fresh.run(FILES) == {hashlib.sha256(content).hexdigest(): hashlib.sha256(content).hexdigest()}
        assert fresh.vamco("audit", "verify").returncode == 0
        with tarfile.open(archive) as tar:
            written = json.load(tar.extractfile("manifest.json"))
        assert found["counts"] == written["tables"]
        assert written["tables"]["dossiers_dossier"] == len(found["codes"])
        assert min(written["tables"][name] for name in FILLED) > 0


FILLED = (
    "core_ledgerentry",
    "core_ledgercontent",
    "dossiers_slip",
    "notify_message",
    "payments_charge",
    "core_file",
)
"""Tables that the load writes to."""
