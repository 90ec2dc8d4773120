"""The pages of an import, as an administrator of the calendar meets them."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests.core.sheet_files import refused
from tests.core.test_importing import HEAD, TET, book, many
from tests.pages import one_line
from tests.province import COMMUNE, DISTRICT, PROVINCE, person, unit
from vamco.core import jobs
from vamco.core.models import ImportRun, ImportState
from vamco.timing import queries
from vamco.timing.models import CalendarDay

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
SEND = "/lich/nhap/"


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    queries.forget()
    yield
    queries.forget()


def as_(post: str, code: str) -> Client:
    client = Client()
    client.force_login(person(post, code))
    return client


@pytest.fixture
def admin() -> Client:
    return as_("quan_tri", PROVINCE)


def send(client: Client, content: bytes, url: str = SEND, **more: Any) -> Any:
    return client.post(url, {"file": SimpleUploadedFile("lich-2017.xlsx", content), **more}, follow=True)


def text(answer: Any) -> str:
    return one_line(answer)


def do(client: Client, verb: str, **data: Any) -> Any:
    run = ImportRun.objects.latest("pk")
    return client.post(reverse("calendar_import_do", args=[run.pk, verb]), data, follow=True)


def test_the_calendar_leads_there_and_a_template_is_offered(admin: Client) -> None:
    assert SEND in admin.get(reverse("calendar_admin")).content.decode()
    page = text(admin.get(SEND))
    assert "Căn cứ (bắt buộc)" in page
    template = admin.get(reverse("calendar_import_template"))
    assert load_workbook(BytesIO(template.content)).active["A1"].value == "Ngày"
    assert "mau-nhap-ngay-tu-bang-tinh.xlsx" in template["Content-Disposition"]


def test_a_whole_year_comes_from_the_announcement(admin: Client) -> None:
    page = text(send(admin, book(*TET)))
    assert "lich-2017.xlsx, trang tính “Sheet”, tiêu đề ở dòng 3" in page
    assert "không có lỗi" in page
    assert "3 dòng mới" in page
    assert "Không đọc: TT, Ghi chú" in page
    assert not CalendarDay.objects.filter(date__year=2031, name="Tết Đinh Dậu").exists()
    assert "Đã ghi 3 dòng" in text(do(admin, "ghi"))
    assert CalendarDay.objects.filter(date__year=2031, name="Tết Đinh Dậu").count() == 2


def test_every_fault_stands_at_its_cell_and_lines_can_be_left_out(admin: Client) -> None:
    page = text(send(admin, book(*TET, [4, "31/02/2031", "nghỉ mát", "x", "y", ""])))
    assert "1 dòng lỗi" in page
    assert '<mark class="bad">31/02/2031</mark>' in page
    assert all(cell in page for cell in (">B7<", ">C7<"))
    assert "Ghi vào sổ <kbd>" not in page
    assert "Lượt nhập này chưa sẵn sàng" in text(do(admin, "ghi"))
    noted = admin.get(reverse("calendar_import_annotated", args=[ImportRun.objects.latest("pk").pk]))
    assert load_workbook(BytesIO(noted.content)).active["B7"].comment
    assert "không có lỗi" in text(do(admin, "bo"))
    assert "Đã ghi 3 dòng" in text(do(admin, "ghi"))


def test_columns_are_mapped_by_hand_and_two_for_one_is_refused(admin: Client) -> None:
    page = text(send(admin, book(*TET, head=["TT", "Khi nào", "Sao", "Dịp", "Theo", "Ghi chú"])))
    assert "Chưa biết cột nào là:" in page
    twice = do(admin, "cot", m1="day", m2="day", row="3")
    assert twice.status_code == 422
    assert "chỉ ghép với một cột" in text(twice)
    assert "3 dòng mới" in text(do(admin, "cot", m1="day", m2="kind", m3="name", m4="source", row="3"))
    assert do(admin, "cot", row="x").status_code == 422


def test_a_corrected_file_takes_the_place_of_the_first(admin: Client) -> None:
    send(admin, book([1, "sai", "nghỉ bù", "x", "y", ""]))
    first = ImportRun.objects.get()
    page = text(do(admin, "sua", file=SimpleUploadedFile("sua.xlsx", book(*TET))))
    assert "không có lỗi" in page
    first.refresh_from_db()
    assert first.state == ImportState.CANCELLED


def test_given_up_nothing_is_written(admin: Client) -> None:
    send(admin, book(*TET))
    assert "Đã hủy; chưa ghi dòng nào." in text(do(admin, "huy"))
    assert "đã kết thúc" in text(do(admin, "bo"))
    assert "chưa sẵn sàng" in text(do(admin, "ghi"))


def test_changed_lines_show_what_was_there(admin: Client) -> None:
    send(admin, book(*TET))
    do(admin, "ghi")
    send(admin, book([*TET[0][:3], "Tết Nguyên đán", *TET[0][4:]], *TET[1:]))
    run = ImportRun.objects.latest("pk")
    page = text(admin.get(reverse("calendar_import_run", args=[run.pk]) + "?tab=doi"))
    assert "<del>Tết Đinh Dậu</del>" in page
    assert "<ins>Tết Nguyên đán</ins>" in page
    assert "26/01/2031" in page
    assert "2 dòng như cũ" in text(admin.get(reverse("calendar_import_run", args=[run.pk]) + "?tab=cu"))


def test_a_large_sheet_shows_its_progress_with_and_without_script(admin: Client) -> None:
    answer = send(admin, many(201))
    page, url = text(answer), answer.redirect_chain[-1][0]
    assert "Đang đối chiếu 0 trên 201 dòng" in page
    assert '<noscript> <meta http-equiv="refresh" content="2"> </noscript>' in page
    assert 'hx-trigger="every 1s"' in page
    jobs.run_import(run_id=ImportRun.objects.get().pk)
    assert admin.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "201" in text(admin.get(url))
    assert "Đang ghi 0 trên 201 dòng" in text(do(admin, "ghi"))
    assert "Đã dừng; sổ vẫn như trước." in text(do(admin, "huy"))
    jobs.run_import(run_id=ImportRun.objects.get().pk)
    assert not CalendarDay.objects.filter(date__year=2041, name="Ngày").exists()


@pytest.mark.parametrize("name", ["text", "with a password", "cut off at the end", "a hidden sheet only"])
def test_a_hostile_workbook_is_refused_beside_the_file(admin: Client, name: str) -> None:
    content, says = refused()[name]
    answer = send(admin, content or b"x")
    assert answer.status_code == 422
    assert says in text(answer)
    assert send(admin, b"").status_code == 422


def test_a_unit_imports_its_own_days_and_not_the_provinces() -> None:
    lower = as_("chanh_van_phong", DISTRICT)
    assert lower.get(SEND).status_code == 403
    page = text(send(lower, book(*TET), f"{SEND}?don_vi={DISTRICT}"))
    assert "3 dòng mới" in page
    do(lower, "ghi")
    assert CalendarDay.objects.filter(unit=unit(DISTRICT), date__year=2031).count() == 3
    assert as_("mot_cua", COMMUNE).get(SEND).status_code == 403


def test_nobody_sees_what_another_sent(admin: Client) -> None:
    send(admin, book(*TET))
    run = ImportRun.objects.get()
    lower = as_("chanh_van_phong", DISTRICT)
    for url in (
        reverse("calendar_import_run", args=[run.pk]),
        reverse("calendar_import_annotated", args=[run.pk]),
        reverse("calendar_import_do", args=[run.pk, "ghi"]),
    ):
        assert lower.get(url).status_code == 404
        assert lower.post(url).status_code == 404
    assert admin.post(reverse("calendar_import_do", args=[run.pk, "khac"])).status_code == 404


def test_what_stands_in_a_cell_is_no_markup(admin: Client) -> None:
    page = text(
        send(admin, book([1, "<script>x</script>", "nghỉ bù", "x", "y", ""], head=[*HEAD[:5], "<b>"]))
    )
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
