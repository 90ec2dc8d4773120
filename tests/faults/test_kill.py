"""kill -9 during a load of submissions: what was answered 201 is there, once, with all that belongs to it."""

import mailbox
import random
import time

import pytest

from tests.faults.office import Office, Submission, under_load

WHAT_IS_THERE = """
from django.db import connection
from vamco.core import ledger_check
codes = {codes!r}
with connection.cursor() as cursor:
    cursor.execute(
        "SELECT d.code, (SELECT count(*) FROM core_ledgerentry e WHERE e.action = 'dossiers.receive'"
        " AND e.object_id = d.id::text), (SELECT count(*) FROM dossiers_dossierparty p WHERE p.dossier_id = d.id),"
        " (SELECT count(*) FROM dossiers_steprun r WHERE r.dossier_id = d.id),"
        " (SELECT count(*) FROM dossiers_slip s WHERE s.dossier_id = d.id),"
        " (SELECT count(*) FROM payments_charge c WHERE c.subject = d.code),"
        " (SELECT count(*) FROM notify_message m WHERE m.dossier = d.code) FROM dossiers_dossier d"
    )
    rows = cursor.fetchall()
    cursor.execute(
        "SELECT count(*) FROM notify_message m WHERE m.state = 'queued' AND NOT EXISTS (SELECT FROM procrastinate_jobs"
        " j WHERE j.status IN ('todo', 'doing') AND j.task_name = 'notify.send'"
        " AND (j.args->>'message_id')::bigint = m.id)"
    )
    lost = cursor.fetchone()[0]
answer = {{
    "twice": len(rows) - len({{row[0] for row in rows}}),
    "missing": sorted(set(codes) - {{row[0] for row in rows}}),
    "not asked for": sorted({{row[0] for row in rows}} - set(codes)),
    "not whole": [row for row in rows if list(row[1:]) != [1] * 6],
    "messages without a job": lost,
    "ledger": [str(finding) for finding in ledger_check.verify()],
}}
"""


def check(office: Office, made: list[Submission]) -> None:
    """All that was ever submitted to the office is in order."""
    for one in made:
        assert len(set(one.codes)) == 1, one
    codes = [one.codes[0] for one in office.every]
    assert len(set(codes)) == len(codes)
    found = office.live.run(WHAT_IS_THERE.format(codes=codes))
    assert not any(found.values()), found


def comes_back(office: Office, killed: str) -> None:
    """Whatever was killed runs again."""
    until = time.monotonic() + 60
    while killed not in office.pids():
        assert time.monotonic() < until, f"{killed} does not come back"
        time.sleep(0.1)
    office.live.wait_for("/readyz")


@pytest.mark.parametrize(
    ("victim", "times"), [("worker", 1), ("web process", 2), ("web", 1), ("database", 1)]
)
def test_nothing_answered_is_lost_or_there_twice(office: Office, victim: str, times: int) -> None:
    if victim == "database" and "VAMCO_DATABASE_URL" in office.live.env:
        pytest.skip("a served database has its own supervisor")
    with under_load(office) as made:
        for _i in range(times):
            time.sleep(random.uniform(0.7, 1.5))
            assert office.kill(victim)
            comes_back(office, victim)
        until = time.monotonic() + 30
        while len(made) <= 10:  # the clients go on where it was killed, on a slow machine too
            assert time.monotonic() < until, "nobody is answered any more"
            time.sleep(0.1)

    check(office, made)


def test_asked_again_much_later_the_answer_is_the_same_dossier(office: Office) -> None:
    with under_load(office, clients=2) as made:
        time.sleep(0.5)
    again = random.sample(office.every, min(10, len(office.every)))
    for one in [*again, *made]:
        office.submit(one, time.monotonic() + 20)

    check(office, made)
    assert all(len(set(one.codes)) == 1 and len(one.codes) > 1 for one in again)


def test_every_message_is_sent_in_the_end(office: Office) -> None:
    """Also those whose job was being done by a worker that was killed: another one does it again."""
    until = time.monotonic() + 75
    waiting = (
        "from vamco.notify.models import Message; answer = Message.objects.exclude(state='sent').count()"
    )
    while office.live.run(waiting):
        assert time.monotonic() < until, "messages are left"
        time.sleep(1)
    told = {mail["Message-ID"] for mail in mailbox.Maildir(office.mail)}
    wanted = office.live.run(
        "from vamco.notify.models import Message; answer = [m.message_id for m in Message.objects.all()]"
    )
    assert set(wanted) <= told
    assert office.live.vamco("audit", "verify").returncode == 0


@pytest.mark.slow
def test_a_minute_of_everything_at_once(office: Office) -> None:
    victims = ["web process", "web", "worker"]
    if "VAMCO_DATABASE_URL" not in office.live.env:
        victims.append("database")
    until = time.monotonic() + 60
    # What is killed again and again is started later each time, up to half a minute.
    with under_load(office, clients=8, patience=180) as made:
        while time.monotonic() < until:
            time.sleep(random.uniform(0, 3))
            office.kill(random.choice(victims))
            if random.random() < 0.3:
                office.kill(random.choice(victims))
    for victim in victims:
        comes_back(office, victim)

    check(office, made)
    test_every_message_is_sent_in_the_end(office)
