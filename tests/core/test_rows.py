"""Rows written in few round trips are the rows that `save` would have written."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from vamco.core import clock
from vamco.core.rows import insert, insert_all, together
from vamco.parties.models import Party

pytestmark = pytest.mark.django_db


def party(name: str, **more: object) -> Party:
    made = Party(kind="person", name=name, created_at=clock.now(), **more)
    made.set_search()
    return made


def test_a_row_is_what_save_would_have_written() -> None:
    given = {"number_kind": "citizen_id", "groups": ["poor"], "units": [1, 2], "phone": "0913\\'; --"}
    quick = insert(party("Nguyễn Văn %s 'Á'", number="080161000412", **given))
    slow = party("Nguyễn Văn %s 'Á'", number="080161000413", **given)
    slow.save(force_insert=True)

    differing = {"id", "number", "number_hash", "created_at"}
    mine, theirs = (Party.objects.filter(pk=one.pk).values().get() for one in (quick, slow))
    assert {k: v for k, v in mine.items() if k not in differing} == {
        k: v for k, v in theirs.items() if k not in differing
    }
    assert (mine["number"], theirs["number"]) == ("080161000412", "080161000413")
    assert mine["number_hash"] != theirs["number_hash"]
    assert not quick._state.adding
    quick.phone = "1"
    quick.save()
    assert Party.objects.get(pk=quick.pk).phone == "1"


def test_together_is_one_round_trip_and_sets_the_keys_in_order() -> None:
    with (
        CaptureQueriesContext(
            connection,
        ) as told,
        together(),
    ):
        few = insert_all([party("A"), party("B")])
        one = insert(party("C"))
        insert_all([])
        assert one.pk is None

    assert len(told) == 1
    assert dict(Party.objects.values_list("pk", "name")) == {few[0].pk: "A", few[1].pk: "B", one.pk: "C"}


def test_nothing_is_written_when_the_block_fails() -> None:
    def fail() -> None:
        with together():
            insert(party("A"))
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()

    assert not Party.objects.exists()
    insert(party("B"))
    assert Party.objects.get().name == "B"


def test_the_database_still_has_the_last_word() -> None:
    def write() -> None:
        with transaction.atomic(), together():
            insert(party("A"))
            insert(Party(kind="robot", name="B", created_at=clock.now()))

    with pytest.raises(IntegrityError):
        write()

    assert not Party.objects.exists()
