"""The pages by which dossiers come and go as spreadsheets."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from tests import province as p
from tests.dossiers.test_import import GOOD, book
from tests.pages import one_line
from vamco.core.models import Export, ImportRun, LedgerEntry
from vamco.core.workbooks import XLSX
from vamco.dossiers.models import Dossier

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def upload(client, content: bytes):
    file = SimpleUploadedFile("ho-so.xlsx", content, content_type=XLSX)
    return client.post("/nhap-ho-so/", {"unit": p.COMMUNE, "file": file})


def test_a_spreadsheet_is_taken_over_after_its_preview(client):
    client.force_login(p.person("chu_tich"))
    run = upload(client, book(GOOD)).url
    assert GOOD["người nộp"] in client.get(run).text
    assert not Dossier.objects.exists()
    assert client.post(f"{run}ghi/").status_code == 302
    assert "HS-1" in [dossier.code for dossier in Dossier.objects.all()]
    again = upload(client, book(GOOD)).url
    client.post(f"{again}ghi/")
    assert Dossier.objects.count() == 1
    assert ImportRun.objects.latest("pk").same == 1


def test_faults_are_listed_by_cell_and_nothing_is_written(client):
    client.force_login(p.person("chu_tich"))
    run = upload(client, book({**GOOD, "bước": "sai"}, {**GOOD, "mã hồ sơ": "HS-2"})).url
    assert "L2" in client.get(run).text
    client.post(f"{run}ghi/")
    assert not Dossier.objects.exists()


def test_a_column_of_another_name_is_mapped_by_hand_once(client):
    client.force_login(p.person("chu_tich"))
    row = {**GOOD, "họ tên công dân": GOOD["người nộp"], "người nộp": None}
    content = book(row)
    run = ImportRun.objects.get(pk=int(upload(client, content).url.rstrip("/").rsplit("/", 1)[1]))
    column = {one.input or one.heading: one.index for one in run.columns.all()}
    mapped = {f"m{column['name']}": "", f"m{column['họ tên công dân']}": "name"}
    client.post(f"/nhap-ho-so/{run.pk}/cot/", mapped)
    client.post(f"/nhap-ho-so/{run.pk}/ghi/")
    assert Dossier.objects.get().applicant_name == "Trần Văn Nam"


def test_what_is_wrong_with_the_file_is_said_once_beside_it(client):
    client.force_login(p.person("chu_tich"))
    assert "Tệp .xlsx, không quá 10 MB" in one_line(client.get("/nhap-ho-so/"))
    for file, words in (("", "Hãy chọn tệp bảng tính"), (b"none", "Tệp không phải bảng tính .xlsx.")):
        answer = upload(client, file) if file else client.post("/nhap-ho-so/", {"unit": p.COMMUNE})
        assert answer.status_code == 422
        assert answer.text.count(words) == 1
        assert 'aria-describedby="file-hint file-error"' in answer.text
        assert "<td" not in answer.text
    answer = client.post("/nhap-ho-so/", {"unit": "khong-co"})
    assert answer.text.count("Hãy chọn đơn vị tiếp nhận.") == 1
    assert 'aria-describedby="unit-error"' in answer.text


def test_the_page_is_for_supervisors_only(client):
    client.force_login(p.person("tu_phap"))
    assert client.get("/nhap-ho-so/").status_code == 403


def test_an_export_is_on_record_and_holds_only_the_units_own(client):
    mine, other = (
        p.receive(parties=(p.PartyInput(name="Trần Văn Nam"),)),
        p.receive(p.OTHER_COMMUNE, parties=(p.PartyInput(name="Lê Thị Lan"),)),
    )
    client.force_login(p.person("chu_tich"))
    answer = client.post("/viec/xuat/", {"tab": "unit"})
    lines = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert [line[0] for line in lines[1:]] == [mine.code]
    assert other.code not in str(lines)
    assert Export.objects.get().count == 1
    assert LedgerEntry.objects.filter(action="dossiers.export_list").exists()


def test_what_looks_like_a_formula_leaves_as_text(client):
    dossier = p.receive()
    Dossier.objects.filter(pk=dossier.pk).update(applicant_name="=1+1")
    client.force_login(p.person("chu_tich"))
    answer = client.post("/viec/xuat/", {"tab": "unit"})
    cell = load_workbook(BytesIO(answer.content)).active["C2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_who_may_not_export_gets_nothing(client):
    client.force_login(p.person("mot_cua"))
    assert client.post("/viec/xuat/", {}).status_code == 403
    assert not Export.objects.exists()


def test_the_inbox_offers_both_to_who_may_only(client):
    p.receive()
    client.force_login(p.person("chu_tich"))
    words = client.get("/viec/?tab=unit").content.decode()
    assert "/viec/xuat/" in words
    assert "/nhap-ho-so/" in words
    client.force_login(p.person("tu_phap"))
    words = client.get("/viec/?tab=unit").content.decode()
    assert "/viec/xuat/" not in words
    assert "/nhap-ho-so/" not in words


def test_a_long_code_from_elsewhere_is_clipped_and_whole_in_its_title(client):
    code = "HS-2016." + "A" * 40 + ".000000001"
    client.force_login(p.person("chu_tich"))
    run = upload(client, book({**GOOD, "mã hồ sơ": code})).url
    client.post(f"{run}ghi/")
    assert f'title="{code}">…AAA.000000001</td>' in client.get("/viec/?tab=unit").text
