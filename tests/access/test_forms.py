"""Every form of the staff's pages that changes something is done once, however often it is sent."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

import vamco
from tests import province
from tests.province import MONDAY
from vamco.organisation.models import User

from .test_urls import PUBLIC, World, address, closed, pages

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]

EXEMPT = {
    "account_": "signs in and out, sets a password: the end is the same however often",
    "mfa_": "the second step of signing in: the same",
    "usersessions_list": "ends sessions: an ended one stays ended",
    "set_language": "the language of the pages",
    "find": "leads to what was asked for",
    "cash": "searches",
    "export": "takes a copy away; each is a reading of its own, on record",
    "audit_export": "the same",
    "book_pdf": "prints; each print is on record",
    "register_pdf": "prints; each print is on record",
    "person": "shows a number; each look is on record",
    "inbox_filter_delete": "a filter that was thrown away is gone",
    "at_once": "prints a slip on request: where there is one, that one",
}
"""Forms without a key, by the address that they go to (or how its name begins), and why."""

SEARCH = 'role="search"'
"""A search sends names, which must not stand in an address, and changes nothing."""

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
KEY = re.compile(r'name="request_key"[^>]*value="[\w-]{8,}|value="[\w-]{8,}"[^>]*name="request_key"')


def exempt(name: str) -> bool:
    return any(name == one or (one.endswith("_") and name.startswith(one)) for one in EXEMPT)


def keyless(url: str, html: str) -> list[tuple[str, str]]:
    """The forms in a page that post without a key: where to."""
    found = []
    for head, inside in FORM.findall(html):
        if 'method="post"' not in head or SEARCH in head:
            continue
        to = re.search(r'action="([^"]*)"', head)
        target = (to.group(1) if to else "") or url
        try:
            name = resolve(target.split("?")[0]).url_name or ""
        except Resolver404:
            name = target
        if not exempt(name) and not KEY.search(inside):
            found.append((url, name))
    return found


def test_every_form_that_changes_something_carries_a_key(world: World, anybody: User) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(anybody)
    bare, seen = [], 0
    for name, route in pages():
        if closed(name, route) or name in PUBLIC:
            continue
        url = address(world, name, route)
        answer = client.get(url)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        html = answer.content.decode()
        seen += html.count('name="request_key"')
        bare += keyless(url, html)
    assert bare == []
    assert seen > 40


def test_no_template_has_a_form_that_changes_something_without_a_key() -> None:
    """Also those parts of a page that only some moment shows."""
    bare = []
    for path in sorted(Path(vamco.__file__).parent.glob("*/templates/**/*.html")):
        if path.parts[-2] in ("public", "account", "usersessions") or "mfa" in path.parts:
            continue
        for head, inside in FORM.findall(re.sub(r"{%\s*(\w+)", r"{% \1", path.read_text())):
            target = re.search(r"action=\"\{% url '(\w+)'", head)
            if (
                'method="post"' not in head
                or SEARCH in head
                or (target and (target.group(1) in EXEMPT or target.group(1) in PUBLIC))
            ):
                continue
            if not re.search(r'name="request_key"|{% once %}|form\.hidden_fields', inside):
                bare.append((path.name, " ".join(head.split())))
    assert bare == [
        ("at_once.html", 'id="slip-on-request" method="post" action="{{ action }}" target="_blank"'),
        ("person_who.html", 'method="post" class="inline-form" data-again'),
        ("language.html", 'class="vc-lang" method="post" action="{{ set_language_url }}"'),
        ("pager.html", 'class="pages__next" method="post" action="{{ request.path }}" data-again'),
        ("user_menu.html", 'method="post" action="{{ logout_url }}" data-signout'),
    ]


def test_sent_twice_a_message_goes_out_once_more(anybody: User) -> None:
    """From the list and from the message's own page: the form that was sent is sent again by F5."""
    from vamco.notify.models import Message, State

    province.receive()
    Message.objects.update(state=State.SENT, sent_at=MONDAY, next_at=None)
    one = Message.objects.get()
    client = Client()
    client.force_login(anybody)
    for page, copies in (("/tin-gui/", 2), (f"/tin-gui/{one.pk}/", 3)):
        html = client.get(page).content.decode()
        form = next(inside for head, inside in FORM.findall(html) if f"/tin-gui/{one.pk}/" in head)
        key = re.search(r'name="request_key" value="([^"]+)"', form)
        assert key
        answers = [
            client.post(f"/tin-gui/{one.pk}/gui-lai/", {"request_key": key.group(1)}) for _i in range(2)
        ]
        assert answers[0]["Location"] == answers[1]["Location"]
        assert Message.objects.count() == copies
