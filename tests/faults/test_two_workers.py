"""Two workers and two web processes over one database: what one of them does the other does not do again."""

import collections
import mailbox
import time

import pytest

from tests.faults.office import Office, under_load

STATE = """
from django.db import connection
from vamco.core import ledger_check
from vamco.core.models import LedgerSeal
from vamco.notify.models import Message
def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
seals = list(LedgerSeal.objects.order_by("number"))
entries = [one for seal in seals for one in seal.entry_ids]
answer = {{
    "messages": [
        [one.message_id, one.state, one.attempts] for one in Message.objects.filter(dossier__in={codes!r})
    ],
    "workers": rows("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '20 s'")[0][0],
    "left": rows("SELECT task_name, status FROM procrastinate_jobs WHERE status <> 'todo'"),
    "numbers": [one.number for one in seals],
    "sealed twice": len(entries) - len(set(entries)),
    "chained": all(bytes(b.previous) == bytes(a.hash) for a, b in zip(seals, seals[1:])),
    "faults": [str(finding) for finding in ledger_check.verify()],
    "unsealed": rows("SELECT count(*) FROM core_ledgerpending")[0][0],
}}
"""


@pytest.mark.slow
def test_each_job_is_done_once_and_the_seals_are_one_chain(office: Office) -> None:
    with under_load(office, clients=4) as made:
        time.sleep(3)
    codes = [one.codes[0] for one in made]
    assert len(codes) > 10

    until = time.monotonic() + 75
    while True:
        found = office.live.run(STATE.format(codes=codes))
        if (
            not found["left"]
            and not found["unsealed"]
            and {state for _id, state, _n in found["messages"]} == {"sent"}
        ):
            break
        assert time.monotonic() < until, found
        time.sleep(0.5)

    assert found["workers"] == 2
    wanted = [message_id for message_id, _state, _attempts in found["messages"]]
    assert len(wanted) == len(codes)
    assert {attempts for _id, _state, attempts in found["messages"]} == {1}
    arrived = collections.Counter(mail["Message-ID"] for mail in mailbox.Maildir(office.mail))
    assert {one: arrived[one] for one in wanted} == dict.fromkeys(wanted, 1)

    assert found["numbers"] == list(range(1, len(found["numbers"]) + 1))
    assert (found["chained"], found["sealed twice"], found["faults"]) == (True, 0, [])
    assert "worker 2" in office.live.processes
    assert office.live.processes["worker 2"].poll() is None
