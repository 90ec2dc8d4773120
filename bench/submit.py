"""Dossiers a second through the API, beside a bare view and pgbench with the same inserts.

    ./dev bench submit [--seconds 6] [--rounds 3] [--profile]

Eight clients post to `POST /api/v1/dossiers`, served by two web processes, over 20 units and then at one unit. What
the action inserts is recorded once and run as it is by `bench.bare` (raw SQL, one transaction) and by pgbench. No
worker runs: neither messages nor seals are part of any side. The raw sides take their serials over as many units; the rows
that they insert are those of one unit.
"""

import argparse
import json
import os
import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import _rig as rig
from tests import live
from vamco.core import postgres

CLIENTS = 8
UNITS = 20
AIM = 0.5
FAMILY, MIDDLE, GIVEN = (
    ("Nguyễn", "Trần", "Lê", "Phạm"),
    ("Thị Mỹ", "Văn", "Thị", "Minh"),
    ("Hạnh", "An", "Lan", "Tâm"),
)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with rig.long_an() as made:
        tokens = made.run(f"from bench.submit import open_counters; answer = open_counters({UNITS})")
        inserts = made.home / "inserts.json"
        recorded = made.run("from bench.submit import record; answer = record()")
        inserts.write_text(json.dumps(recorded))
        print(
            f"{CLIENTS} clients, {rig.WORKERS} web processes, {os.cpu_count()} cores; best of {options.rounds} rounds"
        )
        print(f"{'':34} {'a second':>9} {'median ms':>10} {'95 % ms':>9} {'ratio':>7}")
        with (
            rig.serving(made, "vamco.cli", "web") as port,
            rig.serving(made, "bench.bare", BENCH_INSERTS=str(inserts)) as bare,
        ):
            for units in (UNITS, 1):
                chosen = dict(list(tokens.items())[:units])
                sides: dict[str, Callable[[], rig.Load]] = {
                    "bare view": lambda chosen=chosen: rig.hammer(bare, _raw(chosen), options.seconds, 201),
                    "POST /api/v1/dossiers": lambda chosen=chosen: rig.hammer(
                        port, _posts(chosen), options.seconds, 201
                    ),
                    "pgbench": lambda units=units: _pgbench(made, recorded, units, options.seconds),
                }
                loads = rig.in_turns(sides, options.rounds)
                _print(units, {name: rig.best(each) for name, each in loads.items()})


def _print(units: int, found: dict[str, rig.Load]) -> None:
    base = found["bare view"].rate
    for name, load in found.items():
        ratio = load.rate / base
        told = rig.verdict(ratio, AIM) if name.startswith("POST") else ""
        what = f"{name}, {units} unit{'s' if units > 1 else ''}"
        print(
            f"{what:34} {load.rate:9.0f} {load.middle:10.1f} {load.high:9.1f} {ratio:7.2f}  {told}".rstrip()
        )
        if load.odd:
            print(f"    other answers: {load.odd}")


# What is asked -----------------------------------------------------------------------------------------------


def application(unit: str, rng: random.Random) -> dict[str, Any]:
    """A complete application of somebody new for a certificate of marital status."""
    who = f"{rng.choice(FAMILY)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"
    return {
        "procedure": "1.004873",
        "unit": unit,
        "channel": "counter",
        "parties": [
            {
                "role": "applicant", "kind": "person", "name": who,
                "id_number": f"0801{rng.randint(50, 99)}{rng.randrange(10**6):06d}", "phone": "0913000124",
                "email": f"cong.dan.{rng.randrange(10**9)}@example.vn", "address": "48/2 ấp 3",
            }
        ],
        "fields": {"tinh_trang": "chua_ket_hon", "muc_dich": "vay_von"},
        "papers": [
            {"code": "to_khai", "originals": 1}, {"code": "giay_to_tuy_than", "copies": 1},
            {"code": "giay_to_cu_tru", "copies": 1},
        ],
    }  # fmt: skip


def _posts(tokens: dict[str, str]) -> list[list[bytes]]:
    rng = random.Random()
    made = []
    for _client in range(CLIENTS):
        mine = []
        for _i in range(2000):
            unit = rng.choice(list(tokens))
            body = json.dumps(application(unit, rng)).encode()
            mine.append(
                rig.request(
                    "POST",
                    "/api/v1/dossiers",
                    body,
                    Content_Type="application/json",
                    Authorization=f"Bearer {tokens[unit]}",
                )
            )
        made.append(mine)
    return made


def _raw(tokens: dict[str, str]) -> list[list[bytes]]:
    rng = random.Random(1)
    asked = [rig.request("POST", "/dossiers", json.dumps(application(unit, rng)).encode()) for unit in tokens]
    return [asked[i:] + asked[:i] for i in range(CLIENTS)]


# What is inserted --------------------------------------------------------------------------------------------


