"""The worked examples of CONTRIBUTING.md do what the page says."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import Live, installation

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
REGISTER = ("vamco/remarks/actions.py", "vamco/remarks/room.py")
"""What a register is beside its model and its app."""


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


def said(text: str) -> list[str]:
    """The lines that say something: no empty ones, and no imports."""
    lines = (line for line in text.splitlines() if line.strip())
    return [line for line in lines if not re.match(r"from \S+ import |import ", line)]


def test_an_action_and_a_page_have_less_than_thirty_lines() -> None:
    for section in ("Add an action", "Add a page"):
        text = GUIDE.split(f"## {section}\n")[1].split("\n## ")[0]
        code = [
            line for path, one in examples(text).items() if path.startswith("vamco/") for line in said(one)
        ]
        assert 0 < len(code) < 30, section


def test_a_register_has_less_than_sixty_lines_beside_its_model() -> None:
    assert sum(len(said(examples()[path])) for path in REGISTER) < 60


def test_every_file_and_page_that_the_documents_name_is_there() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    lost = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not target.startswith(("http:", "https:", "mailto:")) and not (page.parent / target).exists():
                lost.append(f"{page.relative_to(ROOT)}: {target}")
    assert not lost


def copied(to: Path) -> Path:
    """The package with everything that the guide adds to it."""
    for folder in ("vamco", "tests"):
        shutil.copytree(ROOT / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", to)
    for path, text in {"vamco/remarks/__init__.py": "", **examples()}.items():
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        (to / path).write_text(text, encoding="utf-8")
    edit(to, '    "vamco.timing",\n', '    "vamco.timing",\n    "vamco.remarks",\n')
    return to


def edit(copy: Path, old: str, new: str) -> None:
    """Change the settings of the copy."""
    settings = copy / "vamco/settings.py"
    text = settings.read_text(encoding="utf-8")
    assert old in text
    settings.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.slow
def test_the_examples_of_the_guide_work_in_a_copy_and_their_room_can_be_deleted(tmp_path: Path) -> None:
    copy = copied(tmp_path / "copy")
    with installation() as live:
        live.env |= {"PYTHONPATH": str(copy), "PYTHONSAFEPATH": "1"}  # the copy, not the checkout we stand in
        live.vamco("makemigrations", "remarks")
        live.vamco("migrate", "--verbosity", "0")
        assert live.run(_REGISTER) == _EXPECTED
        assert try_the_action(copy, live).returncode == 0
        shutil.rmtree(copy / "vamco/remarks")
        edit(copy, '    "vamco.remarks",\n', "")
        assert live.run(_GONE) == [404, 404, 200, 200, False]


def try_the_action(copy: Path, live: Live) -> subprocess.CompletedProcess[str]:
    """Run the guide's test of its action."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/organisation/test_telephone.py"],
        cwd=copy, env=live.env, capture_output=True, text=True, check=False,
    )  # fmt: skip


_PEOPLE = """
from io import BytesIO
from django.test import Client
from openpyxl import Workbook, load_workbook
from vamco.core import jobs
from vamco.demo.people import staff
from vamco.organisation.load import load_units
from vamco.organisation.models import Unit, User

def signed_in(role):
    client = Client(SERVER_NAME="127.0.0.1")
    held = User.objects.filter(holdings__post__unit__code="27694", holdings__post__grants__role=role)
    client.force_login(held.first())
    return client
"""

