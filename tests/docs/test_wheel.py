"""The wheel holds what the package needs, and works where there is no checkout."""

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
UV = shutil.which("uv")


def run(*command: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload]


def tracked() -> set[str]:
    """The files of the package that are under version control; notes for who works on it are not shipped."""
    listed = run("git", "ls-files", "vamco", cwd=ROOT)
    if listed.returncode:
        pytest.skip("!!! NO WHEEL WAS TRIED: this is no checkout")
    return {name for name in listed.stdout.split() if not name.endswith(".md")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the tracked files, built in a copy, so that the checkout stays clean."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("dist")
    for name in (*tracked(), "pyproject.toml", "README.md", "LICENSE"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    alone = ["--no-isolation"] if find_spec("setuptools") else ["--installer", "uv"] if UV else []
    built = run(sys.executable, "-m", "build", "--wheel", "--outdir", str(out), *alone, cwd=copy)
    if not list(out.glob("*.whl")):
        pytest.skip(f"!!! NO WHEEL WAS TRIED: it could not be built here. {built.stderr[-300:]}")
    return next(out.glob("*.whl"))


def test_it_holds_the_tracked_files_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("vamco/")}
    assert names == tracked()
    for part in ("templates/", "/data/", "/typst/", ".ttf", ".woff2", "locale/en/LC_MESSAGES/django.mo"):
        assert any(part in name for name in names), part


def test_installed_it_runs_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    tool = [UV, "pip"] if UV else [sys.executable, "-m", "pip"]
    done = run(*tool, "install", "--quiet", "--no-deps", "--target", str(site), str(wheel))
    assert done.returncode == 0, done.stderr
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("VAMCO_", "DJANGO_"))}
    env = {**kept, "PYTHONPATH": str(site), "PYTHONSAFEPATH": "1", "VAMCO_HOME": str(tmp_path / "home")}
    where = run(sys.executable, "-c", "import vamco; print(vamco.__file__)", cwd=empty, env=env)
    assert where.stdout.startswith(str(site))
    helped = run(sys.executable, "-m", "vamco.cli", "help", cwd=empty, env=env)
    assert helped.returncode == 0, helped.stderr
    assert {"demo", "serve", "doctor", "backup", "migrate"} <= set(helped.stdout.split())
    assert (site / "bin" / "vamco").exists()
