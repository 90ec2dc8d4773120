"""The script `dev`: what it says, and when it installs anew."""

import hashlib
import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script as a module; its environment is an empty folder, and it starts no program."""
    loader = SourceFileLoader("dev_script", str(ROOT / "dev"))
    spec = spec_from_loader("dev_script", loader)
    assert spec
    module = module_from_spec(spec)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    loader.exec_module(module)
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(module, "VENV", tmp_path / "venv")
    (tmp_path / "venv/lib/python3.11/site-packages").mkdir(parents=True)
    (tmp_path / "venv/bin").mkdir()
    called: list[list[str]] = []
    monkeypatch.setattr(module, "make_venv", lambda uv: called.append(["venv"]))
    monkeypatch.setattr(module.subprocess, "call", lambda command, **_more: called.append(command) or 0)
    module.called = called  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize(("arguments", "code"), [([], 0), (["help"], 0), (["--help"], 0), (["tset"], 2)])
def test_without_a_known_command_it_says_what_there_is(
    dev: ModuleType, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    assert dev.main(arguments) == code
    said = capsys.readouterr().out
    for command in ("demo", "test --all", "lint", "bench", "vamco", "build", "lock"):
        assert f"./dev {command}" in said
    assert not dev.called


def test_an_unknown_bench_names_those_there_are(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["bench", "nothing"]) == 1
    said = capsys.readouterr().err
    assert "nothing" in said
    assert "submit" in said


def test_it_installs_once_and_again_when_the_lock_changed(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    locks = {kind: tmp_path / f"{kind}.txt" for kind in dev.LOCKS}
    for lock in locks.values():
        lock.write_text("django==5.2\n")
    monkeypatch.setattr(dev, "LOCKS", {kind: str(path) for kind, path in locks.items()})
    dev.environment("run")
    assert dev.called[0] == ["venv"]
    assert dev.called[1][-3:] == ["--require-hashes", "-r", str(locks["run"])]
    dev.environment("run")
    assert len(dev.called) == 2
    locks["run"].write_text("django==5.3\n")
    dev.environment("run")
    assert len(dev.called) == 4


def test_what_could_not_be_installed_is_tried_again(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.subprocess, "call", lambda command, **_more: 1)
    for _try in range(2):
        with pytest.raises(SystemExit) as left:
            dev.environment("dev")
        assert left.value.code == 1


def test_two_kinds_share_one_environment(dev: ModuleType) -> None:
    dev.environment("dev")
    dev.environment("run")
    assert sum(command == ["venv"] for command in dev.called) == 1


def test_what_is_built_installs_nothing_whose_hash_is_not_locked(dev: ModuleType, tmp_path: Path) -> None:
    wheel = tmp_path / "vamco-0.1.0-py3-none-any.whl"
    wheel.write_bytes(b"a wheel")
    assert dev.lock_wheel(wheel) == 0
    lines = (tmp_path / "requirements.txt").read_text().splitlines()
    assert lines[-1] == f"./{wheel.name} --hash=sha256:{hashlib.sha256(b'a wheel').hexdigest()}"
    assert lines[:-1] == (ROOT / "requirements.txt").read_text().splitlines()


def test_every_documented_install_checks_hashes() -> None:
    installs = [
        line
        for page in ROOT.glob("docs/*.md")
        for line in page.read_text().splitlines()
        if re.search(r"\bpip install (?!it\b)", line)
    ]
    assert len(installs) >= 2
    for line in installs:
        assert "--no-deps --require-hashes -r requirements.txt" in line, line
