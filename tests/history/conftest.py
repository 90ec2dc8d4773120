"""A receipt with a history."""

from collections.abc import Callable

import pytest

from tests.attachments.conftest import dossier, receipt
from vamco.notify.models import Notice
from vamco.organisation.models import User

assert dossier
assert receipt


@pytest.fixture
def told() -> Callable[[], list[tuple[User, str, str]]]:
    """For whom the bell rang, with text and address."""
    return lambda: [
        (one.user, one.text, one.url) for one in Notice.objects.filter(kind="mention").order_by("pk")
    ]
