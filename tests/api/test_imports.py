"""Rows from a sheet by the API: tried, all or nothing, once, and every fault by its cell."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import province as p
from tests.core.test_importing import TET, book
from vamco.core.models import File, LedgerEntry
from vamco.timing.models import CalendarDay

from .conftest import Caller

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
PATH = "/api/v1/calendar_days/import"
Call = Callable[..., Caller]


def send(caller: Caller, content: bytes, *, query: str = "", key: str = "", **form: Any) -> Any:
    data = {"file": SimpleUploadedFile("lich.xlsx", content), **form}
    headers = {"Idempotency-Key": key} if key else {}
    return caller.client.post(PATH + query, data, headers=headers)


def tet() -> int:
    return CalendarDay.objects.filter(
        date__in=[date(2031, 1, 26), date(2031, 1, 27)], name="Tết Đinh Dậu"
    ).count()


def test_a_trial_says_what_would_happen_and_does_nothing(call: Call) -> None:
    answer = send(
        call("quan_tri", p.PROVINCE), book(*TET, [4, "sai", "nghỉ bù", "x", "y", ""]), dry_run="true"
    )
    assert answer.status_code == 200
    said = answer.json()
    assert (said["new"], said["wrong"], said["written"]) == (3, 1, False)
    assert said["left_out"] == ["TT", "Ghi chú"]
    assert [(one["cell"], one["value"]) for one in said["faults"]] == [("B7", "sai")]
    assert tet() == 0


def test_a_fault_anywhere_writes_nothing_and_keeps_nothing(call: Call) -> None:
    files = File.objects.count()
    answer = send(call("quan_tri", p.PROVINCE), book(*TET, [4, "sai", "nghỉ bù", "x", "y", ""]))
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["B7"]
    assert (tet(), File.objects.count()) == (0, files)


def test_all_is_written_once_however_often_it_is_sent(call: Call) -> None:
    admin, content = call("quan_tri", p.PROVINCE), book(*TET)
    first, again = (send(admin, content, key="khoa-1") for _i in range(2))
    assert first.status_code == 200
    assert first.json() == again.json()
    assert (first.json()["new"], tet()) == (3, 2)
    assert LedgerEntry.objects.filter(action="timing.set_day", via="api").count() == 3
    other = send(admin, book(*TET[:2]), key="khoa-1")
    assert other.status_code == 422


def test_headings_are_mapped_by_the_caller(call: Call) -> None:
    admin = call("quan_tri", p.PROVINCE)
    content = book(*TET, head=["TT", "Khi nào", "Sao", "Dịp", "Theo", "Ghi chú"])
    assert "Ngày" in send(admin, content).json()["title"]
    mapping = json.dumps({"Khi nào": "day", "SAO": "kind", "Theo": "source", "Dịp": "name"})
    assert send(admin, content, mapping=mapping).json()["new"] == 3
    for wrong in ("[", "[1]", '{"a": "b"}'):
        assert send(admin, content, mapping=wrong).json()["errors"][0]["field"] == "mapping"


def test_only_who_may_make_the_rows_where_they_may(call: Call) -> None:
    lower = call("chanh_van_phong", p.DISTRICT)
    assert send(lower, book(*TET)).status_code == 403
    assert send(call("mot_cua"), book(*TET), dry_run="true").status_code == 403
    assert send(call(""), book(*TET)).status_code == 401
    assert send(lower, book(*TET), query=f"?unit={p.DISTRICT}").json()["new"] == 3
    assert send(lower, b"x", query=f"?unit={p.DISTRICT}").status_code == 422
