"""Rows from a sheet: cells as offices fill them in, faults by cell, all or nothing, stopped, twice, rights lost."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connections
from openpyxl import Workbook, load_workbook

from tests import province
from tests.province import MONDAY, PROVINCE, person, unit
from vamco.core import clock, jobs
from vamco.core.actors import Actor
from vamco.core.cells import Cells
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused
from vamco.core.importing import columns, handed_out, runs
from vamco.core.inputs import Input, Parameter
from vamco.core.models import (
    File,
    ImportCell,
    ImportFault,
    ImportMapping,
    ImportRun,
    ImportState,
    LedgerEntry,
)
from vamco.organisation.models import Unit, User
from vamco.timing.imports import CALENDAR
from vamco.timing.models import CalendarDay, DayKind

from .sheet_files import refused

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]

HEAD = ["TT", "Ngày", "Loại", "Dịp", "Số văn bản", "Ghi chú"]
TET = [
    [1, "26/01/2031", "nghỉ lễ, tết", "Tết Đinh Dậu", "TB 4893/TB-LĐTBXH", ""],
    [2, date(2031, 1, 27), "Nghỉ lễ, Tết", "Tết Đinh Dậu", "TB 4893/TB-LĐTBXH", "x"],
    [3, "Thứ Tư, ngày 06/04/2031", "nghi le tet", "Giỗ Tổ", "TB 4893/TB-LĐTBXH", ""],
]


def book(*rows: Sequence[Any], head: Sequence[Any] = HEAD, above: int = 2) -> bytes:
    """A workbook with so many title rows above its headings."""
    made = Workbook()
    sheet = made.active
    for _i in range(above):
        sheet.append(["UBND TỈNH LONG AN"])
    sheet.append(list(head))
    for row in rows:
        sheet.append(list(row))
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


@pytest.fixture
def admin() -> Actor:
    return province.actor("quan_tri", PROVINCE)


def begin(actor: Actor, content: bytes, target: Any = None) -> ImportRun:
    return runs.begin(CALENDAR, actor, target, BytesIO(content), name="lich-2017.xlsx")


def checked(actor: Actor, content: bytes, target: Any = None) -> ImportRun:
    run = begin(actor, content, target)
    runs.start(run, ImportState.CHECKING, actor)
    return run


def faults(run: ImportRun) -> dict[str, str]:
    return dict(run.faults.values_list("cell", "message"))


def days_then() -> int:
    return CalendarDay.objects.filter(date__year=2031, unit=None).count()


# Cells -----------------------------------------------------------------------------------------------------


def an(kind: type, **more: Any) -> Parameter:
    return Parameter("it", kind, more.pop("many", False), True, None, Input("It", **more))


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        (str, 12.0, "12"),
        (str, "  a ", "a"),
        (int, "1.234.567 đ", 1234567),
        (int, 12.0, 12),
        (int, "1 234", 1234),
        (bool, "X", True),
        (bool, "Có", True),
        (bool, "không", False),
        (bool, 0, False),
        (bool, True, True),
        (date, datetime(2016, 12, 5), date(2016, 12, 5)),
        (date, "5/12/2016", date(2016, 12, 5)),
        (date, "Chủ nhật, ngày 05/12/2016", date(2016, 12, 5)),
        (date, "05/12/2016 (thứ Hai)", date(2016, 12, 5)),
        (time, "7h30", time(7, 30)),
        (datetime, datetime(2016, 12, 5, 9), MONDAY),
        (datetime, "05/12/2016 09:00", MONDAY),
        (DayKind, "NGHỈ BÙ", DayKind.COMPENSATION),
        (DayKind, "closed", DayKind.CLOSED),
        (date, None, None),
        (int, "  ", None),
    ],
)
def test_a_cell_is_read_as_people_write_it(kind: type, value: Any, read: Any) -> None:
    assert Cells(Actor(1, "x"), None).read(an(kind), value) == read


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        (int, "11,45 tr", "số nguyên"),
        (int, 1.5, "số nguyên"),
        (date, "31/02/2016", "05/12/2016"),
        (date, 42709, "05/12/2016"),
        (bool, "có thể", "«không»"),
        (DayKind, "nghỉ mát", "nghỉ đột xuất"),
        (str, "#REF!", "Công thức"),
    ],
)
def test_a_cell_that_is_none_says_how_it_is_written(kind: type, value: Any, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        Cells(Actor(1, "x"), None).read(an(kind), value)


def test_a_row_by_its_code_or_its_name_and_who_else_it_may_be(admin: Actor) -> None:
    named = an(Unit, choices=lambda actor, target: Unit.objects.filter(level="commune"))
    one = Unit.objects.get(name="Xã Mỹ Thạnh Bắc")
    cells = Cells(admin, None)
    assert cells.read(named, "XÃ MỸ  THẠNH BẮC") == one
    assert cells.read(named, one.code) == one
    with pytest.raises(Invalid, match=r"Có phải là: .*Mỹ Thạnh Đông"):
        cells.read(named, "Mỹ Thạnh")
    with pytest.raises(Invalid, match="mục cùng tên"):
        cells.read(named, "Phường 1")
    with pytest.raises(Invalid, match="đúng mã hoặc tên"):
        cells.read(named, "qqqq")


def test_several_in_one_cell() -> None:
    assert Cells(Actor(1, "x"), None).read(an(str, many=True), "a; b\nc") == ("a", "b", "c")


# Checked ---------------------------------------------------------------------------------------------------


def test_a_sheet_without_a_fault_is_counted_and_nothing_is_there_yet(admin: Actor) -> None:
    before = days_then()
    run = checked(admin, book(*TET))
    assert (run.state, run.new, run.wrong, run.total) == (ImportState.CHECKED, 3, 0, 3)
    assert (run.first, run.last, run.sheet) == (3, 3, "Sheet")
    assert days_then() == before
    assert [one.heading for one in run.columns.all() if not one.input] == ["TT", "Ghi chú"]
    assert run.cells.filter(input="name").first().after == "Tết Đinh Dậu"


def test_every_fault_stands_at_its_cell_also_what_only_the_action_knows(admin: Actor) -> None:
    run = checked(
        admin,
        book(
            [1, "31/02/2031", "nghỉ mát", "Tết", "TB 1", ""],
            [2, "26/01/2031", "nghỉ bù", "x" * 201, "", ""],
            [3, "26/01/2031", "nghỉ bù", "Tết", "TB 1", ""],
        ),
    )
    told = faults(run)
    assert run.state == ImportState.CHECKED
    assert (run.wrong, run.new) == (3, 0)
    assert told.keys() == {"B4", "C4", "D5", "E5", "B6"}
    assert "dòng 5" in told["B6"]
    fault = run.faults.get(cell="B4")
    assert (fault.column, fault.value) == ("Ngày", "31/02/2031")
    swap = checked(
        admin,
        book([1, "26/01/2031", "nghỉ bù", "Tết", "TB", "27/01/2031"], head=[*HEAD[:5], "Thay cho ngày"]),
    )
    assert faults(swap) == {"F4": "Chỉ ngày làm việc hoán đổi mới ghi ngày được thay."}


def test_what_a_cell_holds_is_not_in_clear_in_the_database(admin: Actor) -> None:
    run = checked(admin, book([1, "31/02/2031", "nghỉ bù", "Nguyễn Thị Bí Mật", "TB 1", ""], *TET))
    with connections["default"].cursor() as cursor:
        for table, column in (("core_importfault", "value"), ("core_importcell", "after")):
            cursor.execute(f"SELECT {column} FROM {table} WHERE run_id = %s", [run.pk])
            values = [bytes(row[0]) for row in cursor.fetchall()]
            assert values
            assert not any(b"2031" in one or "Tết".encode() in one for one in values)


def test_merged_cells_and_formulas_without_a_result_are_faults(admin: Actor) -> None:
    made = load_workbook(BytesIO(book(*TET)))
    made.active.merge_cells("D4:D5")
    made.active["C6"] = "=A1"
    kept = BytesIO()
    made.save(kept)
    told = faults(checked(admin, kept.getvalue()))
    assert "gộp" in told["D4"]
    assert "Công thức" in told["C6"]


def test_lines_are_new_changed_or_the_same(admin: Actor) -> None:
    first = checked(admin, book(*TET))
    runs.start(first, ImportState.WRITING, admin)
    assert first.state == ImportState.WRITTEN
    changed = [*TET[0][:3], "Tết Nguyên đán", *TET[0][4:]]
    run = checked(admin, book(changed, *TET[1:], [4, "01/05/2031", "nghỉ bù", "Lao động", "TB 1", ""]))
    assert (run.new, run.changed, run.same) == (1, 1, 2)
    cell = run.cells.get(kind="changed", input="name")
    assert (cell.before, cell.after) == ("Tết Đinh Dậu", "Tết Nguyên đán")


def test_an_empty_cell_takes_nothing_away_from_the_row_that_is_there(admin: Actor) -> None:
    CalendarDay.objects.create(
        date=date(2031, 5, 1), kind="holiday", name="Lao động", source="BLLĐ", verified=True
    )
    run = checked(admin, book(["01/05/2031", "nghỉ bù", "", "", ""], head=[*HEAD[1:5], "Đã kiểm chứng"]))
    runs.start(run, ImportState.WRITING, admin)
    day = CalendarDay.objects.get(date=date(2031, 5, 1), unit=None)
    assert (day.kind, day.name, day.source, day.verified) == ("compensation", "Lao động", "BLLĐ", True)


# Mapped ----------------------------------------------------------------------------------------------------


def test_columns_are_mapped_by_hand_once_and_remembered_for_the_person(admin: Actor) -> None:
    head = ["TT", "Khi nào", "Sao", "Dịp", "Theo", "Ghi chú"]
    run = begin(admin, book(*TET, head=head))
    assert columns.missing(CALENDAR, run) == ["Ngày", "Loại", "Căn cứ"]
    with pytest.raises(Invalid, match="một cột"):
        columns.map_columns(CALENDAR, admin, run, {1: "day", 2: "day"})
    columns.map_columns(CALENDAR, admin, run, {1: "day", 2: "kind", 4: "source"})
    assert columns.is_mapped(CALENDAR, run)
    with clock.told(MONDAY + timedelta(hours=1)):
        again = begin(admin, book(*TET, head=head))
        assert columns.is_mapped(CALENDAR, again)
        assert columns.remembered_at(CALENDAR, again) == MONDAY
    other = province.actor("chanh_van_phong", province.DISTRICT)
    assert columns.missing(CALENDAR, begin(other, book(*TET, head=head), unit(province.DISTRICT)))


def test_a_person_points_at_the_row_of_the_headings(admin: Actor) -> None:
    run = begin(admin, book(["Cột 1", "Ngày", "Loại", "Tên", "Căn cứ"], *TET))
    assert run.first == 3
    columns.map_columns(CALENDAR, admin, run, {}, row=4)
    assert run.first == 4
    with pytest.raises(Invalid, match="không có gì"):
        columns.map_columns(CALENDAR, admin, run, {}, row=999)


# Written ---------------------------------------------------------------------------------------------------


def test_all_lines_are_written_each_with_its_own_entry(admin: Actor) -> None:
    run = checked(admin, book(*TET))
    runs.start(run, ImportState.WRITING, admin)
    assert (run.state, run.new, run.done) == (ImportState.WRITTEN, 3, 3)
    assert (
        CalendarDay.objects.filter(date__in=[date(2031, 1, 26), date(2031, 1, 27), date(2031, 4, 6)]).count()
        == 3
    )
    assert LedgerEntry.objects.filter(action="timing.set_day", actor_id=admin.user_id).count() == 3


def test_nothing_is_written_while_there_is_a_fault(admin: Actor) -> None:
    run = checked(admin, book(*TET, [4, "31/02/2031", "nghỉ bù", "x", "y", ""]))
    before = days_then()
    with pytest.raises(Refused):
        runs.start(run, ImportState.WRITING, admin)
    assert days_then() == before
    runs.drop_wrong(run)
    runs.start(run, ImportState.CHECKING, admin)
    assert (run.total, run.wrong, run.dropped) == (3, 0, [7])
    runs.start(run, ImportState.WRITING, admin)
    assert run.state == ImportState.WRITTEN


def test_a_fault_that_came_between_check_and_write_writes_nothing(admin: Actor, monkeypatch: Any) -> None:
    run = checked(admin, book(*TET))
    before, calls = days_then(), []
    function = CALENDAR.create.function

    def full(*args: Any, **given: Any) -> Any:
        calls.append(given)
        if len(calls) == 3:
            raise Refused("Sổ vừa khóa.")
        return function(*args, **given)

    monkeypatch.setattr(CALENDAR.create, "function", full)
    runs.start(run, ImportState.WRITING, admin)
    assert (run.state, run.wrong, days_then()) == (ImportState.CHECKED, 1, before)
    assert list(faults(run).values()) == ["Sổ vừa khóa."]


def test_writing_twice_writes_once(admin: Actor) -> None:
    run = checked(admin, book(*TET))
    runs.start(run, ImportState.WRITING, admin)
    with pytest.raises(Refused):
        runs.start(run, ImportState.WRITING, admin)
    runs.go(run.pk, admin)  # a job that comes late
    assert LedgerEntry.objects.filter(action="timing.set_day", actor_id=admin.user_id).count() == 3
    with pytest.raises(Refused, match="Đã ghi xong"):
        runs.cancel(run)


def test_the_same_form_sent_twice_is_one_run(admin: Actor) -> None:
    once = admin.once("khoa-mot-lan")
    assert begin(once, book(*TET)) == begin(once, book(*TET))


def test_rights_that_were_taken_between_check_and_write_count(admin: Actor) -> None:
    run = checked(admin, book(*TET))
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.WRITING)
    User.objects.filter(pk=admin.user_id).update(is_active=False)
    before = days_then()
    jobs.run_import(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, days_then()) == (ImportState.FAILED, before)
    assert "không có quyền" in run.message


def test_who_may_not_make_the_rows_may_not_begin_and_nobody_sees_anothers(admin: Actor) -> None:
    lower = province.actor("chanh_van_phong", province.DISTRICT)
    with pytest.raises(NotAllowed):
        begin(lower, book(*TET))
    run = begin(admin, book(*TET))
    with pytest.raises(NotFound):
        runs.own(CALENDAR, lower, run.pk)
    with pytest.raises(NotFound):
        runs.own(CALENDAR, replace(admin, user_id=person("mot_cua").pk), run.pk)


def test_a_hostile_workbook_is_refused_with_words(admin: Actor) -> None:
    for name, (content, says) in refused().items():
        if name not in ("nothing at all", "with a password", "an old spreadsheet", "cut off at the end"):
            continue
        with pytest.raises(Invalid, match=says):
            begin(admin, content)
    assert not ImportRun.objects.exists()


def test_runs_and_their_files_go_after_a_day(admin: Actor) -> None:
    run = checked(admin, book(*TET, [4, "sai", "sai", "", "", ""]))
    held = begin(admin, book(*TET))
    jobs.forget_imports()
    assert ImportRun.objects.count() == 2
    with clock.told(MONDAY + timedelta(hours=25)):
        fresh = begin(admin, book(*TET))
        jobs.forget_imports()
    assert list(ImportRun.objects.all()) == [fresh]
    assert not File.objects.filter(pk__in=[run.file_id, held.file_id]).exists()
    assert not ImportFault.objects.exists()
    assert not ImportCell.objects.exists()
    assert not ImportMapping.objects.exists()


# Handed out ------------------------------------------------------------------------------------------------


def test_the_template_is_read_back_without_a_fault(admin: Actor) -> None:
    made = handed_out.template(CALENDAR, admin, None)
    sheet = load_workbook(BytesIO(made)).active
    assert [cell.value for cell in sheet[1]] == [
        "Ngày", "Loại", "Tên", "Căn cứ", "Đã đọc trong văn bản", "Làm thay cho ngày",
    ]  # fmt: skip
    assert "nghỉ đột xuất" in sheet["B1"].comment.text
    assert columns.is_mapped(CALENDAR, begin(admin, made))


def test_the_sheet_comes_back_with_its_faults_at_the_cells_and_no_formula(admin: Actor) -> None:
    run = checked(admin, book([1, "31/02/2031", "nghỉ bù", "'=1+1", "@SUM(A1)", ""]))
    sheet = load_workbook(BytesIO(handed_out.annotated(run))).active
    assert "Ngày không đúng" in sheet["B4"].comment.text
    assert sheet["B4"].value == "31/02/2031"
    assert {cell.data_type for cell in sheet[4]} <= {"s", "n"}


# By a job --------------------------------------------------------------------------------------------------


def many(count: int) -> bytes:
    first = date(2041, 1, 1)
    return book(*([i, first + timedelta(days=i), "nghỉ bù", "Ngày", "TB", ""] for i in range(count)))


def test_a_large_sheet_waits_for_a_job(admin: Actor) -> None:
    run = begin(admin, many(201))
    runs.start(run, ImportState.CHECKING, admin)
    assert run.state == ImportState.CHECKING
    with pytest.raises(Refused, match="Đang chạy"):
        columns.map_columns(CALENDAR, admin, run, {})
    jobs.run_import(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.new) == (ImportState.CHECKED, 201)