def open_counters(units: int) -> dict[str, str]:
    """People in so many communes, and a token of the officer at each counter, by the unit's code."""
    from tests import province
    from vamco.core.actors import SYSTEM
    from vamco.organisation import actions
    from vamco.organisation.models import Unit

    tokens = {}
    for unit in Unit.objects.filter(level="commune").order_by("code")[:units]:
        if not unit.posts.exists():
            province.staff(unit)
        _issued, tokens[unit.code] = actions.issue_token(
            SYSTEM, province.person("mot_cua", unit.code), name="bench"
        )
    return tokens


def record() -> dict[str, Any]:
    """Everything that one `receive` through the API inserts: {"serial": SQL, "statements": [[name, SQL], ...]}.

    In the SQL stand %(party)s, %(dossier)s and %(message)s for the keys that earlier statements answered (those with
    that name), %(unit)s for the unit, and %(unique)s for what must differ each time (32 hexadecimal digits, capitals as in a dossier's code).
    """
    from django.db import connection, connections

    from tests import province
    from vamco.dossiers import actions
    from vamco.dossiers.work import offers
    from vamco.notify.models import Message
    from vamco.parties.models import Party

    firsts = {"party": ("parties_party", 700_000_001), "dossier": ("dossiers_dossier", 710_000_001),
              "message": ("notify_message", 720_000_001)}  # fmt: skip
    with connection.cursor() as cursor:
        for table, first in firsts.values():
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN id RESTART WITH {first}")
    told: list[tuple[str, str]] = []

    def listen(execute: Any, sql: Any, parameters: Any, many: Any, context: Any) -> Any:
        told.append(
            (context["connection"].alias, str(context["connection"].ops.compose_sql(sql, parameters)))
        )
        return execute(sql, parameters, many, context)

    given = offers.application_input(application("27694", random.Random(7)))
    unit = province.unit()
    actor = province.actor("mot_cua", via="api")
    with connection.execute_wrapper(listen), connections["serials"].execute_wrapper(listen):
        dossier = actions.receive(actor, unit, application=given, strict=True)
    party = Party.objects.get(pk=dossier.applicant_id)
    message = Message.objects.get(dossier=dossier.code)
    replaced = {
        bytes(party.number_hash or b"").hex(): "%(unique)s%(unique)s",
        message.message_id.partition("@")[0][1:]: "%(unique)s",
        dossier.code: "BARE-%(unique)s",
        **{str(first): f"%({name})s" for name, (_table, first) in firsts.items()},
    }
    serial, statements = "", []
    for alias, sql in told:
        if not re.match(r"\s*(INSERT|WITH|SELECT\s+unnest\(\s*procrastinate_defer)", sql):
            continue
        sql = sql.replace("%", "%%")
        for old, new in replaced.items():
            sql = sql.replace(old, new)
        if alias == "serials":
            serial = re.sub(r"'dossier:\d+:", "'dossier:%(unit)s:", sql)
            continue
        name = next((n for n, (table, _f) in firsts.items() if sql.startswith(f'INSERT INTO "{table}"')), "")
        statements.append((name, sql))
    return {"serial": serial, "statements": statements}


def _pgbench(made: live.Live, recorded: dict[str, Any], units: int, seconds: float) -> rig.Load:
    """The same statements by pgbench, the serial in a transaction of its own as there."""
    names = {
        "party": ":party_id",
        "dossier": ":dossier_id",
        "message": ":message_id",
        "unit": ":unit",
        "unique": ":unique",
    }
    lines = [
        f"\\set unit random(1, {units})",
        "\\set unique random(100000000000000000, 999999999999999999)",
        f"BEGIN\\; SET LOCAL synchronous_commit TO off\\; {recorded['serial'] % names}\\; COMMIT;",
        "BEGIN;",
    ]
    for name, sql in recorded["statements"]:
        # «message::message_id» would be read as a cast.
        text = (sql % names).replace("::message_id", ": :message_id").replace("\n", " ").strip().rstrip(";")
        lines.append(f"{text} \\gset {name}_" if name else f"{text};")
    script = Path(made.home / "submit.pgbench")
    script.write_text("\n".join([*lines, "COMMIT;"]) + "\n")
    database = postgres.django_database(made.database_url)
    done = subprocess.run(
        [
            str(postgres.programs() / "pgbench"), "-n", "-c", str(CLIENTS), "-j", "2", "-T", str(int(seconds)),
            "-f", str(script), "-h", database["HOST"], "-p", str(database["PORT"] or 5432), "-U", database["USER"],
            database["NAME"],
        ],
        env={**os.environ, "PGPASSWORD": database["PASSWORD"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    latency = re.search(r"latency average = ([\d.]+) ms", done.stdout)
    if done.returncode or not rate or not latency:
        raise RuntimeError(done.stderr[-2000:])
    return rig.Load(float(rate[1]), float(latency[1]), float("nan"), {})


if __name__ == "__main__":
    main()
