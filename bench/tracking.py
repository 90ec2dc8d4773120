"""Tracking by code, beside a bare view that selects one row by its key; with few dossiers and with many.

    ./dev bench tracking [--rows 200000] [--seconds 4] [--rounds 3]

`--rows 1000000` is the size that the aim names; it takes some minutes to load.
"""

import argparse
import os
import random

from bench import _rig as rig

CLIENTS = 8
FEW = 10_000
OF_BARE, OF_FEW = 0.4, 1.2


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    found: dict[int, dict[str, rig.Load]] = {}
    with rig.long_an() as made:
        for rows in (FEW, options.rows):
            made.vamco("loadgen", "--dossiers", str(rows - sum(found)))
            found[rows] = measure(made, options.seconds, options.rounds)
    few, many = found[FEW], found[options.rows]
    print(
        f"{CLIENTS} clients, {rig.WORKERS} web processes, {os.cpu_count()} cores; best of {options.rounds} rounds"
    )
    print(f"{'':40} {'a second':>9} {'median ms':>10} {'95 % ms':>9} {'ratio':>7}")
    for rows, loads in found.items():
        for name, load in loads.items():
            ratio = load.rate / loads["bare view"].rate
            told = rig.verdict(ratio, OF_BARE) if name != "bare view" else ""
            print(
                f"{f'{name}, {rows:,} dossiers':40} {load.rate:9.0f} {load.middle:10.1f} {load.high:9.1f}"
                f" {ratio:7.2f}  {told}".rstrip()
            )
            if load.odd:
                print(f"    other answers: {load.odd}")
    name = "GET /api/v1/tracking"
    grown = few[name].rate / many[name].rate
    print(
        f"\ntime at {options.rows:,} : time at {FEW:,} = {grown:.2f}  {rig.verdict(grown, OF_FEW, at_most=True)}"
    )


def measure(made: rig.live.Live, seconds: float, rounds: int) -> dict[str, rig.Load]:
    """Both sides, in turns."""
    codes = made.run(
        "from vamco.dossiers.models import Dossier\n"
        "answer = list(Dossier.objects.order_by('?').values_list('code', flat=True)[:4000])"
    )
    with rig.serving(made, "vamco.cli", "web") as port, rig.serving(made, "bench.bare") as bare:
        loads = rig.in_turns(
            {
                "bare view": lambda: rig.hammer(bare, _asked("/track/", codes), seconds),
                "GET /api/v1/tracking": lambda: rig.hammer(port, _asked("/api/v1/tracking/", codes), seconds),
            },
            rounds,
        )
    return {name: rig.best(each) for name, each in loads.items()}


def _asked(path: str, codes: list[str]) -> list[list[bytes]]:
    rng = random.Random()
    return [
        [rig.request("GET", path + code) for code in rng.sample(codes, len(codes))] for _i in range(CLIENTS)
    ]


if __name__ == "__main__":
    main()
