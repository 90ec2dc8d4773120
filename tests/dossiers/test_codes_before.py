"""A database that holds codes out of form, from before there was one, migrates; everything follows its dossier."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import province as p
from vamco.core import clock
from vamco.dossiers import queries
from vamco.dossiers.intake.actions import storing as intake
from vamco.dossiers.models import Dossier, Slip, codes
from vamco.dossiers.papers import slips
from vamco.notify.models import Message
from vamco.parties.models import LookUp
from vamco.payments.models import Charge, ReceiptLine
from vamco.payments.queries import receipts_of
from vamco.results.models import Result

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
OLD = ("hs-1", "..", "=1+1", "Hồ sơ số 12", "Ă" * 40)


def to(migration: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        MigrationExecutor(connection).migrate([("dossiers", migration)])
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Dossier]:
    """Receives a dossier under this code, in a database as it was before there was a form."""
    to("0009_counts_from_the_index")

    def receive(code: str) -> Dossier:
        monkeypatch.setattr(intake, "new_code", lambda unit, at: code)
        return p.receive()

    return receive


def test_bad_codes_come_into_the_form_and_everything_follows(received: Callable[[str], Dossier]) -> None:
    good = received("HS-1")
    olds = {received(code).pk: code for code in OLD}
    slash = received("HS-2")
    Dossier.objects.filter(pk=slash.pk).update(code="HS/1/../x")
    Charge.objects.filter(subject="HS-2").update(subject="HS/1/../x")
    paid = Dossier.objects.get(code="hs-1")
    p.pay(paid)
    for code in OLD:
        LookUp.objects.create(at=clock.now(), kind="revealed", dossier=code)
    counts = [model.objects.count() for model in (Dossier, Charge, Slip, Message, ReceiptLine)]

    with CaptureQueriesContext(connection) as asked:
        to("0010_code_form")

    assert [
        one["sql"].startswith("UPDATE parties_lookup ") for one in asked if "parties_lookup" in one["sql"]
    ] == [True]
    assert [model.objects.count() for model in (Dossier, Charge, Slip, Message, ReceiptLine)] == counts
    now = dict(Dossier.objects.values_list("pk", "code"))
    assert all(map(codes.is_code, now.values()))
    assert now[good.pk] == "HS-1"
    assert Dossier.objects.get(pk=good.pk).version == good.version
    assert not good.events.filter(kind="code_changed").exists()
    assert now[slash.pk].startswith("HS-1-")
    assert now[next(pk for pk, old in olds.items() if old == "Hồ sơ số 12")] == "HO-SO-SO-12"
    for pk, old in olds.items():
        dossier = Dossier.objects.get(pk=pk)
        assert old in dossier.summary
        assert dossier.events.get(kind="code_changed").data == {"old": old, "code": dossier.code}
        assert Charge.objects.filter(subject=dossier.code).exists()
        assert Message.objects.filter(dossier=dossier.code).exists()
        assert LookUp.objects.get(kind="revealed", dossier=dossier.code)
        slip = dossier.slips.get(kind="receipt")
        assert slip.number == slip.data["items"][0]["code"] == dossier.code
        assert slip.data["items"][0]["tracking_url"].endswith(f"/tra-cuu/{dossier.code}/")
        assert slips.paper_of(slip).items[0].secret == dossier.secret
    assert not Charge.objects.filter(subject__in=OLD).exists()
    assert not Message.objects.filter(dossier__in=OLD).exists()

    # What was printed on a receipt stays; the dossier's page finds it all the same.
    assert ReceiptLine.objects.get().subject == "hs-1"
    assert len(receipts_of(Dossier.objects.get(pk=paid.pk).code)) == 1


def test_pages_answer_and_the_old_code_is_found_after_it(received: Callable[[str], Dossier]) -> None:
    dossier = p.decide(received("Hồ sơ 7"))
    result = Result.objects.get(subject="Hồ sơ 7")
    to("0010_code_form")
    dossier.refresh_from_db()
    assert Result.objects.get(pk=result.pk).subject == dossier.code == "HO-SO-7"
    client = Client()
    client.force_login(p.person("chu_tich"))
    for url in (
        f"/ho-so/{dossier.code}/", "/viec/?tab=unit", "/viec/?q=ho+so+7", f"/nguoi/{dossier.applicant_id}/",
        f"/tra-cuu/{dossier.code}/", f"/phieu/{dossier.slips.get(kind='receipt').pk}/",
    ):  # fmt: skip
        assert client.get(url).status_code == 200, url
    cashier = Client()
    cashier.force_login(p.person("mot_cua"))
    assert dossier.code in cashier.get(f"/thu-tien/?unit={dossier.unit_id}&q={dossier.code}").content.decode()
    body = client.get(f"/ho-so/{dossier.code}/").content.decode()
    assert "Hồ sơ 7 thành HO-SO-7" in body
    assert dossier.code in client.get("/viec/?tab=unit&q=ho+so+7").content.decode()
    found = queries.search(p.actor("chu_tich"), queries.Filter(q="hồ sơ 7"))
    assert list(found.values_list("code", flat=True)) == [dossier.code]


def test_a_code_that_no_turn_brings_into_the_form_ends_with_an_error(
    received: Callable[[str], Dossier], monkeypatch: pytest.MonkeyPatch
) -> None:
    received("hs 9")
    migration = import_module("vamco.dossiers.migrations.0010_code_form")
    monkeypatch.setattr(migration, "_free", lambda _apps, old: old)
    with pytest.raises(IntegrityError, match="dossier_code_form"), transaction.atomic():
        to("0010_code_form")
