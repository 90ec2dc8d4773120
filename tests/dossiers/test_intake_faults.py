"""What no honest officer types at the counter, and scans that cannot be kept: each gets its answer, nothing is half done."""

import pytest
from django.urls import reverse

from tests.dossiers.counter_form import PDF, form, scan, text_of
from vamco.core.models import File
from vamco.dossiers.models import Dossier, Slip

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


@pytest.mark.parametrize(
    ("bad", "at"),
    [
        ({"applicant-name": "x" * 10_000}, "applicant-name"),
        ({"applicant-phone": "1" * 10_000}, "applicant-phone"),
        ({"applicant-address": "Ẵ" * 10_000}, "applicant-address"),
        ({"applicant-email": "<script>"}, "applicant-email"),
        ({"summary": "'; DROP TABLE dossiers_dossier; --\0" * 100}, "summary"),
        ({"f-muc_dich": "không có"}, "f-muc_dich"),
        ({"procedure": "9.999999"}, "q"),
        ({"case": "không có", "f-tinh_trang": ""}, "f-tinh_trang"),
        ({"applicant-birth": "31/02/2000"}, "applicant-birth"),
        ({"applicant-birth": "01/01/2030"}, "applicant-birth"),
        ({"p-to_khai-o": "-1"}, "p-to_khai-ok"),
        ({"p-to_khai-o": "9999"}, "p-to_khai-ok"),
        ({"p-to_khai-o": "x"}, "p-to_khai-ok"),
        ({"visit": "9" * 30, "f-muc_dich": ""}, "f-muc_dich"),
    ],
)
def test_hostile_input_is_refused_at_its_field(officer, bad, at):
    answer = officer.post(reverse("intake"), form(**bad))
    assert answer.status_code == 422
    body = answer.content.decode()
    assert f'href="#{at}"' in body
    assert f'id="{at}-error"' in body
    assert '<script>"' not in body
    assert not Dossier.objects.exists()


def test_a_country_that_is_none_is_said_on_top(officer):
    answer = officer.post(reverse("intake"), form(**{"applicant-nationality": "💥"}))
    assert answer.status_code == 422
    assert "Quốc tịch ghi bằng mã hai chữ cái" in text_of(answer)
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("bad", "kept"),
    [
        ({"applicant-name": "Hạnh\0"}, {"applicant_name": "Hạnh"}),
        (
            {"summary": "'; DROP TABLE dossiers_dossier; --\0"},
            {"summary": "'; DROP TABLE dossiers_dossier; --"},
        ),
        ({"case": "không có"}, {"case_key": "thuong"}),
        ({"channel": "phong thư"}, {"channel": "counter"}),
        ({"return_by": "bồ câu"}, {"return_by": "counter"}),
        ({"visit": "9" * 30}, {"visit_id": None}),
        ({"p-to_khai-file": "999999999"}, {}),
        ({"applicant-kind": "ghost"}, {}),
    ],
)
def test_what_no_officer_can_choose_is_not_taken_over(officer, bad, kept):
    """A value that is on no page: the usual one counts, or what cannot be kept is left out."""
    assert officer.post(reverse("intake"), form(**bad)).status_code == 302
    dossier = Dossier.objects.get()
    assert {name: getattr(dossier, name) for name in kept} == kept
    assert not dossier.papers.filter(file__isnull=False).exists()
    assert dossier.applicant.kind == "person"


TOO_LARGE = PDF + b" " * 1024 * 1024


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.pdf", b"MZ program", "Loại tệp này không nhận"), ("b.pdf", TOO_LARGE, "Tệp lớn quá 1 MB")],
    ids=["another content", "too large"],
)
@pytest.mark.parametrize("do", ["receive", "ask_print", "upload"])
def test_a_scan_that_cannot_be_kept_is_said_and_nothing_is_done_without_it(
    officer, settings, name, content, said, do
):
    settings.MAX_UPLOAD = 1024 * 1024
    url = reverse("intake_upload", args=["to_khai"]) if do == "upload" else reverse("intake")
    answer = officer.post(url, form(**{"p-to_khai-scan": scan(name, content), "do": do, "reason": "thiếu"}))
    assert answer.status_code == (200 if do == "upload" else 422)
    body = answer.content.decode()
    assert 'id="p-to_khai-scan-error"' in body
    assert f"{name}: " in text_of(answer)
    assert said in text_of(answer)
    assert not File.objects.filter(name=name).exists()
    assert not Dossier.objects.exists()
    assert not Slip.objects.exists()
