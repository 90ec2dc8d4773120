"""From draft to issued paper: numbers, dates, what may not be done, what a correction does."""

import threading
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from pypdf import PdfReader

from vamco.core import clock, files
from vamco.core.errors import Invalid, NotAllowed, Refused
from vamco.core.models import LedgerContent
from vamco.forms.field import Field, Option
from vamco.organisation.models import Level, Unit
from vamco.parties.models import Party
from vamco.results import actions, paper, printed, writing
from vamco.results.models import Result, ResultEvent, State

from .conftest import CODE, NOW, actor_at, draft, issue, make_unit


def text_of(result: Result) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(files.read(result.file))).pages)


def test_issued_result_has_number_dates_secret_and_paper(unit, leader):
    result = issue(unit, leader)
    result.refresh_from_db()
    assert (result.number, result.serial, result.year, result.state) == (
        "01/2016/XNTTHN",
        1,
        2016,
        State.VALID,
    )
    assert result.expires_on == date(2017, 6, 9)
    said = text_of(result)
    for words in (
        "Số: 01/2016/XNTTHN",
        "Nguyễn Thị Ẩn",
        "ngày 09 tháng 12 năm 2016",
        "Lê Văn Ẵm",
        "CHỦ TỊCH",
    ):
        assert words in said
    assert f"{result.secret[:4]}-{result.secret[4:]}" in said
    assert [event.what for event in result.events.all()] == ["drafted", "approved", "issued"]


def test_numbers_follow_one_another_in_unit_series_and_year(unit, leader):
    other = make_unit("80124", "Xã Lương Hòa")
    assert [issue(unit, leader).serial for _ in range(3)] == [1, 2, 3]
    assert issue(other, leader).serial == 1
    assert issue(unit, leader, at=datetime(2016, 12, 31, 17, 0, tzinfo=UTC)).number == "01/2017/XNTTHN"


