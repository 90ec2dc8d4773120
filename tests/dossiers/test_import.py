"""Import of running dossiers from a spreadsheet."""

from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from tests import province as p
from vamco.core import clock
from vamco.core.errors import Invalid, NotAllowed
from vamco.dossiers import actions, spreadsheet
from vamco.dossiers.models import Dossier, Stage

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
GOOD = {
    "mã hồ sơ": "HS-1", "mã thủ tục": p.MARRIAGE, "nhận lúc": "01/12/2016 09:00", "người nộp": "Trần Văn Nam", "số định danh": "080080000123",
    "bước": "tham_tra", "trường: tinh_trang": "chua_ket_hon",
}  # fmt: skip


def book(*rows: dict[str, object]) -> bytes:
    headings = list(dict.fromkeys([*spreadsheet.COLUMNS, *(key for row in rows for key in row)]))
    made = Workbook()
    made.active.append(headings)
    for row in rows:
        made.active.append([row.get(name) for name in headings])
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def load(*rows: dict[str, object]):
    return actions.import_running(p.actor("chu_tich"), p.unit(), content=book(*rows))


def test_true_receipt_times_are_kept_and_the_due_time_follows_from_them():
    load(GOOD, {**GOOD, "mã hồ sơ": "HS-2", "số định danh": None, "người giữ": p.person("tu_phap").username})
    first, second = Dossier.objects.order_by("code")
    assert clock.local(first.received_at) == datetime(2016, 12, 1, 9, tzinfo=clock.HERE)
    assert clock.local(first.due_at) == datetime(2016, 12, 6, 17, tzinfo=clock.HERE)
    assert (first.stage, first.step, second.holder) == (Stage.PROCESSING, "tham_tra", p.person("tu_phap"))
    assert first.answers["tinh_trang"] == "chua_ket_hon"


def test_loaded_again_it_changes_nothing():
    load(GOOD)
    visit = load(GOOD, {**GOOD, "mã hồ sơ": "HS-2"})
    assert Dossier.objects.count() == 2
    assert [one.code for one in visit.dossiers.all()] == ["HS-2"]


def test_every_fault_is_named_by_its_cell_and_nothing_is_imported():
    bad = {
        **GOOD,
        "mã hồ sơ": "HS-2",
        "mã thủ tục": "9.999999",
        "nhận lúc": "31/02/2016",
        "số định danh": "123",
    }
    worse = {
        **GOOD,
        "mã hồ sơ": "HS-3",
        "bước": "khong_co",
        "nhận lúc": "06/12/2016 10:00",
        "người giữ": "khong.ai",
        "trường: tinh_trang": "x",
    }
    with pytest.raises(Invalid) as refusal:
        load(GOOD, bad, worse)
    assert set(refusal.value.fields) == {"B3", "D3", "G3", "D4", "L4", "M4", "N4"}
    assert not Dossier.objects.exists()


def test_a_code_twice_in_the_file_and_a_code_of_another_unit_are_refused():
    with pytest.raises(Invalid, match="1 ô"):
        load(GOOD, GOOD)
    load(GOOD)
    with pytest.raises(Invalid) as refusal:
        actions.import_running(
            p.actor("chu_tich", p.OTHER_COMMUNE), p.unit(p.OTHER_COMMUNE), content=book(GOOD)
        )
    assert "A2" in refusal.value.fields


@pytest.mark.parametrize("content", [b"", b"not a spreadsheet", b"PK\x03\x04broken"])
def test_what_is_no_spreadsheet_is_refused_with_words(content):
    with pytest.raises(Invalid, match="xlsx"):
        actions.import_running(p.actor("chu_tich"), p.unit(), content=content)


def test_only_who_may():
    with pytest.raises(NotAllowed):
        actions.import_running(p.actor("tu_phap"), p.unit(), content=book(GOOD))


def test_the_template_loads_as_it_is_given_out():
    assert [cell.value for cell in load_workbook(BytesIO(spreadsheet.template())).active[1]][
        : len(spreadsheet.COLUMNS)
    ] == list(spreadsheet.COLUMNS)
    visit = actions.import_running(p.actor("chu_tich"), p.unit(), content=spreadsheet.template())
    assert visit.dossiers.count() == 1
