"""`vamco demo` as its user meets it: refused beside real data, begun anew after a broken start, a whole month of work."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.live import Live, installation
from vamco.dossiers.models import Stage
from vamco.organisation.roles import roles

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("VAMCO_DATABASE_URL" in os.environ, reason="the demo brings its own database server"),
]
READY, MINUTES = "Ctrl-C để dừng", 15


@dataclass
class Demo:
    """A demo that runs, with what its start said, and the start before it that was refused."""

    live: Live
    refused: subprocess.CompletedProcess[str]
    process: subprocess.Popen[bytes]
    said: str


def start(live: Live, log: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start `vamco demo` and wait until it says that it is ready."""
    command = [sys.executable, "-m", "vamco.cli", "demo"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=live.env, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    until = time.monotonic() + MINUTES * 60
    while READY not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.2)
    return process, log.read_text()


def stop(process: subprocess.Popen[bytes]) -> int:
    """Ctrl-C; answers the exit code."""
    process.send_signal(signal.SIGINT)
    return process.wait(60)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with installation() as live:
        live.run("from vamco.organisation.models import User; User.objects.create(username='that')")
        refused = live.vamco("demo", check=False)
        assert not (live.home / "demo.json").exists()
        (live.home / "demo.json").write_text('{"state": "loading"}')
        running = Demo(live, refused, *start(live, live.home / "demo.log"))
        try:
            yield running
        finally:
            if running.process.poll() is None:
                stop(running.process)


def test_a_home_with_real_data_is_refused(demo: Demo):
    assert demo.refused.returncode == 1
    assert "đã có dữ liệu thật" in demo.refused.stderr


def test_what_was_broken_off_begins_anew(demo: Demo):
    assert "làm lại từ đầu" in demo.said
    assert json.loads((demo.live.home / "demo.json").read_text())["state"] == "loaded"
    assert (
        demo.live.run(
            "from vamco.organisation.models import User; answer = User.objects.filter(username='that').count()"
        )
        == 0
    )


def test_a_month_of_work_in_every_state(demo: Demo):
    stages, statuses, dossiers, units = demo.live.run(_COUNTED)
    assert dossiers >= 400
    assert units >= 20
    assert set(stages) == {stage.value for stage in Stage}
    assert set(statuses) == set(range(2, 11))


def test_hardly_anything_was_refused(demo: Demo):
    state = json.loads((demo.live.home / "demo.json").read_text())
    assert state["events"] > state["dossiers"] >= 400
    assert state["refused"] < 0.05 * state["events"]


def test_one_account_of_each_role_signs_in(demo: Demo):
    accounts = demo.live.run(_SIGNED_IN)
    assert all(signed_in for _title, _name, _roles, signed_in in accounts)
    assert {role for _title, _name, roles, _in in accounts for role in roles} == set(roles())
    assert any("thu tiền" in title for title, _name, roles, _in in accounts if "cashier" in roles)
    for title, name, _roles, _in in accounts:
        assert title in demo.said
        assert name in demo.said


def test_a_second_one_says_where_the_first_runs(demo: Demo):
    second = demo.live.vamco("demo", check=False)
    assert second.returncode == 3
    assert demo.live.url in second.stderr
    demo.live.wait_for("/readyz")


def test_ctrl_c_stops_it_and_a_later_start_loads_nothing(demo: Demo):
    assert stop(demo.process) == 0
    process, said = start(demo.live, demo.live.home / "again.log")
    assert stop(process) == 0
    assert "Một tháng hồ sơ" not in said
    assert demo.live.url in said


_COUNTED = """
from vamco.dossiers.models import Dossier
from vamco.organisation.models import Unit
def distinct(name):
    return list(Dossier.objects.order_by(name).values_list(name, flat=True).distinct())
answer = [distinct("stage"), distinct("status"), Dossier.objects.count(), len(distinct("unit"))]
"""
_SIGNED_IN = """
from django.test import Client
from django.urls import reverse
from vamco.demo.loading import accounts
from vamco.organisation.models import User
answer = []
for title, name, password in accounts():
    client = Client(SERVER_NAME="127.0.0.1")
    client.post(reverse("account_login"), {"login": name, "password": password})
    roles = User.objects.get(username=name).holdings.values_list("post__grants__role", flat=True)
    answer.append([title, name, sorted(set(roles)), "_auth_user_id" in client.session])
"""
