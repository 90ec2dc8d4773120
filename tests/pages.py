"""What tests of pages share: the words of an answer, and a form that is opened and sent."""

import html
import re
from typing import Any

from django import forms
from django.http import HttpResponse
from django.test import Client

from tests.province import person


def as_(post: str, code: str) -> Client:
    """The browser of whoever has this post at a unit."""
    client = Client()
    client.force_login(person(post, code))
    return client


def text_of(answer: HttpResponse) -> str:
    """The words of a page's main part, without its markup."""
    body = answer.content.decode().split("<main", 1)[-1]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def press(client: Client, url: str, **typed: Any) -> Any:
    """Open a page and send its form as it stands, with what is typed."""
    shown = client.get(url)
    assert shown.status_code == 200, url
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.content.decode())
    return client.post(url, {**dict(hidden), **_start(shown), **typed})


def _start(shown: Any) -> dict[str, Any]:
    """What the page's form begins with. Sections of other rooms have forms of their own: the page's is the largest."""
    found = [part["form"] for part in shown.context if "form" in part]
    found = [one for one in found if isinstance(one, forms.BaseForm)]
    if not found:
        return {}
    outs = shown.context.get("outs", [])  # the ways out on the page of a step
    every = [max(found, key=lambda one: len(one.fields)), *outs]
    values = {bound.html_name: bound.value() for form in every for bound in form}
    return {
        name: value for name, value in values.items() if value not in (None, "", []) and value is not False
    }


def one_line(page: Any) -> str:
    """The page of an answer, its runs of white space each one space: how a template is laid out tells nothing."""
    text = page if isinstance(page, str) else page.content.decode()
    return re.sub(r"[ \t\r\n]+", " ", text).strip()
