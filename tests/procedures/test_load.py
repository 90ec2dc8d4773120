"""The shipped procedures are loaded once, published, and read back as they were written."""

import pytest

from vamco.procedures import compiled, load, reading
from vamco.procedures.check import check
from vamco.procedures.definition import definition, definition_at
from vamco.procedures.models import Procedure, ProcedureVersion

SHIPPED = list(load.shipped())


@pytest.mark.parametrize("said", SHIPPED, ids=[said.code for said in SHIPPED])
def test_every_shipped_procedure_may_be_published(said):
    assert check(said) == []


@pytest.mark.parametrize("said", SHIPPED, ids=[said.code for said in SHIPPED])
def test_plain_data_reads_back_as_the_same(said):
    assert reading.read(reading.plain(said)) == said


def test_the_catalogue_covers_three_tiers():
    tiers = {tier for said in SHIPPED for tier in said.tiers}
    assert tiers == {"province", "district", "commune"}
    assert len(SHIPPED) >= 25
    assert len({said.code for said in SHIPPED}) == len(SHIPPED)


def test_no_value_claims_to_be_verified_from_memory_or_a_later_year():
    for said in SHIPPED:
        for source in sources(reading.plain(said)):
            assert source["text"]
            if source["verified"]:
                assert "trí nhớ" not in source["text"]
                assert "2025" not in source["text"]
                assert "2026" not in source["text"]


def sources(data):
    if isinstance(data, dict):
        if "source" in data:
            yield data["source"]
        for inner in data.values():
            yield from sources(inner)
    elif isinstance(data, list):
        for inner in data:
            yield from sources(inner)


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_rows_say_what_the_files_say():
    assert len(load.load_shipped()) == len(SHIPPED)
    assert load.load_shipped() == []
    assert Procedure.objects.count() == len(SHIPPED)
    for version in ProcedureVersion.objects.select_related("procedure", "sector"):
        said = next(one for one in SHIPPED if one.code == version.procedure.code)
        stored = compiled.compile_version(version)
        assert reading.digest(stored) == reading.digest(said) == version.digest


@pytest.mark.django_db(transaction=True)
def test_a_published_definition_is_kept_once_it_is_committed(django_assert_num_queries):
    compiled.forget()
    load.load_shipped()
    version = ProcedureVersion.objects.first()
    first = definition(version.pk)
    with django_assert_num_queries(0):
        assert definition(version.pk) is first
    with django_assert_num_queries(1):
        assert definition_at(version.procedure_id, version.valid_from) == first
    compiled.forget()
