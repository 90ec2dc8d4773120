"""Spreadsheets from outside: read whole, or refused with words; never trusted."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from time import sleep

import pytest
from openpyxl import Workbook

from tests.core import sheet_files as made
from vamco.core import sheets
from vamco.core.errors import Invalid, TooMany

REFUSED, HEAVY = made.refused(), made.heavy()


def refusal(content: bytes) -> Invalid:
    with pytest.raises(Invalid) as refused:
        sheets.read(content)
    return refused.value


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_words(name: str) -> None:
    content, word = REFUSED[name]
    answer = refusal(content)
    assert word in answer.message
    assert "Hãy" in answer.message
    assert answer.field == "file"


@pytest.mark.parametrize("name", HEAVY)
def test_what_would_take_all_memory_is_refused(name: str) -> None:
    make, word = HEAVY[name]
    content = make()
    assert len(content) < 100_000
    assert word in refusal(content).message


def test_values_are_plain_and_found_by_address() -> None:
    book = Workbook()
    values = ["0801", 80161000412, 1.5, True, datetime(2016, 12, 5, 9), time(9, 30), None, "#REF!", date(2016, 12, 5), ""]  # fmt: skip
    book.active.append(values)
    book.active.append([])
    book.active["AB3"] = "xa"
    book.create_sheet("Khác").append(["không đọc"])
    book.active.title = "Hồ sơ"
    kept = BytesIO()
    book.save(kept)
    grid = sheets.read(kept.getvalue())
    assert grid.name == "Hồ sơ"
    assert list(grid.rows) == [1, 3]
    assert grid.rows[1] == [*values[:8], datetime(2016, 12, 5)]
    assert [type(value) for value in grid.rows[1][:4]] == [str, int, float, bool]
    assert (grid["B1"], grid["AB3"], grid["AC3"], grid["A2"]) == (80161000412, "xa", None, None)
    assert sheets.address(27, 3) == "AB3"


def test_a_wrong_dimension_loses_nothing() -> None:
    rows = made.row(1, "a", "b") + made.row(2, "c", "d", "e")
    grid = sheets.read(made.packed(made.parts(made.sheet(rows, before='<dimension ref="A1"/>'))))
    assert grid.rows == {1: ["a", "b"], 2: ["c", "d", "e"]}


def test_a_name_that_leads_elsewhere_is_only_a_name(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    content = made.packed(made.parts(made.sheet(made.row(1, "a"))) | {f"../../../../../..{outside}": "x"})
    assert sheets.read(content).rows == {1: ["a"]}
    assert not outside.exists()


def test_a_directory_that_promises_more_than_there_is_loses_nothing() -> None:
    content = made.packed(made.parts(made.sheet(made.row(1, "a"))))
    assert sheets.read(made.lying(content, made.SHEET, 10_000_000)).rows == {1: ["a"]}


def test_empty_cells_far_out_do_not_count() -> None:
    rows = made.row(1, "a") + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert sheets.read(made.packed(made.parts(made.sheet(rows)))).rows == {1: ["a"]}


def test_of_a_formula_the_last_value_counts_and_none_is_told() -> None:
    cells = '<c><f>1+1</f><v>2</v></c><c><f>A1</f><v/></c><c><f>A1</f></c><c t="str"><f>""</f><v></v></c>'
    grid = sheets.read(made.packed(made.parts(made.sheet(f'<row r="4">{cells}</row>'))))
    assert grid.rows == {4: [2]}
    assert grid.uncalculated == [(1, 4), (2, 4)]


def test_merged_cells_are_told() -> None:
    after = '<mergeCells count="1"><mergeCell ref="B2:C5"/></mergeCells>'
    grid = sheets.read(made.packed(made.parts(made.sheet(made.row(2, "a", "b"), after=after))))
    assert grid.merged == [sheets.Merged(1, 2, 2, 5)]


def test_the_first_visible_worksheet_is_read() -> None:
    book = Workbook()
    book.active.append(["ẩn"])
    book.active.sheet_state = "hidden"
    book.create_chartsheet("Biểu đồ")
    book.create_sheet("Hiện").append(["đọc"])
    book.active = 2
    kept = BytesIO()
    book.save(kept)
    grid = sheets.read(kept.getvalue())
    assert (grid.name, grid.rows) == ("Hiện", {1: ["đọc"]})


def test_a_file_larger_than_allowed_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets.subprocess, "run", None)
    assert "10 MB" in refusal(bytes(sheets.MOST_BYTES + 1)).message


def test_who_reads_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "SECONDS", 0.01)
    assert "quá lâu" in refusal(made.packed(made.parts(made.sheet()))).message


@pytest.mark.slow
def test_who_reckons_too_long_is_ended() -> None:
    shared = made.strings("<si><r><t>a</t></r></si>" * 1_300_000)
    assert "quá lâu" in refusal(made.packed(made.parts(made.sheet(), shared=shared))).message


PROBE = """
import json, os, resource, sys
limits = [resource.getrlimit(one)[0] for one in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)]
sys.path.insert(0, os.path.dirname(CHILD))
import sheets_child
sheets_child._lines = lambda file: [{"name": json.dumps([dict(os.environ), sorted(sys.modules), os.getcwd(), [
    resource.getrlimit(one)[0] for one in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)
]]), "merged": [], "uncalculated": []}]
sheets_child.main()
"""


def test_the_reader_knows_nothing_of_ours_and_is_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = tmp_path / "probe.py"
    probe.write_text(f"CHILD = {sheets.child.__file__!r}{PROBE}")
    monkeypatch.setattr(sheets.child, "__file__", str(probe))
    monkeypatch.setenv("VAMCO_DATABASE_URL", "postgresql://secret")
    environment, modules, folder, limits = json.loads(sheets.read(b"").name)
    assert not [name for name in environment if name.startswith(("VAMCO", "DJANGO"))]
    assert not [name for name in modules if name.split(".")[0] in ("vamco", "django", "psycopg")]
    assert folder == os.sep
    assert limits == [sheets.child.MEMORY, sheets.child.CPU_SECONDS, sheets.child.MOST_ANSWERED]


@pytest.mark.parametrize("script", ["raise SystemExit(3)", "import os; os.abort()"])
def test_a_reader_that_falls_over_is_a_refusal(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "child.py").write_text(script)
    monkeypatch.setattr(sheets.child, "__file__", str(tmp_path / "child.py"))
    assert "quá lớn" in refusal(b"").message


def test_two_are_read_at_once_and_who_waits_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = f"import os, time\nopen(os.path.join({str(tmp_path)!r}, str(os.getpid())), 'w')\n" + (
        f"while not os.path.exists({str(tmp_path / 'go')!r}): time.sleep(0.02)\nraise SystemExit(3)"
    )
    (tmp_path / "child.py").write_text(slow)
    monkeypatch.setattr(sheets.child, "__file__", str(tmp_path / "child.py"))
    monkeypatch.setattr(sheets, "PATIENCE", 0.1, raising=False)
    monkeypatch.setattr(sheets, "SECONDS", 10)
    with ThreadPoolExecutor(2) as pool:
        reading = [pool.submit(refusal, b"") for _i in range(2)]
        while len(list(tmp_path.iterdir())) < 3:
            sleep(0.01)
        try:
            with pytest.raises(TooMany, match=r"Đang đọc bảng tính khác.*Hãy gửi lại") as refused:
                sheets.read(b"")
        finally:
            (tmp_path / "go").touch()
        assert refused.value.field == "file"
        assert all("quá lớn" in one.result().message for one in reading)
    assert "quá lớn" in refusal(b"").message
