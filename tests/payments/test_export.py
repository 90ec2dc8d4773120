"""The list of receipts taken away: on record, within the right, with no formula in it."""

import csv
import io
from dataclasses import replace
from datetime import datetime

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from vamco.core.errors import Invalid, NotAllowed, Refused
from vamco.core.exporting import exports
from vamco.core.listing import Asked
from vamco.core.models import Export, LedgerContent, LedgerEntry
from vamco.core.models.exports import Format
from vamco.payments import actions, lists

from .conftest import make_actor, make_book, make_charges, make_unit
from .test_pages import employ, text_of

EVIL = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1", "Nguyễn Văn\x0bA")


def pay(actor, unit, name="Nguyễn Thị Bé Tư", **more):
    charges = make_charges(unit, 8000, name=name, **more)
    return actions.collect(actor, unit, charges=[one.pk for one in charges], total=8000)


@pytest.fixture
def exporter(unit):
    return make_actor(unit, "payments.collect", "payments.export", username="xuat")


def take(actor, format=Format.XLSX, **values):
    return lists.export_receipts.take(actor, Asked(values), format)


def cells(taken):
    sheet = load_workbook(io.BytesIO(taken.content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows()]


def lines(taken):
    assert taken.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))


def test_the_file_has_what_the_list_has_in_its_order(actor, exporter, unit, book):
    for name in ("Lê Á", "Lê Bê"):
        pay(actor, unit, name=name)
    head, *rows = cells(take(exporter))
    assert [cell.value for cell in head] == [str(one.label) for one in lists.RECEIPTS.columns if one.sheet]
    at = {cell.value: n for n, cell in enumerate(head)}
    assert [row[at["Người nộp"]].value for row in rows] == ["Lê Á", "Lê Bê"]
    first = rows[0]
    assert (first[at["Số tiền"]].value, first[at["Số tiền"]].data_type) == (8000, "n")
    assert first[at["Ngày"]].value == datetime(2016, 12, 9)
    assert first[at["Lúc"]].value == datetime(2016, 12, 9, 10, 42)
    assert first[at["Tình trạng"]].value == "có hiệu lực"
    assert lines(take(exporter, Format.CSV, state="cancelled"))[1:] == []
    down = lists.export_receipts.take(exporter, Asked(sort="-number"), Format.CSV)
    assert [row[0] for row in lines(down)[1:]] == ["BL-16T 0000002", "BL-16T 0000001"]


@pytest.mark.parametrize("name", EVIL)
def test_no_cell_is_a_formula(actor, exporter, unit, book, name):
    pay(actor, unit, name=name)
    for row in cells(take(exporter)):
        assert all(cell.data_type != "f" for cell in row)
    for row in lines(take(exporter, Format.CSV)):
        assert not [cell for cell in row if cell.startswith(tuple("=+-@\t\r＝"))]


def test_it_is_on_record_without_what_was_searched(actor, exporter, unit, book):
    pay(actor, unit)
    asked = lists.RECEIPTS.asked(exporter, {"state": "valid", "q": "bé tư"})
    lists.export_receipts.take(exporter, asked, Format.CSV)
    made = Export.objects.get()
    assert (made.listing, made.format, made.count, made.by_id) == (
        "payments.receipts",
        "csv",
        1,
        exporter.user_id,
    )
    assert made.asked == "Tình trạng: có hiệu lực; từ tìm: không ghi lại"
    entry = LedgerEntry.objects.get(action="payments.export_receipts")
    assert entry.object_id == str(made.pk)
    assert "bé tư" not in str(LedgerContent.objects.get(pk=entry.pk).content)
    assert lists.export_receipts.action.watched


def test_once_is_once_and_a_list_that_has_changed_is_not_passed_off_as_it(actor, exporter, unit, book):
    pay(actor, unit)
    asked = exporter.once("k")
    assert lines(take(asked, Format.CSV)) == lines(take(asked, Format.CSV))
    assert Export.objects.count() == 1
    pay(actor, unit)
    with pytest.raises(Refused, match="đã thay đổi"):
        take(asked, Format.CSV)
    with pytest.raises(Invalid):
        take(asked, Format.XLSX)


def test_too_long_a_list_is_refused_and_nothing_is_on_record(actor, exporter, unit, book):
    short = exports(replace(lists.RECEIPTS, name="few", most_exported=1), "payments.export")
    try:
        for _n in range(2):
            pay(actor, unit)
        with pytest.raises(Refused, match="Hãy lọc bớt"):
            short.take(exporter, Asked(), Format.CSV)
    finally:
        from vamco.core.actions import ACTIONS

        del ACTIONS["payments.export_few"]
    assert not Export.objects.exists()


def test_who_may_only_read_takes_nothing_away(actor, unit, book):
    pay(actor, unit)
    with pytest.raises(NotAllowed):
        take(make_actor(unit, "payments.collect"))
    assert not Export.objects.exists()


def test_the_right_at_one_unit_takes_nothing_of_another(actor, unit, book):
    other = make_unit("80124", "Phường 6")
    make_book(other)
    both = frozenset([unit.pk, other.pk])
    reader = replace(actor, scope={"payments.collect": both, "payments.export": frozenset([unit.pk])})
    pay(actor, unit)
    pay(reader, other)
    with pytest.raises(NotAllowed):
        take(reader)
    with pytest.raises(NotAllowed):
        take(reader, unit=other)
    assert len(cells(take(reader, unit=unit))) == 2


def test_the_page_gives_the_file_to_nobody_but_those(client, unit, actor, book):
    pay(actor, unit)
    client.force_login(employ(unit, "cashier", "cuc"))
    page = client.get(reverse("cash_receipts"))
    assert "Xuất XLSX" in text_of(page)
    sent = {"export": "csv", "request_key": "k1", "day": "2016-12-09"}
    answer = client.post(reverse("cash_receipts"), sent)
    assert "no-store" in answer["Cache-Control"]
    assert "bien-lai-2016-12-09.csv" in answer["Content-Disposition"]
    assert "Nguyễn Thị Bé Tư" in answer.content.decode()
    assert client.post(reverse("cash_receipts"), sent).content == answer.content
    assert Export.objects.count() == 1
    client.post(reverse("cash_receipts"), {**sent, "export": "xlsx"})
    assert Export.objects.count() == 2

    client.force_login(employ(unit, "admin", "quan"))
    assert "Xuất XLSX" not in text_of(client.get(reverse("cash_receipts")))
    refused = client.post(reverse("cash_receipts"), sent)
    assert refused.status_code == 403
    assert Export.objects.count() == 2
