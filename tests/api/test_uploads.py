"""Files through the API: sheets that are attached, papers that were issued."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import province as p
from tests.core.test_files import PDF
from vamco.dossiers import actions
from vamco.dossiers.papers import drafting

from .conftest import application, dossier, fields

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def scan(name="to-khai.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def test_an_upload_is_attached_and_read_by_who_sees_the_dossier(call):
    kept = call("mot_cua").send("/files", scan())
    assert kept.status_code == 201
    papers = [{"code": "to_khai", "originals": 1, "file": kept.json()["id"]}, *application()["papers"][1:]]
    code = call("mot_cua").post("/dossiers", dossier(papers=papers)).json()["code"]
    file = call("tu_phap").get(f"/dossiers/{code}").json()["papers"][0]["file"]
    read = call("tu_phap").get(f"/files/{file}")
    assert (b"".join(read.streaming_content), read["Content-Type"]) == (PDF, "application/pdf")
    assert call("tu_phap", p.OTHER_COMMUNE).get(f"/files/{file}").status_code == 404
    assert call("").get(f"/files/{file}").status_code == 401


def test_an_upload_of_somebody_else_cannot_be_attached(call):
    file = call("mot_cua", p.OTHER_COMMUNE).send("/files", scan()).json()["id"]
    papers = [{"code": "to_khai", "originals": 1, "file": file}, *application()["papers"][1:]]
    assert fields(call("mot_cua").post("/dossiers", dossier(papers=papers))) == ["papers.to_khai"]


def test_who_may_not_upload(call):
    assert call("chu_tich").send("/files", scan()).status_code == 403
    assert call("").send("/files", scan()).status_code == 401


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("to-khai.pdf", b"MZ" + b"\0" * 100),
        ("anh.jpg", PDF),
        ("rong.pdf", b""),
        ("trang.html", b"<script>alert(1)</script>"),
    ],
)
def test_content_that_is_not_its_type_is_refused(call, name, content):
    assert fields(call("mot_cua").send("/files", scan(name, content))) == ["file"]


def test_a_file_too_large_is_refused(call, settings):
    settings.MAX_UPLOAD = 1000
    answer = call("mot_cua").send("/files", scan(content=PDF + b"\n" * 1000))
    assert (answer.status_code, fields(answer)) == (422, ["file"])


def test_an_issued_paper_is_read_by_who_sees_the_result(call):
    result = drafting.current(p.decide(p.receive()))
    shown = call("tu_phap").get("/results/01/2016/XNTTHN").json()
    assert shown["id"] == result.pk
    paper = call("tu_phap").get(shown["paper_url"].split("/api/v1")[1])
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    assert call("tu_phap", p.OTHER_COMMUNE).get(f"/results/{result.pk}/paper").status_code == 404
    assert call("tu_phap").get(f"/files/{result.file_id}").status_code == 200
    assert call("tu_phap", p.OTHER_COMMUNE).get(f"/files/{result.file_id}").status_code == 404


def test_the_draft_and_the_control_slip_are_made_and_not_kept(call):
    one = p.receive()
    actions.draft(p.actor("tu_phap"), one, answers=p.FOUND)
    slips = one.slips.count()
    for path in ("draft", "control_slip"):
        answer = call("tu_phap").get(f"/dossiers/{one.code}/{path}")
        assert answer.content.startswith(b"%PDF")
    assert (one.slips.count(), drafting.current(one)) == (slips, None)
