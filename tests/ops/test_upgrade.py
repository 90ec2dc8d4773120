"""A database made by an earlier release is brought to this one, and nothing in it is lost.

`before/2026-11-29.vamco` is a backup of that day's release: Long An with people in a few units; a dossier in its first step,
one decided and paid, a sensitive one, and four imported under codes of which three are in no form any more; a token that
an administrator issued to a leader; a look-up; the ledger sealed. Its passphrase stands below, its people are made up.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import Live, installation

BEFORE = Path(__file__).parent / "before" / "2026-11-29.vamco"
TOKEN = "vc_W-ehAe72z7V4S4HC8yUJnWqLjznX7DZ1akveg9yhsWQ"


@pytest.fixture(scope="module")
def upgraded() -> Iterator[Live]:
    """That backup, restored and migrated; with its counts of rows from before the migration in `counts`."""
    with installation(migrated=False) as live:
        if "VAMCO_DATABASE_URL" in live.env:
            pytest.skip("the backup is of PostgreSQL 18, the embedded one")
        live.env["VAMCO_BACKUP_PASSPHRASE"] = "một câu dài"
        live.vamco("restore", str(BEFORE))
        live.counts = live.run(COUNTS)  # type: ignore[attr-defined]
        live.vamco("migrate", "--verbosity", "0")
        yield live


COUNTS = "from vamco.core import backup; answer = backup.count_rows()"


def test_no_row_is_lost(upgraded: Live) -> None:
    before, after = upgraded.counts, upgraded.run(COUNTS)  # type: ignore[attr-defined]
    own = {"django_migrations", "django_content_type", "auth_permission"}
    assert before.keys() <= after.keys()
    changed = {
        name: (before[name], after[name]) for name in before.keys() - own if before[name] != after[name]
    }
    # Three codes were put into the form, which the timeline of each dossier says.
    assert changed == {"dossiers_event": (before["dossiers_event"], before["dossiers_event"] + 3)}


def test_the_ledger_is_whole(upgraded: Live) -> None:
    assert "Nhật ký nguyên vẹn" in upgraded.vamco("audit", "verify").stdout


def test_open_dossiers_go_on_under_codes_that_have_the_form(upgraded: Live) -> None:
    assert upgraded.run(
        "from vamco.dossiers.models import Dossier\n"
        "answer = sorted(Dossier.objects.filter(stage='processing').values_list('code', flat=True))"
    ) == [
        "000.05.21.H39-161205-0001",
        "000.05.21.H39-161205-0003",
        "12-2016",
        "HS",
        "HS-2016-001",
        "HS-7",
    ]
    taken = upgraded.run(
        "from tests import province as p\n"
        "from vamco.dossiers import actions, queries\n"
        "who = p.actor('tu_phap')\n"
        "dossier = actions.take(who, queries.get(who, '12-2016'))\n"
        "answer = [dossier.holder_id, p.person('tu_phap').pk]"
    )
    assert taken[0] == taken[1]


def test_what_hangs_on_a_dossier_follows_its_new_code(upgraded: Live) -> None:
    assert upgraded.run(
        "from vamco.payments.models import Receipt, ReceiptLine\n"
        "from vamco.payments.queries import receipts_of\n"
        "answer = [len(receipts_of('12-2016')), ReceiptLine.objects.filter(subject='12/2016').count()]"
    ) == [1, 1]  # found by the charge; the printed line stays as it was printed


def test_a_token_still_reads_and_signs_no_more(upgraded: Live) -> None:
    answer = upgraded.run(
        "from django.test import Client\n"
        f"asked = Client(headers={{'authorization': 'Bearer {TOKEN}', 'host': '127.0.0.1'}})\n"
        "found = asked.get('/api/v1/me')\n"
        "answer = [found.status_code, found.json()]"
    )
    assert answer[0] == 200
    assert answer[1]["token"]["signs"] is False
    assert "step.leader" in answer[1]["permissions"]


def test_people_have_the_rights_that_they_had(upgraded: Live) -> None:
    assert upgraded.run(
        "from tests import province as p\n"
        "answer = [p.actor('mot_cua').may_at('dossiers.receive', [p.unit().pk]),"
        " p.actor('mot_cua').may_at('organisation.people', [p.unit().pk])]"
    ) == [True, False]


def test_a_look_up_from_before_is_one_by_number(upgraded: Live) -> None:
    assert upgraded.run(
        "from vamco.parties.models import LookUp\nanswer = list(LookUp.objects.values_list('kind', 'dossier'))"
    ) == [["asked", ""]]
