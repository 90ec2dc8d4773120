"""What is published: read at the same price whatever its size, and never changed."""

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from vamco.procedures import compiled
from vamco.procedures.definition import definition
from vamco.procedures.models import PARTS, ProcedureVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def test_a_definition_costs_the_same_number_of_queries_whatever_its_size(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        compiled, "_kept", {}
    )  # nothing kept here; the tests after this one find what was kept
    for version in ProcedureVersion.objects.all():
        with django_assert_num_queries(1 + len(PARTS)):
            definition(version.pk)


def test_the_database_refuses_to_change_what_is_published():
    version = ProcedureVersion.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcedureVersion.objects.filter(pk=version.pk).update(name="Khác")
    with pytest.raises(IntegrityError), transaction.atomic():
        version.delete()
    for model in PARTS:
        rows = model.objects.filter(version=version)
        if rows.exists():
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(order=99)
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.first().delete()
