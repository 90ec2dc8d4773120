"""What a setting is: what an administrator said of a unit or of one above, or the room's default."""

from datetime import date, time

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from tests import province as p
from vamco.configuration import values
from vamco.configuration.actions import reset_value, set_value
from vamco.configuration.models import Value
from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused
from vamco.core.models import LedgerContent
from vamco.core.rooms import Setting, rooms
from vamco.dossiers import actions as dossiers

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
LOW = "payments.low_book"


class Colour(models.TextChoices):
    """A choice of the tests."""

    RED = "red", "đỏ"


EVERY_KIND = {
    "test.text": Setting("Chữ", str, "", most=5),
    "test.number": Setting("Số", int, 3, least=1, most=9, by_unit=True),
    "test.yes": Setting("Có không", bool, False),
    "test.day": Setting("Ngày", date, date(2016, 1, 1)),
    "test.hour": Setting("Giờ", time, time(7, 30)),
    "test.choice": Setting("Chọn", Colour, Colour.RED),
}


@pytest.fixture(autouse=True)
def _fresh():
    values.forget()
    yield
    values.forget()


@pytest.fixture
def every_kind(monkeypatch):
    monkeypatch.setattr(values, "declared", lambda: EVERY_KIND)


def test_without_a_word_of_an_administrator_it_is_the_rooms_default() -> None:
    assert values.value(LOW) == 20
    assert values.value(LOW, p.unit()) == 20


def test_the_nearest_unit_up_the_path_holds() -> None:
    set_value(SYSTEM, None, key=LOW, value="10")
    set_value(SYSTEM, p.unit().parent, key=LOW, value="7")
    assert values.value(LOW) == 10
    assert values.value(LOW, p.unit()) == 7
    assert values.value(LOW, p.unit(p.CENTRE)) == 10
    set_value(SYSTEM, p.unit(), key=LOW, value="0")
    assert values.value(LOW, p.unit()) == 0
    reset_value(SYSTEM, p.unit(), key=LOW)
    assert values.value(LOW, p.unit()) == 7


def test_a_key_that_no_room_declares_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        values.value("payments.nothing")
    with pytest.raises(NotFound):
        set_value(SYSTEM, None, key="payments.nothing", value="1")


def test_every_setting_bears_the_name_of_its_room_and_its_default_may_be_set() -> None:
    for name, room in rooms().items():
        for key, setting in room.settings.items():
            assert key.startswith(f"{name}.")
            assert values.checked(setting, SYSTEM, values.written(setting.default)) == setting.default


@pytest.mark.parametrize(
    ("key", "typed", "wanted"),
    [
        ("test.text", " chữ ", "chữ"),
        ("test.text", "", ""),
        ("test.number", "9", 9),
        ("test.yes", "true", True),
        ("test.yes", "false", False),
        ("test.day", "05/12/2016", date(2016, 12, 5)),
        ("test.hour", "7h15", time(7, 15)),
        ("test.choice", "red", Colour.RED),
    ],
)
@pytest.mark.usefixtures("every_kind")
def test_each_kind_comes_back_as_it_was_set(key: str, typed: str, wanted: object) -> None:
    set_value(SYSTEM, None, key=key, value=typed)
    assert values.value(key) == wanted
    assert type(values.value(key)) is type(wanted)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("test.text", "quá dài"),
        ("test.number", "0"),
        ("test.number", "10"),
        ("test.number", "chín"),
        ("test.number", ""),
        ("test.number", "9" * 400),
        ("test.yes", "có lẽ"),
        ("test.day", "31/02/2016"),
        ("test.day", ""),
        ("test.hour", "25:00"),
        ("test.choice", "blue"),
    ],
)
@pytest.mark.usefixtures("every_kind")
def test_what_it_cannot_be_is_refused_at_its_field(key: str, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_value(SYSTEM, None, key=key, value=typed)
    assert list(refused.value.fields) == ["value"]
    assert not Value.objects.exists()


@pytest.mark.usefixtures("every_kind")
def test_what_is_the_same_for_all_is_not_set_for_a_unit() -> None:
    with pytest.raises(Invalid) as refused:
        set_value(SYSTEM, p.unit(), key="test.yes", value="true")
    assert refused.value.field == "unit"


def test_a_value_that_is_no_longer_of_its_kind_does_not_take_anything_down() -> None:
    Value.objects.create(key=LOW, text="nhiều", since=clock.now())
    assert values.value(LOW) == 20


def test_the_ledger_has_the_old_and_the_new_value_and_who() -> None:
    admin = p.actor("quan_tri", p.PROVINCE)
    set_value(admin, None, key=LOW, value="15")
    row = set_value(admin, None, key=LOW, value="12")
    said = LedgerContent.objects.latest("pk").content
    assert (said["before"][1], said["after"][1]) == ("15", "12")
    assert (row.by_id, row.since) == (admin.user_id, p.MONDAY)
    reset_value(admin, None, key=LOW)
    said = LedgerContent.objects.latest("pk").content
    assert (said["before"][1], said["after"][1]) == ("12", "20")


def test_there_must_be_something_to_take_back() -> None:
    with pytest.raises(Refused):
        reset_value(SYSTEM, None, key=LOW)


def test_an_administrator_of_a_district_sets_it_there_and_not_for_the_province() -> None:
    district = p.actor("chanh_van_phong", p.DISTRICT)
    set_value(district, p.unit(p.DISTRICT), key=LOW, value="5")
    for unit in (None, p.unit(p.CENTRE)):
        with pytest.raises(NotAllowed):
            set_value(district, unit, key=LOW, value="5")


def test_the_database_takes_one_value_a_place_and_only_keys_of_the_form() -> None:
    set_value(SYSTEM, None, key=LOW, value="5")
    for wrong in ({"key": LOW}, {"key": "Khóa"}, {"key": "a.b", "removed": True, "text": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Value.objects.create(since=clock.now(), **wrong)


def test_all_settings_are_kept_after_one_query_and_looked_at_again_later(monkeypatch) -> None:
    unit = p.unit()
    with CaptureQueriesContext(connection) as asked:
        for _i in range(3):
            values.value(LOW)
            values.value("dossiers.supplement_days", unit)
    assert len(asked) == 1
    Value.objects.create(key=LOW, text="4", since=clock.now())  # as another process would
    assert values.value(LOW) == 20
    later = values.time.monotonic() + values.FRESH_SECONDS
    monkeypatch.setattr(values.time, "monotonic", lambda: later)
    assert values.value(LOW) == 4


def test_the_deadline_of_a_supplement_follows_the_setting_unless_the_officer_says_another() -> None:
    set_value(SYSTEM, p.unit(), key="dossiers.supplement_days", value="5")
    said = {"items": [("Hộ khẩu", "mờ")], "reason": "Không rõ"}
    usual = dossiers.request_supplement(p.actor("tu_phap"), p.receive(), **said)
    other = dossiers.request_supplement(p.actor("tu_phap"), p.receive(), days=10, **said)
    deadlines = [clock.local(one.supplements.get().deadline).date() for one in (usual, other)]
    assert deadlines == [date(2016, 12, 12), date(2016, 12, 19)]
