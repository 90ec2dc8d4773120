"""The records of people and businesses: one each, found by number, searched by name, corrected on record."""

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, connections

from vamco.core import clock, rotation, secrets
from vamco.core.actors import EVERYWHERE, SYSTEM, Actor
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused
from vamco.core.models import LedgerContent, LedgerEntry
from vamco.core.transactions import atomic
from vamco.parties import actions, queries
from vamco.parties.models import LookUp, Party, masked

pytestmark = pytest.mark.django_db

NUMBER = "080080001234"
AN = {"name": "Nguyễn Văn Á", "id_number": NUMBER, "phone": "0912345678", "address": "Phường 2, Tân An"}
PERMISSIONS = ("parties.search", "parties.look_up", "parties.register", "parties.correct")


def officer(*units: int) -> Actor:
    """An intake officer of these units."""
    return Actor(None, "cán bộ", {permission: frozenset(units) for permission in PERMISSIONS})


def register(unit_id: int | None = 1, **typed: object) -> Party:
    return actions.get_or_register(SYSTEM, unit_id=unit_id, **{**AN, **typed})  # type: ignore[arg-type]


def everything_stored() -> str:
    """Every column of the ledger and of the parties' tables, as the database holds them."""
    parts = []
    with connection.cursor() as cursor:
        for table in (
            "core_ledgerentry",
            "core_ledgercontent",
            "parties_party",
            "parties_lookup",
            "core_donerequest",
        ):
            cursor.execute(f"SELECT t::text FROM {table} t")
            parts += [row[0] for row in cursor.fetchall()]
    return "\n".join(parts)


def test_a_new_number_makes_a_record_and_the_same_number_finds_it() -> None:
    first = register()
    again = register(name="NGUYEN VAN A", id_number="080 080 001 234", phone="+84 908 111 222", address="")
    assert again.pk == first.pk
    fresh = Party.objects.get()
    assert (fresh.name, fresh.number, fresh.number_kind) == ("Nguyễn Văn Á", NUMBER, "citizen_id")
    assert (fresh.phone, fresh.address) == ("0908111222", "Phường 2, Tân An")
    assert [entry.action for entry in LedgerEntry.objects.order_by("id")] == [
        "parties.register",
        "parties.update",
    ]
    assert LedgerContent.objects.latest("entry_id").content == {"phone": ["0912345678", "0908111222"]}


