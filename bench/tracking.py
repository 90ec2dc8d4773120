"""Tracking by code, beside a bare view that selects one row by its key; with few dossiers and with many.

    ./dev bench tracking [--rows 200000] [--seconds 4] [--rounds 3] [--home FOLDER]

`--rows 1000000` is the size that the aim names; it takes some minutes to load.
"""

import argparse
import os
import random
from collections.abc import Callable
from contextlib import ExitStack

from bench import _rig as rig

CLIENTS = 8
NAME = "GET /api/v1/tracking"
FEW = 10_000
OF_BARE, OF_FEW = 0.4, 1.2


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--home", default="", help="where the larger installation is kept for the next time")
    options = parser.parse_args()
    found: dict[int, dict[str, rig.Load]] = {}
    with ExitStack() as stack:
        sides = {}
        for rows in (FEW, options.rows):
            made = stack.enter_context(rig.loaded(rows, options.home if rows == options.rows else ""))
            sides |= _sides(stack, made, rows, options.seconds)
        loads = rig.in_turns(sides, options.rounds)
    for (rows, name), each in loads.items():
        found.setdefault(rows, {})[name] = rig.best(each)
    few, many = found[FEW], found[options.rows]
    print(
        f"{CLIENTS} clients, {rig.WORKERS} web processes, {os.cpu_count()} cores; best of {options.rounds} rounds"
    )
    print(f"{'':40} {'a second':>9} {'median ms':>10} {'95 % ms':>9} {'ratio':>7}")
    for rows, both in found.items():
        for name, load in both.items():
            ratio = load.rate / both["bare view"].rate
            told = rig.verdict(ratio, OF_BARE) if name != "bare view" else ""
            print(
                f"{f'{name}, {rows:,} dossiers':40} {load.rate:9.0f} {load.middle:10.1f} {load.high:9.1f}"
                f" {ratio:7.2f}  {told}".rstrip()
            )
            if load.odd:
                print(f"    other answers: {load.odd}")
    grown = few[NAME].rate / many[NAME].rate
    print(
        f"\ntime at {options.rows:,} : time at {FEW:,} = {grown:.2f}  {rig.verdict(grown, OF_FEW, at_most=True)}"
    )
    print(rig.of_full(options.rows))


def _sides(
    stack: ExitStack, made: rig.live.Live, rows: int, seconds: float
) -> dict[tuple[int, str], Callable[[], rig.Load]]:
    """What is measured on one installation."""
    codes = made.run(
        "from vamco.dossiers.models import Dossier\n"
        "answer = list(Dossier.objects.order_by('?').values_list('code', flat=True)[:4000])"
    )
    port = stack.enter_context(rig.serving(made, "vamco.cli", "web"))
    bare = stack.enter_context(rig.serving(made, "bench.bare"))
    return {
        (rows, "bare view"): lambda: rig.hammer(bare, _asked("/track/", codes), seconds),
        (rows, NAME): lambda: rig.hammer(port, _asked("/api/v1/tracking/", codes), seconds),
    }


def _asked(path: str, codes: list[str]) -> list[list[bytes]]:
    rng = random.Random()
    return [
        [rig.request("GET", path + code) for code in rng.sample(codes, len(codes))] for _i in range(CLIENTS)
    ]


if __name__ == "__main__":
    main()
