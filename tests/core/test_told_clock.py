"""The clock can be told the time by the demo's set-up and by tests, and by nothing that a running installation serves."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import vamco

ROOT = Path(vamco.__file__).parent
TELLING = {"told", "_told"}


def tells(tree: ast.AST) -> bool:
    """Whether a module reaches what tells the clock the time: `clock.told`, an import of it, or by `getattr`."""
    nodes = list(ast.walk(tree))
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    clocks = {one.asname or one.name for node in froms for one in node.names if one.name == "clock"}
    taken = {
        one.name for node in froms if (node.module or "").rpartition(".")[2] == "clock" for one in node.names
    }
    if taken & {*TELLING, "*"}:
        return True
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in TELLING:
            # vamco.core.clock.told, clock.told, or whatever it was called
            value = node.value
            if (isinstance(value, ast.Name) and value.id in clocks) or (
                isinstance(value, ast.Attribute) and value.attr == "clock"
            ):
                return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
            of = node.args[0]
            if isinstance(of, ast.Name) and of.id in clocks:
                return True
    return False


def modules() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "code",
    [
        "from vamco.core import clock\nclock.told(x)",
        "from vamco.core import clock as c\nc._told.set(x)",
        "from . import clock\nwith clock.told(x): pass",
        "from vamco.core.clock import told",
        "from .clock import _told as t",
        "import vamco.core.clock\nvamco.core.clock.told(x)",
        "from vamco.core import clock\ngetattr(clock, name)",
    ],
)
def test_every_way_of_telling_is_seen(code: str) -> None:
    assert tells(ast.parse(code))


def test_only_the_demo_tells_the_clock_the_time() -> None:
    found = {name for name, tree in modules() if tells(tree)}
    assert {name for name in found if not name.startswith("demo/")} == set()
    assert found


def test_nothing_that_is_served_imports_the_demo() -> None:
    found = set()
    for name, tree in modules():
        for node in ast.walk(tree):
            named = [one.name for one in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            from_ = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any("demo" in one.split(".") for one in (*named, *from_)):
                found.add(name)
    assert {name for name in found if not name.startswith("demo/")} == set()
