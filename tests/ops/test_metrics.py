"""The operator's figures are for programs on the machine, and tell of all web processes."""

import os
import re
import subprocess
import urllib.request
from collections.abc import Iterator

import pytest
from prometheus_client.mmap_dict import MmapedDict

from tests.live import Live, free_port
from vamco.core import counting

pytestmark = pytest.mark.django_db


def test_on_the_machine_they_count_requests(client):
    client.get("/healthz")
    assert b"django_http_requests_total_by_method_total" in client.get("/metrics").content


@pytest.mark.parametrize(
    "stranger", [{"REMOTE_ADDR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}]
)
def test_a_stranger_does_not_see_them(client, stranger):
    answer = client.get("/metrics", **stranger)
    assert answer.status_code == 403
    assert b"django_http" not in answer.content


@pytest.fixture
def two(installed: Live) -> Iterator[Live]:
    """`vamco web` with two processes."""
    port = str(free_port())
    env = {**installed.env, "VAMCO_PORT": port, "VAMCO_WEB_WORKERS": "2"}
    live = Live(installed.home, int(port), env)
    live.start("web")
    yield live
    live.processes["web"].terminate()
    live.processes["web"].wait(30)


def counted(live: Live) -> int:
    said = urllib.request.urlopen(f"{live.url}/metrics", timeout=20).read().decode()
    return int(float(re.findall(r'requests_total_by_method_total{method="GET"} (\S+)', said)[0]))


def test_two_processes_tell_the_sum_whichever_is_asked(two):
    before = counted(two)
    for _time in range(24):
        urllib.request.urlopen(f"{two.url}/healthz", timeout=20).read()
    assert [counted(two) for _time in range(6)] == [before + 24 + n for n in range(1, 7)]
    folder = two.home / "metrics" / str(two.processes["web"].pid)
    shares = [_requests(file) for file in folder.glob("counter_*.db")]
    assert len([share for share in shares if share]) == 2, "both processes had some"


def _requests(file):
    return sum(
        value for key, value, *_rest in MmapedDict.read_all_values_from_file(str(file)) if "by_method" in key
    )


def test_what_dead_ones_left_goes_and_others_keep_theirs(tmp_path, monkeypatch):
    monkeypatch.delenv(counting.FOLDER, raising=False)
    over = subprocess.Popen(["true"])
    over.wait()
    for name in (str(over.pid), str(os.getppid()), str(os.getpid()), "x"):
        (tmp_path / "metrics" / name).mkdir(parents=True)
        (tmp_path / "metrics" / name / "counter_1.db").touch()
    counting.together(tmp_path)
    own = tmp_path / "metrics" / str(os.getpid())
    assert {one.name for one in own.parent.iterdir()} == {str(os.getpid()), str(os.getppid())}
    assert os.environ.pop(counting.FOLDER) == str(own)
    assert list(own.iterdir()) == []
