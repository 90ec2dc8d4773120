"""A receipt of the commune on which files are put."""

from typing import Any

import pytest

from tests import province
from tests.core.test_files import PDF
from vamco.attachments.actions import attach
from vamco.attachments.models import Attachment
from vamco.core import files
from vamco.core.actors import Actor
from vamco.core.models import File
from vamco.dossiers.models import Dossier
from vamco.payments.models import Receipt


@pytest.fixture
def dossier(province: None, monday: None, db: None) -> Dossier:
    return _paid()


def _paid() -> Dossier:
    found = province.receive()
    province.pay(found)
    return found


@pytest.fixture
def receipt(dossier: Dossier) -> Receipt:
    """Money that was taken for the dossier at the commune."""
    return Receipt.objects.latest("pk")


def upload(actor: Actor, name: str = "bien-ban.pdf", content: bytes = PDF) -> File:
    """A file that the actor has just uploaded."""
    return files.store(content, name=name, uploaded_by_id=actor.user_id)


def attached(actor: Actor, thing: Any, **more: str) -> Attachment:
    """A file that the actor put on a thing."""
    return attach(actor, thing, file=upload(actor), **more)