def test_a_number_that_is_rolled_back_is_taken_by_the_next(unit, leader):
    result = draft(unit)

    def fail() -> None:
        with transaction.atomic():
            writing.approve(result, leader, "CHỦ TỊCH")
            writing.number_and_issue(result, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert issue(unit, leader).serial == 1


@pytest.mark.django_db(transaction=True)
def test_officers_at_once_get_numbers_without_gap_or_double(unit, leader):
    drafts = [draft(unit) for _ in range(6)]

    def number(result: Result) -> None:
        with transaction.atomic():
            writing.approve(result, leader, "CHỦ TỊCH")
            writing.number_and_issue(result, NOW)
        connection.close()

    threads = [threading.Thread(target=number, args=[one]) for one in drafts]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(Result.objects.values_list("serial", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_unsigned_draft_gets_no_number(unit):
    result = draft(unit)
    with pytest.raises(Refused), transaction.atomic():
        writing.number_and_issue(result, NOW)
    result.refresh_from_db()
    assert (result.number, result.state) == ("", State.DRAFT)


def test_changed_draft_has_to_be_signed_again(unit, leader):
    result = draft(unit)
    with transaction.atomic():
        writing.approve(result, leader, "CHỦ TỊCH")
        writing.update_draft(result, values={"muc_dich": "Vay vốn"})
    assert (result.approved_at, result.signer_name, result.values["muc_dich"]) == (None, "", "Vay vốn")
    with pytest.raises(Refused), transaction.atomic():
        writing.number_and_issue(result, NOW)


@pytest.mark.parametrize("change", ["update_draft", "drop_draft", "approve", "number_and_issue"])
def test_issued_result_is_never_changed(unit, leader, change):
    result = issue(unit, leader)
    inputs = {"update_draft": {"values": {}}, "approve": {"signer": leader, "title": "x"}}.get(change, {})
    with pytest.raises(Refused), transaction.atomic():
        getattr(writing, change)(result, **inputs)


@pytest.mark.parametrize("changes", [{"file": None}, {"number": ""}, {"secret_hash": None}, {"serial": None}])
def test_the_database_itself_refuses_a_valid_result_that_is_not_whole(unit, leader, changes):
    result = issue(unit, leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        Result.objects.filter(pk=result.pk).update(**changes)


def test_choices_and_sums_are_printed_in_words():
    status = Field("tinh_trang", "choice", "x", "x", options=(Option("ly_hon", "Đã ly hôn", "Divorced"),))
    fee = Field("gia_tri", "money", "x", "x")
    shown = printed.answers({"tinh_trang": "ly_hon", "gia_tri": 1500000, "khac": "x"}, [status, fee])
    assert shown == {"tinh_trang": "Đã ly hôn", "gia_tri": "1.500.000 đồng", "khac": "x"}


def test_identity_number_is_on_the_paper_but_not_in_the_database_or_ledger_in_clear(unit, leader):
    holder = Party.objects.create(
        kind="person", name="Nguyễn Thị Ẩn", number_kind="citizen_id", number="080180000412", created_at=NOW
    )
    result = issue(unit, leader, holder=holder)
    assert "080180000412" in text_of(result)
    actions.withdraw(actor_at(unit, "results.withdraw"), result, reason="Cấp nhầm")
    with connection.cursor() as cursor:
        cursor.execute("SELECT r::text FROM results_result r")
        assert all("080180000412" not in row for (row,) in cursor.fetchall())
    assert all("080180000412" not in str(one.content) for one in LedgerContent.objects.all())
    assert all(result.secret not in str(one.content) for one in LedgerContent.objects.all())


def test_hostile_values_are_printed_as_they_are(unit, leader):
    name = 'Ẩn **x** {{so}} #panic("x") <script> $x$'
    assert name in text_of(issue(unit, leader, holder_name=name)).replace("\n", " ")


def test_refusal_says_the_same_in_letter_and_message(unit, leader):
    with transaction.atomic():
        letter = writing.draft_refusal(
            subject=CODE, unit=unit, holder_name="Nguyễn Thị Ẩn", reasons=["Đang có tranh chấp", "Sai quy hoạch"],
            legal=["Luật Đất đai 45/2013/QH13"], procedure_name="Tách thửa",
        )  # fmt: skip
        writing.approve(letter, leader, "CHỦ TỊCH")
        writing.number_and_issue(letter, NOW)
    assert letter.number == "01/TB-UBND"
    printed = " ".join(text_of(letter).split())
    for words in ("Đang có tranh chấp", "Sai quy hoạch", "Luật Đất đai 45/2013/QH13", "90 ngày", "khởi kiện"):
        assert words in printed
        assert words in paper.letter_text(letter)


def test_refusal_without_reason_is_refused(unit):
    with pytest.raises(Invalid) as error, transaction.atomic():
        writing.draft_refusal(subject=CODE, unit=unit, holder_name="x", reasons=["  "])
    assert error.value.field == "reasons"


def test_correction_takes_the_place_of_the_old_one_when_it_is_issued(unit, leader):
    old = issue(unit, leader)
    may = actor_at(unit, "results.draft", "step.leader", "step.registrar", user=leader)
    new = actions.correct(
        may, old, reason="Sai tên", values={"muc_dich": "Vay vốn"}, holder_name="Nguyễn Thị Ân"
    )
    old.refresh_from_db()
    assert (old.state, new.state) == (State.VALID, State.DRAFT)
    with pytest.raises(Refused):
        actions.issue_correction(may, new)
    new = actions.issue_correction(may, actions.sign_correction(may, new, title="CHỦ TỊCH"), at=NOW)
    old.refresh_from_db()
    assert (old.state, new.state, new.serial) == (State.REPLACED, State.VALID, 2)
    assert new.values["muc_dich"] == "Vay vốn"
    assert "Thay thế Giấy xác nhận tình trạng hôn nhân số 01/2016/XNTTHN ngày 09/12/2016" in " ".join(
        text_of(new).split()
    )
    assert old.events.last().what == ResultEvent.What.REPLACED
    with pytest.raises(Refused):
        actions.correct(may, old, reason="x", values={})


def test_one_correction_at_a_time_and_one_that_is_dropped_leaves_the_old_in_force(unit, leader):
    old, may = issue(unit, leader), actor_at(unit, "results.draft")
    first = actions.correct(may, old, reason="Sai tên", values={})
    with pytest.raises(Refused):
        actions.correct(may, old, reason="Sai tên", values={})
    actions.drop_correction(may, first)
    assert actions.correct(may, old, reason="Sai tên", values={}).pk != first.pk


def test_correction_takes_no_value_that_the_result_does_not_have(unit, leader):
    with pytest.raises(Invalid) as error:
        actions.correct(
            actor_at(unit, "results.draft"), issue(unit, leader), reason="x", values={"so_the": "1"}
        )
    assert error.value.field == "so_the"


def test_draft_of_a_dossier_is_not_signed_behind_its_back(unit):
    may = actor_at(unit, "step.leader", "step.registrar", "results.draft")
    for act, inputs in (
        (actions.sign_correction, {"title": "x"}),
        (actions.issue_correction, {}),
        (actions.drop_correction, {}),
    ):
        with pytest.raises(Refused):
            act(may, draft(unit), **inputs)


def test_withdrawing_needs_permission_and_reason_and_happens_once(unit, leader):
    result = issue(unit, leader)
    with pytest.raises(NotAllowed):
        actions.withdraw(actor_at(make_unit("80124", "Xã Lương Hòa"), "results.withdraw"), result, reason="x")
    may = actor_at(unit, "results.withdraw")
    with pytest.raises(Invalid):
        actions.withdraw(may, result, reason=" ")
    assert actions.withdraw(may, result, reason="Cấp sai thẩm quyền").state == State.WITHDRAWN
    with pytest.raises(Refused):
        actions.withdraw(may, result, reason="x")


def test_result_lapses_with_time(unit, leader):
    result = issue(unit, leader)
    with clock.told(datetime(2017, 6, 9, 16, 59, tzinfo=UTC)):
        assert result.standing() == "valid"
    with clock.told(datetime(2017, 6, 9, 17, 1, tzinfo=UTC)):
        assert result.standing() == "lapsed"


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [((2016, 8, 31), 6, (2017, 2, 28)), ((2016, 12, 9), 1, (2017, 1, 9)), ((2015, 8, 29), 6, (2016, 2, 29))],
)
def test_months_later(start, months, end):
    assert writing.months_later(date(*start), months) == date(*end)


@pytest.mark.parametrize(
    ("level", "post", "lines"),
    [
        ("commune", "Chủ tịch UBND xã", ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]),
        ("district", "Phó Chủ tịch", ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        ("department", "Phó Giám đốc", ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
        ("room", "Trưởng phòng", ["TRƯỞNG PHÒNG"]),
    ],
)
def test_signing_titles(level, post, lines):
    assert writing.signing_title(Unit(level=Level(level), name="x"), post).splitlines() == lines
