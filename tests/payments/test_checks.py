"""What the doctor says of receipt books."""

from datetime import date

import pytest

from tests import province as p
from vamco.core.actors import SYSTEM
from vamco.organisation import actions as organisation
from vamco.payments import actions, checks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province", "monday")]


def test_a_unit_whose_receipts_run_out_is_named() -> None:
    actions.open_book(SYSTEM, p.unit(), symbol="BL-A", first=1, last=19)
    actions.open_book(SYSTEM, p.unit(p.OTHER_COMMUNE), symbol="BL-A", first=1, last=20)

    (found,) = checks.receipts_left()

    assert (found.verdict, bool(found.do)) == ("warn", True)
    assert f"{p.unit().name} (19)" in found.says
    assert found.says.startswith("1 đơn vị")


def test_a_second_book_a_closed_one_and_a_closed_unit_need_nothing() -> None:
    actions.open_book(SYSTEM, p.unit(), symbol="BL-A", first=1, last=19)
    actions.open_book(SYSTEM, p.unit(), symbol="BL-B", first=1, last=500)
    book = actions.open_book(SYSTEM, p.unit(p.OTHER_COMMUNE), symbol="BL-A", first=1, last=5)
    actions.close_book(SYSTEM, book)
    room = p.unit(f"{p.DISTRICT}-ha_tang")
    organisation.close_unit(SYSTEM, room, last_day=date(2016, 12, 4))
    actions.open_book(SYSTEM, room, symbol="BL-A", first=1, last=5)

    (found,) = checks.receipts_left()

    assert found.verdict == "ok"
