"""One office for all that is done to it."""

from collections.abc import Iterator

import pytest

from tests.faults.office import Office, opened
from tests.live import installation


@pytest.fixture(scope="package")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with everything running; what was submitted to it stays."""
    with installation(long_an=True) as live, opened(live, tmp_path_factory.mktemp("post") / "mail") as made:
        yield made
