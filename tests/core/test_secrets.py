"""The key file, encryption and the keyed hash."""

import json
import multiprocessing
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from vamco.core import secrets


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("VAMCO_SECRETS", str(tmp_path / "keys" / "secrets.json"))
    yield
    monkeypatch.undo()
    secrets._cache = None


def test_first_use_makes_a_file_for_its_owner_alone() -> None:
    secrets.encrypt("x")
    path = secrets.keys_path()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["secrets.json"]


def test_the_file_lies_in_the_home_unless_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = secrets._home
    monkeypatch.delenv("VAMCO_SECRETS")
    try:
        assert len(secrets.secret_key(tmp_path)) >= 50
        assert (tmp_path / "secrets.json").exists()
    finally:
        secrets._home = home


def test_decrypts_what_it_encrypted_and_never_the_same_way_twice() -> None:
    tokens = {secrets.encrypt("080190001234"), secrets.encrypt("080190001234")}
    assert len(tokens) == 2
    assert {secrets.decrypt(token) for token in tokens} == {"080190001234"}
    assert not any(b"080190001234" in token for token in tokens)


def test_lookup_is_stable_and_separates_kinds_and_installations() -> None:
    first = secrets.lookup("old_id", "301234567")
    assert len(first) == 32
    assert first == secrets.lookup("old_id", "301234567")
    assert first != secrets.lookup("passport", "301234567")
    secrets.keys_path().unlink()
    assert first != secrets.lookup("old_id", "301234567")


def test_a_value_of_other_keys_is_a_clear_error_without_the_value() -> None:
    token = secrets.encrypt("080190001234")
    secrets.keys_path().unlink()
    with pytest.raises(secrets.SecretsError, match="restore the secrets"):
        secrets.decrypt(token)


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"django": "x", "encryption": ["bad"], "lookup": ["eA=="]}']
)
def test_a_damaged_file_is_refused_and_kept(content: str) -> None:
    path = secrets.keys_path()
    path.parent.mkdir()
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(secrets.SecretsError, match="damaged"):
        secrets.encrypt("x")
    assert path.read_text() == content


def test_a_file_open_to_others_is_refused() -> None:
    secrets.encrypt("x")
    secrets.keys_path().chmod(0o644)
    secrets._cache = None
    with pytest.raises(secrets.SecretsError, match="chmod 600"):
        secrets.encrypt("x")


def test_keys_are_not_in_a_repr() -> None:
    secrets.encrypt("x")
    assert secrets._cache is not None
    keys = secrets._cache[1]
    assert keys.django not in repr(keys)
    assert keys.encryption[0] not in repr(keys)


def test_old_keys_read_until_dropped() -> None:
    old, old_hash = secrets.encrypt("x"), secrets.lookup("k", "x")
    django = secrets._load()[1].django
    secrets.add_keys()
    assert secrets.decrypt(old) == "x"
    assert not secrets.is_current(old)
    assert secrets.is_current(secrets.encrypt("x"))
    assert secrets.lookups("k", "x") == [secrets.lookup("k", "x"), old_hash]
    assert secrets.lookup("k", "x") != old_hash
    secrets.drop_old_keys()
    assert secrets.lookups("k", "x") == [secrets.lookup("k", "x")]
    assert secrets._load()[1].django == django
    with pytest.raises(secrets.SecretsError):
        secrets.decrypt(old)


def test_another_process_sees_new_keys_at_once() -> None:
    secrets.encrypt("x")
    content = json.loads(secrets.keys_path().read_text())
    with multiprocessing.get_context("fork").Pool(1) as pool:
        pool.apply(secrets.add_keys)
    assert len(secrets._load()[1].encryption) == 2
    assert secrets._load()[1].encryption[1] == content["encryption"][0]


def _key_of_new_process(_: int) -> str:
    secrets._cache = None
    return secrets._load()[1].encryption[0]


def test_processes_that_start_at_once_share_one_file() -> None:
    with multiprocessing.get_context("fork").Pool(8) as pool:
        keys = pool.map(_key_of_new_process, range(32), chunksize=1)
    assert len(set(keys)) == 1
    assert [p.name for p in secrets.keys_path().parent.iterdir()] == ["secrets.json"]
