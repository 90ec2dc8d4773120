"""The one way to change anything: permission, locking, once-only keys, and what the ledger is told."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connections

from tests.province import MONDAY
from vamco.core import actions as core
from vamco.core.actions import ACTIONS
from vamco.core.actors import EVERYWHERE, SYSTEM, Actor
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused
from vamco.core.models import DoneRequest, LedgerContent, LedgerEntry, LedgerPending
from vamco.organisation import actions
from vamco.organisation.models import Level, Unit, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return open_unit(SYSTEM)


def open_unit(actor: Actor, **changes: Any) -> Unit:
    values = {
        "code": "1",
        "name": "Xã Một",
        "level": Level.COMMUNE,
        "agency_code": "H1",
        "valid_from": MONDAY.date(),
    }
    return actions.create_unit(actor, None, **{**values, **changes})


def editor(*units: Unit, **more: Any) -> Actor:
    return Actor(7, "Trần Thị Hạnh", {"organisation.edit": frozenset(unit.pk for unit in units)}, **more)


def rename(actor: Actor, unit: Unit, name: str = "Xã Hai") -> Unit:
    return actions.change_unit(actor, unit, on=MONDAY.date(), name=name)


# Permission ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "actor",
    [
        Actor(7, "x"),
        Actor(7, "x", {"organisation.people": EVERYWHERE}),
        Actor(7, "x", {"organisation.edit": frozenset()}),
        Actor(7, "x", {"organisation.edit": frozenset({0})}),
    ],
    ids=["nothing", "another permission", "nowhere", "elsewhere"],
)
def test_without_the_permission_here_nothing_happens(unit: Unit, actor: Actor) -> None:
    entries = LedgerEntry.objects.count()
    with pytest.raises(NotAllowed):
        rename(actor, unit)
    unit.refresh_from_db()
    assert unit.name == "Xã Một"
    assert LedgerEntry.objects.count() == entries


def test_with_the_permission_here_or_everywhere_it_happens(unit: Unit) -> None:
    assert rename(editor(unit), unit).name == "Xã Hai"
    assert rename(Actor(7, "x", {"organisation.edit": EVERYWHERE}), unit, "Xã Ba").name == "Xã Ba"


def test_a_refusal_inside_leaves_nothing_behind(unit: Unit) -> None:
    Unit.objects.create(
        code="2", name="Ấp", parent=unit, level=Level.ROOM, agency_code="H2", valid_from=MONDAY.date()
    )
    entries = LedgerEntry.objects.count()
    with pytest.raises(Refused):
        actions.close_unit(SYSTEM.once("k"), unit, last_day=MONDAY.date())
    assert LedgerEntry.objects.count() == entries
    assert not DoneRequest.objects.exists()


def test_a_target_that_has_gone_is_told_as_not_found(unit: Unit) -> None:
    unit.versions.all().delete()
    Unit.objects.filter(pk=unit.pk).delete()
    with pytest.raises(NotFound):
        rename(SYSTEM, unit)


def test_the_target_comes_fresh_so_a_stale_copy_overwrites_nothing(unit: Unit) -> None:
    stale = Unit.objects.get(pk=unit.pk)
    rename(SYSTEM, unit, "Xã Hai")
    actions.change_unit(SYSTEM, stale, on=MONDAY.date(), phone="0272")
    unit.refresh_from_db()
    assert (unit.name, unit.phone) == ("Xã Hai", "0272")


# The ledger ------------------------------------------------------------------------------------------------


def last() -> tuple[LedgerEntry, dict[str, Any]]:
    entry = LedgerEntry.objects.order_by("-pk")[0]
    return entry, LedgerContent.objects.get(pk=entry.pk).content


def test_an_action_leaves_one_entry_with_what_changed(unit: Unit) -> None:
    before = LedgerEntry.objects.count()
    rename(editor(unit, via="api"), unit)
    entry, content = last()
    assert LedgerEntry.objects.count() == before + 1
    assert (entry.actor_id, entry.actor_label, entry.via) == (7, "Trần Thị Hạnh", "api")
    assert (entry.action, entry.object_type, entry.object_id) == (
        "organisation.change_unit",
        "organisation.unit",
        str(unit.pk),
    )
    assert content == {"name": ["Xã Một", "Xã Hai"]}
    assert LedgerPending.objects.filter(pk=entry.pk).exists()


def test_what_is_made_is_written_as_new(unit: Unit) -> None:
    actions.create_post(SYSTEM, unit, key="chu_tich", title="Chủ tịch")
    entry, content = last()
    assert entry.object_type == "organisation.post"
    assert content["title"] == [None, "Chủ tịch"]


def test_no_secret_and_no_search_column_reaches_the_ledger(unit: Unit) -> None:
    user = actions.create_person(
        SYSTEM.once("k"), unit, username="hanh", full_name="Trần Thị Hạnh", password="mot-cau-dai-de-nho"
    )
    _token, secret = actions.issue_token(SYSTEM, user, name="thử")
    told = json.dumps(list(LedgerContent.objects.values_list("content", flat=True)), ensure_ascii=False)
    user.refresh_from_db()
    for hidden in (
        "mot-cau-dai-de-nho",
        user.password,
        secret,
        '"password"',
        '"hash"',
        '"folded"',
        '"sort_key"',
    ):
        assert hidden not in told


# Once ------------------------------------------------------------------------------------------------------


def test_the_same_request_twice_happens_once_and_answers_the_same() -> None:
    first = open_unit(SYSTEM.once("k"))
    entries = LedgerEntry.objects.count()
    assert open_unit(SYSTEM.once("k")) == first
    assert LedgerEntry.objects.count() == entries
    assert Unit.objects.filter(code="1").count() == 1


def test_a_key_used_for_another_request_is_refused() -> None:
    open_unit(SYSTEM.once("k"))
    with pytest.raises(Invalid, match="Khóa chống gửi trùng"):
        open_unit(SYSTEM.once("k"), code="2", agency_code="H2")
    assert not Unit.objects.filter(code="2").exists()


def test_keys_of_different_people_and_actions_are_apart(unit: Unit) -> None:
    a, b = editor(unit, request_key="k"), replace(editor(unit, request_key="k"), user_id=8)
    assert rename(a, unit, "Xã A").name == "Xã A"
    assert rename(b, unit, "Xã B").name == "Xã B"
    actions.close_unit(a, unit, last_day=MONDAY.date())


def test_a_refused_request_may_be_sent_again_under_its_key(unit: Unit) -> None:
    with pytest.raises(Invalid):
        open_unit(SYSTEM.once("k"), name=" ", code="3", agency_code="3")
    assert open_unit(SYSTEM.once("k"), code="3", agency_code="3").name == "Xã Một"


def test_what_is_kept_of_a_request_does_not_give_its_inputs_away(settings: Any, unit: Unit) -> None:
    """The same inputs under another installation's key have another digest: nobody can try numbers out."""
    kept = core._fingerprint("parties.register", unit, {"id_number": "080161000412"})
    settings.SECRET_KEY = "another"
    assert core._fingerprint("parties.register", unit, {"id_number": "080161000412"}) != kept


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_key_make_one(transactional_db: None) -> None:
    barrier = threading.Barrier(2)

    def run() -> int:
        try:
            barrier.wait(10)
            return open_unit(SYSTEM.once("k")).pk
        finally:
            connections.close_all()

    for turn in range(5):
        start_over()
        with ThreadPoolExecutor(2) as pool:
            answers = [future.result(30) for future in [pool.submit(run), pool.submit(run)]]
        assert len(set(answers)) == 1, turn
        assert Unit.objects.count() == 1
        assert LedgerEntry.objects.filter(action="organisation.create_unit").count() == 1


