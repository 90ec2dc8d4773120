"""The inbox and the search by folded name, with few dossiers and with many, over 300 units.

    ./dev bench inbox [--rows 200000] [--times 40] [--home FOLDER]

Two installations run side by side and are asked in turns, one request at a time, as an officer asks: milliseconds
until the whole page is there. `--rows 1000000` is the size that the aim names; it takes some minutes to load.
"""

import argparse
import os
import socket
import statistics
import time
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote

from bench import _rig as rig

FEW = 10_000
AIM = 2.0
WHO = {
    "centre": ("80-ttphcc", "mot_cua"),
    "district": ("803", "mot_cua"),
    "commune": ("27694", "mot_cua"),
    "province": ("80", "giam_sat"),
}
PAGES = {
    "inbox of the unit": "/viec/?tab=unit",
    "late ones": "/viec/?tab=late",
    "waiting for the owner": "/viec/?tab=ready",
    "one procedure": "/viec/?tab=unit&thu_tuc=1.004873",
    "search by name": "/viec/?q={name}",
    "search by family name": "/viec/?q=nguyen",
    "search by code": "/viec/?q={code}",
    "API, search by name": "/api/v1/dossiers?q={name}",
    "API, changed since": "/api/v1/dossiers?changed_since={recent}",
    "API, all of a step": "/api/v1/dossiers?step=tham_tra&status=4",
}


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--home", default="", help="where the larger installation is kept for the next time")
    options = parser.parse_args()
    sizes = (FEW, options.rows)
    with ExitStack() as stack:
        lines, asked = {}, {}
        for rows in sizes:
            made = stack.enter_context(rig.loaded(rows, options.home if rows == options.rows else ""))
            asked[rows] = made.run(f"from bench.inbox import questions; answer = questions({options.times})")
            port = stack.enter_context(rig.serving(made, "vamco.cli", "web"))
            lines[rows] = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        print(f"{os.cpu_count()} cores; medians of {options.times} requests, milliseconds")
        print(f"{'':44} {f'{sizes[0]:,}':>10} {f'{sizes[1]:,}':>10} {'ratio':>7}")
        for name in asked[FEW]:
            both = {rows: asked[rows][name] for rows in sizes}
            _medians(lines, both)  # warm
            times = _medians(lines, both)
            ratio = times[options.rows] / times[FEW]
            told = rig.verdict(ratio, AIM, at_most=True)
            print(f"{name:44} {times[FEW]:10.1f} {times[options.rows]:10.1f} {ratio:7.2f}  {told}")
        print(rig.of_full(options.rows))


def _medians(lines: dict[int, socket.socket], asked: dict[int, list[list[Any]]]) -> dict[int, float]:
    """Milliseconds of the middle request on each installation; each request is asked there and there in turn."""
    times: dict[int, list[float]] = {rows: [] for rows in asked}
    for each in zip(*asked.values(), strict=True):
        for rows, (path, headers) in zip(asked, each, strict=True):
            began = time.perf_counter()
            status, body = rig.exchange(lines[rows], rig.request("GET", path, **headers))
            times[rows].append((time.perf_counter() - began) * 1000)
            if status != 200:
                raise RuntimeError(f"{path}: {status} {body[:300]!r}")
    return {rows: statistics.median(taken) for rows, taken in times.items()}


def questions(times: int) -> dict[str, list[tuple[str, dict[str, str]]]]:
    """What each officer asks, so many times, with names that are there: {officer and page: [(path, headers)]}."""
    from datetime import timedelta

    from django.db.models import Max
    from django.test import Client

    from tests import province
    from vamco.core.actors import SYSTEM
    from vamco.dossiers.models import Dossier
    from vamco.organisation import actions

    found: dict[str, list[tuple[str, dict[str, str]]]] = {}
    newest = Dossier.objects.aggregate(newest=Max("changed_at"))["newest"]
    recent = quote((newest - timedelta(hours=3)).isoformat())
    for who, (code, post) in WHO.items():
        person = province.person(post, code)
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        _issued, token = actions.issue_token(SYSTEM, person, name="bench")
        headers = {
            "Cookie": f"sessionid={client.cookies['sessionid'].value}", "Authorization": f"Bearer {token}",
            "User_Agent": "bench",
        }  # fmt: skip
        mine = Dossier.objects.all() if code == "80" else Dossier.objects.filter(unit__code=code)
        known = list(mine.order_by("?").values_list("applicant_name", "code")[:times])
        for page, path in PAGES.items():
            paths = [path.format(name=quote(name), code=number, recent=recent) for name, number in known]
            found[f"{who}: {page}"] = [(one, headers) for one in (paths * times)[:times]]
    return found


if __name__ == "__main__":
    main()
