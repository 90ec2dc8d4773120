from datetime import date

import pytest

from vamco.core.actors import SYSTEM
from vamco.organisation import actions as organisation
from vamco.timing import load, queries
from vamco.timing.models import CalendarDay


@pytest.fixture(autouse=True)
def _look_again():
    """No test reads what a test before it left in the process."""
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def loaded(db):
    """The shipped calendar and regimes; the days in one stroke, as most tests only need them to be there."""
    load.load_regimes()
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day, **given) for day, given in load.shipped_days().items()
    )
    queries.forget()


@pytest.fixture
def units(db):
    """A province, a district in it and a commune in that."""
    made, above = [], None
    for level, code in (("province", "80"), ("district", "803"), ("commune", "28000")):
        above = organisation.create_unit(
            SYSTEM, above, code=code, name=f"Đơn vị {code}", level=level, agency_code=f"H39.{code}",
            valid_from=date(2016, 1, 1),
        )  # fmt: skip
        made.append(above)
    return made
