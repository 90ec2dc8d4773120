"""Kinds of messages are declared by rooms, with their names and texts."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction

from vamco.core import rooms
from vamco.core.actors import SYSTEM
from vamco.core.rooms import MessageKind
from vamco.notify import outbox
from vamco.notify.models import Message
from vamco.organisation.actions import issue_token

from .conftest import write
from .test_pages import appoint


def test_a_room_declares_a_kind_and_its_name_stands_in_the_log(declare, client, unit, officer):
    declare(invitation=MessageKind("giấy mời họp"))
    message, other = write(unit, kind="invitation", subject="Mời họp"), write(unit)
    appoint(officer, unit)
    client.force_login(officer)
    assert "giấy mời họp" in client.get(f"/tin-gui/{message.pk}/").content.decode()
    page = client.get("/tin-gui/", {"kind": "invitation"}).content.decode()
    assert "Mời họp" in page
    assert other.subject not in page


def test_a_kind_that_no_room_declares_is_a_fault_of_the_program(unit):
    for write_it in (outbox.queue, outbox.tell):
        with pytest.raises(ValueError, match="giay_moi"), transaction.atomic():
            write_it(
                "giay_moi",
                unit=unit,
                to_email="a@b.vn",
                **({"words": {}} if write_it is outbox.tell else {"subject": "x", "body": "y"}),
            )
    assert not Message.objects.exists()


def test_two_rooms_with_one_key_are_refused(declare):
    declare(received=MessageKind("đã nhận"))
    with pytest.raises(ImproperlyConfigured, match="received"):
        rooms.message_kinds()


@pytest.mark.parametrize("kind", ["", "Received", "a b", "1a", "a-b", "a\n"])
def test_the_database_wants_a_key_of_the_right_form(unit, kind):
    message = write(unit)
    with pytest.raises(IntegrityError, match="message_kind"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(kind=kind)


def test_a_message_outlives_the_room_that_declared_its_kind(client, unit, officer):
    message = write(unit)
    Message.objects.update(kind="gone")
    appoint(officer, unit)
    client.force_login(officer)
    assert "gone" in client.get(f"/tin-gui/{message.pk}/").content.decode()
    client.post(f"/tin-gui/{message.pk}/gui-lai/", {"to_email": "moi@example.vn"})
    assert Message.objects.get(resend_of=message).kind == "gone"


def test_the_api_filters_by_what_is_declared(client, unit, officer):
    write(unit)
    appoint(officer, unit)
    headers = {"HTTP_AUTHORIZATION": f"Bearer {issue_token(SYSTEM, officer, name='x')[1]}"}
    assert len(client.get("/api/v1/messages", {"kind": "received"}, **headers).json()["items"]) == 1
    assert client.get("/api/v1/messages", {"kind": "digest"}, **headers).json()["items"] == []
    assert client.get("/api/v1/messages", {"kind": "giay_moi"}, **headers).status_code == 422
