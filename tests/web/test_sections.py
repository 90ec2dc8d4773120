"""Pages that rooms fill: whose sections are shown, in which order, and what happens when one fails."""

import logging

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from tests import province as p
from vamco.core import rooms
from vamco.core.actors import NOBODY, Actor
from vamco.core.rooms import Section
from vamco.web import sections

SAYS = "vamco/parts/empty.html"


@pytest.fixture
def shown(monkeypatch):
    """The texts that the sections show to an actor."""

    def ask(*declared: Section, actor: Actor = NOBODY, subject: object = None) -> list[str]:
        monkeypatch.setattr(rooms, "of_all", lambda kind: list(declared) if kind == "morning" else [])
        monkeypatch.setattr(sections.actors, "of_request", lambda request: actor)
        return list(sections.render_sections(RequestFactory().get("/x/"), "morning", subject))

    return ask


def says(title: str, permission: str = "", place: int = 50) -> Section:
    return Section(SAYS, lambda actor, subject: {"title": title}, permission, place)


def test_sections_come_by_place_and_not_by_room(shown) -> None:
    texts = shown(says("sau", place=60), says("trước", place=10), says("giữa"))
    assert [one.split("<h1>")[1].split("<")[0] for one in texts] == ["trước", "giữa", "sau"]


def test_a_section_is_for_those_who_hold_its_permission_somewhere(shown) -> None:
    declared = says("mật", "payments.collect"), says("chung")
    assert len(shown(*declared)) == 1
    assert len(shown(*declared, actor=Actor(1, "x", {"payments.collect": frozenset([7])}))) == 2


def test_a_section_knows_who_asks_and_about_what_and_may_say_nothing(shown) -> None:
    asked = []
    one = Section(SAYS, lambda actor, subject: asked.append((actor, subject)))
    assert shown(one, subject="đơn vị") == []
    assert asked == [(NOBODY, "đơn vị")]


def test_what_a_section_shows_is_escaped(shown) -> None:
    assert "&lt;b&gt;" in shown(says("<b>"))[0]


def test_a_section_that_fails_is_logged_and_said_and_the_others_stay(shown, settings, caplog) -> None:
    settings.SECTIONS_MAY_FAIL = True
    wrong = Section("no/such/template.html", lambda actor, subject: {})
    with caplog.at_level(logging.ERROR):
        texts = shown(wrong, Section(SAYS, lambda actor, subject: 1 / 0), says("còn"))
    assert ["chưa hiện được" in one for one in texts] == [True, True, False]
    assert len([one for one in caplog.records if one.exc_info]) == 2


def test_under_test_a_section_that_fails_fails_the_page(shown) -> None:
    with pytest.raises(ZeroDivisionError):
        shown(Section(SAYS, lambda actor, subject: 1 / 0))


@pytest.mark.django_db
@pytest.mark.usefixtures("province", "monday")
def test_rooms_may_add_to_the_citizens_first_page(client: Client, monkeypatch) -> None:
    before = client.get(reverse("home")).content.decode()
    declared = {"home": [says("Phần của phòng mới")]}
    real = rooms.of_all
    monkeypatch.setattr(rooms, "of_all", lambda kind: declared.get(kind) or real(kind))
    after = client.get(reverse("home")).content.decode()
    assert "Phần của phòng mới" not in before
    assert "Phần của phòng mới" in after


@pytest.mark.django_db
@pytest.mark.usefixtures("province", "monday")
def test_pages_stand_without_any_room_that_fills_them(client: Client, monkeypatch) -> None:
    client.force_login(p.person("chu_tich"))
    monkeypatch.setattr(rooms, "of_all", lambda kind: [])
    assert "không có việc nào chờ" in client.get(reverse("morning")).content.decode()
    assert client.get(reverse("unit_page", args=[p.COMMUNE])).status_code == 200