_REGISTER = (
    _PEOPLE
    + """
from vamco.core.models import LedgerEntry
from vamco.remarks.models import Remark
load_units()
unit = Unit.objects.get(code="27694")
staff(unit)
answer = {}
desk, chief = signed_in("intake"), signed_in("supervisor")
answer["stranger"] = Client(SERVER_NAME="127.0.0.1").get("/gop-y/").status_code
answer["empty"] = "Chưa có góp ý" in desk.get("/gop-y/").content.decode()
answer["form"] = desk.get("/gop-y/them/").status_code
answer["refused"] = desk.post("/gop-y/them/", {"unit": unit.code, "text": " "}).status_code
answer["written"] = desk.post("/gop-y/them/", {"unit": unit.code, "text": "Chờ lâu quá"}, follow=True).redirect_chain[0][0]
one = Remark.objects.get()
answer["list"] = "Chờ lâu quá" in chief.get("/gop-y/?q=cho+lau").content.decode()
answer["nothing found"] = "Chờ lâu quá" in chief.get("/gop-y/?q=nhanh").content.decode()
answer["may not answer"] = desk.post(f"/gop-y/{one.pk}/answer/", {"text": "Vâng"}).status_code
answer["answered"] = chief.post(f"/gop-y/{one.pk}/answer/", {"text": "Đã mở thêm quầy"}).status_code
record = chief.get(f"/gop-y/{one.pk}/").content.decode()
answer["record"] = ["Đã mở thêm quầy" in record, "Trả lời góp ý" in record, "Lịch sử" in record, "Tệp đính kèm" in record]
answer["help"] = "Ai làm được" in chief.get("/gop-y/huong-dan/").content.decode()
file = chief.post("/gop-y/", {"export": "xlsx"})
answer["export"] = [cell.value for cell in load_workbook(BytesIO(file.content)).active[2]][2:4]
sheet = Workbook()
sheet.active.append(["Góp ý tháng 12"])
sheet.active.append(["TT", "NỘI DUNG"])
sheet.active.append([1, "Ghế cứng"])
kept = BytesIO()
sheet.save(kept)
from django.core.files.uploadedfile import SimpleUploadedFile
run = desk.post("/gop-y/nhap/", {"file": SimpleUploadedFile("gop-y.xlsx", kept.getvalue()), "unit": unit.code})
answer["import"] = [run.status_code, "Ghế cứng" in desk.get(run["Location"]).content.decode()]
from vamco.organisation.access import oneself
from vamco.organisation.actions import own_token
def token(client):
    user = User.objects.get(pk=client.session["_auth_user_id"])
    return {"HTTP_AUTHORIZATION": f"Bearer {own_token(oneself(user), user, name='x')[1]}"}
api = Client(SERVER_NAME="127.0.0.1")
sent = {"unit": unit.code, "text": "Không có nước uống"}
made = api.post("/api/v1/remarks", sent, content_type="application/json", **token(desk))
answer["api"] = [made.status_code, made.json()["unit"], made.json()["text"]]
done = api.post(f"/api/v1/remarks/{made.json()['id']}/actions/answer", {"text": "Có rồi"},
                content_type="application/json", **token(chief))
answer["api answered"] = [done.status_code, done.json()["answer"]]
kept.seek(0)
filled = api.post(f"/api/v1/remarks/actions/import?unit={unit.code}", {"file": kept}, **token(desk))
answer["api import"] = [filled.status_code, filled.json().get("new")]
found = api.get("/api/v1/remarks?q=ghe&sort=-at&count=true&of=" + unit.code, **token(chief)).json()
answer["api list"] = [found["count"], found["items"][0]["text"]]
answer["ledger"] = sorted(LedgerEntry.objects.filter(action__startswith="remarks.").values_list("action", flat=True))
"""
)

_EXPECTED = {
    "stranger": 302,
    "empty": True,
    "form": 200,
    "refused": 422,
    "written": "/gop-y/1/",
    "list": True,
    "nothing found": False,
    "may not answer": 403,
    "answered": 302,
    "record": [True, True, True, True],
    "help": True,
    "export": ["Chờ lâu quá", "Đã mở thêm quầy"],
    "import": [302, True],
    "api": [201, "Phường 1", "Không có nước uống"],
    "api answered": [200, "Có rồi"],
    "api import": [200, 1],
    "api list": [1, "Ghế cứng"],
    "ledger": [
        *["remarks.answer"] * 2,
        "remarks.export_remarks",
        *["remarks.write"] * 3,
    ],
}

_GONE = (
    _PEOPLE
    + """
from vamco.core.rooms import permissions
chief = signed_in("supervisor")
answer = [
    chief.get("/gop-y/").status_code,
    chief.get("/api/v1/remarks").status_code,
    chief.get("/viec/").status_code,
    chief.get("/hom-nay/").status_code,
    "remarks.view" in permissions(),
]
"""
)
