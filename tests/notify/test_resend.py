"""The log: who sees it, who sends again."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from vamco.core import clock
from vamco.core.errors import Invalid, NotAllowed, NotFound
from vamco.notify import actions, queries
from vamco.notify.models import Message, State
from vamco.organisation.models import Unit

from .conftest import actor_at, finish_jobs, write


def test_failed_message_gets_new_tries(unit):
    message = write(unit)
    Message.objects.update(state=State.FAILED, attempts=8, last_error="451", next_at=None)
    finish_jobs()
    again = actions.resend(actor_at(unit, "notify.resend"), message)
    assert (again.pk, again.state, again.attempts) == (message.pk, State.QUEUED, 0)
    assert ProcrastinateJob.objects.filter(status="todo").count() == 1


def test_sent_message_is_sent_as_a_copy_under_a_new_id(unit):
    message = write(unit)
    Message.objects.update(state=State.SENT, sent_at=clock.now())
    copy = actions.resend(actor_at(unit, "notify.resend"), message)
    assert copy.pk != message.pk
    assert copy.message_id != message.message_id
    assert (copy.resend_of_id, copy.body) == (message.pk, message.body)


def test_skipped_message_needs_an_address(unit):
    actor, message = actor_at(unit, "notify.resend"), write(unit, to_email="")
    with pytest.raises(Invalid) as error:
        actions.resend(actor, message)
    assert error.value.field == "to_email"
    with pytest.raises(Invalid):
        actions.resend(actor, message, to_email="a@b@c")
    assert actions.resend(actor, message, to_email="moi@example.vn").to_email == "moi@example.vn"


def test_other_units_neither_see_nor_send(unit):
    message = write(unit)
    other = Unit.objects.create(
        code="80124", name="Xã Lương Hòa", level="commune", agency_code="x", valid_from="2016-01-01"
    )
    stranger = actor_at(other, "notify.view", "notify.resend")
    with pytest.raises(NotAllowed):
        actions.resend(stranger, message)
    assert not queries.log(stranger).exists()
    assert not queries.about_dossier(queries.log(stranger), message.dossier).exists()
    with pytest.raises(NotFound):
        queries.message(stranger, message.pk)
    assert queries.log(actor_at(unit, "notify.view")).get() == message
