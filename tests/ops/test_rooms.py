"""What a room keeps beside the database is backed up, comes back and is looked at; what it has running is kept running."""

import io
import json
import os
import shutil
import signal
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live import Live

from .test_backup import empty
from .test_doctor import examine
from .test_serve import children, serving

WITH_SHELF = {"DJANGO_SETTINGS_MODULE": "tests.ops.rooms"}
KEPT = {"thư/2016/đơn.txt": "Kính gửi UBND xã", "a.txt": "a"}


@pytest.fixture(scope="module")
def shelf(installed: Live) -> Live:
    """The installation with the room, whose folder holds papers and what is no paper."""
    live = Live(installed.home, installed.port, {**installed.env, **WITH_SHELF})
    folder = live.home / "shelf"
    for path, text in KEPT.items():
        (folder / path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / path).write_text(text)
    folder.chmod(0o700)
    (folder / "link").symlink_to(live.home / "secrets.json")
    (folder / "folder-link").symlink_to(live.home / "files")
    os.mkfifo(folder / "thư" / "pipe")
    return live


@pytest.fixture(scope="module")
def archive(shelf: Live, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it, without the keys."""
    path = tmp_path_factory.mktemp("backup") / "shelf.vamco"
    done = shelf.vamco("backup", "--without-secrets", str(path))
    for foreign in ("shelf/link", "shelf/folder-link", "shelf/thư/pipe"):
        assert foreign in done.stderr
    return path


@pytest.fixture(scope="module")
def fresh(shelf: Live) -> Iterator[Live]:
    """An empty installation with the room and the keys of the other: whatever is refused leaves nothing in it."""
    with empty(shelf) as new:
        shutil.copy(shelf.home / "secrets.json", new.home / "secrets.json")
        yield new


def papers(live: Live) -> dict[str, str]:
    folder = live.home / "shelf"
    return {str(one.relative_to(folder)): one.read_text() for one in folder.rglob("*") if one.is_file()}


def test_they_come_only_into_an_empty_folder(fresh: Live, archive: Path) -> None:
    (fresh.home / "shelf").mkdir()
    (fresh.home / "shelf" / "mine").write_text("mine")

    done = fresh.vamco("restore", str(archive), check=False)

    assert done.returncode == 1
    assert f"{fresh.home / 'shelf'} đã có tệp" in done.stderr
    assert papers(fresh) == {"mine": "mine"}
    shutil.rmtree(fresh.home / "shelf")


def test_without_the_room_it_is_said_and_nothing_is_restored(fresh: Live, archive: Path) -> None:
    without = {name: value for name, value in fresh.env.items() if name not in WITH_SHELF}

    done = Live(fresh.home, fresh.port, without).vamco("restore", str(archive), check=False)

    assert done.returncode == 1
    assert "phân hệ chưa cài ở đây: shelf" in done.stderr
    assert not (fresh.home / "shelf").exists()


@pytest.mark.parametrize("damage", ["changed", "climbs", "lost"])
def test_a_damaged_store_is_refused_and_leaves_nothing(
    fresh: Live, archive: Path, tmp_path: Path, damage: str
) -> None:
    damaged = tmp_path / "damaged"
    rewrite(archive, damaged, damage)

    done = fresh.vamco("restore", str(damaged), check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: ")
    assert not (fresh.home / "shelf").exists()
    assert not (fresh.home / "outside.txt").exists()


def rewrite(source: Path, target: Path, damage: str) -> None:
    """The archive with something wrong about the paper «a.txt»."""
    name, climbing = "stores/shelf/a.txt", "../outside.txt"
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            content = old.extractfile(member).read()
            if member.name == "manifest.json" and damage == "climbs":
                manifest: dict[str, Any] = json.loads(content)
                manifest["stores"]["shelf"][climbing] = manifest["stores"]["shelf"].pop("a.txt")
                content = json.dumps(manifest).encode()
            if member.name == name and damage == "changed":
                content = b"b"
            if member.name == name and damage == "lost":
                continue
            if member.name == name and damage == "climbs":
                member.name = f"stores/shelf/{climbing}"
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))


def test_then_the_papers_come_back_for_their_owner_alone(fresh: Live, archive: Path) -> None:
    with tarfile.open(archive) as tar:
        assert sorted(n for n in tar.getnames() if n.startswith("stores/")) == sorted(
            f"stores/shelf/{path}" for path in (*KEPT, "at-rest")
        )
    (fresh.home / "shelf").mkdir()

    done = fresh.vamco("restore", str(archive))

    assert "Đã phục hồi và đối chiếu" in done.stdout
    assert papers(fresh) == {**KEPT, "at-rest": "đang nghỉ"}
    for one in [fresh.home / "shelf", *(fresh.home / "shelf").rglob("*")]:
        assert one.stat().st_mode & 0o777 == (0o700 if one.is_dir() else 0o600), one
    (fresh.home / "shelf" / "a.txt").write_text("b")
    differ = "from vamco.core import stores; answer = stores.differing({'shelf': %r})"
    assert fresh.run(differ % dict.fromkeys(KEPT, "0" * 64)) == [f"shelf/{path}" for path in KEPT]


def test_doctor_says_what_a_store_holds_and_who_may_read_it(shelf: Live) -> None:
    name, folder = "Kho dữ liệu: Kệ giấy", shelf.home / "shelf"
    found = examine(shelf)[name]
    assert (found["verdict"], found["says"][:6]) == ("warn", "2 tệp,")
    assert "không được sao lưu" in found["says"]

    folder.chmod(0o755)
    try:
        assert examine(shelf)[name]["do"] == f"chmod 700 {folder}"
    finally:
        folder.chmod(0o700)


def test_a_rooms_process_is_started_again_and_ends_with_serve(shelf: Live) -> None:
    with serving(shelf) as served:
        before = children(served.pid)
        assert before.keys() == {"web", "worker", "tidy"}
        os.kill(before["tidy"], signal.SIGKILL)
        after = eventually_another(served.pid, before["tidy"])
    assert not Path(f"/proc/{after}").exists()


def eventually_another(served: int, before: int) -> int:
    from .test_serve import eventually

    eventually(lambda: children(served).get("tidy") not in (None, before))
    return children(served)["tidy"]
