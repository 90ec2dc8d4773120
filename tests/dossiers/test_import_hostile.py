"""Spreadsheets that nobody means well with, or that came to harm on the way: the page and the API refuse with words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from tests import province as p
from tests.api.conftest import Caller
from tests.core import sheet_files as made
from tests.dossiers.test_import import GOOD, book
from vamco.core import sheets
from vamco.core.errors import Invalid
from vamco.dossiers.importing.sheet import take_over as take_over_sheet
from vamco.dossiers.models import Dossier

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
SOME = (
    "XML cut off",
    "a sheet outside of the zip",
    "a string that is not there",
    "a chart sheet only",
    "row 999,999,999,999",
    "entities",
)
"""One of each way to answer 500 or never; the others of `made.refused` are read in `tests/core/test_sheets.py`."""
LARGE = book(GOOD) + bytes(sheets.MOST_BYTES), "10 MB"
REFUSED = {name: content for name, content in made.refused().items() if name in SOME} | {"too large": LARGE}


def file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("ho-so.xlsx", content)


def test_the_page_refuses_each_with_its_words(client):
    client.force_login(p.person("chu_tich"))
    for name, (content, word) in REFUSED.items():
        answer = client.post("/nhap-ho-so/", {"unit": p.COMMUNE, "file": file(content)})
        assert (name, answer.status_code) == (name, 422)
        assert escape(word) in answer.content.decode(), name
    assert not Dossier.objects.exists()


def test_the_api_refuses_each_with_its_words():
    caller = Caller(p.person("chu_tich"))
    for name, (content, word) in REFUSED.items():
        answer = caller.send(f"/units/{p.COMMUNE}/actions/import_running", file(content))
        assert (name, answer.status_code) == (name, 422)
        assert word in answer.content.decode(), name
    assert not Dossier.objects.exists()


HEAD = made.row(1, *GOOD)


def take_over(rows: str, head: str = HEAD, before: str = "", after: str = ""):
    content = made.packed(made.parts(made.sheet(head + rows, before, after)))
    return take_over_sheet(p.actor("chu_tich"), p.unit(), content)


def line(number: int, more: str = "") -> str:
    values = {**GOOD, "mã hồ sơ": f"HS-{number}"}.values()
    return made.row(number, *values).replace("</row>", f"{more}</row>")


@pytest.mark.parametrize("dimension", ["A1", "A1:G2"])
def test_a_wrong_dimension_loses_no_dossier(dimension):
    take_over(line(2) + line(3), before=f'<dimension ref="{dimension}"/>')
    assert sorted(Dossier.objects.values_list("code", flat=True)) == ["HS-2", "HS-3"]


def test_a_formula_without_a_value_under_a_heading_is_a_fault():
    head = made.row(1, *GOOD, "người giữ")
    formulas = '<c r="H2"><f>A1</f><v/></c><c r="Z2"><f>A1</f><v/></c>'
    with pytest.raises(Invalid) as refusal:
        take_over(line(2, formulas), head)
    assert set(refusal.value.fields) == {"H2"}
    assert "chưa có kết quả" in refusal.value.fields["H2"]


def test_merged_cells_under_a_heading_are_a_fault():
    merged = '<mergeCells><mergeCell ref="D2:D3"/><mergeCell ref="Z2:Z3"/></mergeCells>'
    with pytest.raises(Invalid) as refusal:
        take_over(line(2) + line(3), after=merged)
    assert set(refusal.value.fields) == {"D2"}
    assert "bỏ gộp" in refusal.value.fields["D2"]
