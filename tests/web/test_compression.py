"""Text is compressed on its way out, what is compressed already is not; static files are kept for good."""

import gzip

import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from vamco.core.static import StaticStorage
from vamco.web.middleware import CompressionMiddleware

LONG = "Bộ phận Tiếp nhận và Trả kết quả. " * 100


def answered(kind: str, body: str = LONG, **headers: str) -> HttpResponse:
    request = RequestFactory().get("/", **(headers or {"HTTP_ACCEPT_ENCODING": "gzip"}))
    return CompressionMiddleware(lambda _request: HttpResponse(body, content_type=kind))(request)


@pytest.mark.parametrize(
    "kind", ["text/html; charset=utf-8", "text/csv", "application/json", "image/svg+xml"]
)
def test_text_goes_out_compressed(kind: str) -> None:
    answer = answered(kind)
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).decode() == LONG
    assert "Accept-Encoding" in answer["Vary"]


def test_the_size_of_the_same_page_differs_so_that_nobody_reads_secrets_from_it() -> None:
    assert len({len(answered("text/html").content) for _i in range(40)}) > 1


@pytest.mark.parametrize(
    "kind", ["application/pdf", "image/png", "application/zip", "application/octet-stream"]
)
def test_papers_and_pictures_are_left_as_they_are(kind: str) -> None:
    assert "Content-Encoding" not in answered(kind)


def test_who_takes_no_gzip_and_what_is_short_get_it_plain() -> None:
    assert "Content-Encoding" not in answered("text/html", HTTP_ACCEPT_ENCODING="identity")
    assert "Content-Encoding" not in answered("text/html", "ngắn")


def test_a_file_is_sent_as_it_lies(tmp_path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF" * 1000)
    request = RequestFactory().get("/", HTTP_ACCEPT_ENCODING="gzip")
    answer = CompressionMiddleware(lambda _request: FileResponse((tmp_path / "a.pdf").open("rb")))(request)
    assert answer["Content-Length"] == "4000"


def test_a_name_is_plain_until_the_files_are_collected() -> None:
    assert StaticStorage().url("vamco/staff.css") == "/static/vamco/staff.css"


def test_a_collected_file_has_its_hash_in_the_name(settings, tmp_path, monkeypatch) -> None:
    from vamco.core import static

    settings.STATIC_ROOT = tmp_path / "static"
    static.collect()
    url = StaticStorage(location=settings.STATIC_ROOT).url("vamco/staff.css")
    assert url.startswith("/static/vamco/staff.")
    assert url != "/static/vamco/staff.css"
    assert (tmp_path / "static" / (url.removeprefix("/static/") + ".gz")).exists()
    assert (
        StaticStorage(location=settings.STATIC_ROOT).url("ninja/swagger-ui.css")
        == "/static/ninja/swagger-ui.css"
    )
