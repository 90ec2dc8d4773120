"""The load generator: what it makes could have been made by the actions, and it never touches real data."""

import pytest
from django.db import connection
from django.db.models import Count

from bench import _made_up, loadgen
from tests import province
from vamco.dossiers import actions, queries, timeline
from vamco.dossiers.inbox import inbox
from vamco.dossiers.models import Dossier, DossierUnit, Stage, StepRun
from vamco.dossiers.tracking.progress import public_words
from vamco.organisation.models import Unit
from vamco.parties import queries as parties

pytestmark = [pytest.mark.django_db(databases=["default", "serials"]), pytest.mark.usefixtures("province")]


@pytest.fixture
def loaded() -> None:
    loadgen.fill(600, 260)


def shape() -> list[tuple[str, str]]:
    """Indexes and constraints of the tables that are filled."""
    tables = [model._meta.db_table for model in _made_up.MODELS]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) UNION ALL"
            " SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = ANY(%s::regclass[])"
            " ORDER BY 1, 2",
            [tables, tables],
        )
        return cursor.fetchall()


def test_tables_are_as_they_were_but_for_the_rows() -> None:
    before = shape()

    loadgen.fill(50, 20)

    assert shape() == before
    assert Dossier.objects.count() == 50
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'loadgen%'")
        assert cursor.fetchone() == (0,)


@pytest.mark.usefixtures("loaded")
def test_it_is_spread_over_units_procedures_and_stages() -> None:
    assert Dossier.objects.values("unit").distinct().count() > 50
    assert Dossier.objects.values("procedure").distinct().count() > 20
    stages = dict(Dossier.objects.values_list("stage").annotate(n=Count("pk")))
    assert stages.keys() == {"processing", "supplement", "ready", "returned"}
    assert stages["returned"] == 600 * 0.7
    assert Dossier.objects.exclude(code__regex=_made_up.MADE).count() == 0


@pytest.mark.usefixtures("loaded")
def test_every_dossier_is_whole() -> None:
    for dossier in Dossier.objects.select_related("unit", "applicant"):
        assert dossier.applicant.name == dossier.applicant_name
        assert DossierUnit.objects.filter(dossier=dossier, unit=dossier.holder_unit).exists()
        assert dossier.papers.exists()
        assert public_words(dossier)
        assert timeline.lines(dossier)
        open_runs = StepRun.objects.filter(dossier=dossier, left_at__isnull=True)
        assert [run.step for run in open_runs] == (
            [dossier.step] if dossier.stage == Stage.PROCESSING else []
        )


@pytest.mark.usefixtures("loaded")
def test_officers_find_it_and_work_on_it() -> None:
    dossier = Dossier.objects.filter(stage=Stage.SUPPLEMENT, unit__level="commune")[0]
    unit: Unit = dossier.unit
    if not unit.posts.exists():
        province.staff(unit)
    counter = province.actor("mot_cua", unit.code)

    assert dossier in queries.search(counter, queries.Filter(q=dossier.applicant_name))
    assert dossier.code in inbox.codes(counter, queries.Filter(tab="unit"))
    number = dossier.applicant.number
    assert parties.find_by_number(counter, number) == dossier.applicant
    assert actions.resume(counter, dossier).stage == Stage.PROCESSING


def test_real_dossiers_are_never_joined_by_made_ones() -> None:
    province.receive()

    with pytest.raises(loadgen.RealDataError):
        loadgen.load(10, 20)

    assert Dossier.objects.count() == 1
