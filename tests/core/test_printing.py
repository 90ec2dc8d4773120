"""A printed paper: kept as data, printed again in the same words, handed out as PDF and as pictures."""

from dataclasses import replace

import pytest
from django.test import RequestFactory
from django.utils import translation

from tests.dossiers import paper_samples as samples
from vamco.core.errors import NotFound
from vamco.core.printing import answer, handed_out, picture
from vamco.dossiers.papers.slips import SLIPS
from vamco.dossiers.papers.slips.course import Control, Stopped
from vamco.dossiers.papers.slips.receipt import Receipt

KEPT = (
    samples.RECEIPT,
    samples.SUPPLEMENT,
    samples.REFUSAL,
    samples.APOLOGY,
    samples.CLOSING,
    samples.CONTROL,
)


@pytest.mark.parametrize("paper", KEPT, ids=lambda paper: paper.kind)
def test_what_was_kept_prints_the_same_paper_again(paper) -> None:
    again = SLIPS[paper.kind].of(paper.kept())
    assert type(again) is type(paper)
    assert again.kept() == paper.kept()
    with translation.override("en"):
        assert again.pdf() == paper.pdf()


def test_a_paper_is_named_after_what_it_is_about() -> None:
    assert samples.CONTROL.title() == f"{Control.name} {samples.CODE}"
    assert samples.CONTROL.file_name() == f"phieu-kiem-soat-{samples.CODE}.pdf"
    assert replace(samples.SUPPLEMENT, code="").file_name() == "phieu-yeu-cau-bo-sung.pdf"
    assert samples.REFUSAL.file_name() == "phieu-tu-choi-tiep-nhan-03-PTC.pdf"
    assert Receipt.form == "Mẫu số 01, Thông tư 01/2018/TT-VPCP"
    assert Stopped.kind == "stopped"


def test_who_has_it_is_sent_nothing() -> None:
    first = answer(RequestFactory().get("/"), samples.CONTROL)
    assert first.content.startswith(b"%PDF-1.7")
    assert first["Content-Disposition"].startswith(f'inline; filename="phieu-kiem-soat-{samples.CODE}.pdf"')
    assert "no-store" in first["Cache-Control"]
    again = answer(RequestFactory().get("/", headers={"If-None-Match": first["ETag"]}), samples.CONTROL)
    assert (again.status_code, again.content) == (304, b"")
    other = answer(
        RequestFactory().get("/", headers={"If-None-Match": first["ETag"]}),
        replace(samples.CONTROL, note="x"),
    )
    assert other.status_code == 200
    assert handed_out(samples.CONTROL)["ETag"] == first["ETag"]


def test_a_page_is_looked_at_as_a_picture() -> None:
    made = picture(samples.CONTROL, "1")
    assert made.content.startswith(b"\x89PNG")
    assert made["Content-Type"] == "image/png"
    for page in ("0", "2", "x", "²", "9" * 50):
        with pytest.raises(NotFound):
            picture(samples.CONTROL, page)
