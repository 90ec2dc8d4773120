"""Numbers that are none, years that no calendar has, XML in an encoding that nobody reads: refused in words, never a 500."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.conftest import Caller, everything

from .test_urls import World, address, closed, pages

assert everything  # a fixture

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]

STRANGE = ("²", "9" * 5000, "01/01/0001", "31/12/9999", "0001-01-01", "9999-12-31", "\0")
USUAL = {"q", "sort", "cursor", "day", "unit"}
"""Parameters that are tried on every page, beside those that its own forms and links name."""
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.S)


@pytest.fixture
def officer(everything: Caller) -> Client:
    """Somebody whom no door stops."""
    client = Client(raise_request_exception=False)
    client.force_login(everything.user)
    return client


def asked_for(page: str, path: str) -> set[str]:
    """The parameters that a page's forms and links send to the page itself."""
    forms = [form for form in _FORM.findall(page) if 'method="post"' not in form]
    names = {name for form in forms for name in re.findall(r'\bname="([\w.-]+)"', form)}
    links = re.findall(rf'href="(?:{re.escape(path)})?\?([^"#]*)"', page)
    return names | {name for link in links for name in re.findall(r"(?:^|&amp;|&)([\w.-]+)=", link)}


def test_no_page_fails_at_a_strange_value(officer: Client, world: World) -> None:
    failed = []
    for name, route in pages():
        if closed(name, route) or name == "account_logout":
            continue
        url = address(world, name, route)
        plain = officer.get(url)
        if plain.streaming or not plain["Content-Type"].startswith("text/html"):
            continue
        names = asked_for(plain.content.decode(errors="replace"), url) | USUAL
        for parameter in sorted(names):
            for value in STRANGE:
                answer = officer.get(url, {parameter: value})
                if answer.status_code >= 500:
                    failed.append((url, parameter, value[:12], answer.status_code))
    assert failed == []


def queries() -> Iterator[tuple[str, list[str]]]:
    """Every operation of the API that reads, with its parameters."""
    described = Client().get("/api/v1/openapi.json").json()
    for path, methods in described["paths"].items():
        if "get" in methods:
            yield path, [one["name"] for one in methods["get"]["parameters"] if one["in"] == "query"]


def test_no_list_of_the_api_fails_at_a_strange_value(everything: Caller, world: World) -> None:
    failed = []
    everything.client.raise_request_exception = False
    for path, names in queries():
        url = re.sub(r"{\w+}", "1", path.removeprefix("/api/v1"))
        for name in names:
            for value in STRANGE:
                answer = everything.get(url, {name: value})
                if answer.status_code >= 500:
                    failed.append((url, name, value[:12]))
    assert failed == []


@pytest.mark.parametrize("number", ["²", "9" * 25, "9" * 5000])
def test_no_address_fails_at_a_strange_number(officer: Client, everything: Caller, number: str) -> None:
    everything.client.raise_request_exception = False
    for route in {route for _name, route in pages() if "<int:" in route}:
        url = "/" + re.sub(r"<\w+:\w+>|<\w+>", lambda part: number if "int:" in part[0] else "x", route)
        assert officer.get(url).status_code < 500, url
    for path, _names in queries():
        assert everything.get(re.sub(r"{\w+}", number, path.removeprefix("/api/v1"))).status_code < 500, path


@pytest.mark.parametrize("encoding", ["UTF-7", "no-such-encoding", "utf-16", "idna"])
def test_xml_in_a_strange_encoding_is_refused_in_words(everything: Caller, encoding: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?><a>chữ</a>'.encode()
    answer: Any = everything.send("/files", SimpleUploadedFile("a.xml", content))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"]
