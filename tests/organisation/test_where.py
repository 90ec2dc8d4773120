"""Which unit is mine, and which one a page is about."""

from datetime import timedelta

import pytest

from tests.province import COMMUNE, OTHER_COMMUNE, actor, person, unit
from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.core.errors import NotAllowed, NotFound
from vamco.organisation.models import Holding, Unit
from vamco.organisation.where import chosen_unit, first_post, home_unit, open_units

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province", "monday")]


def test_the_first_post_is_the_one_of_the_highest_rank_held_today() -> None:
    officer = person("mot_cua")
    higher = unit(OTHER_COMMUNE).posts.order_by("rank")[0]
    Holding.objects.create(user=officer, post=higher, since=clock.today())
    assert first_post(officer.pk) == higher
    assert home_unit(officer.pk) == unit(OTHER_COMMUNE)
    at_home = first_post(officer.pk, [unit().pk])
    assert at_home is not None
    assert at_home.key == "mot_cua"
    officer.holdings.all().delete()
    assert home_unit(officer.pk) is None


def test_a_page_is_about_the_unit_asked_for() -> None:
    both = [unit(COMMUNE), unit(OTHER_COMMUNE)]
    assert chosen_unit(actor("mot_cua"), both, str(unit(OTHER_COMMUNE).pk)) == unit(OTHER_COMMUNE)


def test_without_a_wish_it_is_about_my_own_unit_else_the_first() -> None:
    others_first = [unit(OTHER_COMMUNE), unit(COMMUNE)]
    assert chosen_unit(actor("mot_cua"), others_first, "") == unit(COMMUNE)
    assert chosen_unit(SYSTEM, others_first, "") == unit(OTHER_COMMUNE)
    assert chosen_unit(SYSTEM, others_first[:1], "") == unit(OTHER_COMMUNE)


@pytest.mark.parametrize("asked", ["0", "-1", "abc", "99999999999999999999"])
def test_no_page_is_about_a_unit_that_is_not_mine(asked: str) -> None:
    with pytest.raises(NotFound):
        chosen_unit(actor("mot_cua"), [unit()], asked)


def test_without_a_unit_there_is_no_page() -> None:
    with pytest.raises(NotAllowed):
        chosen_unit(actor("mot_cua"), [], "")


def test_closed_units_are_not_open() -> None:
    Unit.objects.filter(code=COMMUNE).update(valid_to=clock.today() - timedelta(days=1))
    assert list(open_units(actor("mot_cua"), "dossiers.receive")) == []
    assert unit() not in open_units(SYSTEM, "dossiers.receive")
    assert unit(OTHER_COMMUNE) in open_units(SYSTEM, "dossiers.receive")
