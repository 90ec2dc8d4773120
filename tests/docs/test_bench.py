"""The measurements in bench/ start: what they import is there, as each is run by `./dev bench`."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted(path.stem for path in (ROOT / "bench").glob("*.py") if not path.stem.startswith("_"))


def test_every_measurement_can_be_imported(tmp_path: Path) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("VAMCO_", "PYTEST_", "DJANGO_"))}
    env = {**kept, "VAMCO_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    running = {
        name: subprocess.Popen(
            [sys.executable, "-c", f"import bench.{name}"],
            env=env,
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in SCRIPTS
    }
    told = {name: process.communicate()[1] for name, process in running.items()}
    assert {name: told[name] for name, process in running.items() if process.returncode} == {}
    assert {"submit", "tracking", "inbox", "pdf", "worktime"} <= set(SCRIPTS)
