"""What the pages of the counter are tried with."""

import pytest
from django.test import Client

from tests import province as p
from vamco.payments import actions as cash
from vamco.payments.models import ReceiptBook


@pytest.fixture
def officer(client: Client) -> Client:
    """The officer at the commune's counter, signed in."""
    client.force_login(p.person("mot_cua"))
    return client


@pytest.fixture
def book() -> ReceiptBook:
    """The commune's open receipt book."""
    return cash.open_book(p.actor("chu_tich"), p.unit(), symbol="BL-16T", first=1, last=100)
