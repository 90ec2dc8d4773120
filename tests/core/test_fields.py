"""Encrypted columns: readable in Python, nothing in the database, nothing to compare in SQL."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models

from vamco.core import text
from vamco.core.fields import EncryptedTextField, LookupField, WordsField

pytestmark = pytest.mark.django_db


class Thing(models.Model):
    """A model of the tests alone."""

    kind = models.TextField(default="a")
    number = EncryptedTextField(default="", null=True)
    number_hash = LookupField(of="number", kind="kind")
    search = WordsField()

    class Meta:
        app_label = "core_tests"
        managed = False


@pytest.fixture(autouse=True)
def _table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE core_tests_thing (id bigserial PRIMARY KEY, kind text, number bytea,"
            " number_hash bytea, search tsvector) ON COMMIT DROP"
        )


def stored() -> list[bytes | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM core_tests_thing ORDER BY id")
        return [row[0] and bytes(row[0]) for row in cursor.fetchall()]


def test_what_is_written_is_read_and_the_database_holds_it_encrypted() -> None:
    Thing.objects.create(number="080080001234 đ")
    assert Thing.objects.get().number == "080080001234 đ"
    assert b"080080001234" not in (stored()[0] or b"")
    assert list(Thing.objects.values_list("number", flat=True)) == ["080080001234 đ"]


def test_empty_and_nothing_are_kept_apart_and_have_no_hash() -> None:
    Thing.objects.create(number="")
    Thing.objects.create(number=None)
    assert [thing.number for thing in Thing.objects.order_by("id")] == ["", None]
    assert stored() == [b"", None]
    assert Thing.objects.filter(number_hash=None).count() == 2


def test_the_hash_follows_the_number_and_its_kind_on_every_save() -> None:
    Thing.objects.bulk_create([Thing(number="1"), Thing(number="1", kind="b"), Thing(number="1")])
    hashes = [
        bytes(value or b"") for value in Thing.objects.order_by("id").values_list("number_hash", flat=True)
    ]
    assert len(set(hashes)) == 2
    assert {len(value) for value in hashes} == {32}
    thing = Thing.objects.filter(kind="a")[0]
    thing.number = "2"
    thing.save()
    thing.refresh_from_db()
    assert bytes(thing.number_hash or b"") not in hashes


@pytest.mark.parametrize("lookup", ["number", "number__in", "number__contains", "number__gt"])
def test_a_comparison_in_sql_is_a_mistake_and_said_so(lookup: str) -> None:
    with pytest.raises(FieldError, match="encrypted"):
        list(Thing.objects.filter(**{lookup: "1"}))
    assert not Thing.objects.filter(number__isnull=True).exists()


def test_the_number_is_in_no_repr() -> None:
    thing = Thing.objects.create(number="080080001234")
    assert "080080001234" not in f"{thing} {thing!r} {Thing.objects.all()!r}"


def test_a_search_with_nothing_to_search_for_finds_nothing() -> None:
    Thing.objects.create(search=text.vector("Nguyễn Văn Á", ["u1"]))
    Thing.objects.bulk_create(
        [Thing(search=text.vector("Lê", ["u1"])), Thing(search=text.vector("Lý", ["u2"]))]
    )
    assert Thing.objects.filter(search__words=text.query("van", "u1")).count() == 1
    assert Thing.objects.filter(search__words=text.query("l", "u1")).count() == 1
    assert Thing.objects.filter(search__words=text.query("?", "u1")).count() == 0
    assert Thing.objects.exclude(search__words=text.query("?", "u1")).count() == 3
