"""An installation that the operators' commands are tried on."""

from collections.abc import Iterator

import pytest

from tests.live import Live, installation


@pytest.fixture(scope="package")
def installed() -> Iterator[Live]:
    """Migrated, with one stored file and one account; nothing runs but its database."""
    with installation() as live:
        live.run(
            "from vamco.core import files, secrets\n"
            "files.keep(b'%PDF-1.7 kept', name='giấy.pdf')\n"
            "from vamco.organisation.models import User\n"
            "User.objects.create(username='lan')\n"
            "answer = None"
        )
        yield live