def test_the_number_stands_nowhere_in_clear(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    party = actions.get_or_register(SYSTEM.once("key"), unit_id=1, **AN)
    register(phone="0900000001")
    actions.correct(SYSTEM, party, reason="Gõ nhầm số", id_number="080180005678")
    queries.find_by_number(SYSTEM, "080180005678")
    data = actions.checked(**AN)
    shown = [
        repr(party),
        str(party),
        repr(data),
        repr([party.__class__.objects.all()]),
        caplog.text,
        everything_stored(),
    ]
    for number in (NUMBER, "080180005678"):
        assert not any(number in text for text in shown)


def test_a_refusal_does_not_repeat_the_number() -> None:
    register()
    with pytest.raises(Invalid) as refusal:
        register(name="Trần Thị B")
    assert NUMBER not in json.dumps([refusal.value.message, refusal.value.fields])
    with pytest.raises(IntegrityError) as error, atomic():
        actions.register(SYSTEM, None, data=actions.checked(**AN))
    assert NUMBER not in str(error.value)


def test_another_name_under_the_same_number_is_refused_unless_the_officer_says_so() -> None:
    register()
    with pytest.raises(Invalid) as refusal:
        register(name="Trần Thị B", prefix="parties.0.")
    assert set(refusal.value.fields) == {"parties.0.name"}
    with pytest.raises(Invalid) as refusal:
        register(name="Nguyễn Văn Ánh", same_person=True)
    assert set(refusal.value.fields) == {"same_person"}
    queries.find_by_number(SYSTEM, NUMBER)
    assert register(name="Nguyễn Văn Ánh", same_person=True).name == "Nguyễn Văn Á"
    register(birth_date=date(1980, 3, 1))
    with pytest.raises(Invalid) as refusal:
        register(birth_date=date(1980, 4, 1))
    assert set(refusal.value.fields) == {"birth_date"}


def test_a_business_may_be_written_differently() -> None:
    one = register(kind="business", name="Công ty TNHH Á", id_number="0100233488")
    assert register(kind="business", name="CTY TNHH MTV Á", id_number="0100233488").pk == one.pk


def test_all_faults_are_told_at_once() -> None:
    wrong = dict.fromkeys(("phone", "email", "gender", "nationality", "kind"), "x")
    wrong |= {
        "name": "",
        "id_number": "123",
        "groups": ["x"],
        "address": "x" * 600,
        "birth_date": date(2200, 1, 1),
    }
    with pytest.raises(Invalid) as refusal:
        register(prefix="p.", **wrong)
    assert set(refusal.value.fields) == {f"p.{name}" for name in wrong}
    assert not Party.objects.exists()


def test_people_without_a_number_are_taken_each_as_a_record() -> None:
    assert register(name="Bé An", id_number="").pk != register(name="Bé An", id_number="").pk
    assert Party.objects.filter(number_hash__isnull=True).count() == 2


def test_birth_certificates_meet_by_number_but_not_by_name() -> None:
    one = register(name="Bé An", id_number="125/2016", phone="")
    other = register(name="Bé Bình", id_number="125/2016", phone="")
    assert one.pk != other.pk
    assert register(name="be an", id_number="125/2016", phone="").pk == one.pk


def test_passports_of_two_countries_may_have_the_same_number() -> None:
    french = register(name="Jean A", id_number="B1234567", nationality="FR")
    ours = register(name="Lê B", id_number="B1234567")
    assert french.pk != ours.pk
    assert queries.find_by_number(SYSTEM, "B1234567", nationality="FR") == french
    assert queries.find_by_number(SYSTEM, "B1234567", nationality="VN") == ours
    assert queries.find_by_number(SYSTEM, "b 1234567") in (french, ours)


def test_a_number_is_found_by_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        hashes = [secrets.lookup("citizen_id", NUMBER)]
        cursor.execute(f"EXPLAIN SELECT id FROM parties_party WHERE {actions.WITH_HASH}", [hashes])
        assert "party_number_once" in str(cursor.fetchall())


def test_groups_are_kept_until_others_are_stated() -> None:
    register(groups=["poor", "merit"])
    assert register().groups == ["merit", "poor"]
    assert register(groups=[]).groups == []


def test_a_look_up_is_on_record_found_or_not() -> None:
    party = register()
    actor = officer(9)
    assert queries.find_by_number(actor, NUMBER, purpose="Tiếp nhận hồ sơ") == party
    assert queries.find_by_number(actor, "301234567") is None
    asked = LookUp.objects.filter(kind="asked").order_by("pk")
    assert list(asked.values_list("party_id", "purpose")) == [(party.pk, "Tiếp nhận hồ sơ"), (None, "")]
    assert LedgerEntry.objects.filter(action="parties.look_up", object_type="parties.lookup").count() == 2
    assert [look.party for look in queries.look_ups_of(SYSTEM, party)] == [party]
    with pytest.raises(NotAllowed):
        queries.look_ups_of(actor, party)


def test_a_look_up_needs_a_number_and_the_permission() -> None:
    for wrong in ["", "nguyen", "123", "125/2016", "003080001234"]:
        with pytest.raises(Invalid):
            queries.find_by_number(SYSTEM, wrong)
    with pytest.raises(NotAllowed):
        queries.find_by_number(Actor(None, "ai đó"), NUMBER)
    assert not LookUp.objects.exists()


def test_each_kind_of_look_up_is_named_and_old_ones_are_told_by_their_purpose() -> None:
    with pytest.raises(IntegrityError), atomic():
        LookUp.objects.create(at=clock.now(), kind="x")
    purposes = {
        "mở hồ sơ nhạy cảm 000.01.21.H39-161209-0007": "opened",
        "xem đầy đủ số trên hồ sơ 000.01.21.H39-161209-0007": "revealed",
        "xem số trên trang người nộp": "revealed",
        "tìm hồ sơ": "asked",
    }
    for purpose in purposes:
        LookUp.objects.create(at=clock.now(), purpose=purpose)
    migration = import_module("vamco.parties.migrations.0003_kinds_of_look_ups")
    migration.fill(None, SimpleNamespace(connection=connection))
    assert dict(LookUp.objects.values_list("purpose", "kind")) == purposes


def test_a_correction_needs_a_reason_and_leaves_both_values() -> None:
    party = register()
    with pytest.raises(Invalid) as refusal:
        actions.correct(officer(1), party, reason=" ", name="Nguyễn Văn Ân")
    assert refusal.value.field == "reason"
    corrected = actions.correct(
        officer(1), party, reason="Gõ nhầm tên", name="Nguyễn Văn Ân", birth_date=date(1980, 1, 1)
    )
    assert corrected.name == "Nguyễn Văn Ân"
    content = LedgerContent.objects.latest("entry_id").content
    assert content["name"] == ["Nguyễn Văn Á", "Nguyễn Văn Ân"]
    assert content["reason"] == [None, "Gõ nhầm tên"]
    assert content["number_changed"] == [None, False]
    assert [p.name for p in queries.search(officer(1), "an")] == ["Nguyễn Văn Ân"]
    with pytest.raises(Invalid):
        actions.correct(officer(1), party, reason="Gõ nhầm", birth_date=date(1990, 1, 1))


def test_a_corrected_number_is_found_and_must_be_free() -> None:
    party, other = register(), register(name="Lê B", id_number="301234567")
    with pytest.raises(Refused) as refusal:
        actions.correct(SYSTEM, other, reason="Đổi giấy tờ", id_number=NUMBER)
    assert refusal.value.field == "id_number"
    actions.correct(SYSTEM, other, reason="Đổi giấy tờ", id_number="080180005678")
    assert queries.find_by_number(SYSTEM, "080180005678") == other
    assert queries.find_by_number(SYSTEM, "301234567") is None
    assert queries.find_by_number(SYSTEM, NUMBER) == party


def test_nobody_without_the_permission_registers_or_corrects() -> None:
    with pytest.raises(NotAllowed):
        actions.get_or_register(Actor(None, "ai đó"), **AN)
    with pytest.raises(NotAllowed):
        actions.correct(Actor(None, "ai đó"), register(), reason="thử xem sao", name="X")


def test_a_search_finds_only_those_of_the_own_units() -> None:
    register()
    register(name="Nguyễn Thị B", id_number="", unit_id=2)
    register(name="Nguyễn Văn C", id_number="", unit_id=None)
    supervisor = Actor(None, "giám sát", {"parties.search": EVERYWHERE})
    names = lambda actor, q: sorted(p.name for p in queries.search(actor, q))  # noqa: E731
    assert names(officer(1), "nguyen") == ["Nguyễn Văn Á"]
    assert names(officer(1, 2), "NGUYỄN") == ["Nguyễn Thị B", "Nguyễn Văn Á"]
    assert names(officer(3), "nguyen") == []
    assert names(officer(3), "") == []
    assert names(officer(*range(2, 90)), "ng th") == ["Nguyễn Thị B"]
    assert names(supervisor, "nguyen van") == [
        "Nguyễn Văn C",
        "Nguyễn Văn Á",
    ]
    assert names(officer(1), "'; DROP TABLE parties_party; --") == []
    assert names(officer(1), "u2") == names(officer(1), "?!") == []
    for number in [NUMBER, "301 234 567"]:
        with pytest.raises(Invalid):
            queries.search(officer(1), number)
    with pytest.raises(NotAllowed):
        queries.search(Actor(None, "ai đó"), "nguyen")


def test_a_party_becomes_known_at_another_unit() -> None:
    party = register()
    with pytest.raises(NotFound):
        queries.get(officer(2), party.pk)
    actions.known_at(party, 2)
    actions.known_at(Party.objects.get(), 2)
    assert queries.get(officer(2), party.pk) == party
    assert Party.objects.get().units == [1, 2]
    assert queries.search(officer(2), "nguyen").exists()
    assert queries.search(officer(1), "nguyen").exists()


def test_lists_mask_the_number() -> None:
    assert queries.render(register())["number"] == "0800••••1234"
    assert [masked(n) for n in ("", "1234", "301234567", "0312687878-001")] == [
        "",
        "••••",
        "30••••567",
        "0312••••-001",
    ]


def test_new_keys_keep_every_number_readable_and_findable(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAMCO_SECRETS", str(tmp_path / "secrets.json"))
    party = register()
    other = register(name="Không số", id_number="")
    tokens = _tokens()
    monkeypatch.setattr(rotation, "secret_models", lambda: [Party])
    assert rotation.rotate(batch=1) == 2
    assert _tokens()[0] != tokens[0]
    assert len(secrets.lookups("k", "v")) == 1
    assert Party.objects.get(pk=party.pk).number == NUMBER
    assert Party.objects.get(pk=other.pk).number_hash is None
    assert queries.find_by_number(SYSTEM, NUMBER) == party
    monkeypatch.undo()


def test_while_keys_change_old_and_new_hashes_are_found(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAMCO_SECRETS", str(tmp_path / "secrets.json"))
    party = register()
    secrets.add_keys()
    assert register().pk == party.pk
    assert queries.find_by_number(SYSTEM, NUMBER) == party
    monkeypatch.undo()


def _tokens() -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM parties_party ORDER BY id")
        return [bytes(row[0]) for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_number_get_one_record() -> None:
    barrier = threading.Barrier(8)

    def work(i: int) -> int:
        try:
            barrier.wait(10)
            with atomic():
                return register(unit_id=i).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(work, range(8)))) == 1
    assert sorted(Party.objects.get().units) == list(range(8))
    assert all(queries.search(officer(i), "nguyen").exists() for i in range(8))