def start_over() -> None:
    """Empty what the test makes, whatever an earlier test left behind."""
    tables = [
        model._meta.db_table for model in (Unit, DoneRequest, LedgerContent, LedgerPending, LedgerEntry)
    ]
    with connections["default"].cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


@pytest.mark.django_db(transaction=True)
def test_two_who_change_the_same_thing_at_once_both_stand_in_the_ledger(transactional_db: None) -> None:
    unit = open_unit(SYSTEM)
    barrier = threading.Barrier(2)

    def run(name: str) -> None:
        try:
            barrier.wait(10)
            rename(SYSTEM, unit, name)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(run, "Xã A"), pool.submit(run, "Xã B")]:
            future.result(30)
    contents = LedgerContent.objects.filter(entry__action="organisation.change_unit").order_by("pk")
    first, second = [content.content["name"] for content in contents]
    assert first[0] == "Xã Một"
    assert second[0] == first[1]
    unit.refresh_from_db()
    assert unit.name == second[1]


# The registry ----------------------------------------------------------------------------------------------


def test_every_action_is_registered_under_its_room_and_name() -> None:
    assert ACTIONS["organisation.change_unit"] is actions.change_unit
    assert ACTIONS["organisation.change_unit"].permission == "organisation.edit"
    for name, spec in ACTIONS.items():
        assert name == spec.name
        assert spec.function.__doc__, f"{name} does not say what it is for"


def test_an_inactive_person_is_an_actor_without_rights(unit: Unit) -> None:
    from vamco.organisation.access import actor_for

    user = User.objects.create_superuser("goc", full_name="Gốc")
    assert actor_for(user).may_anywhere("organisation.edit")
    assert not actor_for(actions.deactivate(SYSTEM, user)).may_anywhere("organisation.edit")
