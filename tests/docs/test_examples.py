"""The worked examples of CONTRIBUTING.md do what the page says."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.live import installation

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MOST_LINES = 30


def examples(text: str = GUIDE) -> dict[str, str]:
    """The code blocks of the guide, or of a part of it, that begin with the path of their file."""
    blocks = re.findall(r"```(?:python|html)\n(.+?)```", text, re.DOTALL)
    named = {}
    for block in blocks:
        first, rest = block.split("\n", 1)
        found = re.fullmatch(r"(?:# |\{# )((?:vamco|tests)/[\w/.]+)(?: #\})?", first)
        if found:
            named[found[1]] = rest
    return named


def test_each_example_has_less_than_thirty_lines_over_all_its_files() -> None:
    """An example is what one section shows; the test of it is one of its own."""
    lines: Counter[tuple[str, str]] = Counter()
    for section in GUIDE.split("\n## ")[1:]:
        for path, text in examples(section).items():
            lines[section.partition("\n")[0], path.partition("/")[0]] += text.count("\n")
    assert len(lines) == 4
    assert max(lines.values()) < MOST_LINES, lines


def test_every_file_and_page_that_the_documents_name_is_there() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    lost = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not target.startswith(("http:", "https:", "mailto:")) and not (page.parent / target).exists():
                lost.append(f"{page.relative_to(ROOT)}: {target}")
    assert not lost


@pytest.mark.slow
def test_room_action_and_page_of_the_guide_work_in_a_copy(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for folder in ("vamco", "tests"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for path, text in {"vamco/remarks/__init__.py": "", **examples()}.items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_text(text, encoding="utf-8")
    settings = copy / "vamco/settings.py"
    listed = settings.read_text().replace(
        '    "vamco.timing",\n', '    "vamco.timing",\n    "vamco.remarks",\n', 1
    )
    settings.write_text(listed)
    assert '"vamco.remarks"' in listed
    with installation() as live:
        live.env |= {"PYTHONPATH": str(copy), "PYTHONSAFEPATH": "1"}  # the copy, not the checkout we stand in
        live.vamco("makemigrations", "remarks")
        live.vamco("migrate", "--verbosity", "0")
        assert live.run(_LOOK) == [302, 200, True]
        tests = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/organisation/test_telephone.py"],
            cwd=copy, env=live.env, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert tests.returncode == 0, tests.stdout


_LOOK = """
from django.test import Client
from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.demo.people import staff
from vamco.organisation.load import load_units
from vamco.organisation.models import Unit, User
from vamco.remarks.models import Remark
load_units()
unit = Unit.objects.get(code="27694")
staff(unit)
Remark.objects.create(unit=unit, text="Chờ lâu quá", at=clock.now())
client = Client(SERVER_NAME="127.0.0.1")
stranger = client.get("/gop-y/")
client.force_login(User.objects.filter(holdings__post__unit=unit).first())
page = client.get("/gop-y/")
answer = [stranger.status_code, page.status_code, "Chờ lâu quá" in page.content.decode()]
"""
