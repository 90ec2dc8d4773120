"""Import of running dossiers from a spreadsheet."""

from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from tests import province as p
from vamco.core import clock
from vamco.core.errors import Invalid, NotAllowed
from vamco.core.importing import handed_out
from vamco.dossiers import actions
from vamco.dossiers.importing.sheet import RUNNING, take_over
from vamco.dossiers.models import Dossier, Stage
from vamco.payments.queries import balance

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
PERMIT = "1.009994"
GOOD = {
    "mã hồ sơ": "HS-1", "mã thủ tục": p.MARRIAGE, "nhận lúc": "01/12/2016 09:00", "người nộp": "Trần Văn Nam", "số định danh": "080080000123",
    "bước": "tham_tra", "trường: tinh_trang": "chua_ket_hon",
}  # fmt: skip


HEADINGS = [
    "mã hồ sơ", "mã thủ tục", "trường hợp", "nhận lúc", "người nộp", "loại", "số định danh", "điện thoại", "thư điện tử",
    "địa chỉ", "nội dung", "bước", "người giữ", "đã thu",
]  # fmt: skip


def template() -> bytes:
    return handed_out.template(RUNNING, p.actor("chu_tich"), None)


def book(*rows: dict[str, object]) -> bytes:
    headings = list(dict.fromkeys([*HEADINGS, *(key for row in rows for key in row)]))
    made = Workbook()
    made.active.append(headings)
    for row in rows:
        made.active.append([row.get(name) for name in headings])
        for cell in made.active[made.active.max_row]:
            cell.data_type = (
                "s" if cell.data_type == "f" else cell.data_type
            )  # text, as a person would enter it
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def load(*rows: dict[str, object]):
    return take_over(p.actor("chu_tich"), p.unit(), book(*rows))


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
    assert set(refusal.value.fields) == {"B3", "D3", "G3", "D4", "L4", "M4", "O4"}
    assert not Dossier.objects.exists()


def test_a_code_twice_in_the_file_and_a_code_of_another_unit_are_refused():
    with pytest.raises(Invalid, match="1 ô"):
        load(GOOD, GOOD)
    load(GOOD)
    with pytest.raises(Invalid) as refusal:
        take_over(p.actor("chu_tich", p.OTHER_COMMUNE), p.unit(p.OTHER_COMMUNE), book(GOOD))
    assert "A2" in refusal.value.fields


@pytest.mark.parametrize("content", [b"", b"not a spreadsheet", b"PK\x03\x04broken"])
def test_what_is_no_spreadsheet_is_refused_with_words(content):
    with pytest.raises(Invalid, match="xlsx"):
        take_over(p.actor("chu_tich"), p.unit(), content)


def test_only_who_may():
    with pytest.raises(NotAllowed):
        take_over(p.actor("tu_phap"), p.unit(), book(GOOD))


def test_the_template_loads_as_it_is_given_out():
    first = load_workbook(BytesIO(template())).active[1]
    assert {str(cell.value).lower() for cell in first} == {*HEADINGS, "trường: tinh_trang"}
    visit = take_over(p.actor("chu_tich"), p.unit(), template())
    assert visit.dossiers.count() == 1


def faults(*rows: dict[str, object]) -> dict[str, str]:
    """What is refused, by cell."""
    with pytest.raises(Invalid) as refusal:
        load(*rows)
    assert not Dossier.objects.filter(code__startswith="HS-").exists()
    return refusal.value.fields


def test_a_number_known_under_another_name_is_named_by_its_cell_beside_the_other_faults():
    p.receive()
    known = {**GOOD, "số định danh": "080161000412", "bước": "khong_co"}
    assert set(faults(GOOD, known | {"mã hồ sơ": "HS-2"})) == {"E3", "L3"}


def test_one_number_with_two_names_in_the_sheet_is_refused_at_the_second():
    other = {**GOOD, "mã hồ sơ": "HS-2", "người nộp": "Trần Văn Bắc"}
    found = faults(GOOD, other)
    assert set(found) == {"E3"}
    assert "dòng 2" in found["E3"]


def test_who_cannot_do_the_step_cannot_hold_the_dossier():
    found = faults({**GOOD, "người giữ": p.person("chu_tich").username})
    assert set(found) == {"M2"}


def test_a_step_that_is_done_where_the_one_before_was_stands_in_that_unit():
    row = {
        **GOOD,
        "mã thủ tục": PERMIT,
        "bước": "lanh_dao_phong",
        "người giữ": p.person("truong_phong", f"{p.DISTRICT}-ha_tang").username,
        "đã thu": "rồi",
    }
    row.pop("trường: tinh_trang")
    take_over(p.actor("chanh_van_phong", p.DISTRICT), p.unit(p.DISTRICT), book(row))
    dossier = Dossier.objects.get(code="HS-1")
    assert dossier.holder_unit.code == f"{p.DISTRICT}-ha_tang"


def test_what_was_taken_over_owes_its_fee_unless_it_was_collected():
    load(GOOD, {**GOOD, "mã hồ sơ": "HS-2", "đã thu": "rồi"}, {**GOOD, "mã hồ sơ": "HS-3", "đã thu": "miễn"})
    assert [balance(code) for code in ("HS-1", "HS-2", "HS-3")] == [5000, 0, 0]


def test_what_is_written_under_collected_is_one_of_three():
    assert set(faults({**GOOD, "đã thu": "hôm qua"})) == {"N2"}


def test_the_same_file_loads_again_after_a_name_was_put_right():
    load(GOOD)
    dossier = Dossier.objects.get(code="HS-1")
    actions.correct_applicant(
        p.actor("chu_tich"), dossier, name="Trần Văn Bắc", id_number="080080000131", reason="Ghi nhầm người."
    )
    assert load(GOOD).dossiers.count() == 0


def test_headings_are_found_wherever_they_stand_and_a_title_is_no_line():
    made = load_workbook(BytesIO(book(GOOD)))
    made.active.insert_rows(1, 3)
    made.active["A1"] = "UBND XÃ THẠNH ĐỨC"
    made.active["A2"] = "Sổ theo dõi hồ sơ đang giải quyết"
    kept = BytesIO()
    made.save(kept)
    visit = take_over(p.actor("chu_tich"), p.unit(), kept.getvalue())
    assert [dossier.code for dossier in visit.dossiers.all()] == ["HS-1"]


def test_a_day_that_the_sheet_holds_as_a_date_is_read_like_one_that_is_written():
    load({**GOOD, "nhận lúc": datetime(2016, 12, 1, 9)})
    assert clock.local(Dossier.objects.get().received_at) == datetime(2016, 12, 1, 9, tzinfo=clock.HERE)
