"""An identity number leaves no trace but its encrypted column: not in the ledger, not in what is kept of requests."""

import json

import pytest
from django.apps import apps
from django.db import connection

from tests import province
from tests.province import COMMUNE, unit
from vamco.core.models import LedgerContent, LedgerEntry
from vamco.dossiers import actions
from vamco.parties.actions import look_up

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
NUMBER = "080161000412"


def test_a_dossiers_whole_way_writes_no_identity_number_anywhere_in_the_clear() -> None:
    counter = province.actor("mot_cua", request_key="khoa-1")
    dossier = actions.receive(counter, unit(COMMUNE), application=province.application())
    look_up(counter.once("khoa-2"), None, number=NUMBER, purpose="tiếp nhận")
    province.pay(dossier)
    province.decide(dossier)
    dossier.refresh_from_db()
    assert dossier.applicant.number == NUMBER, "else this test shows nothing"

    told = json.dumps(list(LedgerContent.objects.values_list("content", flat=True)), ensure_ascii=False)
    told += json.dumps([str(row) for row in LedgerEntry.objects.values_list()], ensure_ascii=False)
    assert NUMBER not in told

    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE strpos(t::text, %s) > 0", [NUMBER])
            if cursor.fetchone()[0]:
                found.append(table)
    assert found == []
