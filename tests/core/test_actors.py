"""Where an actor may: one rule for "my units", whatever is asked for."""

import pytest
from django.db.models import Q

from tests import province
from vamco.core import clock
from vamco.core.actors import EVERYWHERE, NOBODY, SYSTEM, Actor
from vamco.organisation.models import Unit, User
from vamco.parties.models import Party

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def found(actor: Actor, *permissions: str) -> set[str]:
    return set(Unit.objects.filter(actor.within(*permissions, unit="pk")).values_list("code", flat=True))


@pytest.fixture
def actor() -> Actor:
    """Reads in one commune, receives in another, reports everywhere."""
    here, there = province.unit().pk, province.unit(province.OTHER_COMMUNE).pk
    scope = {"read": frozenset({here}), "receive": frozenset({there}), "report": EVERYWHERE}
    return Actor(user_id=None, label="", scope=scope)


def test_only_rows_of_the_units_in_which_the_permission_holds_are_found(actor: Actor) -> None:
    assert found(actor, "read") == {province.COMMUNE}


def test_one_of_several_permissions_is_enough(actor: Actor) -> None:
    assert found(actor, "read", "receive") == {province.COMMUNE, province.OTHER_COMMUNE}


@pytest.mark.parametrize("permissions", [(), ("sign",)])
def test_without_the_permission_nothing_is_found(actor: Actor, permissions: tuple[str, ...]) -> None:
    assert found(actor, *permissions) == set()
    assert found(NOBODY, *permissions) == set()


def test_what_holds_everywhere_finds_every_row(actor: Actor) -> None:
    assert found(actor, "read", "report") == found(SYSTEM, "read") == found(SYSTEM)
    assert len(found(SYSTEM)) == Unit.objects.count()


def test_everywhere_is_not_lost_beside_an_or(actor: Actor) -> None:
    rows = Unit.objects.filter(actor.within("report", unit="pk") | Q(code=province.COMMUNE))
    assert rows.count() == Unit.objects.count()
    assert not Unit.objects.filter(~actor.within("report", unit="pk")).exists()


def test_a_column_of_several_units_is_asked_for_one_that_is_mine(actor: Actor) -> None:
    def of(code: str) -> Party:
        return Party.objects.create(
            kind="person", name=code, units=[province.unit(code).pk], created_at=clock.now()
        )

    mine, _other = of(province.COMMUNE), of(province.OTHER_COMMUNE)
    assert list(Party.objects.filter(actor.within("read", unit="units", lookup="overlap"))) == [mine]


def test_nobody_is_looked_up_as_a_person_that_does_not_exist(actor: Actor) -> None:
    assert not User.objects.filter(pk__in=[SYSTEM.known_id, NOBODY.known_id, actor.known_id]).exists()
    assert province.actor("mot_cua").known_id == province.person("mot_cua").pk
